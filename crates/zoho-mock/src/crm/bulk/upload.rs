//! `POST /upload`: the archive of an import.

use bytes::Bytes;
use http::StatusCode;
use serde_json::json;

use super::archive;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::refuse::bad;
use crate::query;
use crate::world::World;

/// The largest archive.
const LARGEST: usize = 25 * 1024 * 1024;

/// Takes an archive.
pub(super) fn upload_bulk_write_file(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let missing = |name: &str| {
        bad(
            "MANDATORY_NOT_FOUND",
            "required field not found",
            json!({"api_name": name}),
        )
    };
    let feature = call.header("feature").ok_or_else(|| missing("feature"))?;
    if feature != "bulk-write" {
        return Err(bad(
            "NOT_SUPPORTED_FEATURE",
            "The feature is not supported",
            json!({"api_name": "feature", "supported": ["bulk-write"]}),
        ));
    }
    let organization = call.header("x-crm-org").ok_or_else(|| missing("X-CRM-ORG"))?;
    if organization != crm.zgid {
        return Err(bad(
            "INVALID_DATA",
            "invalid data",
            json!({"api_name": "X-CRM-ORG"}),
        ));
    }
    let boundary = call.header("content-type").and_then(query::boundary);
    let parts = boundary.map_or_else(Vec::new, |boundary| query::multipart(call.body, boundary));
    let file = parts
        .iter()
        .find(|part| part.name == "file")
        .ok_or_else(|| missing("file"))?;
    if file.data.len() > LARGEST {
        return Err(bad(
            "INVALID_DATA",
            "The file is too large",
            json!({"api_name": "file", "maximum_length": LARGEST}),
        ));
    }
    if !archive::is_archive(file.data) {
        return Err(bad(
            "INVALID_FILE_FORMAT",
            "The file is no ZIP archive",
            json!({"api_name": "file"}),
        ));
    }
    let id = crm.ids.next();
    crm.bulk.uploads.insert(id, Bytes::copy_from_slice(file.data));
    Ok(Answer::json(
        StatusCode::OK,
        &json!({
            "status": "success", "code": "FILE_UPLOAD_SUCCESS", "message": "file uploaded.",
            "details": {"file_id": id.to_string(), "created_time": crm.zone.text(call.now.as_second())},
        }),
    ))
}
