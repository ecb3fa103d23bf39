//! Bulk jobs: exports and imports of many records, which move on with the clock.

mod archive;
mod criteria;
mod read;
mod sheet;
#[cfg(test)]
mod tests;
mod upload;
mod write;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{CrmWorld, refuse};
use crate::answer::Refusal;
use crate::call::Call;
use crate::delivery::Notice;
use crate::world::Handler;
use read::Export;
pub(crate) use write::DOWNLOAD;
use write::Import;

/// Seconds after which a job is at work.
const STARTS: i64 = 1;
/// Seconds after which it is done.
const ENDS: i64 = 2;
/// Seconds for which its outcome can be downloaded.
const KEPT: i64 = 24 * 60 * 60;

/// All jobs, and the archives that were uploaded for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bulk {
    exports: BTreeMap<u64, Export>,
    imports: BTreeMap<u64, Import>,
    /// Jobs that are not done, in the order in which they came.
    open: BTreeSet<u64>,
    uploads: BTreeMap<u64, Bytes>,
    /// Jobs that are done and whose callbacks nobody has taken yet.
    done: Vec<u64>,
    /// When exports were downloaded in the last minute.
    downloads: VecDeque<i64>,
}

/// The handler of a bulk operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "create_bulk_read" => read::create_bulk_read,
        "get_bulk_read" => read::get_bulk_read,
        "download_bulk_read" => read::download_bulk_read,
        "upload_bulk_write_file" => upload::upload_bulk_write_file,
        "create_bulk_write" => write::create_bulk_write,
        "get_bulk_write" => write::get_bulk_write,
        "download_bulk_write" => write::download_bulk_write,
        _ => return None,
    })
}

/// Does what jobs have to do until now. Called before every request, so that each finds the records
/// as they would be by then.
pub(crate) fn advance(crm: &mut CrmWorld, now: i64) {
    for id in crm.bulk.open.clone() {
        if let Some(export) = crm.bulk.exports.get(&id) {
            if now < export.created + ENDS {
                continue;
            }
            let outcome = export.run(crm);
            if let Some(export) = crm.bulk.exports.get_mut(&id) {
                export.outcome = Some(outcome);
            }
        } else if let Some(mut import) = crm.bulk.imports.remove(&id) {
            if now >= import.created + ENDS {
                import.run(crm);
            }
            let done = import.is_done();
            crm.bulk.imports.insert(id, import);
            if !done {
                continue;
            }
        }
        crm.bulk.open.remove(&id);
        crm.bulk.done.push(id);
    }
}

/// The body as a JSON object.
fn body(call: &Call<'_>) -> Result<Map<String, Value>, Refusal> {
    if call.body.iter().all(u8::is_ascii_whitespace) {
        return Err(refuse::bad(
            "REQUEST_BODY_IS_EMPTY",
            "The request body is empty",
            json!({}),
        ));
    }
    match serde_json::from_slice(call.body) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(refuse::bad(
            "REQUEST_BODY_NOT_SUPPORTED",
            "The request body is not supported",
            json!({"expected_data_type": "jsonobject"}),
        )),
        Err(_) => Err(refuse::bad(
            "REQUEST_BODY_NOT_READABLE",
            "The request body cannot be read",
            json!({}),
        )),
    }
}

/// Whom a job shall call when it is done, checked.
fn callback(body: &Map<String, Value>) -> Result<Option<Value>, Refusal> {
    let Some(callback) = body.get("callback").filter(|callback| !callback.is_null()) else {
        return Ok(None);
    };
    let url = callback.get("url").and_then(Value::as_str).unwrap_or_default();
    if !["https://", "http://"]
        .iter()
        .any(|scheme| url.len() > scheme.len() && url.starts_with(scheme))
    {
        return Err(refuse::bad(
            "INVALID_CALLBACK_URL",
            "The callback URL is not valid",
            json!({"api_name": "url", "json_path": "$.callback.url"}),
        ));
    }
    if callback.get("method").and_then(Value::as_str) != Some("post") {
        return Err(refuse::bad(
            "INVALID_CALLBACK_METHOD",
            "The callback method is not valid",
            json!({"api_name": "method", "supported": ["post"], "json_path": "$.callback.method"}),
        ));
    }
    Ok(Some(callback.clone()))
}

/// A module that a body names in `module.api_name`.
fn module(crm: &CrmWorld, holder: &Map<String, Value>) -> Result<usize, Refusal> {
    let name = holder
        .get("module")
        .and_then(|module| module.get("api_name"))
        .and_then(Value::as_str);
    name.and_then(|name| crm.schema.find(name)).ok_or_else(|| {
        refuse::bad(
            "MODULE_NOT_AVAILABLE",
            "The module is not available",
            json!({"api_name": name}),
        )
    })
}

/// There is no such job, or its outcome is not there yet or no more.
fn not_found() -> Refusal {
    Refusal::crm(
        StatusCode::NOT_FOUND,
        "RESOURCE_NOT_FOUND",
        "The requested resource doesn't exist.",
        json!({}),
    )
}

impl CrmWorld {
    /// Whom the jobs that are done since this was asked last have to call, and what with: the job as a reader sees it.
    pub(crate) fn bulk_notices(&mut self, base_url: &str) -> Vec<Notice> {
        let done = std::mem::take(&mut self.bulk.done);
        let calls = done.into_iter().filter_map(|id| {
            let (callback, payload) = match (self.bulk.exports.get(&id), self.bulk.imports.get(&id)) {
                (Some(export), _) => (export.callback.as_ref()?, read::shown(self, id, export)),
                (_, Some(import)) => (
                    import.callback.as_ref()?,
                    write::shown(self, id, import, base_url),
                ),
                _ => return None,
            };
            Some(Notice {
                channel: id.to_string(),
                url: callback.get("url")?.as_str()?.to_owned(),
                payload,
            })
        });
        calls.collect()
    }

    fn author(&self, user: u64) -> Value {
        let name = self.users.get(user).map(super::people::User::full_name);
        json!({"id": user.to_string(), "name": name})
    }
}
