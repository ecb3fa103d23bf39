//! Reading resources: one, or a list that is narrowed and cut into pages.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::catalogue::{Resource, Wrap};
use super::shelf::Kept;
use super::show::shown;
use super::within::{above, depth, find, unknown_in_path};
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::records::params;
use crate::crm::{CrmWorld, ids, path, refuse};
use crate::route::Product;
use crate::schema_answer::component;

/// 204 where the description has it, an empty list elsewhere.
pub(super) fn page(call: &Call<'_>, key: &str, rows: Vec<Value>) -> Outcome {
    let (page, size) = (params::page_number(call)?, params::page_size(call)?);
    let paged = call.route.paging.is_some();
    let skipped = if paged { (page - 1).saturating_mul(size) } else { 0 };
    let taken = if paged { size } else { usize::MAX };
    let total = rows.len();
    let rows: Vec<Value> = rows.into_iter().skip(skipped).take(taken).collect();
    if rows.is_empty() && call.route.success.contains(&204) {
        return Ok(Answer::no_content());
    }
    let mut body = Map::new();
    let described = call
        .route
        .reply_schema
        .map(|name| component(Product::Crm, name))
        .unwrap_or_default();
    if described.pointer("/properties/info").is_some() {
        let more = skipped.saturating_add(rows.len()) < total;
        body.insert(
            "info".into(),
            json!({"per_page": size, "count": rows.len(), "page": page, "more_records": more}),
        );
    }
    body.insert(key.into(), rows.into());
    Ok(Answer::json(StatusCode::OK, &Value::Object(body)))
}

pub(super) fn list(crm: &CrmWorld, resource: &'static Resource, call: &Call<'_>) -> Outcome {
    let above = above(crm, resource, call)?;
    if resource.record && call.query("fields").is_none_or(str::is_empty) {
        return Err(refuse::required_param("fields"));
    }
    let wished = |shown: &Value| {
        resource.filters.iter().all(|(parameter, pointer)| {
            let Some(wish) = call.query(parameter).filter(|wish| !wish.is_empty()) else {
                return true;
            };
            let is = |value: &Value| match value {
                Value::String(text) => text == wish,
                Value::Bool(yes) => yes.to_string() == wish,
                _ => false,
            };
            let value = shown.pointer(pointer);
            value.is_some_and(|value| {
                is(value)
                    || ["id", "api_name"]
                        .iter()
                        .any(|key| value.get(key).is_some_and(is))
            })
        })
    };
    let named = call.query("ids").filter(|ids| !ids.is_empty());
    let mut kept: Vec<&Kept> = crm
        .shelves
        .all(resource.name)
        .iter()
        .filter(|kept| kept.within == above)
        .filter(|kept| {
            named.is_none_or(|ids| ids.split(',').any(|id| ids::parse(id.trim()) == Some(kept.id)))
        })
        .collect();
    if resource.record {
        sort(&mut kept, call);
    }
    let rows = kept.into_iter().map(|kept| shown(crm, resource, kept));
    let rows = rows.filter(wished).map(|row| narrowed(resource, call, row));
    page(call, resource.key, rows.collect())
}

/// Records come by id or by a time, the greatest first unless the query says otherwise.
fn sort(kept: &mut [&Kept], call: &Call<'_>) {
    let key = |kept: &&Kept| match call.query("sort_by") {
        Some("Created_Time") => (kept.created, kept.id),
        Some("Modified_Time") => (kept.modified, kept.id),
        _ => (0, kept.id),
    };
    kept.sort_by_key(key);
    if call.query("sort_order") != Some("asc") {
        kept.reverse();
    }
}

/// A record with the fields that the query names, all of them where it names none.
fn narrowed(resource: &Resource, call: &Call<'_>, mut shown: Value) -> Value {
    let fields = call.query("fields").filter(|fields| !fields.is_empty());
    if let (Some(fields), Some(shown)) = (fields.filter(|_| resource.record), shown.as_object_mut()) {
        shown.retain(|name, _| name == "id" || fields.split(',').any(|field| field.trim() == name));
    }
    shown
}

pub(super) fn get(crm: &CrmWorld, resource: &'static Resource, call: &Call<'_>) -> Outcome {
    let above = above(crm, resource, call)?;
    if resource.wrap == Wrap::List
        && resource.named.is_none()
        && ids::parse(path(call, depth(resource))).is_none()
    {
        return Err(unknown_in_path(call, depth(resource)));
    }
    let kept = match resource.wrap {
        Wrap::List => find(crm, resource, &above, path(call, depth(resource))),
        Wrap::Always | Wrap::Once => only(crm, resource, &above),
    };
    let shown = kept.map(|kept| narrowed(resource, call, shown(crm, resource, kept)));
    match (resource.wrap, shown) {
        (Wrap::List, Some(shown)) => Ok(Answer::json(StatusCode::OK, &json!({resource.key: [shown]}))),
        (_, Some(shown)) => Ok(Answer::json(StatusCode::OK, &json!({resource.key: shown}))),
        (_, None) if call.route.success.contains(&204) => Ok(Answer::no_content()),
        (Wrap::List, None) => Err(unknown_in_path(call, depth(resource))),
        (_, None) => Ok(Answer::json(StatusCode::OK, &json!({resource.key: {}}))),
    }
}

/// The only resource of its place.
pub(super) fn only<'a>(crm: &'a CrmWorld, resource: &Resource, above: &[u64]) -> Option<&'a Kept> {
    crm.shelves
        .all(resource.name)
        .iter()
        .find(|kept| kept.within == above)
}
