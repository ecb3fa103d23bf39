//! Every connection and action by name, with every one of its inputs, against the mock on one paused clock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    reason = "a failed expectation is the verdict of a test, and JSON literals read better without borrows"
)]

mod bad_input;
mod beyond;
mod books;
mod catalogue;
mod channels;
mod connections;
mod crm;
mod raw;
mod support;
mod triggers;
