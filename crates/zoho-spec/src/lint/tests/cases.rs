//! The faults.

mod operations;
mod schemas;

use super::Case;
use crate::product::Product;

/// The frame of both descriptions.
pub(super) const COMMON: &str = include_str!("good/common.yaml");
/// A description of CRM without fault.
pub(super) const CRM: &str = include_str!("good/crm.yaml");
/// A description of Books without fault.
pub(super) const BOOKS: &str = include_str!("good/books.yaml");

/// A fault in the description of CRM.
const fn crm(rule: &'static str, edits: &'static [(&'static str, &'static str)]) -> Case {
    Case {
        rule,
        product: Product::Crm,
        edits,
    }
}

/// A fault in the description of Books.
const fn books(rule: &'static str, edits: &'static [(&'static str, &'static str)]) -> Case {
    Case {
        rule,
        product: Product::Books,
        edits,
    }
}

/// Every fault; the line to be reported carries `#!`.
pub(super) fn all() -> impl Iterator<Item = &'static Case> {
    operations::CASES.iter().chain(schemas::CASES)
}
