//! Contacts: their persons, their addresses, and what stands against deleting them.

use serde_json::{Map, Value, json};

use super::{Draft, Settled};
use crate::answer::{Outcome, Refusal};
use crate::books::catalogue::{TYPES, Type, named};
use crate::books::money::Money;
use crate::books::organization::Organization;
use crate::books::refuse::{bad, invalid, missing};
use crate::books::render;
use crate::books::reply::{message, success, success_with};
use crate::books::table::Row;
use crate::books::which::{first_id, last_id};
use crate::books::write;
use crate::call::Call;

const ADDRESSES: [&str; 2] = ["billing_address", "shipping_address"];

/// Gives addresses an id and looks at the persons before anything is saved.
pub(crate) fn prepare(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    for name in ADDRESSES {
        let Some(Value::Object(address)) = draft.sent.get(name) else {
            continue;
        };
        let before = draft
            .old
            .and_then(|old| old.get(draft.ty, name))
            .and_then(|old| old.get("address_id"));
        let id = before
            .cloned()
            .unwrap_or_else(|| organization.mint().to_string().into());
        let mut kept = Map::new();
        kept.insert("address_id".into(), id);
        for part in [
            "attention",
            "address",
            "street2",
            "city",
            "state",
            "zip",
            "country",
            "phone",
            "fax",
        ] {
            kept.insert(
                part.into(),
                address.get(part).cloned().unwrap_or_else(|| "".into()),
            );
        }
        draft.row.set(draft.ty, name, kept);
    }
    match draft.sent.get("contact_persons") {
        None => Ok(()),
        Some(Value::Array(persons)) if persons.iter().all(person_is_well_formed) => Ok(()),
        Some(Value::String(text)) if text.is_empty() => Ok(()),
        Some(_) => Err(invalid("contact_persons")),
    }
}

fn person_is_well_formed(person: &Value) -> bool {
    let texts = ["first_name", "last_name", "email", "phone", "mobile"];
    person.as_object().is_some_and(|person| {
        texts.iter().all(|name| {
            person
                .get(*name)
                .is_none_or(|value| value.as_str().is_some_and(|text| text.len() <= 50))
        })
    })
}

/// Saves the persons that came with a contact, and drops those of a deleted one.
pub(crate) fn settled(organization: &mut Organization, settled: &Settled<'_>) -> Result<(), Refusal> {
    let Some(persons) = named("contactpersons") else {
        return Ok(());
    };
    let Some(contact) = settled.new else {
        return Ok(());
    };
    let Some(Value::Array(sent)) = settled.sent.get("contact_persons") else {
        return Ok(());
    };
    for person in sent {
        let Value::Object(person) = person else { continue };
        let id = person
            .get("contact_person_id")
            .and_then(Value::as_str)
            .and_then(|id| id.parse().ok())
            .filter(|id| {
                organization
                    .row(persons, *id)
                    .is_some_and(|row| row.parent == contact.id)
            });
        match id {
            Some(id) => write::update(organization, persons, id, person)?,
            None => {
                write::create(organization, persons, contact.id, person)?;
            }
        }
    }
    Ok(())
}

/// Keeps one primary person per contact.
pub(crate) fn person_settled(organization: &mut Organization, settled: &Settled<'_>) -> Result<(), Refusal> {
    let Some(person) = settled.new.or(settled.old) else {
        return Ok(());
    };
    let ty = settled.ty;
    let primary = |row: &Row| row.is(ty, "is_primary_contact");
    let chosen = match settled.new.filter(|row| primary(row)) {
        Some(row) => Some(row.id),
        None => {
            let mut persons = organization.rows(ty, Some(person.parent));
            let first = persons.next().map(|row| row.id);
            match organization
                .rows(ty, Some(person.parent))
                .find(|row| primary(row))
            {
                Some(row) => Some(row.id),
                None => first,
            }
        }
    };
    let mut rows: Vec<Row> = organization.rows(ty, Some(person.parent)).cloned().collect();
    if let Some(table) = organization.table_mut(ty) {
        for mut row in rows.drain(..) {
            let is_primary = Some(row.id) == chosen;
            if primary(&row) != is_primary {
                row.set(ty, "is_primary_contact", is_primary);
                table.put(ty, row);
            }
        }
    }
    Ok(())
}

/// What a contact shows of its persons and addresses.
pub(crate) fn derive(organization: &Organization, _: &'static Type, row: &Row, name: &str) -> Option<Value> {
    let persons = named("contactpersons")?;
    let children = |child: &str| {
        let ty = named(child)?;
        let rows = organization.rows(ty, Some(row.id));
        Some(Value::Array(
            rows.map(|row| render::list_row(organization, ty, row)).collect(),
        ))
    };
    match name {
        "contact_persons" => children("contactpersons"),
        "addresses" => children("addresses"),
        _ => {
            let primary = organization
                .rows(persons, Some(row.id))
                .find(|row| row.is(persons, "is_primary_contact"))?;
            match name {
                "primary_contact_id" => Some(primary.id.to_string().into()),
                "first_name" | "last_name" | "email" | "phone" | "mobile" => {
                    Some(primary.text(persons, name).into())
                }
                _ => None,
            }
        }
    }
}

/// A contact with transactions stays.
pub(crate) fn before_delete(organization: &Organization, _: &'static Type, row: &Row) -> Result<(), Refusal> {
    let id = row.id.to_string();
    let mut links = TYPES.iter().flat_map(|ty| {
        let links = ty.fields.iter().filter(|field| field.refers == "contacts");
        links.map(move |field| (*ty, field.name))
    });
    let refers = |(ty, name): (&'static Type, &str)| {
        ty.transaction.is_some() && organization.rows(ty, None).any(|row| row.text(ty, name) == id)
    };
    match links.any(refers) {
        true => Err(bad(3000, "This customer has transactions and cannot be deleted.")),
        false => Ok(()),
    }
}

/// A comment carries the day it was written.
pub(crate) fn comment(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    if draft.old.is_none() {
        let today = organization.today().to_string();
        draft.row.set(draft.ty, "date", today);
    }
    Ok(())
}

/// Who wrote a comment.
pub(crate) fn commenter(organization: &Organization, _: &'static Type, _: &Row, name: &str) -> Option<Value> {
    (name == "commented_by").then(|| organization.setting("contact_name"))
}

/// The records of a type that name a contact and of which something is open.
fn open_of(
    organization: &Organization,
    (name, by, key): (&str, &str, &'static str),
    call: &Call<'_>,
) -> Outcome {
    let (Some(contacts), Some(ty)) = (named("contacts"), named(name)) else {
        return Err(invalid("contact_id"));
    };
    let contact = first_id(organization, contacts, call)?;
    let Some(transaction) = ty.transaction else {
        return Err(invalid("contact_id"));
    };
    let left = |row: &Row| {
        organization
            .value(ty, row, transaction.open)
            .as_ref()
            .and_then(Money::read)
    };
    let rows = organization.rows(ty, None).filter(|row| {
        row.status == transaction.live && row.link(ty, by) == contact && left(row) > Some(Money::ZERO)
    });
    let rows = render::list_rows(organization, ty, rows);
    Ok(success_with(key, rows))
}

/// `GET /contacts/{id}/unpaidinvoices`
pub(crate) fn unpaid(organization: &mut Organization, _: &'static Type, call: &Call<'_>) -> Outcome {
    open_of(organization, ("invoices", "customer_id", "unpaid_invoices"), call)
}

/// `GET /contacts/{id}/receivables/unusedcredits`
pub(crate) fn unused_credits(organization: &mut Organization, _: &'static Type, call: &Call<'_>) -> Outcome {
    open_of(organization, ("creditnotes", "customer_id", "creditnotes"), call)
}

/// `GET /contacts/{id}/refunds`: what was paid back of the contact's credit notes.
pub(crate) fn refunds(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let (Some(notes), Some(refunds)) = (named("creditnotes"), named("creditnote_refunds")) else {
        return Err(invalid("contact_id"));
    };
    let contact = first_id(organization, ty, call)?;
    let of_contact = |row: &&Row| {
        let note = organization.row(notes, row.parent);
        note.is_some_and(|note| note.link(notes, "customer_id") == contact)
    };
    let rows = organization.rows(refunds, None).filter(of_contact);
    let rows = render::list_rows(organization, refunds, rows);
    let mut body = Map::new();
    let page =
        json!({"page": 1, "per_page": refunds.page, "has_more_page": false, "report_name": refunds.report});
    body.insert(refunds.list.into(), rows);
    body.insert("page_context".into(), page);
    Ok(success(body))
}

/// `POST /contacts/{id}/address/{address}/markasbilling`
pub(crate) fn mark_billing(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    mark_address(organization, ty, call, "billing_address")
}

/// `POST /contacts/{id}/address/{address}/markasshipping`
pub(crate) fn mark_shipping(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    mark_address(organization, ty, call, "shipping_address")
}

fn mark_address(organization: &mut Organization, ty: &'static Type, call: &Call<'_>, field: &str) -> Outcome {
    let contacts = super::parent(ty)?;
    let contact = first_id(organization, contacts, call)?;
    let id = last_id(call);
    let row = id
        .and_then(|id| organization.row(ty, id))
        .filter(|row| row.parent == contact);
    let row = row.ok_or_else(|| missing(ty))?;
    let address = render::record(organization, ty, row);
    let sent = Map::from_iter([(field.to_owned(), address)]);
    write::update(organization, contacts, contact, &sent)?;
    Ok(message(ty.updated))
}
