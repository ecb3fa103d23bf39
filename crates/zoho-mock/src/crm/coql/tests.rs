//! Tests of COQL: reading, answering like a plain reference, refusing, and the cost of a page.

mod agree;
mod any;
mod cost;
mod extras;
mod grouped;
mod read;
mod refused;
