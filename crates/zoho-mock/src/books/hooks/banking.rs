//! Bank statements: imported lines wait until somebody says what they are.

use serde_json::{Map, Value};

use crate::answer::{Outcome, Refusal};
use crate::books::catalogue::{Type, named};
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid, missing};
use crate::books::reply::{message, success_with};
use crate::books::table::Row;
use crate::books::which::{digits, first_id, parent_in_body};
use crate::books::write;
use crate::books::{body, render};
use crate::call::Call;

/// `POST /bankstatements`: each line is a transaction that nobody has sorted yet.
pub(crate) fn import(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let sent = body::object(call)?;
    let accounts = named("bankaccounts").ok_or_else(|| missing(ty))?;
    let statements = named("bankstatements").ok_or_else(|| missing(ty))?;
    let account = sent.get("account_id").and_then(digits);
    let account = account
        .and_then(|id| organization.row(accounts, id))
        .map(|row| row.id);
    let account = account.ok_or_else(|| invalid("account_id"))?;
    let lines = sent
        .get("transactions")
        .and_then(Value::as_array)
        .filter(|lines| !lines.is_empty());
    let lines = lines.ok_or_else(|| invalid("transactions"))?;
    for line in lines {
        let known = ["debit", "credit"].map(|side| line.get("debit_or_credit") == Some(&side.into()));
        if !known.contains(&true) {
            return Err(invalid("debit_or_credit"));
        }
        line.get("amount")
            .and_then(Money::read)
            .ok_or_else(|| invalid("amount"))?;
    }
    let statement = write::create(organization, statements, account, &sent)?;
    for line in lines {
        let mut values = Map::new();
        for name in ["date", "amount", "description", "reference_number"] {
            if let Some(value) = line.get(name) {
                values.insert(name.into(), value.clone());
            }
        }
        values.insert("transaction_type".into(), "uncategorized".into());
        let id = write::create(organization, ty, 0, &values)?;
        write::change(organization, ty, id, |row| {
            row.status = "uncategorized";
            row.set(ty, "account_id", account.to_string());
            for name in ["payee", "debit_or_credit"] {
                row.set(ty, name, line.get(name).cloned().unwrap_or_default());
            }
            row.set(ty, "imported_transaction_id", statement.to_string());
        })?;
    }
    Ok(message("Your bank statement has been imported."))
}

/// `GET /bankaccounts/{id}/statement/lastimported`
pub(crate) fn last_imported(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let accounts = named("bankaccounts").ok_or_else(|| missing(ty))?;
    let account = first_id(organization, accounts, call)?;
    let row = organization
        .rows(ty, Some(account))
        .last()
        .ok_or_else(|| missing(ty))?;
    let mut statement = render::record(organization, ty, row);
    let transactions = named("banktransactions").ok_or_else(|| missing(ty))?;
    let lines = organization.rows(transactions, None);
    let lines = lines.filter(|line| line.link(transactions, "imported_transaction_id") == row.id);
    statement["transactions"] = lines
        .map(|line| render::list_row(organization, transactions, line))
        .collect();
    Ok(success_with(ty.wrapper, statement))
}

/// A line that nobody has sorted yet.
fn unsorted(organization: &Organization, ty: &'static Type, call: &Call<'_>) -> Result<Row, Refusal> {
    let id = first_id(organization, ty, call)?;
    let row = organization.existing(ty, id)?.clone();
    match row.status {
        "uncategorized" => Ok(row),
        _ => Err(bad(4, "The transaction is not uncategorized.")),
    }
}

/// `POST /banktransactions/uncategorized/{id}/categorize/..`: the line becomes a record of the type that the address
/// names, or is sorted as it is.
pub(crate) fn categorize(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let line = unsorted(organization, ty, call)?;
    let sent = body::object(call)?;
    let target = match call.route.path.rsplit('/').next().unwrap_or_default() {
        "expenses" => named("expenses"),
        "customerpayments" => named("customerpayments"),
        "vendorpayments" => named("vendorpayments"),
        "creditnoterefunds" => named("creditnote_refunds"),
        "vendorcreditrefunds" => named("vendorcredit_refunds"),
        "paymentrefunds" => named("customerpayment_refunds"),
        "vendorpaymentrefunds" => named("vendorpayment_refunds"),
        _ => None,
    };
    if let Some(target) = target {
        let parent = match target.parent {
            None => 0,
            Some(parent) => parent_in_body(organization, parent, &sent)?,
        };
        write::create(organization, target, parent, &sent)?;
    }
    write::change(organization, ty, line.id, |row| row.status = "categorized")?;
    Ok(message("The transaction is now categorized."))
}

/// What a line may stand for: transactions of the same amount that somebody entered.
fn candidates<'a>(
    organization: &'a Organization,
    ty: &'static Type,
    line: &'a Row,
) -> impl Iterator<Item = &'a Row> {
    let amount = line.get(ty, "amount").and_then(Money::read);
    organization
        .rows(ty, None)
        .filter(move |row| row.status == ty.status && row.get(ty, "amount").and_then(Money::read) == amount)
}

/// `GET /banktransactions/uncategorized/{id}/match`
pub(crate) fn matching(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let line = unsorted(organization, ty, call)?;
    let rows = candidates(organization, ty, &line);
    let rows = render::list_rows(organization, ty, rows);
    Ok(success_with("matching_transactions", rows))
}

/// `POST /banktransactions/uncategorized/{id}/match`
pub(crate) fn match_with(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let line = unsorted(organization, ty, call)?;
    let sent = body::object(call)?;
    let name = "transactions_to_be_matched";
    let wished = sent
        .get(name)
        .and_then(Value::as_array)
        .filter(|list| !list.is_empty());
    let wished = wished.ok_or_else(|| invalid(name))?;
    let mut whole = Money::ZERO;
    let mut matched = Vec::new();
    for wish in wished {
        let id = wish.get("transaction_id").and_then(digits);
        let row = id
            .and_then(|id| organization.row(ty, id))
            .ok_or_else(|| missing(ty))?;
        whole = whole + row.amount(ty, "amount");
        matched.push(row.id);
    }
    if Some(whole) != line.get(ty, "amount").and_then(Money::read) {
        return Err(bad(4, "The amounts of the transactions do not match."));
    }
    for id in matched {
        write::set(organization, ty, id, "is_offsetaccount_matched", true)?;
    }
    write::change(organization, ty, line.id, |row| row.status = "matched")?;
    Ok(message("The transaction has been matched."))
}
