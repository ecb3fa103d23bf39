//! Zoho Books v3: one engine over a catalogue of record types.

use crate::call::Call;
use crate::config::Config;
use crate::route::Route;
use crate::world::Handler;

/// The state of all Books organizations.
#[derive(Debug, Default)]
pub(crate) struct BooksWorld {
    organization: String,
}

impl BooksWorld {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            organization: config.organization_id.clone(),
        }
    }

    /// Whether there is an organization of that id.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.organization == id
    }

    /// The organization that calls without one count for.
    pub(crate) fn default_organization(&self) -> &str {
        &self.organization
    }
}

/// The organization that a call names, in its query or in Zoho's header for it.
pub(crate) fn organization_id<'a>(call: &'a Call<'_>) -> Option<&'a str> {
    call.query("organization_id")
        .or_else(|| call.header("x-com-zoho-books-organizationid"))
}

/// The handler of a Books operation.
pub(crate) fn handler(_: &'static Route) -> Option<Handler> {
    None
}
