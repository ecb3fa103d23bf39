//! The README and the guides, compiled and run.

#[doc = include_str!("../../../README.md")]
pub mod readme {}
