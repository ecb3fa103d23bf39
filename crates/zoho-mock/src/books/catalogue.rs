//! What a record type is made of: its fields, statuses, addresses and texts. A type is data.

mod accounts;
mod action;
mod banking;
mod bookkeeping;
mod contacts;
mod credit_notes;
mod deliveries;
mod estimates;
mod expenses;
mod field;
mod invoices;
mod items;
mod organization;
mod payment_methods;
mod payments;
mod projects;
mod purchase_orders;
mod purchases;
mod recurring;
mod settings;
mod settling;
mod taxes;
mod under;

use super::hooks::Hooks;
use crate::generated::books::RECORD_TYPES;
use crate::route::{Method, RecordType};
pub(crate) use action::Action;
pub(crate) use field::{Blank, Field, Kind, amount, field, flag, id, text};
pub(crate) use settling::{SETTLEMENTS, Settlement};

/// A step from one status to another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// The end of the address, after the record's own: `/status/sent`.
    pub(crate) path: &'static str,
    pub(crate) to: &'static str,
    /// From where it may be taken.
    pub(crate) from: &'static [&'static str],
    pub(crate) message: &'static str,
    /// The refusal from anywhere else.
    pub(crate) otherwise: (u32, &'static str),
}

/// A step without a refusal of its own.
pub(crate) const fn step(
    path: &'static str,
    to: &'static str,
    from: &'static [&'static str],
    message: &'static str,
) -> Step {
    Step {
        path,
        to,
        from,
        message,
        otherwise: (4, "The status of the record does not allow this."),
    }
}

/// How records are numbered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Numbering {
    pub(crate) field: &'static str,
    pub(crate) prefix: &'static str,
}

/// Under what a record lives.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parent {
    /// The parent's type.
    pub(crate) name: &'static str,
    /// The field of a body that names the parent, where the address does not.
    pub(crate) field: &'static str,
}

/// What makes a record a transaction: a party, dates, and what is open of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transaction {
    /// The day it ends, when it has one.
    pub(crate) due: &'static str,
    /// The field with its whole amount.
    pub(crate) whole: &'static str,
    /// The fields that lower what is open.
    pub(crate) taken: &'static [&'static str],
    /// The field that shows what is open.
    pub(crate) open: &'static str,
    /// The status in which it counts; empty when it always does.
    pub(crate) live: &'static str,
    /// The status it shows when nothing is open any more.
    pub(crate) settled: &'static str,
    /// The status it shows after its last day.
    pub(crate) late: &'static str,
    /// The status it shows while only a part is taken.
    pub(crate) partly: &'static str,
    /// The contact's field with the sum of what is open.
    pub(crate) at_contact: &'static str,
    /// The refusal to delete it once something of it is taken.
    pub(crate) kept: (u32, &'static str),
}

/// A file that a record may carry.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileSlot {
    /// The end of the address: `/attachment`.
    pub(crate) path: &'static str,
    /// The names its part may have.
    pub(crate) parts: &'static [&'static str],
    pub(crate) attached: &'static str,
    pub(crate) detached: &'static str,
}

/// A record type.
#[derive(Debug)]
pub(crate) struct Type {
    pub(crate) name: &'static str,
    /// The collection's address, with `{}` for the parent's id.
    pub(crate) path: &'static str,
    pub(crate) wrapper: &'static str,
    pub(crate) list: &'static str,
    pub(crate) id: &'static str,
    /// What messages call one record.
    pub(crate) noun: &'static str,
    pub(crate) parent: Option<Parent>,
    /// A field by which the address may name a record instead of its id.
    pub(crate) named: &'static str,
    /// Whether there is at most one.
    pub(crate) single: bool,
    /// Whether it is reported to a tax office as an e-invoice.
    pub(crate) einvoiced: bool,
    pub(crate) fields: &'static [Field],
    pub(crate) created: &'static str,
    pub(crate) updated: &'static str,
    pub(crate) deleted: &'static str,
    /// The status of a new record; types without statuses leave it empty.
    pub(crate) status: &'static str,
    pub(crate) steps: &'static [Step],
    /// `filter_by` values beside the statuses: (`Group.Value`, field, value).
    pub(crate) filters: &'static [(&'static str, &'static str, &'static str)],
    /// The name of its list in `page_context`; lists without pages leave it empty.
    pub(crate) report: &'static str,
    /// Rows per page, by default and at most.
    pub(crate) page: usize,
    /// The sort column and order without a wish.
    pub(crate) sort: (&'static str, char),
    pub(crate) numbering: Option<Numbering>,
    /// Whether records carry custom fields.
    pub(crate) custom: bool,
    /// Addresses beside the usual ones.
    pub(crate) more: &'static [(Method, &'static str, Action)],
    /// What makes it a transaction.
    pub(crate) transaction: Option<Transaction>,
    /// Files it may carry.
    pub(crate) files: &'static [FileSlot],
    /// Whether it can be had as a document.
    pub(crate) printed: bool,
    pub(crate) hooks: Hooks,
}

/// A type with nothing special about it.
pub(crate) const PLAIN: Type = Type {
    name: "",
    path: "",
    wrapper: "",
    list: "",
    id: "",
    noun: "Resource",
    parent: None,
    named: "",
    single: false,
    einvoiced: false,
    fields: &[],
    created: "success",
    updated: "success",
    deleted: "success",
    status: "",
    steps: &[],
    filters: &[],
    report: "",
    page: 200,
    sort: ("created_time", 'A'),
    numbering: None,
    custom: false,
    more: &[],
    transaction: None,
    files: &[],
    printed: false,
    hooks: Hooks::NONE,
};

/// All record types; a table's place among the tables is its type's place here.
pub(crate) static TYPES: &[&Type] = &[
    &contacts::CONTACTS,
    &contacts::CONTACT_PERSONS,
    &contacts::ADDRESSES,
    &contacts::COMMENTS,
    &items::ITEMS,
    &invoices::INVOICES,
    &invoices::COMMENTS,
    &invoices::PAYMENTS,
    &invoices::CREDITS,
    &payments::CUSTOMER_PAYMENTS,
    &estimates::ESTIMATES,
    &estimates::SALES_ORDERS,
    &credit_notes::CREDIT_NOTES,
    &credit_notes::VENDOR_CREDITS,
    &deliveries::DELIVERY_CHALLANS,
    &deliveries::SALES_RECEIPTS,
    &purchases::BILLS,
    &purchases::VENDOR_PAYMENTS,
    &purchase_orders::PURCHASE_ORDERS,
    &expenses::EXPENSES,
    &expenses::RECURRING_EXPENSES,
    &recurring::RECURRING_INVOICES,
    &recurring::RECURRING_BILLS,
    &recurring::RETAINER_INVOICES,
    &taxes::TAXES,
    &taxes::TAX_GROUPS,
    &taxes::TAX_AUTHORITIES,
    &taxes::TAX_EXEMPTIONS,
    &taxes::CURRENCIES,
    &taxes::EXCHANGE_RATES,
    &accounts::CHART_OF_ACCOUNTS,
    &banking::BANK_ACCOUNTS,
    &banking::BANK_TRANSACTIONS,
    &banking::BANK_RULES,
    &accounts::JOURNALS,
    &projects::PROJECTS,
    &projects::PROJECT_TASKS,
    &projects::TASKS,
    &projects::TIME_ENTRIES,
    &settings::PRICE_LISTS,
    &settings::USERS,
    &settings::LOCATIONS,
    &settings::FIXED_ASSETS,
    &settings::FIXED_ASSET_TYPES,
    &under::ESTIMATE_COMMENTS,
    &under::SALES_ORDER_COMMENTS,
    &under::CREDIT_NOTE_COMMENTS,
    &under::VENDOR_CREDIT_COMMENTS,
    &under::BILL_COMMENTS,
    &under::PURCHASE_ORDER_COMMENTS,
    &under::EXPENSE_COMMENTS,
    &under::RECURRING_INVOICE_COMMENTS,
    &under::RECURRING_BILL_COMMENTS,
    &under::RECURRING_EXPENSE_COMMENTS,
    &under::RETAINER_INVOICE_COMMENTS,
    &under::PROJECT_COMMENTS,
    &under::TASK_COMMENTS,
    &under::CREDIT_NOTE_REFUNDS,
    &under::VENDOR_CREDIT_REFUNDS,
    &under::PAYMENT_REFUNDS,
    &under::VENDOR_PAYMENT_REFUNDS,
    &under::BILL_PAYMENTS,
    &under::BILL_CREDITS,
    &under::JOURNAL_COMMENTS,
    &under::FIXED_ASSET_COMMENTS,
    &payment_methods::CONTACT_CARDS,
    &payment_methods::CONTACT_BANK_ACCOUNTS,
    &payment_methods::CONTACT_TAX_INFO,
    &organization::ADDRESSES,
    &organization::EMPLOYEES,
    &organization::PROJECT_USERS,
    &organization::DOCUMENTS,
    &organization::REPORTING_TAGS,
    &organization::TAG_OPTIONS,
    &organization::CUSTOM_MODULES,
    &organization::CUSTOM_MODULE_RECORDS,
    &bookkeeping::RECURRING_JOURNALS,
    &bookkeeping::BASE_CURRENCY_ADJUSTMENTS,
    &bookkeeping::OPENING_BALANCES,
    &bookkeeping::RECONCILIATIONS,
    &bookkeeping::BANK_STATEMENTS,
    &bookkeeping::MATCH_FILTERS,
    &bookkeeping::TRANSACTION_LOCKS,
];

impl Type {
    /// The place of a field.
    pub(crate) fn place(&self, name: &str) -> Option<u16> {
        self.fields
            .iter()
            .position(|field| field.name == name)
            .and_then(|at| u16::try_from(at).ok())
    }

    /// What the description says of it, if it has the type.
    pub(crate) fn described(&self) -> Option<&'static RecordType> {
        RECORD_TYPES
            .iter()
            .find(|known| anonymous(known.path) == self.path)
    }

    /// A field by name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// A path with its parameters unnamed.
fn anonymous(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// A type by name.
pub(crate) fn named(name: &str) -> Option<&'static Type> {
    TYPES.iter().find(|known| known.name == name).copied()
}

/// The place of a type.
pub(crate) fn place(name: &str) -> usize {
    TYPES
        .iter()
        .position(|known| known.name == name)
        .unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_catalogue_agrees_with_the_description() {
        let mut described = 0;
        for ty in TYPES {
            let Some(known) = ty.described() else { continue };
            described += 1;
            assert_eq!(
                (
                    ty.wrapper,
                    ty.list,
                    if ty.named.is_empty() { ty.id } else { ty.named }
                ),
                (known.wrapper, known.list, known.id),
                "{}",
                ty.name
            );
        }
        assert!(described >= 9, "{described}");
    }

    #[test]
    fn the_catalogue_holds_together() {
        let mut names = HashSet::new();
        for ty in TYPES {
            assert!(names.insert(ty.name), "{} twice", ty.name);
            let mut fields = HashSet::new();
            for field in ty.fields {
                assert!(fields.insert(field.name), "{}.{} twice", ty.name, field.name);
            }
            if let Some(parent) = ty.parent {
                assert!(place(parent.name) < TYPES.len(), "{}: {}", ty.name, parent.name);
            }
            let sort = ty.sort.0;
            assert!(
                fields.contains(sort) || ["created_time", "last_modified_time"].contains(&sort),
                "{}: {sort}",
                ty.name
            );
            for (_, field, _) in ty.filters {
                assert!(fields.contains(field), "{}: {field}", ty.name);
            }
            if let Some(numbering) = ty.numbering {
                assert!(fields.contains(numbering.field), "{}", ty.name);
            }
            for step in ty.steps {
                assert!(!step.from.is_empty(), "{}{}", ty.name, step.path);
            }
        }
    }
}
