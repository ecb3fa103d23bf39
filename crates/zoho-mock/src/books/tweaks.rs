//! Changes of one part of a record, each by an address of its own.

use serde_json::{Map, Value, json};

use super::catalogue::{Type, named};
use super::organization::Organization;
use super::refuse::{invalid, missing};
use super::reply::{message, success, success_with};
use super::which::{digits, first_id, several};
use super::write;
use super::{body, custom, render};
use crate::answer::{Outcome, Refusal};
use crate::call::Call;

/// Changes the parts of an address that were sent.
pub(super) fn address(
    organization: &mut Organization,
    ty: &'static Type,
    call: &Call<'_>,
    (field, text): (&str, &'static str),
) -> Outcome {
    let sent = body::object(call)?;
    let id = first_id(organization, ty, call)?;
    let old = organization.existing(ty, id)?;
    let mut address = old
        .get(ty, field)
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    address.extend(sent);
    change(organization, ty, id, &json!({ field: address }))?;
    Ok(message(text))
}

/// Sets the template that the address names.
pub(super) fn template(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let id = first_id(organization, ty, call)?;
    let template = call.path.last().map_or("", |(_, id)| id.as_str());
    change(organization, ty, id, &json!({ "template_id": template }))?;
    Ok(message(ty.updated))
}

/// Sets custom fields alone; the body is a list of them.
pub(super) fn custom_fields(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let list = match body::read(call)? {
        body::Sent::Json(Value::Object(mut object)) => object
            .remove("custom_fields")
            .ok_or_else(|| invalid("custom_fields"))?,
        body::Sent::Json(list) => list,
        body::Sent::Nothing => return Err(body::object(call).err().unwrap_or_else(|| missing(ty))),
    };
    let id = first_id(organization, ty, call)?;
    let old = organization.existing(ty, id)?.clone();
    let mut row = old.clone();
    custom::take(organization, ty, &mut row, &list)?;
    write::save(organization, ty, Some(&old), row, &Map::new())?;
    Ok(message("Custom Fields Updated Successfully"))
}

/// Sends a transaction to its party, which makes a draft one that counts.
pub(super) fn email(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let id = first_id(organization, ty, call)?;
    send(organization, ty, id)?;
    let noun = ty.noun.to_lowercase();
    Ok(message(&format!("Your {noun} has been sent.")))
}

/// Sends all transactions that the query names.
pub(super) fn email_several(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    for id in several(organization, ty, call)? {
        send(organization, ty, id)?;
    }
    let noun = ty.noun.to_lowercase();
    Ok(message(&format!("Your {noun}s have been sent.")))
}

fn send(organization: &mut Organization, ty: &'static Type, id: u64) -> Result<(), Refusal> {
    write::change(organization, ty, id, |row| {
        row.set(ty, "is_emailed", true);
        if let Some(transaction) = ty.transaction.filter(|_| row.status == "draft") {
            row.status = transaction.live;
        }
    })
}

/// The templates of a type: one, which every organization has.
pub(super) fn templates(organization: &Organization, ty: &'static Type) -> Map<String, Value> {
    let mut body = Map::new();
    let template = json!({
        "template_id": organization.template(ty).to_string(), "template_name": "Standard Template",
        "template_type": "standard",
    });
    body.insert("templates".into(), json!([template]));
    body
}

/// The mail that would go out with a record: to its party, from whoever asks.
pub(super) fn mail(organization: &Organization, ty: &'static Type, call: &Call<'_>, key: &str) -> Outcome {
    let id = first_id(organization, ty, call)?;
    let row = organization.existing(ty, id)?;
    let text = |name: &str| match organization.value(ty, row, name) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    };
    let number = ty
        .numbering
        .map(|numbering| text(numbering.field))
        .unwrap_or_default();
    let party = ["customer_id", "vendor_id"]
        .into_iter()
        .find(|name| ty.field(name).is_some());
    let contacts = named("contacts").ok_or_else(|| missing(ty))?;
    let contact = party.and_then(|party| organization.row(contacts, row.link(ty, party)));
    let name = contact
        .map(|contact| contact.text(contacts, "contact_name"))
        .unwrap_or_default();
    let persons = named("contactpersons").ok_or_else(|| missing(ty))?;
    let to: Vec<Value> = contact
        .into_iter()
        .flat_map(|contact| organization.rows(persons, Some(contact.id)))
        .filter(|person| !person.text(persons, "email").is_empty())
        .map(|person| {
            json!({
                "contact_person_id": person.id.to_string(), "email": person.text(persons, "email"),
                "first_name": person.text(persons, "first_name"), "last_name": person.text(persons, "last_name"),
                "selected": person.is(persons, "is_primary_contact"),
            })
        })
        .collect();
    let sender = organization.setting("name");
    let sender = sender.as_str().unwrap_or_default();
    let noun = ty.noun;
    let mail = json!({
        "subject": format!("{noun} {number} from {sender}"),
        "body": format!("Dear {name},<br>your {} {number} is attached.<br>{sender}", noun.to_lowercase()),
        "customer_id": contact.map_or_else(String::new, |contact| contact.id.to_string()),
        "file_name": format!("{}.pdf", if number.is_empty() { noun } else { &number }),
        "error_list": [], "emailtemplates": [], "to_contacts": to,
        "from_emails": [{"user_name": organization.setting("contact_name"), "email": organization.setting("email"), "selected": true}],
    });
    let mut body = Map::new();
    match mail {
        Value::Object(mail) if key.is_empty() => body.extend(mail),
        mail => {
            body.insert(key.into(), mail);
        }
    }
    Ok(success(body))
}

/// Changes several records: the body is a list of them, each with its id. All of them or none.
pub(super) fn update_several(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    if call.query("bulk_update") != Some("true") {
        return Err(invalid("bulk_update"));
    }
    let body::Sent::Json(Value::Array(sent)) = body::read(call)? else {
        return Err(body::object(call).err().unwrap_or_else(|| invalid(ty.list)));
    };
    let mut changes = Vec::new();
    for one in &sent {
        let change = one.as_object().ok_or_else(|| invalid(ty.list))?;
        let id = change.get(ty.id).and_then(digits).ok_or_else(|| invalid(ty.id))?;
        let old = organization.existing(ty, id)?.clone();
        changes.push((old, change));
    }
    for (at, (old, change)) in changes.iter().enumerate() {
        if let Err(refusal) = write::update(organization, ty, old.id, change) {
            for (old, _) in changes.iter().take(at) {
                organization.put(ty, old.clone());
            }
            return Err(refusal);
        }
    }
    let rows = changes.iter().filter_map(|(old, _)| organization.row(ty, old.id));
    let rows = render::list_rows(organization, ty, rows);
    Ok(success_with(ty.list, rows))
}

/// The records with an e-invoice status, or with the one that the query asks for.
pub(super) fn einvoices(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let wish = call.query("einvoice_status").filter(|wish| !wish.is_empty());
    let rows = organization.rows(ty, None).filter(|row| {
        let status = row.text(ty, "einvoice_status");
        !status.is_empty() && wish.is_none_or(|wish| wish == status)
    });
    let rows = render::list_rows(organization, ty, rows);
    Ok(success_with(ty.list, rows))
}

fn change(organization: &mut Organization, ty: &'static Type, id: u64, sent: &Value) -> Result<(), Refusal> {
    match sent {
        Value::Object(sent) => write::update(organization, ty, id, sent),
        _ => Err(missing(ty)),
    }
}
