//! Several requests in one: each goes the way of any other, may point into the answers of others, and
//! all can be undone when one fails.

mod reference;
mod request;
#[cfg(test)]
mod tests;
mod undo;

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{body, coql, refuse};
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::front;
use crate::route::Route;
use crate::world::{Handler, World};
use reference::Missing;
use request::{KEY, Sub};

/// Requests in one.
const REQUESTS: usize = 5;
/// A rollback costs as much again.
const ROLLBACK_CREDITS: u32 = 1;

/// The handler of the composite operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    (operation_id == "run_composite_requests").then_some(run_composite_requests as Handler)
}

/// What became of one request.
enum Fate {
    Waiting,
    Answered(Value, bool),
    /// Code, message and details of why it was not run, or is undone.
    Refused(&'static str, &'static str, Value),
}

/// `POST /__composite_requests`.
fn run_composite_requests(world: &mut World, call: &Call<'_>) -> Outcome {
    let mut body = body::object(call)?;
    let rollback = flag(&body, "rollback_on_fail")?.unwrap_or(false);
    let parallel = flag(&body, "parallel_execution")?;
    if rollback && parallel == Some(true) {
        return Err(ambiguous());
    }
    // Side by side is the default, but not with a rollback, which excludes it.
    let parallel = parallel.unwrap_or(!rollback);
    let subs = request::read(body::items(&mut body, KEY, REQUESTS)?)?;
    let mut fates: Vec<Fate> = subs.iter().map(|_| Fate::Waiting).collect();
    let before = (rollback && subs.iter().any(Sub::writes)).then(|| undo::remember(&mut world.crm));
    let mut undone = false;
    for at in order(&subs, parallel) {
        let Some(sub) = subs.get(at) else { continue };
        let fate = run(world, call, &subs, &fates, at, sub);
        let failed = !matches!(fate, Fate::Answered(_, true));
        if let Some(place) = fates.get_mut(at) {
            *place = fate;
        }
        if failed && rollback {
            undone = true;
            world.limits.spend(ROLLBACK_CREDITS, world.clock.now());
            undo(&mut fates, at);
            break;
        }
    }
    if let Some(before) = before {
        undo::end(&mut world.crm, before, undone);
    }
    Ok(answer(fates))
}

fn flag(body: &Map<String, Value>, name: &str) -> Result<Option<bool>, Refusal> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(value)) => Ok(Some(*value)),
        Some(_) => Err(refuse::bad(
            "INVALID_DATA",
            "invalid data",
            json!({"expected_data_type": "boolean", "api_name": name, "json_path": format!("$.{name}")}),
        )),
    }
}

fn ambiguous() -> Refusal {
    let cause = |name: &str| json!({"api_name": name, "json_path": format!("$.{name}")});
    refuse::bad(
        "AMBIGUITY_DURING_PROCESSING",
        "ambiguity while processing the request",
        json!({"ambiguity_due_to": [cause("rollback_on_fail"), cause("parallel_execution")]}),
    )
}

/// As they stand; side by side, each after those it points at.
fn order(subs: &[Sub], parallel: bool) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(subs.len());
    while parallel && order.len() < subs.len() {
        let ready = (0..subs.len()).find(|at| {
            let known = |other: &usize| order.contains(other);
            let needs = request::needs(subs, *at);
            !order.contains(at) && needs.iter().all(known)
        });
        let Some(ready) = ready else { break };
        order.push(ready);
    }
    if parallel {
        order
    } else {
        (0..subs.len()).collect()
    }
}

fn run(world: &mut World, call: &Call<'_>, subs: &[Sub], fates: &[Fate], at: usize, sub: &Sub) -> Fate {
    let answers = |id: &str| {
        let place = subs.iter().position(|sub| sub.id.as_deref() == Some(id));
        match place.and_then(|place| fates.get(place)) {
            Some(Fate::Answered(response, true)) => Ok(response.get("body").unwrap_or(&Value::Null)),
            Some(Fate::Answered(_, false) | Fate::Refused(..)) => Err(Missing::Failed),
            Some(Fate::Waiting) | None => Err(Missing::Unknown),
        }
    };
    let asked = match sub.resolved(&answers) {
        Ok(asked) => asked,
        Err((_, _, Missing::Failed)) => return stopped(),
        Err((part, reference, Missing::Unknown)) => {
            return Fate::Refused(
                "INVALID_REFERENCE",
                "invalid reference given",
                json!({"api_name": part, "json_path": format!("$.{KEY}[{at}].{part}"), "reference": reference}),
            );
        }
    };
    let answer = match asked.checked() {
        Ok(()) => front::within(world, call, &asked, short),
        Err(refusal) => refusal.into_answer(),
    };
    let done = answer.status.as_u16() < 400;
    Fate::Answered(response(&answer), done)
}

/// Queries within a composite request give fewer rows.
fn short(route: &Route) -> Option<Handler> {
    (route.id == "query_records").then_some(coql::query_few as Handler)
}

fn stopped() -> Fate {
    Fate::Refused("PROCESSING_STOPPED", "processing stopped", json!({}))
}

/// What was answered is undone, what still waits is not run.
fn undo(fates: &mut [Fate], failed: usize) {
    for (at, fate) in fates.iter_mut().enumerate().filter(|(at, _)| *at != failed) {
        *fate = match fate {
            Fate::Answered(..) if at < failed => Fate::Refused(
                "ROLLBACK_PERFORMED",
                "rollback performed",
                json!({"rollbacked_by_sub_request_index": failed}),
            ),
            _ => stopped(),
        };
    }
}

fn response(answer: &Answer) -> Value {
    let headers: Map<String, Value> = answer
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.into())))
        .collect();
    let body = answer.payload.json();
    let body: Value = body.map_or(Value::Null, |text| {
        serde_json::from_slice(&text).unwrap_or_default()
    });
    json!({"status_code": answer.status.as_u16(), "headers": headers, "body": body})
}

/// 200 when all were run, 400 when none was.
fn answer(fates: Vec<Fate>) -> Answer {
    let total = fates.len();
    let mut run = 0;
    let mut items = Vec::with_capacity(total);
    for fate in fates {
        items.push(match fate {
            Fate::Answered(response, _) => {
                run += 1;
                json!({"code": "SUCCESS", "details": {"response": response},
                       "message": "sub request executed", "status": "success"})
            }
            Fate::Refused(code, message, details) => {
                json!({"code": code, "details": details, "message": message, "status": "error"})
            }
            Fate::Waiting => json!({"code": "PROCESSING_STOPPED", "details": {},
                                    "message": "processing stopped", "status": "error"}),
        });
    }
    let status = match run {
        0 => StatusCode::BAD_REQUEST,
        run if run == total => StatusCode::OK,
        _ => StatusCode::MULTI_STATUS,
    };
    Answer::json(status, &json!({KEY: items}))
}
