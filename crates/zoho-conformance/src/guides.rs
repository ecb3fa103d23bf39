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

#[doc = include_str!("../../../docs/errors.md")]
pub mod errors {}

#[doc = include_str!("../../../docs/workers.md")]
pub mod workers {}

#[doc = include_str!("../../../docs/testing.md")]
pub mod testing {}

#[doc = include_str!("../../../docs/adding-an-endpoint.md")]
pub mod adding_an_endpoint {}
