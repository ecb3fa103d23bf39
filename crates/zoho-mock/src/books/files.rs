//! Files that records carry: attachments and receipts.

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value};

use super::body;
use super::catalogue::{FileSlot, TYPES, Type, named};
use super::hooks::Settled;
use super::organization::Organization;
use super::refuse::{bad, missing};
use super::reply::{attachment, message};
use super::table::Row;
use super::which::{first_id, last_id};
use super::write;
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::query;

/// The largest file that is taken.
const LARGEST: usize = 10 * 1024 * 1024;

/// The kinds of files that are taken: how names end, and their media types.
const KINDS: &[(&str, &str)] = &[
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("bmp", "image/bmp"),
    ("doc", "application/msword"),
    (
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    ("xls", "application/vnd.ms-excel"),
    (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
];

/// A file as it came.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    name: String,
    kind: &'static str,
    data: Bytes,
}

/// Takes the file of a multipart body in.
pub(super) fn attach(
    organization: &mut Organization,
    ty: &'static Type,
    at: usize,
    call: &Call<'_>,
) -> Outcome {
    let slot = slot(ty, at)?;
    let id = first_id(organization, ty, call)?;
    let refused = || bad(2, "The request passed is not valid.");
    let kind = call.header("content-type").unwrap_or_default();
    let boundary = query::boundary(kind).ok_or_else(refused)?;
    let parts = query::multipart(call.body, boundary);
    let part = parts
        .into_iter()
        .find(|part| slot.parts.contains(&part.name.as_str()))
        .ok_or_else(refused)?;
    let name = part
        .file_name
        .filter(|name| !name.is_empty())
        .ok_or_else(refused)?;
    let end = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let (_, kind) = KINDS
        .iter()
        .find(|(known, _)| *known == end)
        .ok_or_else(|| bad(2, "Invalid value passed for attachment"))?;
    if part.data.len() > LARGEST {
        return Err(bad(
            2,
            "The file exceeds the maximum size of 10 MB that can be attached.",
        ));
    }
    let data = Bytes::copy_from_slice(part.data);
    record(organization, (id, at), &name, kind, data.len())?;
    organization.files.insert((id, at), Stored { name, kind, data });
    mark(organization, ty, id)?;
    Ok(message(slot.attached))
}

/// Lists a file among the organization's documents, in the place of the one that it replaces.
fn record(
    organization: &mut Organization,
    (entity, slot): (u64, usize),
    name: &str,
    kind: &str,
    size: usize,
) -> Result<(), Refusal> {
    let documents = documents()?;
    if let Some(old) = document_in(organization, entity, slot) {
        write::delete(organization, documents, old)?;
    }
    let sent = Map::from_iter([("file_name".to_owned(), name.into())]);
    let id = write::create(organization, documents, 0, &sent)?;
    let end = name.rsplit('.').next().unwrap_or_default();
    write::change(organization, documents, id, |row| {
        row.set(documents, "file_type", end);
        row.set(documents, "document_type", kind);
        row.set(documents, "file_size", size);
        row.set(documents, "entity_id", entity.to_string());
        row.set(documents, "slot", slot);
    })
}

fn documents() -> Result<&'static Type, Refusal> {
    named("documents").ok_or_else(none)
}

/// The document that stands for a file.
fn document_in(organization: &Organization, entity: u64, slot: usize) -> Option<u64> {
    let documents = named("documents")?;
    let mut rows = organization.rows(documents, None);
    let is =
        |row: &&Row| row.link(documents, "entity_id") == entity && place_of(documents, row) == Some(slot);
    rows.find(is).map(|row| row.id)
}

fn place_of(documents: &Type, row: &Row) -> Option<usize> {
    row.get(documents, "slot")
        .and_then(Value::as_u64)
        .and_then(|slot| usize::try_from(slot).ok())
}

/// A file goes with its document.
pub(super) fn dropped(organization: &mut Organization, settled: &Settled<'_>) -> Result<(), Refusal> {
    let (Some(old), None) = (settled.old, settled.new) else {
        return Ok(());
    };
    let entity = old.link(settled.ty, "entity_id");
    if let Some(slot) = place_of(settled.ty, old) {
        organization.files.remove(&(entity, slot));
    }
    let mut types = TYPES.iter().copied().filter(|ty| !ty.files.is_empty());
    match types.find(|ty| organization.row(ty, entity).is_some()) {
        Some(owner) => mark(organization, owner, entity),
        None => Ok(()),
    }
}

/// `GET /documents/{id}`: the file itself.
pub(super) fn download(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let id = first_id(organization, ty, call)?;
    let row = organization.existing(ty, id)?;
    content(organization, ty, row)
}

/// The file that a document stands for.
fn content(organization: &Organization, documents: &Type, row: &Row) -> Outcome {
    let slot = place_of(documents, row).unwrap_or(usize::MAX);
    let file = organization.files.get(&(row.link(documents, "entity_id"), slot));
    file.map(handed_out).ok_or_else(none)
}

/// The document that the last id of the path names, if the record of the first carries it.
fn carried(organization: &Organization, ty: &'static Type, call: &Call<'_>) -> Result<u64, Refusal> {
    let entity = first_id(organization, ty, call)?;
    let documents = documents()?;
    let id = last_id(call);
    let row = id
        .and_then(|id| organization.row(documents, id))
        .ok_or_else(none)?;
    match row.link(documents, "entity_id") == entity {
        true => Ok(row.id),
        false => Err(none()),
    }
}

/// `GET /invoices/{id}/documents/{document}`
pub(super) fn of_record(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let documents = documents()?;
    let id = carried(organization, ty, call)?;
    let row = organization.row(documents, id).ok_or_else(none)?;
    content(organization, documents, row)
}

/// `PUT /contacts/{id}/documents/{document}`: its order and where it is shown.
pub(super) fn order(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let documents = documents()?;
    let id = carried(organization, ty, call)?;
    write::update(organization, documents, id, &body::object(call)?)?;
    Ok(message(documents.updated))
}

/// `DELETE /invoices/{id}/documents/{document}`
pub(super) fn drop_of_record(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let documents = documents()?;
    let id = carried(organization, ty, call)?;
    write::delete(organization, documents, id)?;
    Ok(message(documents.deleted))
}

/// Hands a file out.
pub(super) fn attached(
    organization: &mut Organization,
    ty: &'static Type,
    at: usize,
    call: &Call<'_>,
) -> Outcome {
    let id = first_id(organization, ty, call)?;
    organization.files.get(&(id, at)).map(handed_out).ok_or_else(none)
}

fn handed_out(file: &Stored) -> Answer {
    attachment(&file.name, file.kind, file.data.clone())
}

/// Drops a file.
pub(super) fn detach(
    organization: &mut Organization,
    ty: &'static Type,
    at: usize,
    call: &Call<'_>,
) -> Outcome {
    let slot = slot(ty, at)?;
    let id = first_id(organization, ty, call)?;
    organization.files.remove(&(id, at)).ok_or_else(none)?;
    if let Some(document) = document_in(organization, id, at) {
        write::delete(organization, documents()?, document)?;
    }
    mark(organization, ty, id)?;
    Ok(message(slot.detached))
}

fn none() -> Refusal {
    Refusal::books(StatusCode::NOT_FOUND, 1002, "Attachment does not exist.")
}

fn slot(ty: &'static Type, at: usize) -> Result<&'static FileSlot, Refusal> {
    ty.files.get(at).ok_or_else(|| missing(ty))
}

/// Notes in a record whether it carries files.
fn mark(organization: &mut Organization, ty: &'static Type, id: u64) -> Result<(), Refusal> {
    let mut files = organization.files.range((id, 0)..=(id, usize::MAX));
    let first = files.next().map(|(_, file)| file.name.clone());
    write::change(organization, ty, id, |row| {
        row.set(ty, "has_attachment", first.is_some());
        row.set(ty, "attachment_name", first.unwrap_or_default());
    })
}
