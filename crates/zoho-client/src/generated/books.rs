//! Zoho Books.

pub(crate) mod catalogue;
pub(crate) mod operations;
