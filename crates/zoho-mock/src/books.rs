//! Zoho Books v3: one engine over a catalogue of record types.

use crate::world::Handler;

/// The state of all Books organizations.
#[derive(Debug, Default)]
pub(crate) struct BooksWorld {}

/// The handler of a Books operation.
pub(crate) fn handler(_operation_id: &str) -> Option<Handler> {
    None
}
