//! `POST /_mock/api/trigger`: changes a record, and so fires the callbacks that the change fires.

use bytes::Bytes;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::records::no_module;
use super::{Refused, bad};
use crate::answer::Answer;
use crate::front::{Asked, Shared, State, wish};

/// What is to happen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// `Leads.create`, `Leads.edit` or `Leads.delete`.
    event: String,
    /// The record; the one that was changed last when left out.
    id: Option<String>,
    /// Fields and their values; texts become what the field takes.
    #[serde(default)]
    set: Map<String, Value>,
}

/// Makes it happen, and says what became of it.
pub(super) fn run(shared: &Shared, asked: &Asked<'_>) -> Result<Value, Refused> {
    let wish: Wish = wish::read(asked.body).map_err(bad)?;
    let (module, verb) = wish
        .event
        .split_once('.')
        .ok_or_else(|| bad(format!("an event is like Leads.edit, not {}", wish.event)))?;
    let mut state = shared.state.lock();
    let crm = &state.world.crm;
    if !crm.has_module(module) {
        return Err(bad(no_module(&state.world, module).1));
    }
    let mut set = crm
        .typed(module, wish.set)
        .map_err(|field| bad(format!("{module} has no field {field}")))?;
    let latest = |crm: &crate::crm::CrmWorld| {
        let none = || bad(format!("{module} has no record yet; {module}.create makes one"));
        crm.latest(module).map(|id| id.to_string()).ok_or_else(none)
    };
    let record = |crm| wish.id.clone().map_or_else(|| latest(crm), Ok);
    let (method, path) = match verb {
        "create" => {
            let today = state
                .world
                .clock
                .now()
                .to_zoned_datetime(state.world.zone.clone())
                .date()
                .to_string();
            crm.completed(module, &mut set, &today);
            ("POST", format!("/crm/v8/{module}"))
        }
        "edit" => {
            let id = record(crm)?;
            if set.is_empty() {
                set = crm.touched(module, id.parse().unwrap_or_default());
            }
            ("PUT", format!("/crm/v8/{module}/{id}"))
        }
        "delete" => ("DELETE", format!("/crm/v8/{module}/{}", record(crm)?)),
        _ => {
            return Err(bad(format!(
                "{verb} is no event of {module}: create, edit, delete"
            )));
        }
    };
    let body = match verb {
        "delete" => Bytes::new(),
        _ => json!({"data": [set]}).to_string().into(),
    };
    let request = http::Request::builder().method(method).uri(&path).body(());
    let (parts, ()) = request.map_err(|error| bad(error.to_string()))?.into_parts();
    let before = state.ledger.posted();
    let answer = shared.operate_with(&mut state, &parts, &body);
    outcome(&state, &answer, before, module, verb)
}

fn outcome(state: &State, answer: &Answer, before: u64, module: &str, verb: &str) -> Result<Value, Refused> {
    let answered = answer.payload.json();
    let answered: Value = answered.map_or(Value::Null, |text| {
        serde_json::from_slice(&text).unwrap_or_default()
    });
    let item = answered.pointer("/data/0").unwrap_or(&answered);
    if !answer.status.is_success() || item["status"] == "error" {
        let text = |key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let details = &item["details"];
        return Err((
            StatusCode::BAD_REQUEST,
            format!(
                "{module}.{verb} was refused: {} ({}) {details}",
                text("message"),
                text("code")
            ),
        ));
    }
    let told: Vec<Value> = state
        .ledger
        .iter()
        .filter(|delivery| delivery.number > before)
        .map(|delivery| json!({"number": delivery.number, "channel_id": delivery.channel_id, "notify_url": delivery.notify_url}))
        .collect();
    Ok(json!({"event": format!("{module}.{verb}"), "id": item["details"]["id"], "callbacks": told}))
}
