//! Zoho Books v3: one engine over a catalogue of record types.

mod addresses;
mod body;
mod browse;
mod catalogue;
mod custom;
mod engine;
mod files;
mod filter;
mod hooks;
mod list;
mod modules;
mod money;
mod organization;
mod organizations;
mod paper;
mod refuse;
mod render;
mod reply;
mod seed;
mod table;
#[cfg(test)]
mod tests;
mod tweaks;
mod which;
mod write;

use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::call::Call;
use crate::config::Config;
use crate::ids;
use organization::Organization;

pub(crate) use browse::Look;
pub(crate) use engine::handler;

/// The state of all Books organizations.
#[derive(Debug)]
pub(crate) struct BooksWorld {
    config: Config,
    organizations: Vec<Organization>,
}

impl BooksWorld {
    pub(crate) fn new(config: &Config) -> Self {
        let mut books = Self {
            config: config.clone(),
            organizations: Vec::new(),
        };
        books.push(&config.organization_id, &config.organization_name);
        books
    }

    /// Whether there is an organization of that id.
    pub(crate) fn knows(&self, id: &str) -> bool {
        self.organizations
            .iter()
            .any(|organization| organization.id == id)
    }

    /// The ids of all organizations.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.organizations
            .iter()
            .map(|organization| organization.id.as_str())
    }

    /// The organization that calls without one count for.
    pub(crate) fn default_organization(&self) -> &str {
        &self.config.organization_id
    }

    fn organization_mut(&mut self, id: &str) -> Option<&mut Organization> {
        self.organizations
            .iter_mut()
            .find(|organization| organization.id == id)
    }

    /// The settings of all organizations.
    fn all(&self) -> impl Iterator<Item = &Map<String, Value>> {
        self.organizations
            .iter()
            .map(|organization| &organization.settings)
    }

    /// Founds an organization and returns its id.
    fn add(&mut self, name: &str) -> String {
        let first: u64 = self.config.organization_id.parse().unwrap_or(10_000_000);
        let id = (first + self.organizations.len() as u64 * 11).to_string();
        self.push(&id, name);
        id
    }

    fn push(&mut self, id: &str, name: &str) {
        // Each organization has a hundredth of the seed's ids, in the upper half of its block.
        let first =
            ids::block(self.config.seed) + (50 + self.organizations.len() as u64 % 50) * 10_000_000_000;
        self.organizations
            .push(Organization::new(&self.config, id, name, first));
    }
}

/// The organization that a call names, in its query or in Zoho's header for it.
pub(crate) fn organization_id<'a>(call: &'a Call<'_>) -> Option<&'a str> {
    call.query("organization_id")
        .or_else(|| call.header("x-com-zoho-books-organizationid"))
}

/// The JSON that a call sent, if any.
///
/// # Errors
/// Code 1038 when it is not well formed.
pub(crate) fn sent(call: &Call<'_>) -> Result<Option<Value>, Refusal> {
    body::read(call).map(|sent| match sent {
        body::Sent::Json(value) => Some(value),
        body::Sent::Nothing => None,
    })
}
