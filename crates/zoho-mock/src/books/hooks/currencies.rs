//! Currencies: the rate of the day, and the base currency.

use serde_json::Value;

use crate::books::catalogue::{Type, named};
use crate::books::organization::Organization;
use crate::books::table::Row;

/// The latest rate that is not of a day to come; 1 without any.
pub(crate) fn derive(organization: &Organization, _: &'static Type, row: &Row, name: &str) -> Option<Value> {
    let rates = named("exchangerates")?;
    let today = organization.today().to_string();
    let latest = organization
        .rows(rates, Some(row.id))
        .filter(|rate| rate.text(rates, "effective_date") <= today.as_str())
        .max_by_key(|rate| (rate.text(rates, "effective_date").to_owned(), rate.id));
    match (latest, name) {
        (Some(rate), "exchange_rate") => rate.get(rates, "rate").cloned(),
        (None, "exchange_rate") => Some(1.into()),
        (Some(rate), _) => rate.get(rates, name).cloned(),
        (None, _) => None,
    }
}
