//! Imports: schedule one, see how far it is, download what became of each row.

mod job;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{ENDS, KEPT, STARTS, archive, body, callback, module, not_found};
use crate::answer::{Answer, Outcome, Payload, Refusal};
use crate::call::Call;
use crate::crm::refuse::bad;
use crate::crm::schema::ModuleIndex;
use crate::crm::{CrmWorld, ids, path};
use crate::route::{BodyKind, Credits, Kind, Location, Method, Parameter, Product, ReplyKind, Route};
use crate::world::World;
pub(crate) use job::Import;
use job::{Mapping, Operation, Sheet};

/// Rows of one file.
const ROWS: usize = 25_000;

const fn in_path(name: &'static str) -> Parameter {
    Parameter {
        name,
        location: Location::Path,
        required: true,
        kind: Kind::String,
        values: &[],
    }
}

/// Where the outcome of an import is downloaded. It is no operation of the API: on Zoho's side another
/// host has it, whose address the job tells.
pub(crate) static DOWNLOAD: Route = Route {
    id: "download_bulk_write",
    product: Product::Crm,
    method: Method::Get,
    path: "/v2/crm/{organization_id}/bulk-write/{job_id}/{file_name}",
    tag: "bulk_write",
    scopes: &[&["ZohoCRM.bulk.CREATE"]],
    credits: Credits::Fixed(1),
    success: &[200],
    paging: None,
    batch: None,
    organization: false,
    parameters: &[
        in_path("organization_id"),
        in_path("job_id"),
        in_path("file_name"),
    ],
    body: BodyKind::None,
    reply: ReplyKind::Binary,
    wrapper: None,
    request_schema: None,
    reply_schema: None,
};

/// `POST /write`.
pub(super) fn create_bulk_write(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let body = body(call)?;
    let callback = callback(&body)?;
    let operation = match body.get("operation").and_then(Value::as_str) {
        Some("insert") => Operation::Insert,
        Some("update") => Operation::Update,
        Some("upsert") => Operation::Upsert,
        Some(_) => return Err(invalid("operation", "$.operation")),
        None => return Err(missing("operation")),
    };
    let resources = match body.get("resource") {
        Some(Value::Array(resources)) if !resources.is_empty() => resources,
        Some(Value::Array(_)) => return Err(invalid("resource", "$.resource")),
        _ => return Err(missing("resource")),
    };
    let sheets = resources
        .iter()
        .map(|resource| sheet(crm, operation, resource))
        .collect::<Result<Vec<_>, _>>()?;
    let id = crm.ids.next();
    let import = Import {
        created: call.now.as_second(),
        by: crm.caller(call),
        operation,
        encoding: body
            .get("character_encoding")
            .cloned()
            .unwrap_or_else(|| "UTF-8".into()),
        callback,
        sheets,
        archive: None,
    };
    let by = crm.author(import.by);
    crm.bulk.imports.insert(id, import);
    crm.bulk.open.insert(id);
    Ok(Answer::json(
        StatusCode::CREATED,
        &json!({
            "status": "success", "code": "SUCCESS", "message": "success",
            "details": {"id": id.to_string(), "created_by": by},
        }),
    ))
}

/// A resource of the body, with its file taken out of the archive.
fn sheet(crm: &CrmWorld, operation: Operation, resource: &Value) -> Result<Sheet, Refusal> {
    let Some(object) = resource.as_object() else {
        return Err(invalid("resource", "$.resource"));
    };
    let index = module(crm, object)?;
    let file_id = object
        .get("file_id")
        .ok_or_else(|| missing("file_id"))
        .map(ids::from_json)?;
    let name = object
        .get("file_names")
        .and_then(|names| names.get(0))
        .and_then(Value::as_str)
        .ok_or_else(|| missing("file_names"))?;
    let uploaded = file_id.and_then(|id| crm.bulk.uploads.get(&id));
    let content = uploaded
        .and_then(|bytes| archive::unpack(bytes, name))
        .ok_or_else(|| {
            bad(
                "FILE_NOT_FOUND",
                "The file is not found",
                json!({"file_id": object.get("file_id"), "file_name": name}),
            )
        })?;
    let (head, rows) = job::read(&content).ok_or_else(|| {
        bad(
            "FILE_NOT_SUPPORTED",
            "The file is no CSV",
            json!({"file_name": name}),
        )
    })?;
    if rows.len() > ROWS {
        return Err(bad(
            "INVALID_DATA",
            "The file has too many rows",
            json!({"file_name": name, "limit": ROWS}),
        ));
    }
    let find_by = object.get("find_by").and_then(Value::as_str).map(str::to_owned);
    if operation != Operation::Insert && find_by.is_none() {
        return Err(bad(
            "MANDATORY_NOT_FOUND",
            "Required key find_by is not available",
            json!({"api_name": "find_by"}),
        ));
    }
    let mappings = mappings(crm, index, object, &head)?;
    let mapped = |name: &str| mappings.iter().any(|mapping| mapping.api_name == name);
    if let Some(key) = find_by
        .as_deref()
        .filter(|key| operation != Operation::Insert && !mapped(key))
    {
        return Err(bad(
            "MANDATORY_FIELDS_NOT_MAPPED",
            "The field that finds records is not mapped",
            json!({"api_name": key}),
        ));
    }
    let fields = crm
        .schema
        .module(index)
        .map_or(&[][..], |module| module.fields.as_slice());
    let lacking = fields
        .iter()
        .find(|field| field.mandatory && !mapped(field.api_name));
    if let Some(field) = lacking.filter(|_| operation != Operation::Update) {
        return Err(bad(
            "MANDATORY_FIELDS_NOT_MAPPED",
            "A mandatory field is not mapped",
            json!({"api_name": field.api_name}),
        ));
    }
    Ok(Sheet {
        shown: object.clone(),
        name: name.to_owned(),
        module: index,
        find_by,
        ignore_empty: object
            .get("ignore_empty")
            .and_then(Value::as_bool)
            .unwrap_or(false),
        mappings,
        head,
        rows,
        counts: job::Counts::default(),
    })
}

/// Which column goes to which field; without a word the first line tells.
fn mappings(
    crm: &CrmWorld,
    index: ModuleIndex,
    resource: &Map<String, Value>,
    head: &[String],
) -> Result<Vec<Mapping>, Refusal> {
    let known = |name: &str| {
        let name = if name == "Id" { "id" } else { name };
        crm.schema
            .module(index)
            .and_then(|module| module.field(name))
            .map(|field| field.api_name)
    };
    let Some(given) = resource.get("field_mappings").filter(|given| !given.is_null()) else {
        let columns = head.iter().enumerate();
        return Ok(columns
            .filter_map(|(column, name)| {
                Some(Mapping {
                    api_name: known(name)?,
                    column: Some(column),
                    default: None,
                })
            })
            .collect());
    };
    let path = "$.resource[0].field_mappings";
    let given = given.as_array().ok_or_else(|| invalid("field_mappings", path))?;
    given
        .iter()
        .map(|mapping| {
            let name = mapping
                .get("api_name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let api_name = known(name).ok_or_else(|| invalid(name, path))?;
            let column = mapping
                .get("index")
                .and_then(Value::as_u64)
                .and_then(|column| usize::try_from(column).ok());
            let default = match mapping.pointer("/default_value/value") {
                Some(Value::String(text)) => Some(text.clone()),
                None | Some(Value::Null) => None,
                Some(other) => Some(other.to_string()),
            };
            if column.is_none() && default.is_none() {
                return Err(missing("index"));
            }
            Ok(Mapping {
                api_name,
                column,
                default,
            })
        })
        .collect()
}

/// `GET /write/{job_id}`: without an envelope.
pub(super) fn get_bulk_write(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let import = find(crm, path(call, 0))?;
    let id = ids::parse(path(call, 0)).unwrap_or_default();
    let at_work = import.archive.is_none() && call.now.as_second() >= import.created + STARTS;
    let job = in_status(
        crm,
        id,
        import,
        if at_work { "INPROGRESS" } else { "ADDED" },
        call.base_url,
    );
    Ok(Answer::json(StatusCode::OK, &job))
}

/// A job as its callback sees it.
pub(super) fn shown(crm: &CrmWorld, id: u64, import: &Import, base_url: &str) -> Value {
    in_status(crm, id, import, "ADDED", base_url)
}

/// A job in a status, if it is not done.
fn in_status(crm: &CrmWorld, id: u64, import: &Import, open: &str, base_url: &str) -> Value {
    let status = match import.archive {
        Some(_) => "COMPLETED",
        None => open,
    };
    let resources: Vec<Value> = import.sheets.iter().map(|sheet| sheet.show(status)).collect();
    let mut job = json!({
        "id": id.to_string(), "operation": import.operation.name(), "status": status,
        "character_encoding": import.encoding, "callback": import.callback, "resource": resources,
        "created_by": crm.author(import.by), "created_time": crm.zone.text(import.created),
    });
    if let (Some(_), Some(job)) = (&import.archive, job.as_object_mut()) {
        let url = format!("{base_url}/v2/crm/{}/bulk-write/{id}/{id}.zip", crm.zgid);
        job.insert("result".into(), json!({"download_url": url}));
    }
    job
}

/// What became of each row.
pub(super) fn download_bulk_write(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let import = find(crm, path(call, 1))?;
    let archive = import
        .archive
        .clone()
        .filter(|_| path(call, 0) == crm.zgid)
        .filter(|_| call.now.as_second() < import.created + ENDS + KEPT)
        .ok_or_else(not_found)?;
    Ok(Answer {
        status: StatusCode::OK,
        headers: Vec::new(),
        payload: Payload::Bytes("application/zip", archive),
    })
}

fn find<'a>(crm: &'a CrmWorld, id: &str) -> Result<&'a Import, Refusal> {
    ids::parse(id)
        .and_then(|id| crm.bulk.imports.get(&id))
        .ok_or_else(not_found)
}

fn missing(name: &str) -> Refusal {
    bad(
        "MANDATORY_NOT_FOUND",
        "required field not found",
        json!({"api_name": name}),
    )
}

fn invalid(name: &str, path: &str) -> Refusal {
    bad(
        "INVALID_DATA",
        "invalid data",
        json!({"api_name": name, "json_path": path}),
    )
}

impl Import {
    /// Whether it has run.
    pub(super) fn is_done(&self) -> bool {
        self.archive.is_some()
    }

    /// Writes the rows as records, and what became of them into an archive.
    pub(super) fn run(&mut self, crm: &mut CrmWorld) {
        let actor = crate::crm::change::Actor {
            user: self.by,
            now: self.created + ENDS,
        };
        let mut packed = Vec::new();
        for sheet in &mut self.sheets {
            let lines = sheet.run(crm, self.operation, actor);
            let module = crm
                .schema
                .module(sheet.module)
                .map_or("", |module| module.api_name);
            packed.push((format!("{module}-{}", sheet.name), lines));
        }
        self.archive = Some(archive::pack_all(&packed).map(Bytes::from).unwrap_or_default());
    }
}
