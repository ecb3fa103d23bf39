//! The README and the guides, compiled and run.

#[doc = include_str!("../../../README.md")]
pub mod readme {}

#[doc = include_str!("../../../docs/authentication.md")]
pub mod authentication {}

#[doc = include_str!("../../../docs/triggers.md")]
pub mod triggers {}

#[doc = include_str!("../../../docs/books.md")]
pub mod books {}

#[doc = include_str!("../../../docs/raw-request.md")]
pub mod raw_request {}

#[doc = include_str!("../../../docs/records.md")]
pub mod records {}
