//! Who is trusted with what: secrets planted everywhere and looked for everywhere, and hosts that ask for a token
//! which is not theirs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a failed expectation is the verdict of a test"
)]

mod canaries;
mod hosts;
mod stores;
mod told;
