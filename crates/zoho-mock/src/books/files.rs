//! Files that records carry: attachments and receipts.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde_json::Map;

use super::catalogue::{FileSlot, Type};
use super::engine;
use super::organization::Organization;
use super::write::{self, bad, missing};
use crate::answer::{Answer, Outcome, Payload, Refusal};
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
    let id = engine::first_id(organization, ty, call)?;
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
    organization.files.insert((id, at), Stored { name, kind, data });
    mark(organization, ty, id)?;
    Ok(engine::message(slot.attached))
}

/// Hands a file out.
pub(super) fn attached(
    organization: &mut Organization,
    ty: &'static Type,
    at: usize,
    call: &Call<'_>,
) -> Outcome {
    let id = engine::first_id(organization, ty, call)?;
    let file = organization.files.get(&(id, at)).ok_or_else(none)?;
    let safe = file.name.replace(
        |letter: char| !(' '..='~').contains(&letter) || letter == '"',
        "_",
    );
    let named = HeaderValue::from_str(&format!("attachment; filename=\"{safe}\""));
    Ok(Answer {
        status: StatusCode::OK,
        headers: named
            .map(|value| (header::CONTENT_DISPOSITION, value))
            .into_iter()
            .collect(),
        payload: Payload::Bytes(file.kind, file.data.clone()),
    })
}

/// Drops a file.
pub(super) fn detach(
    organization: &mut Organization,
    ty: &'static Type,
    at: usize,
    call: &Call<'_>,
) -> Outcome {
    let slot = slot(ty, at)?;
    let id = engine::first_id(organization, ty, call)?;
    organization.files.remove(&(id, at)).ok_or_else(none)?;
    mark(organization, ty, id)?;
    Ok(engine::message(slot.detached))
}

fn none() -> Refusal {
    Refusal::books(StatusCode::NOT_FOUND, 1002, "Attachment does not exist.")
}

fn slot(ty: &'static Type, at: usize) -> Result<&'static FileSlot, Refusal> {
    ty.files.get(at).ok_or_else(|| missing(ty))
}

/// Notes in a record whether it carries files.
fn mark(organization: &mut Organization, ty: &'static Type, id: u64) -> Result<(), Refusal> {
    let old = organization.row(ty, id).cloned().ok_or_else(|| missing(ty))?;
    let mut files = organization.files.range((id, 0)..=(id, usize::MAX));
    let mut row = old.clone();
    match files.next() {
        Some((_, file)) => {
            row.set(ty, "has_attachment", true);
            row.set(ty, "attachment_name", file.name.clone());
        }
        None => {
            row.set(ty, "has_attachment", false);
            row.set(ty, "attachment_name", "");
        }
    }
    write::save(organization, ty, Some(&old), row, &Map::new())
}
