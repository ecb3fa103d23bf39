//! The proof: property-based tests that hold client, mock and model together.
//!
//! Nothing here ships. [`harness`] puts a client and a mock on one paused clock, without a socket;
//! [`leads`], [`ledger`] and [`triggers`] are reference models and the steps that play them, under any
//! [`weather`]; [`made`] makes values from the descriptions, and [`decode`] runs them through the
//! generated types; [`hostile`] is every parser of outside bytes; [`soak`] is all of it at once, and
//! [`gaps`] and [`live`] say where the mock is not Zoho. The properties themselves are in `tests/`, one
//! file per promise. A failure prints its seed and the exchanges of the mock's journal.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "everything here runs inside tests, where a panic is the verdict"
)]

pub mod compare;
pub mod counter;
pub mod decode;
mod desk;
mod dice;
pub mod flaky;
pub mod gaps;
mod generated;
pub mod guides;
pub mod harness;
pub mod hostile;
pub mod leads;
pub mod ledger;
pub mod live;
pub mod made;
pub mod memory;
pub mod postgres;
pub mod proof;
pub mod shared;
pub mod soak;
pub mod triggers;
pub mod weather;
