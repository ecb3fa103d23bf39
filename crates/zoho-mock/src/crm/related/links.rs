//! Links between records of which neither holds the other: products of a lead, leads of a campaign.

use std::collections::BTreeSet;

/// The modules whose records are linked so.
const LINKED: &[(&str, &str)] = &[
    ("Leads", "Products"),
    ("Contacts", "Products"),
    ("Accounts", "Products"),
    ("Deals", "Products"),
    ("Price_Books", "Products"),
    ("Campaigns", "Leads"),
    ("Campaigns", "Contacts"),
];

/// Whether records of two modules are linked.
pub(crate) fn linked(one: &str, other: &str) -> bool {
    LINKED.contains(&(one, other)) || LINKED.contains(&(other, one))
}

/// All links, each in both directions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Links(BTreeSet<(u64, u64)>);

impl Links {
    pub(super) fn add(&mut self, one: u64, other: u64) {
        self.0.insert((one, other));
        self.0.insert((other, one));
    }

    pub(super) fn remove(&mut self, one: u64, other: u64) {
        self.0.remove(&(one, other));
        self.0.remove(&(other, one));
    }

    pub(super) fn joins(&self, one: u64, other: u64) -> bool {
        self.0.contains(&(one, other))
    }
}
