//! What an organization has from its first day: currencies and a chart of accounts.

use serde_json::{Map, Value, json};

use super::catalogue::named;
use super::organization::Organization;
use super::table::Row;

/// (code, name, symbol); the first one is the base currency.
const CURRENCIES: &[(&str, &str, &str)] = &[
    ("USD", "US Dollar", "$"),
    ("EUR", "Euro", "\u{20ac}"),
    ("GBP", "Pound Sterling", "\u{a3}"),
    ("INR", "Indian Rupee", "\u{20b9}"),
    ("JPY", "Japanese Yen", "\u{a5}"),
    ("CAD", "Canadian Dollar", "$"),
    ("AUD", "Australian Dollar", "$"),
];

/// (name, type) of the accounts.
const ACCOUNTS: &[(&str, &str)] = &[
    ("Petty Cash", "cash"),
    ("Undeposited Funds", "cash"),
    ("Accounts Receivable", "accounts_receivable"),
    ("Inventory Asset", "stock"),
    ("Prepaid Expenses", "other_current_asset"),
    ("Furniture and Equipment", "fixed_asset"),
    ("Accounts Payable", "accounts_payable"),
    ("Tax Payable", "other_current_liability"),
    ("Opening Balance Adjustments", "other_liability"),
    ("Retained Earnings", "equity"),
    ("Owner's Equity", "equity"),
    ("Sales", "income"),
    ("Interest Income", "income"),
    ("Shipping Charge", "income"),
    ("Discount", "income"),
    ("Cost of Goods Sold", "cost_of_goods_sold"),
    ("Office Supplies", "expense"),
    ("Travel Expense", "expense"),
    ("Rent Expense", "expense"),
    ("Bank Fees and Charges", "expense"),
    ("Salaries and Employee Wages", "expense"),
];

/// Gives a new organization its first records; ids start at `first`.
pub(super) fn plant(organization: &mut Organization, first: u64) {
    let currencies = CURRENCIES.iter().zip(0..).map(|((code, name, symbol), at)| {
        let values = json!({
            "currency_code": code,
            "currency_name": name,
            "currency_symbol": symbol,
            "currency_format": "1,234,567.89",
            "price_precision": 2,
            "is_base_currency": at == 0,
        });
        ("currencies", first + 97 + 2 * at, values)
    });
    let accounts = ACCOUNTS.iter().zip(0..).map(|((name, kind), at)| {
        let values = json!({"account_name": name, "account_type": kind, "is_system_account": true});
        ("chartofaccounts", first + 301 + 2 * at, values)
    });
    for (ty, id, values) in currencies.chain(accounts) {
        if let Value::Object(values) = values {
            put(organization, ty, id, values);
        }
    }
}

fn put(organization: &mut Organization, ty: &str, id: u64, values: Map<String, Value>) {
    let Some(ty) = named(ty) else { return };
    let mut row = Row::new(ty, id, 0, organization.now, organization.user);
    for (name, value) in values {
        row.set(ty, &name, value);
    }
    organization.put(ty, row);
}
