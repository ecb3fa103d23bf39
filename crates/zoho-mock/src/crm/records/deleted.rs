//! `GET /{module}/deleted`: what was deleted, for those who follow along.

use http::StatusCode;
use serde_json::{Value, json};

use super::params;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::refuse;
use crate::crm::store::Retention;
use crate::world::World;

/// Lists deletions, oldest first, so that a page does not move when more is deleted.
pub(super) fn list_deleted_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let index = crm.module_of(call)?;
    let table = crm.tables.get(index).ok_or_else(refuse::invalid_module)?;
    let wanted = match call.query("type") {
        None | Some("" | "all") => None,
        Some("recycle") => Some(Retention::Recycle),
        Some("permanent") => Some(Retention::Permanent),
        Some(_) => {
            return Err(refuse::unsupported_value(
                "type",
                &["all", "recycle", "permanent"],
            ));
        }
    };
    let (page, size) = (params::page_number(call)?, params::page_size(call)?);
    let since = params::modified_since(call);
    let now = call.now.as_second();
    let user = |id: u64| {
        let user = crm.users.get(id)?;
        Some(json!({"name": user.full_name(), "id": user.id.to_string()}))
    };
    let mut rows = table
        .bin
        .since(since)
        .filter_map(|binned| {
            let retention = binned.retention(now)?;
            (wanted.is_none() || wanted == Some(retention)).then_some((binned, retention))
        })
        .skip((page - 1).saturating_mul(size));
    let data: Vec<Value> = rows
        .by_ref()
        .take(size)
        .map(|(binned, retention)| {
            json!({
                "deleted_by": user(binned.by),
                "id": binned.row.id.to_string(),
                "display_name": binned.name,
                "type": match retention {
                    Retention::Recycle => "recycle",
                    Retention::Permanent => "permanent",
                },
                "created_by": user(binned.row.created_by),
                "deleted_time": crm.zone.text(binned.at),
            })
        })
        .collect();
    if data.is_empty() {
        return Ok(if since.is_some() && page == 1 {
            Answer::not_modified()
        } else {
            Answer::no_content()
        });
    }
    let info =
        json!({"per_page": size, "count": data.len(), "page": page, "more_records": rows.next().is_some()});
    Ok(Answer::json(StatusCode::OK, &json!({"data": data, "info": info})))
}
