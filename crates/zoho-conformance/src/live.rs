//! The same suite against a real Zoho and against the mock, and what differs between them.
//!
//! The program `live` runs it where `ZOHO_LIVE_*` is set. Differences are compared with `gaps.toml`: one that is not
//! listed there is printed in the form that can be pasted into it, with a place for the reason.

mod settings;
mod shape;
mod suite;

use std::collections::BTreeSet;

use serde_json::json;
use zoho_client::{Error, Method, OrganizationId, Zoho};
use zoho_mock::{MockBuilder, MockZoho};

use crate::gaps::{Comparison, Gap};
use crate::harness::{connect, paused};
pub use settings::{NotSet, Settings};
pub use shape::Difference;
pub use suite::MARK;
use suite::Suite;

/// The kind of a gap that the live suite finds.
pub const KIND: &str = "live";

/// The world that the mock side has; a mock of the same stands in for Zoho in tests.
///
/// # Panics
/// Never: CRM has leads.
#[must_use]
pub fn world() -> MockBuilder {
    MockZoho::builder()
        .records("Leads", 12)
        .expect("CRM has leads")
        .books_per_minute(None)
}

/// What a run saw.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    /// Where the two differ.
    pub differences: Vec<Difference>,
    /// The probes that both answered with something to compare.
    pub probes: BTreeSet<String>,
}

impl Difference {
    /// The same as a line of `gaps.toml`.
    #[must_use]
    pub fn line(&self) -> String {
        format!(
            "{}: {}: {} at Zoho, {} here",
            self.probe, self.what, self.target, self.mock
        )
    }
}

/// Runs the suite on a Zoho and on the mock.
///
/// # Errors
/// The connection can not be made, or what was written could not be cleaned up.
///
/// # Panics
/// When the mock refuses what the suite makes there.
pub async fn run(settings: Settings) -> Result<Sight, Error> {
    let organization = settings.organization.clone();
    let (books, write) = (organization.is_some(), settings.write);
    let target = Suite::new(settings.builder.build()?, organization.as_deref())
        .run(write)
        .await?;
    // The mock side runs on a clock of its own, and so on a thread of its own.
    let side = std::thread::spawn(move || mock_side(books, write));
    let mock = side.join().expect("the mock takes the suite")?;
    let mut sight = Sight::default();
    for (probe, theirs) in &target {
        if let Some(ours) = mock
            .get(probe)
            .filter(|ours| !theirs.is_empty() && !ours.is_empty())
        {
            sight.differences.extend(shape::differences(probe, theirs, ours));
            sight.probes.insert(probe.clone());
        }
    }
    Ok(sight)
}

/// The differences beside those that the list of gaps names. A line about something that was not asked this time, such
/// as a write, is neither known nor stale.
#[must_use]
pub fn compared(sight: &Sight, listed: &[Gap]) -> Comparison {
    let found = sight.differences.iter().map(|one| (KIND.to_owned(), one.line()));
    let asked = |line: &str| {
        line.split_once(": ")
            .is_some_and(|(probe, _)| sight.probes.contains(probe))
    };
    Comparison::new(
        found,
        listed.iter().filter(|gap| gap.kind == KIND && asked(&gap.line)),
    )
}

fn mock_side(books: bool, write: bool) -> Result<suite::Sightings, Error> {
    let runtime = paused();
    runtime.block_on(async {
        let mock = world().in_process();
        let zoho = connect(&mock).build()?;
        furnish(&zoho, mock.organization_id()).await?;
        let organization = books.then(|| mock.organization_id());
        Suite::new(zoho, organization).run(write).await
    })
}

/// Puts into a fresh mock what the suite looks at and no builder seeds: a contact, an item and an invoice of Books.
///
/// # Errors
/// The mock refused it.
pub async fn furnish(zoho: &Zoho, organization: &str) -> Result<(), Error> {
    let books = zoho.books(OrganizationId::new(organization));
    let post = |path: &str, body| books.raw(Method::POST, path).json(&body).send();
    let contact = post("/contacts", json!({"contact_name": "Ada"})).await?;
    let item = post("/items", json!({"name": "Chair", "rate": 12.5})).await?;
    let id = |reply: zoho_client::RawReply, of: &str, name: &str| {
        reply
            .json::<serde_json::Value>()
            .map(|body| body[of][name].clone())
    };
    let line = json!({"item_id": id(item, "item", "item_id")?, "quantity": 1});
    let invoice = json!({"customer_id": id(contact, "contact", "contact_id")?, "line_items": [line]});
    post("/invoices", invoice).await.map(drop)
}
