//! People of projects, and the names of modules.

use http::StatusCode;
use serde_json::{Map, Value};

use super::{Draft, parent};
use crate::answer::{Answer, Outcome, Refusal};
use crate::books::catalogue::Type;
use crate::books::organization::Organization;
use crate::books::refuse::invalid;
use crate::books::reply::envelope;
use crate::books::which::first_id;
use crate::books::{body, render, write};
use crate::call::Call;

/// `POST /projects/{id}/users`: several at once, or one.
pub(crate) fn add(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let projects = parent(ty)?;
    let project = first_id(organization, projects, call)?;
    let sent = body::object(call)?;
    let wished: Vec<Map<String, Value>> = match sent.get("users") {
        Some(Value::Array(users)) => users.iter().filter_map(Value::as_object).cloned().collect(),
        Some(_) => return Err(invalid("users")),
        None => vec![sent.clone()],
    };
    let mut added = Vec::new();
    for user in &wished {
        added.push(write::create(organization, ty, project, user)?);
    }
    let rows = added.iter().filter_map(|id| organization.row(ty, *id));
    let rows: Vec<Value> = rows.map(|row| render::record(organization, ty, row)).collect();
    let mut body = envelope(ty.created);
    // One alone stands under the wrapper too.
    if let [row] = rows.as_slice() {
        body.insert(ty.wrapper.into(), row.clone());
    }
    body.insert(ty.list.into(), rows.into());
    Ok(Answer::json(StatusCode::CREATED, &Value::Object(body)))
}

/// A module is named for programs once: `cm_` and its name.
pub(crate) fn name_module(_: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let name = draft.row.text(draft.ty, "module_name").to_owned();
    draft.row.set(draft.ty, "singular_name", name.clone());
    if draft.old.is_none() {
        let api_name: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '_'
                }
            })
            .collect();
        draft
            .row
            .set(draft.ty, "module_api_name", format!("cm_{api_name}"));
    }
    Ok(())
}
