//! Opening balances, adjustments of the base currency, reconciliations, and locks.

use serde_json::{Map, Value, json};

use super::Draft;
use crate::answer::{Outcome, Refusal};
use crate::books::catalogue::{Type, named};
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid, missing};
use crate::books::reply::{message, success_with};
use crate::books::table::Row;
use crate::books::which::{digits, first_id};
use crate::books::write;
use crate::books::{body, render};
use crate::call::Call;

/// The id of a record under another name than that of its type.
pub(crate) fn own_id(_: &Organization, _: &'static Type, row: &Row, name: &str) -> Option<Value> {
    (name == "journal_id").then(|| row.id.to_string().into())
}

fn money(value: Option<&Value>) -> Money {
    value.and_then(Money::read).unwrap_or_default()
}

/// What is opened on one side is opened on the other: the total is that of the debits.
pub(crate) fn open(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    let accounts = draft
        .row
        .get(ty, "accounts")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let chart = named("chartofaccounts").ok_or_else(|| missing(ty))?;
    let (mut debit, mut credit) = (Money::ZERO, Money::ZERO);
    let mut kept = Vec::new();
    for account in accounts {
        let Value::Object(mut account) = account else {
            return Err(invalid("accounts"));
        };
        let id = account.get("account_id").and_then(digits);
        let known = id
            .and_then(|id| organization.row(chart, id))
            .ok_or_else(|| invalid("account_id"))?;
        let amount = account
            .get("amount")
            .and_then(Money::read)
            .ok_or_else(|| invalid("amount"))?;
        match account.get("debit_or_credit").and_then(Value::as_str) {
            Some("debit") => debit = debit + amount,
            Some("credit") => credit = credit + amount,
            _ => return Err(invalid("debit_or_credit")),
        }
        account.insert("account_id".into(), known.id.to_string().into());
        account.insert("account_name".into(), known.text(chart, "account_name").into());
        account.insert("bcy_amount".into(), amount.to_json());
        if !account.contains_key("account_split_id") {
            account.insert("account_split_id".into(), organization.mint().to_string().into());
        }
        kept.push(Value::Object(account));
    }
    draft.row.set(ty, "accounts", kept);
    // Zoho puts the difference on its own account for it.
    let total = if debit > credit { debit } else { credit };
    draft.row.set(ty, "total", total.to_json());
    Ok(())
}

/// The accounts of an adjustment: those that are kept in its currency.
fn adjusted(organization: &Organization, currency: &str) -> Vec<Value> {
    let Some(banks) = named("bankaccounts") else {
        return Vec::new();
    };
    let rows = organization
        .rows(banks, None)
        .filter(|row| row.text(banks, "currency_id") == currency);
    rows.map(|row| {
        let balance = organization.value(banks, row, "balance").unwrap_or_default();
        json!({
            "account_id": row.id.to_string(), "account_name": row.text(banks, "account_name"),
            "fcy_balance": balance, "bcy_balance": balance, "adjusted_balance": balance, "gain_or_loss": 0,
        })
    })
    .collect()
}

/// An adjustment is of another currency than the base, at a rate above zero.
pub(crate) fn adjust(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    let currency = draft.row.text(ty, "currency_id").to_owned();
    if organization.setting("currency_id") == currency.as_str() {
        return Err(bad(4, "The base currency cannot be adjusted."));
    }
    if money(draft.row.get(ty, "exchange_rate")) <= Money::ZERO {
        return Err(invalid("exchange_rate"));
    }
    let accounts = adjusted(organization, &currency);
    draft.row.set(ty, "accounts", accounts);
    Ok(())
}

/// `GET /basecurrencyadjustment/accounts`: what an adjustment would change.
pub(crate) fn preview(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let wish = |name: &str| {
        call.query(name)
            .filter(|text| !text.is_empty())
            .ok_or_else(|| invalid(name))
    };
    let (currency, date, rate) = (
        wish("currency_id")?,
        wish("adjustment_date")?,
        wish("exchange_rate")?,
    );
    let currencies = named("currencies").ok_or_else(|| missing(ty))?;
    let known = currency
        .parse()
        .ok()
        .and_then(|id| organization.row(currencies, id));
    let known = known.ok_or_else(|| invalid("currency_id"))?;
    let rate = Money::read(&rate.into()).ok_or_else(|| invalid("exchange_rate"))?;
    let data = json!({
        "currency_id": currency, "currency_code": known.text(currencies, "currency_code"), "adjustment_date": date,
        "exchange_rate": rate.to_json(), "notes": call.query("notes").unwrap_or_default(), "gain_or_loss": 0,
        "accounts": adjusted(organization, currency),
    });
    Ok(success_with(ty.wrapper, data))
}

/// `POST /basecurrencyadjustment/{id}/reevaluate`: the accounts as they are now.
pub(crate) fn reevaluate(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let id = first_id(organization, ty, call)?;
    write::update(organization, ty, id, &Map::new())?;
    let row = organization.existing(ty, id)?;
    Ok(success_with(ty.wrapper, render::record(organization, ty, row)))
}

/// A reconciliation ends after it begins, and is a draft while it is saved as one.
pub(crate) fn period(_: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let ty = draft.ty;
    if draft.row.text(ty, "end_date") < draft.row.text(ty, "start_date") {
        return Err(invalid("end_date"));
    }
    draft.row.status = match draft.row.text(ty, "save_option") {
        "draft" | "save_draft" => "draft",
        _ => "reconciled",
    };
    Ok(())
}

/// What can be locked.
const MODULES: &[&str] = &[
    "sales",
    "purchase",
    "accountant",
    "banking",
    "inventory_adjustments",
];
const STATUSES: &[&str] = &["disabled", "enabled", "enabled_with_logging"];

/// The lock that the query names, or the first.
fn wished<'a>(
    organization: &'a Organization,
    ty: &'static Type,
    call: &Call<'_>,
) -> Result<&'a Row, Refusal> {
    match call.query("transaction_lock_id").filter(|id| !id.is_empty()) {
        Some(id) => id.parse().ok().and_then(|id| organization.row(ty, id)),
        None => organization.rows(ty, None).next(),
    }
    .ok_or_else(|| missing(ty))
}

fn shown(organization: &Organization, ty: &'static Type, row: &Row) -> Outcome {
    Ok(success_with(ty.wrapper, render::record(organization, ty, row)))
}

/// `GET /transactionlock`
pub(crate) fn lock(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let row = wished(organization, ty, call)?;
    shown(organization, ty, row)
}

/// `PUT /transactionlock`: there is one lock for each module.
pub(crate) fn set_lock(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let sent = body::object(call)?;
    let one_of = |name: &str, known: &'static [&'static str]| {
        let given = sent.get(name).and_then(Value::as_str).unwrap_or_default();
        known
            .iter()
            .find(|known| **known == given)
            .copied()
            .ok_or_else(|| invalid(name))
    };
    let module = one_of("transaction_lock_module", MODULES)?;
    let status = one_of("transaction_lock_status", STATUSES)?;
    let date = sent
        .get("transaction_lock_date")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if status != "disabled" && date.is_empty() {
        return Err(invalid("transaction_lock_date"));
    }
    let mut locks = organization.rows(ty, None);
    let known = locks
        .find(|row| row.text(ty, "transaction_lock_module") == module)
        .map(|row| row.id);
    drop(locks);
    let id = match known {
        Some(id) => {
            write::update(organization, ty, id, &sent)?;
            id
        }
        None => write::create(organization, ty, 0, &sent)?,
    };
    let row = organization.existing(ty, id)?;
    shown(organization, ty, row)
}

/// `DELETE /transactionlock?transaction_lock_id=`
pub(crate) fn unlock(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let named = call.query("transaction_lock_id").filter(|id| !id.is_empty());
    named.ok_or_else(|| invalid("transaction_lock_id"))?;
    let id = wished(organization, ty, call)?.id;
    write::delete(organization, ty, id)?;
    Ok(message("The transaction lock has been removed."))
}

/// `PUT /transactionlock/partialunlock`: a time within what is locked is open.
pub(crate) fn unlock_partly(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let sent = body::object(call)?;
    let module = sent
        .get("lock_module")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if module != "all" && !MODULES.contains(&module) {
        return Err(invalid("lock_module"));
    }
    let locks = organization.rows(ty, None);
    let ids: Vec<u64> = locks
        .filter(|row| module == "all" || row.text(ty, "transaction_lock_module") == module)
        .map(|row| row.id)
        .collect();
    let first = *ids.first().ok_or_else(|| missing(ty))?;
    for id in ids {
        write::set(organization, ty, id, "partial_unlock", sent.clone())?;
    }
    let row = organization.existing(ty, first)?;
    shown(organization, ty, row)
}
