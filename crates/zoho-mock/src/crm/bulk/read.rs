//! Exports: schedule one, see how far it is, download it.

use std::ops::Bound;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{ENDS, KEPT, STARTS, archive, body, callback, criteria, module, not_found, sheet};
use crate::answer::{Answer, Outcome, Payload, Refusal};
use crate::call::Call;
use crate::crm::filter::Predicate;
use crate::crm::refuse::bad;
use crate::crm::schema::{Field, ModuleIndex};
use crate::crm::store::{Order, Row, SortKey};
use crate::crm::{CrmWorld, ids, path};
use crate::world::World;

/// Records of one page of an export.
const PER_PAGE: usize = 200_000;
/// Pages that can be asked for.
const PAGES: u64 = 500;
/// Downloads in a minute.
const DOWNLOADS: usize = 10;

/// An export.
#[derive(Clone, Debug)]
pub(crate) struct Export {
    pub(crate) created: i64,
    by: u64,
    /// What was asked for, as it is shown again.
    query: Map<String, Value>,
    module: ModuleIndex,
    /// Places of the fields.
    columns: Vec<usize>,
    filter: Option<Predicate>,
    page: usize,
    /// Whom it calls when it is done.
    pub(super) callback: Option<Value>,
    /// What became of it, once it is done.
    pub(crate) outcome: Option<Done>,
}

/// An export that is done.
#[derive(Clone, Debug)]
pub(crate) struct Done {
    /// Nothing when it failed.
    archive: Option<Bytes>,
    count: usize,
    more: bool,
}

/// `POST /read`.
pub(super) fn create_bulk_read(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let body = body(call)?;
    let callback = callback(&body)?;
    let Some(Value::Object(query)) = body.get("query") else {
        return Err(bad(
            "QUERY_NOT_SUPPORTED",
            "The query is missing or no object",
            json!({"api_name": "query"}),
        ));
    };
    match body.get("file_type").and_then(Value::as_str) {
        None | Some("csv") => {}
        Some(other) => {
            return Err(bad(
                "INVALID_DATA",
                "invalid data",
                json!({"api_name": "file_type", "value": other, "supported": ["csv"]}),
            ));
        }
    }
    let export = Export {
        callback,
        ..export(crm, query, call)?
    };
    let id = crm.ids.next();
    let details = json!({
        "id": id.to_string(), "operation": "read", "state": "ADDED",
        "created_by": crm.author(export.by), "created_time": crm.zone.text(export.created),
    });
    crm.bulk.exports.insert(id, export);
    crm.bulk.open.insert(id);
    Ok(Answer::json(
        StatusCode::CREATED,
        &json!({
            "data": [{"status": "success", "code": "ADDED_SUCCESSFULLY", "message": "Added successfully.",
                      "details": details}],
            "info": {},
        }),
    ))
}

fn export(crm: &CrmWorld, query: &Map<String, Value>, call: &Call<'_>) -> Result<Export, Refusal> {
    let index = module(crm, query)?;
    let columns = columns(crm, index, query)?;
    // There are no custom views here whose records could be meant.
    if let Some(view) = query.get("cvid").filter(|view| !view.is_null()) {
        return Err(bad(
            "CVID_NOT_SUPPORTED",
            "The custom view is not supported",
            json!({"cvid": view}),
        ));
    }
    let filter = query
        .get("criteria")
        .filter(|criteria| !criteria.is_null())
        .map(|criteria| criteria::compile(crm, index, criteria))
        .transpose()?;
    let page = match query.get("page") {
        None | Some(Value::Null) => 1,
        Some(page) => page
            .as_u64()
            .filter(|page| (1..=PAGES).contains(page))
            .and_then(|page| usize::try_from(page).ok())
            .ok_or_else(|| {
                bad(
                    "PAGE_RANGE_EXCEEDED",
                    "The page is not in the range of pages",
                    json!({"page": page, "range": "1-500"}),
                )
            })?,
    };
    let mut shown = query.clone();
    shown.insert("page".into(), page.into());
    Ok(Export {
        created: call.now.as_second(),
        by: crm.caller(call),
        query: shown,
        module: index,
        columns,
        filter,
        page,
        callback: None,
        outcome: None,
    })
}

/// The fields of an export, the id before all others unless it is among them.
fn columns(crm: &CrmWorld, index: ModuleIndex, query: &Map<String, Value>) -> Result<Vec<usize>, Refusal> {
    let Some(module) = crm.schema.module(index) else {
        return Err(not_found());
    };
    let id = module.place("id");
    let mut columns: Vec<usize> = id.into_iter().collect();
    match query.get("fields") {
        None | Some(Value::Null) => {
            let fields = module.fields.iter().enumerate();
            columns.extend(
                fields
                    .filter(|(place, field)| sheet::fits(field) && Some(*place) != id)
                    .map(|(place, _)| place),
            );
        }
        Some(fields) => {
            let names = fields.as_array().ok_or_else(|| {
                bad(
                    "INVALID_DATA",
                    "invalid data",
                    json!({"api_name": "fields", "expected_data_type": "jsonarray"}),
                )
            })?;
            let mut asked = Vec::new();
            for name in names {
                let place = name.as_str().and_then(|name| module.place(name));
                let place = place.ok_or_else(|| {
                    bad(
                        "FIELD_NOT_AVAILABLE",
                        "The field is not available",
                        json!({"api_name": name}),
                    )
                })?;
                if !module.fields.get(place).is_some_and(sheet::fits) {
                    return Err(bad(
                        "FIELD_NOT_SUPPORTED",
                        "The field is not supported",
                        json!({"api_name": name}),
                    ));
                }
                if !asked.contains(&place) {
                    asked.push(place);
                }
            }
            if id.is_some_and(|id| asked.contains(&id)) {
                columns.clear();
            }
            columns.extend(asked);
        }
    }
    Ok(columns)
}

/// `GET /read/{job_id}`.
pub(super) fn get_bulk_read(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let export = find(crm, path(call, 0))?;
    let id = ids::parse(path(call, 0)).unwrap_or_default();
    let mut job = shown(crm, id, export);
    if export.outcome.is_none() && call.now.as_second() >= export.created + STARTS {
        job["state"] = "IN PROGRESS".into();
    }
    Ok(Answer::json(StatusCode::OK, &json!({"data": [job]})))
}

/// A job as its callback and its readers see it.
pub(super) fn shown(crm: &CrmWorld, id: u64, export: &Export) -> Value {
    let state = match &export.outcome {
        Some(done) if done.archive.is_some() => "COMPLETED",
        Some(_) => "FAILURE",
        None => "ADDED",
    };
    let mut job = json!({
        "id": id.to_string(), "operation": "read", "state": state, "query": export.query, "file_type": "csv",
        "created_by": crm.author(export.by), "created_time": crm.zone.text(export.created),
    });
    if let (Some(done), Some(job)) = (&export.outcome, job.as_object_mut())
        && done.archive.is_some()
    {
        job.insert(
            "result".into(),
            json!({
                "page": export.page, "per_page": PER_PAGE, "count": done.count, "more_records": done.more,
                "download_url": format!("/crm/bulk/v8/read/{id}/result"),
            }),
        );
    }
    job
}

/// `GET /read/{job_id}/result`.
pub(super) fn download_bulk_read(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let now = call.now.as_second();
    let export = find(crm, path(call, 0))?;
    let archive = export
        .outcome
        .as_ref()
        .and_then(|done| done.archive.clone())
        .filter(|_| now < export.created + ENDS + KEPT)
        .ok_or_else(not_found)?;
    let downloads = &mut crm.bulk.downloads;
    while downloads.front().is_some_and(|at| now - at >= 60) {
        downloads.pop_front();
    }
    if downloads.len() >= DOWNLOADS {
        return Err(Refusal::crm(
            StatusCode::TOO_MANY_REQUESTS,
            "TOO_MANY_REQUESTS",
            "Too many downloads within a minute",
            json!({"limit": DOWNLOADS}),
        ));
    }
    downloads.push_back(now);
    Ok(Answer {
        status: StatusCode::OK,
        headers: Vec::new(),
        payload: Payload::Bytes("application/zip", archive),
    })
}

fn find<'a>(crm: &'a CrmWorld, id: &str) -> Result<&'a Export, Refusal> {
    ids::parse(id)
        .and_then(|id| crm.bulk.exports.get(&id))
        .ok_or_else(not_found)
}

impl Export {
    /// The export of the records as they are now.
    pub(super) fn run(&self, crm: &CrmWorld) -> Done {
        let order = Order {
            key: SortKey::Id,
            descending: false,
        };
        let fields: Vec<&Field> = crm.schema.module(self.module).map_or_else(Vec::new, |module| {
            let fields = self.columns.iter();
            fields.filter_map(|place| module.fields.get(*place)).collect()
        });
        let mut rows = crm
            .tables
            .get(self.module)
            .into_iter()
            .flat_map(|table| table.range(order, Bound::Unbounded, Bound::Unbounded))
            .filter(|row| self.filter.as_ref().is_none_or(|filter| filter.holds(crm, row)))
            .skip((self.page - 1) * PER_PAGE);
        let found: Vec<&Row> = rows.by_ref().take(PER_PAGE).collect();
        let archive = sheet::write(crm, &fields, &found)
            .ok()
            .and_then(|text| archive::pack("records.csv", text).ok());
        Done {
            archive: archive.map(Bytes::from),
            count: found.len(),
            more: rows.next().is_some(),
        }
    }
}
