//! Books as a state machine: customers, what they owe, and what they paid.
//!
//! [`model`] keeps the accounts in cents, [`action`] generates sequences, [`run`] plays them through the client against
//! the mock and compares every balance after every step.

pub mod action;
pub mod model;
pub mod run;
