//! `/{module}/{id}/Attachments`: list, upload, download, delete.

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::shelf::{Attachment, Content};
use crate::answer::{Answer, Outcome, Payload, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::records::params;
use crate::crm::schema::ModuleIndex;
use crate::crm::{CrmWorld, ids, path, refuse};
use crate::query;
use crate::world::{Handler, World};

/// The largest file.
const SIZE: usize = 100 * 1024 * 1024;
const URL: usize = 3_000;
const TITLE: usize = 255;

/// The handler of an attachment operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_attachments" => list_attachments,
        "upload_attachment" => upload_attachment,
        "download_attachment" => download_attachment,
        "delete_attachment" => delete_attachment,
        "delete_attachments" => delete_attachments,
        _ => return None,
    })
}

fn list_attachments(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let (_, parent) = parent(crm, call)?;
    let fields: Option<Vec<&str>> = call
        .query("fields")
        .map(|list| list.split(',').map(str::trim).collect());
    let (page, size) = (params::page_number(call)?, params::page_size(call)?);
    let mut items = crm.shelf.of(parent).skip((page - 1).saturating_mul(size));
    let data: Vec<Value> = items
        .by_ref()
        .take(size)
        .map(|item| {
            let mut shown = crm.attachment(item);
            if let (Some(fields), Some(shown)) = (&fields, shown.as_object_mut()) {
                shown.retain(|key, _| key == "id" || fields.contains(&key.as_str()));
            }
            shown
        })
        .collect();
    if data.is_empty() {
        return Ok(Answer::no_content());
    }
    let info = json!({
        "per_page": size, "next_page_token": null, "count": data.len(), "page": page,
        "previous_page_token": null, "page_token_expiry": null, "more_records": items.next().is_some(),
    });
    Ok(Answer::json(StatusCode::OK, &json!({"data": data, "info": info})))
}

fn upload_attachment(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (module, parent) = parent(crm, call)?;
    let (name, content) = content(call)?;
    let id = crm.ids.next();
    let attachment = Attachment {
        id,
        module,
        parent,
        name,
        content,
        by: crm.caller(call),
        at: call.now.as_second(),
    };
    let by = crm.users.get(attachment.by);
    let by = by.map(|user| json!({"name": user.full_name(), "id": user.id.to_string()}));
    let time = crm.zone.text(attachment.at);
    let details = json!({
        "Modified_Time": time, "Modified_By": by, "Created_Time": time, "id": id.to_string(), "Created_By": by,
    });
    crm.shelf.put(attachment);
    let item = Ok(Success::new("attachment uploaded successfully", details));
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, vec![item]))
}

fn download_attachment(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let (_, parent) = parent(crm, call)?;
    let id = ids::parse(path(call, 2)).ok_or_else(refuse::invalid_id)?;
    let Some((item, Content::File(bytes))) = crm.shelf.get(parent, id).map(|item| (item, &item.content))
    else {
        // A link has no bytes here.
        return Ok(Answer::no_content());
    };
    let name = utf8_percent_encode(&item.name, NON_ALPHANUMERIC);
    let disposition = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{name}"));
    Ok(Answer {
        status: StatusCode::OK,
        headers: disposition
            .into_iter()
            .map(|value| (header::CONTENT_DISPOSITION, value))
            .collect(),
        payload: Payload::Bytes("application/octet-stream", bytes.clone()),
    })
}

fn delete_attachment(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (_, parent) = parent(crm, call)?;
    let text = path(call, 2);
    let item = crm.drop_attachment(parent, text, ids::parse(text));
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, vec![item]))
}

fn delete_attachments(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let (_, parent) = parent(crm, call)?;
    let ids = params::id_list(call)?.ok_or_else(|| refuse::required_param("ids"))?;
    let items = ids
        .iter()
        .map(|(text, id)| crm.drop_attachment(parent, text, *id))
        .collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

/// The record that the path names.
fn parent(crm: &CrmWorld, call: &Call<'_>) -> Result<(ModuleIndex, u64), Refusal> {
    let module = crm.module_of(call)?;
    let id = ids::parse(path(call, 1));
    let known = id.filter(|id| {
        crm.tables
            .get(module)
            .is_some_and(|table| table.get(*id).is_some())
    });
    let id = known.ok_or_else(|| {
        refuse::bad(
            "INVALID_DATA",
            "the related id given seems to be invalid",
            json!({"resource_path_index": 1}),
        )
    })?;
    Ok((module, id))
}

/// The file of the body, or the link of the body or the query, with its name.
fn content(call: &Call<'_>) -> Result<(String, Content), Refusal> {
    let boundary = call.header("content-type").and_then(query::boundary);
    let parts = boundary.map_or_else(Vec::new, |boundary| query::multipart(call.body, boundary));
    if let Some(file) = parts.iter().find(|part| part.name == "file") {
        if file.data.len() > SIZE {
            return Err(Refusal::crm(
                StatusCode::PAYLOAD_TOO_LARGE,
                "FILE_SIZE_MORE_THAN_ALLOWED_SIZE",
                "Please check if the size of the file is in the correct range",
                json!({}),
            ));
        }
        let name = file
            .file_name
            .as_deref()
            .filter(|name| !name.is_empty())
            .unwrap_or("file");
        return Ok((name.to_owned(), Content::File(Bytes::copy_from_slice(file.data))));
    }
    let text = |name: &str| {
        let part = parts.iter().find(|part| part.name == name);
        part.map(|part| String::from_utf8_lossy(part.data).into_owned())
            .or_else(|| call.query(name).map(str::to_owned))
            .filter(|text| !text.is_empty())
    };
    let url = text("attachmentUrl").ok_or_else(|| {
        refuse::bad(
            "REQUIRED_PARAM_MISSING",
            "One of the expected parameter is missing",
            json!({"param_name": "file"}),
        )
    })?;
    let web = url.starts_with("https://") || url.starts_with("http://");
    if !web || url.len() > URL {
        return Err(refuse::bad(
            "INVALID_DATA",
            "the given attachment URL is incorrect",
            json!({"param_name": "attachmentUrl"}),
        ));
    }
    let title = text("title").unwrap_or_else(|| url.chars().take(TITLE).collect());
    if title.chars().count() > TITLE {
        return Err(refuse::bad(
            "INVALID_DATA",
            "invalid data provided",
            json!({"param_name": "title"}),
        ));
    }
    Ok((title, Content::Link(url)))
}

impl CrmWorld {
    fn drop_attachment(&mut self, parent: u64, text: &str, id: Option<u64>) -> Item {
        if id.is_some_and(|id| self.shelf.take(parent, id)) {
            Ok(Success::new("record deleted", json!({"id": text})))
        } else {
            Err(Fault {
                code: "INVALID_DATA",
                message: "record not deleted",
                details: json!({"id": text}),
            })
        }
    }

    fn attachment(&self, item: &Attachment) -> Value {
        let by = self.users.get(item.by);
        let by =
            by.map(|user| json!({"name": user.full_name(), "id": user.id.to_string(), "email": user.email}));
        let parent = self
            .tables
            .get(item.module)
            .and_then(|table| table.get(item.parent));
        let parent_name = parent.and_then(|row| self.display_name(item.module, row));
        let (kind, link, file) = match &item.content {
            Content::File(_) => ("File", None, Some(format!("{:036x}", item.id))),
            Content::Link(url) => ("Link URL", Some(url), None),
        };
        json!({
            "Owner": by,
            "Modified_Time": self.zone.text(item.at),
            "File_Name": item.name,
            "Size": item.size().to_string(),
            "Created_Time": self.zone.text(item.at),
            "Parent_Id": {"name": parent_name, "id": item.parent.to_string()},
            "Modified_By": by,
            "Created_By": by,
            "id": item.id.to_string(),
            "$editable": true,
            "$file_id": file,
            "$type": kind,
            "$se_module": self.schema.module(item.module).map(|module| module.api_name),
            "$state": "save",
            "$link_url": link,
            "$sharing_permission": "full_access",
            "$field_states": null,
        })
    }
}
