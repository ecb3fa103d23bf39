//! Cards and bank accounts: their numbers are not kept, and what is in use stays.

use serde_json::Value;

use super::Draft;
use crate::answer::{Outcome, Refusal};
use crate::books::catalogue::{Type, named};
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid, missing};
use crate::books::render;
use crate::books::reply::success_with;
use crate::books::table::Row;
use crate::books::which::last_id;
use crate::call::Call;

/// Keeps the last four digits of a number, and nothing else of it.
pub(crate) fn mask(_: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    for name in ["card_number", "account_number"] {
        let Some(number) = draft.sent.get(name) else {
            continue;
        };
        let digits: Vec<char> = match number {
            Value::String(text) => text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect(),
            _ => return Err(invalid(name)),
        };
        let fits = (4..=19).contains(&digits.len()) && digits.iter().all(char::is_ascii_digit);
        if !fits {
            return Err(invalid(name));
        }
        let last: String = digits.iter().skip(digits.len() - 4).collect();
        draft.row.set(draft.ty, "last_four_digits", last);
    }
    let month = draft.row.get(draft.ty, "expire_month").and_then(Value::as_i64);
    match month.is_some_and(|month| !(1..=12).contains(&month)) {
        true => Err(invalid("expire_month")),
        false => Ok(()),
    }
}

/// The recurring invoices that a card pays.
fn paid_by<'a>(
    organization: &'a Organization,
    ty: &'static Type,
    card: u64,
) -> impl Iterator<Item = &'a Row> {
    let rows = organization.rows(ty, None);
    rows.filter(move |row| row.link(ty, "card_id") == card)
}

/// A card that pays a recurring invoice stays.
pub(crate) fn in_use(organization: &Organization, _: &'static Type, card: &Row) -> Result<(), Refusal> {
    let recurring = named("recurringinvoices");
    match recurring.is_some_and(|ty| paid_by(organization, ty, card.id).next().is_some()) {
        true => Err(bad(4, "The card is associated with recurring invoices.")),
        false => Ok(()),
    }
}

/// `GET /contacts/{id}/card/{card}/recurringinvoices`
pub(crate) fn recurring_invoices(
    organization: &mut Organization,
    ty: &'static Type,
    call: &Call<'_>,
) -> Outcome {
    let recurring = named("recurringinvoices").ok_or_else(|| missing(ty))?;
    let id = last_id(call);
    let card = id
        .and_then(|id| organization.row(ty, id))
        .ok_or_else(|| missing(ty))?;
    let rows = paid_by(organization, recurring, card.id);
    let rows = render::list_rows(organization, recurring, rows);
    Ok(success_with(recurring.list, rows))
}

/// `GET /contacts/cardcount`
pub(crate) fn count(organization: &mut Organization, ty: &'static Type, _: &Call<'_>) -> Outcome {
    Ok(success_with("card_count", organization.rows(ty, None).count()))
}

/// `POST /recurringinvoices/{id}/card/{card}`: the card pays from now on.
pub(crate) fn set_card(
    organization: &mut Organization,
    ty: &'static Type,
    row: &Row,
    call: &Call<'_>,
) -> Result<(Row, &'static str), Refusal> {
    pay_with(organization, ty, row, call, ("contact_cards", "card_id"))
}

/// `POST /recurringinvoices/{id}/bankaccount/{account}`
pub(crate) fn set_bank_account(
    organization: &mut Organization,
    ty: &'static Type,
    row: &Row,
    call: &Call<'_>,
) -> Result<(Row, &'static str), Refusal> {
    pay_with(
        organization,
        ty,
        row,
        call,
        ("contact_bankaccounts", "bank_account_id"),
    )
}

fn pay_with(
    organization: &Organization,
    ty: &'static Type,
    row: &Row,
    call: &Call<'_>,
    (kind, field): (&str, &str),
) -> Result<(Row, &'static str), Refusal> {
    let methods = named(kind).ok_or_else(|| missing(ty))?;
    let id = last_id(call);
    let method = id
        .and_then(|id| organization.row(methods, id))
        .ok_or_else(|| missing(methods))?;
    // A method of somebody else's pays nothing.
    if method.parent != row.link(ty, "customer_id") {
        return Err(missing(methods));
    }
    let mut row = row.clone();
    row.set(ty, field, method.id.to_string());
    Ok((row, "The payment method has been associated."))
}

/// `DELETE /recurringinvoices/{id}/card`
pub(crate) fn drop_card(
    _: &mut Organization,
    ty: &'static Type,
    row: &Row,
    _: &Call<'_>,
) -> Result<(Row, &'static str), Refusal> {
    let mut row = row.clone();
    row.set(ty, "card_id", "");
    Ok((row, "The card has been removed."))
}

/// `DELETE /recurringinvoices/{id}/bankaccount`
pub(crate) fn drop_bank_account(
    _: &mut Organization,
    ty: &'static Type,
    row: &Row,
    _: &Call<'_>,
) -> Result<(Row, &'static str), Refusal> {
    let mut row = row.clone();
    row.set(ty, "bank_account_id", "");
    Ok((row, "The bank account has been removed."))
}
