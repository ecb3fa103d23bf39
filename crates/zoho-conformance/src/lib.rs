//! The proof: property-based tests that hold client, mock and model together.
//!
//! Nothing here ships. [`harness`] puts a client and a mock on one paused clock, without a socket;
//! [`postgres`] starts a database server for one test; the other modules hold reference models and
//! the steps that play them. The properties themselves are in
//! `tests/`, one file per promise. A failure prints its seed and the exchanges of the mock's journal.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "everything here runs inside tests, where a panic is the verdict"
)]

pub mod counter;
pub mod flaky;
pub mod guides;
pub mod harness;
pub mod leads;
pub mod postgres;
pub mod triggers;
