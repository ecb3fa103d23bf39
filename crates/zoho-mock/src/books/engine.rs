//! The engine: which address does what with which record type, and the envelope around it.

use std::collections::HashMap;
use std::sync::LazyLock;

use http::{StatusCode, header};
use serde_json::{Map, Value, json};

use super::catalogue::{Action, TYPES, Type};
use super::organization::Organization;
use super::write::{self, bad, invalid, missing};
use super::{body, custom, list, organizations, render};
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::route::{Method, Route};
use crate::routing;
use crate::world::{Handler, World};

type Actions = HashMap<(Method, String), (&'static Type, Action)>;

/// Every address of every record type, in the shape of [`routing::shape`].
static ACTIONS: LazyLock<Actions> = LazyLock::new(|| {
    let mut actions = Actions::new();
    for &ty in TYPES {
        let one = format!("{}/{{}}", ty.path);
        let usual = [
            (Method::Get, ty.path, Action::List),
            (Method::Post, ty.path, Action::Create),
            (Method::Put, ty.path, Action::Upsert),
            (Method::Delete, ty.path, Action::DeleteSeveral),
            (Method::Get, &one, Action::Get),
            (Method::Put, &one, Action::Update),
            (Method::Delete, &one, Action::Delete),
        ];
        // A child is upserted and deleted by its own address only.
        let has = |action: &Action| {
            ty.parent.is_none() || !matches!(action, Action::Upsert | Action::DeleteSeveral)
        };
        for (method, path, action) in usual.into_iter().filter(|(_, _, action)| has(action)) {
            actions.insert((method, shape(path)), (ty, action));
        }
        for (at, step) in ty.steps.iter().enumerate() {
            let path = format!("{one}{}", step.path);
            actions.insert((Method::Post, shape(&path)), (ty, Action::Step(at)));
        }
        for (method, path, action) in ty.more {
            actions.insert((*method, shape(path)), (ty, *action));
        }
    }
    actions
});

/// A catalogue path as the router shapes it.
fn shape(path: &str) -> String {
    let mut pieces = path.split("{}");
    let mut shape = format!("/books/v3{}", pieces.next().unwrap_or_default());
    for (piece, number) in pieces.zip(1..) {
        shape.push_str(&format!("{{p{number}}}{piece}"));
    }
    shape
}

fn action(route: &'static Route) -> Option<(&'static Type, Action)> {
    ACTIONS
        .get(&(route.method, routing::shape(route.path).0))
        .copied()
}

/// The handler of a Books operation.
pub(crate) fn handler(route: &'static Route) -> Option<Handler> {
    match action(route) {
        Some(_) => Some(run),
        None => organizations::handler(route),
    }
}

/// Runs the action of a call.
fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let (ty, action) = action(call.route).ok_or_else(|| bad(5, "Invalid URL Passed"))?;
    let id = super::organization_id(call).unwrap_or_default().to_owned();
    let organization = world
        .books
        .organization_mut(&id)
        .ok_or_else(|| bad(5, "Invalid URL Passed"))?;
    organization.now = call.now.as_second();
    organization.user = call.user;
    call.base_url.clone_into(&mut organization.base_url);
    match action {
        Action::List => {
            let parent = parent(organization, ty, call)?;
            Ok(success(list::list(organization, ty, parent, call)?))
        }
        Action::Create => create(organization, ty, call),
        Action::Get => {
            let id = own_id(organization, ty, call)?;
            shown(organization, ty, id, "success", StatusCode::OK)
        }
        Action::Update => {
            let id = own_id(organization, ty, call)?;
            write::update(organization, ty, id, &body::object(call)?)?;
            shown(organization, ty, id, ty.updated, StatusCode::OK)
        }
        Action::Delete => {
            let id = own_id(organization, ty, call)?;
            write::delete(organization, ty, id)?;
            Ok(message(ty.deleted))
        }
        Action::Upsert => upsert(organization, ty, call),
        Action::DeleteSeveral => delete_several(organization, ty, call),
        Action::Step(at) => {
            let id = own_id(organization, ty, call)?;
            step(organization, ty, at, id).map(message)
        }
        Action::StepSeveral(at) => {
            let mut text = "success";
            for id in several(organization, ty, call)? {
                text = step(organization, ty, at, id)?;
            }
            Ok(message(text))
        }
        Action::Own(own) => {
            let id = first_id(organization, ty, call)?;
            let old = organization.row(ty, id).cloned().ok_or_else(|| missing(ty))?;
            let (row, text) = own(organization, &old, call)?;
            write::save(organization, ty, Some(&old), row, &Map::new())?;
            Ok(message(text))
        }
        Action::Mark(field, value, text) => {
            let id = own_id(organization, ty, call)?;
            let old = organization.row(ty, id).cloned().ok_or_else(|| missing(ty))?;
            let mut row = old.clone();
            row.set(ty, field, value);
            write::save(organization, ty, Some(&old), row, &Map::new())?;
            Ok(message(text))
        }
    }
}

fn create(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let sent = body::object(call)?;
    let parent = match (ty.parent, parent(organization, ty, call)?) {
        (None, _) => 0,
        (Some(_), Some(parent)) => parent,
        (Some(parent), None) => {
            let owner = super::hooks::named(parent.name).ok_or_else(|| missing(ty))?;
            let id = sent
                .get(parent.field)
                .and_then(digits)
                .ok_or_else(|| invalid(parent.field))?;
            organization
                .row(owner, id)
                .map(|row| row.id)
                .ok_or_else(|| missing(owner))?
        }
    };
    let id = write::create(organization, ty, parent, &sent, numbers_freely(ty, call, &sent))?;
    created(organization, ty, id)
}

/// Whether the client may give the number itself: it must say so, or leave the number out.
fn numbers_freely(ty: &Type, call: &Call<'_>, sent: &Map<String, Value>) -> bool {
    let asked = call.query("ignore_auto_number_generation") == Some("true");
    asked
        || ty
            .numbering
            .is_some_and(|numbering| sent.contains_key(numbering.field))
}

fn created(organization: &Organization, ty: &'static Type, id: u64) -> Outcome {
    let mut answer = shown(organization, ty, id, ty.created, StatusCode::CREATED)?;
    let collection = ty
        .path
        .split("/{}/")
        .last()
        .unwrap_or_default()
        .trim_start_matches('/');
    if let Ok(location) = format!("/api/v3/{collection}/{id}").parse() {
        answer.headers.push((header::LOCATION, location));
    }
    Ok(answer)
}

/// Finds a record by a custom field, and changes or creates it.
fn upsert(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let named = |name: &str| call.header(name).filter(|value| !value.is_empty());
    let key = named("x-unique-identifier-key")
        .ok_or_else(|| invalid("X-Unique-Identifier-Key"))?
        .to_owned();
    let value = named("x-unique-identifier-value")
        .ok_or_else(|| invalid("X-Unique-Identifier-Value"))?
        .to_owned();
    let sent = body::object(call)?;
    let found = organization
        .rows(ty, None)
        .find(|row| {
            row.custom
                .iter()
                .any(|(name, known)| *name == key && custom::plain(known) == value)
        })
        .map(|row| row.id);
    match found {
        Some(id) => {
            write::update(organization, ty, id, &sent)?;
            shown(organization, ty, id, ty.updated, StatusCode::OK)
        }
        None if named("x-upsert") == Some("true") => {
            let mut sent = sent;
            let field = json!({"api_name": key, "value": value});
            match sent.get_mut("custom_fields").and_then(Value::as_array_mut) {
                Some(fields) => fields.push(field),
                None => {
                    sent.insert("custom_fields".into(), json!([field]));
                }
            }
            let id = write::create(organization, ty, 0, &sent, numbers_freely(ty, call, &sent))?;
            created(organization, ty, id)
        }
        None => Err(missing(ty)),
    }
}

/// `DELETE /contacts?contact_ids=1,2`: all of them or none.
fn delete_several(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let ids = several(organization, ty, call)?;
    for id in &ids {
        let row = organization.row(ty, *id).ok_or_else(|| missing(ty))?;
        (ty.hooks.before_delete)(organization, row)?;
    }
    for id in ids {
        write::delete(organization, ty, id)?;
    }
    Ok(message(ty.deleted))
}

/// The records that the query names, each once.
fn several(organization: &Organization, ty: &'static Type, call: &Call<'_>) -> Result<Vec<u64>, Refusal> {
    let name = format!("{}s", ty.id);
    let named = call
        .query(&name)
        .filter(|ids| !ids.is_empty())
        .ok_or_else(|| invalid(&name))?;
    let mut ids = Vec::new();
    for id in named.split(',') {
        let id = id.trim().parse::<u64>().map_err(|_| invalid(&name))?;
        organization.row(ty, id).ok_or_else(|| missing(ty))?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// Takes a record to another status and says so.
fn step(
    organization: &mut Organization,
    ty: &'static Type,
    at: usize,
    id: u64,
) -> Result<&'static str, Refusal> {
    let step = ty.steps.get(at).ok_or_else(|| missing(ty))?;
    let old = organization.row(ty, id).cloned().ok_or_else(|| missing(ty))?;
    let status = organization.value(ty, &old, "status");
    let status = status.as_ref().and_then(Value::as_str).unwrap_or_default();
    if !step.from.contains(&status) {
        return Err(bad(step.otherwise.0, step.otherwise.1));
    }
    if old.status != step.to {
        let mut row = old.clone();
        row.status = step.to;
        write::save(organization, ty, Some(&old), row, &Map::new())?;
    }
    Ok(step.message)
}

/// The record that the first id of the address names.
fn first_id(organization: &Organization, ty: &'static Type, call: &Call<'_>) -> Result<u64, Refusal> {
    let id = call
        .path
        .first()
        .and_then(|(_, id)| id.parse().ok())
        .ok_or_else(|| missing(ty))?;
    organization
        .row(ty, id)
        .map(|row| row.id)
        .ok_or_else(|| missing(ty))
}

/// The record's own id: the only one of its address, or the last of two.
fn own_id(organization: &Organization, ty: &'static Type, call: &Call<'_>) -> Result<u64, Refusal> {
    let id = call
        .path
        .last()
        .and_then(|(_, id)| id.parse().ok())
        .ok_or_else(|| missing(ty))?;
    let row = organization.row(ty, id).ok_or_else(|| missing(ty))?;
    match call.path.len() > 1 && parent(organization, ty, call)? != Some(row.parent) {
        true => Err(missing(ty)),
        false => Ok(id),
    }
}

/// The parent that the address names, if it is there.
fn parent(organization: &Organization, ty: &'static Type, call: &Call<'_>) -> Result<Option<u64>, Refusal> {
    let (Some(parent), Some((_, id))) = (ty.parent, call.path.first()) else {
        return Ok(None);
    };
    let owner = super::hooks::named(parent.name).ok_or_else(|| missing(ty))?;
    let id = id.parse().map_err(|_| missing(owner))?;
    organization
        .row(owner, id)
        .map(|row| Some(row.id))
        .ok_or_else(|| missing(owner))
}

/// An id that came as a text or as a number.
fn digits(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// One record under its wrapper.
fn shown(organization: &Organization, ty: &'static Type, id: u64, text: &str, status: StatusCode) -> Outcome {
    let row = organization.row(ty, id).ok_or_else(|| missing(ty))?;
    let mut body = envelope(text);
    body.insert(ty.wrapper.into(), render::record(organization, ty, row));
    Ok(Answer::json(status, &Value::Object(body)))
}

/// The envelope of a success.
pub(super) fn envelope(text: &str) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("code".into(), 0.into());
    body.insert("message".into(), text.into());
    body
}

/// A success with content.
pub(super) fn success(content: Map<String, Value>) -> Answer {
    let mut body = envelope("success");
    body.extend(content);
    Answer::json(StatusCode::OK, &Value::Object(body))
}

/// A success that says only so.
fn message(text: &str) -> Answer {
    Answer::json(StatusCode::OK, &Value::Object(envelope(text)))
}
