//! Leads as a state machine: what any sequence of writes and reads must leave behind.
//!
//! [`model`] says what Zoho does, in the fewest lines that can say it; [`action`] generates sequences;
//! [`run`] plays them through the client against the mock and compares after every step.

pub mod action;
pub mod model;
pub mod run;
