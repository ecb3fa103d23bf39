//! The types of single values on Zoho's wire: ids, instants, dates, amounts, and a wrapper for
//! fields that may hold something else than they should.
//!
//! Every one of them keeps what came, so that a decoded answer encodes to the same JSON.

mod date;
mod datetime;
mod decimal;
mod exact;
mod id;
mod lenient;
mod secret;

pub use date::Date;
pub use datetime::DateTime;
pub use decimal::Decimal;
pub use id::ZohoId;
pub use lenient::Lenient;
pub use secret::Secret;

use std::fmt;

/// Text that is not a value of the type it was read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    expected: &'static str,
    found: String,
}

impl ParseError {
    fn new(expected: &'static str, found: &str) -> Self {
        let mut found: String = found.chars().take(40).collect();
        found.retain(|c| !c.is_control());
        Self { expected, found }
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found `{}`", self.expected, self.found)
    }
}

impl std::error::Error for ParseError {}
