//! What the connector does beyond reading and writing records, against the mock, on one paused clock.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed expectation is the verdict of a test"
)]

mod books;
mod bulk;
mod channels;
mod coql;
mod past_the_limits;
mod records;
mod support;
mod unknown_outcomes;
