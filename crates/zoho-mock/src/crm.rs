//! Zoho CRM v8: its state and the handlers of its operations.

use crate::world::Handler;

/// The state of one CRM organization.
#[derive(Debug, Default)]
pub(crate) struct CrmWorld {}

/// The handler of a CRM operation.
pub(crate) fn handler(_operation_id: &str) -> Option<Handler> {
    None
}
