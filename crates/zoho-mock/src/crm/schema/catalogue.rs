//! The modules of the organization, and the fields that all of them have.

use super::define::{Def, Kind, field, system};
use super::{Source, sales, support};

/// The definition of a module.
#[derive(Debug)]
pub(super) struct ModuleDef {
    pub(super) api_name: &'static str,
    pub(super) singular: &'static str,
    pub(super) plural: &'static str,
    pub(super) display: &'static str,
    pub(super) duplicate_check: &'static [&'static str],
    pub(super) fields: &'static [Def],
}

/// The fields of every module.
pub(super) const SYSTEM: &[Def] = &[
    system("Owner", "Owner", Kind::Owner, Source::Owner).writable(),
    system("Created_By", "Created By", Kind::User, Source::CreatedBy),
    system("Modified_By", "Modified By", Kind::User, Source::ModifiedBy),
    system(
        "Created_Time",
        "Created Time",
        Kind::DateTime,
        Source::CreatedTime,
    ),
    system(
        "Modified_Time",
        "Modified Time",
        Kind::DateTime,
        Source::ModifiedTime,
    ),
    system(
        "Last_Activity_Time",
        "Last Activity Time",
        Kind::DateTime,
        Source::Nothing,
    ),
    field("Tag", "Tag", Kind::Tags),
    system("id", "Record Id", Kind::Id, Source::Id),
];

const fn module(
    api_name: &'static str,
    singular: &'static str,
    plural: &'static str,
    display: &'static str,
    duplicate_check: &'static [&'static str],
    fields: &'static [Def],
) -> ModuleDef {
    ModuleDef {
        api_name,
        singular,
        plural,
        display,
        duplicate_check,
        fields,
    }
}

/// All modules.
pub(super) const MODULES: &[ModuleDef] = &[
    module("Leads", "Lead", "Leads", "Full_Name", &["Email"], sales::LEADS),
    module(
        "Contacts",
        "Contact",
        "Contacts",
        "Full_Name",
        &["Email"],
        sales::CONTACTS,
    ),
    module(
        "Accounts",
        "Account",
        "Accounts",
        "Account_Name",
        &["Account_Name"],
        sales::ACCOUNTS,
    ),
    module(
        "Deals",
        "Deal",
        "Deals",
        "Deal_Name",
        &["Deal_Name"],
        sales::DEALS,
    ),
    module("Tasks", "Task", "Tasks", "Subject", &["Subject"], support::TASKS),
    module(
        "Events",
        "Meeting",
        "Meetings",
        "Event_Title",
        &["Event_Title"],
        support::EVENTS,
    ),
    module("Calls", "Call", "Calls", "Subject", &["Subject"], support::CALLS),
    module(
        "Products",
        "Product",
        "Products",
        "Product_Name",
        &["Product_Name"],
        sales::PRODUCTS,
    ),
    module(
        "Quotes",
        "Quote",
        "Quotes",
        "Subject",
        &["Subject"],
        sales::QUOTES,
    ),
    module(
        "Sales_Orders",
        "Sales Order",
        "Sales Orders",
        "Subject",
        &["Subject"],
        sales::SALES_ORDERS,
    ),
    module(
        "Purchase_Orders",
        "Purchase Order",
        "Purchase Orders",
        "Subject",
        &["Subject"],
        sales::PURCHASE_ORDERS,
    ),
    module(
        "Invoices",
        "Invoice",
        "Invoices",
        "Subject",
        &["Subject"],
        sales::INVOICES,
    ),
    module(
        "Campaigns",
        "Campaign",
        "Campaigns",
        "Campaign_Name",
        &["Campaign_Name"],
        support::CAMPAIGNS,
    ),
    module(
        "Vendors",
        "Vendor",
        "Vendors",
        "Vendor_Name",
        &["Vendor_Name"],
        support::VENDORS,
    ),
    module(
        "Price_Books",
        "Price Book",
        "Price Books",
        "Price_Book_Name",
        &["Price_Book_Name"],
        support::PRICE_BOOKS,
    ),
    module("Cases", "Case", "Cases", "Subject", &["Subject"], support::CASES),
    module(
        "Solutions",
        "Solution",
        "Solutions",
        "Solution_Title",
        &["Solution_Title"],
        support::SOLUTIONS,
    ),
    module("Notes", "Note", "Notes", "Note_Title", &[], support::NOTES),
    module(
        "Visits_Log",
        "Visit",
        "Visits",
        "Name",
        &["Name"],
        support::VISITS_LOG,
    ),
];
