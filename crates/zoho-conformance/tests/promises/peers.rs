//! What other connectors get wrong, one named test each: a list, a token, a write, or the wire.
//!
//! Each test says in its comment what a wrong connector does, and fails on one that does it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a failed expectation is the verdict of a test"
)]

mod answers;
mod lists;
mod tokens;
mod wire;
