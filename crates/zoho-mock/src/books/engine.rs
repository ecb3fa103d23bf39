//! The engine: what an address does with a record type.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::addresses::action;
use super::catalogue::{Action, Type, named};
use super::hooks::recurring;
use super::hooks::transactions::taken;
use super::money::Money;
use super::organization::Organization;
use super::refuse::{bad, invalid, missing, nowhere};
use super::reply::{created, message, shown, success};
use super::which::{first_id, own_id, parent, parent_in_body, several};
use super::write;
use super::{body, custom, files, list, organizations, paper, tweaks};
use crate::answer::{Outcome, Refusal};
use crate::call::Call;
use crate::route::Route;
use crate::world::{Handler, World};

/// The handler of a Books operation.
pub(crate) fn handler(route: &'static Route) -> Option<Handler> {
    match action(route) {
        Some(_) => Some(run),
        None => organizations::handler(route),
    }
}

/// Runs the action of a call.
fn run(world: &mut World, call: &Call<'_>) -> Outcome {
    let (ty, action) = action(call.route).ok_or_else(|| nowhere(StatusCode::BAD_REQUEST))?;
    // A call that needs to name no organization means the first.
    let unnamed = if call.route.organization {
        ""
    } else {
        world.books.default_organization()
    };
    let id = super::organization_id(call).unwrap_or(unnamed).to_owned();
    let organization = world
        .books
        .organization_mut(&id)
        .ok_or_else(|| nowhere(StatusCode::BAD_REQUEST))?;
    organization.now = call.now.as_second();
    organization.user = call.user;
    call.base_url.clone_into(&mut organization.base_url);
    recurring::settle(organization);
    match action {
        Action::List => {
            let parent = parent(organization, ty, call)?;
            Ok(success(list::list(organization, ty, parent, call)?))
        }
        Action::Create => create(organization, ty, call),
        Action::Get => {
            let id = own_id(organization, ty, call)?;
            let form = paper::wished(call).filter(|_| ty.printed);
            match (form, organization.row(ty, id)) {
                (Some(form), Some(row)) => Ok(paper::document(organization, ty, &[row], form)),
                _ => shown(organization, ty, id, "success", StatusCode::OK),
            }
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
            let old = organization.existing(ty, id)?.clone();
            let (row, text) = own(organization, ty, &old, call)?;
            write::save(organization, ty, Some(&old), row, &Map::new())?;
            Ok(message(text))
        }
        Action::Deed(deed) => deed(organization, ty, call),
        Action::Address(field, text) => tweaks::address(organization, ty, call, (field, text)),
        Action::Template => tweaks::template(organization, ty, call),
        Action::CustomFields => tweaks::custom_fields(organization, ty, call),
        Action::Attach(at) => files::attach(organization, ty, at, call),
        Action::Attached(at) => files::attached(organization, ty, at, call),
        Action::Detach(at) => files::detach(organization, ty, at, call),
        Action::Related(name, by, key) => {
            let other = named(name).ok_or_else(|| missing(ty))?;
            let id = first_id(organization, ty, call)?;
            let mut query = call.query.to_vec();
            query.push((by.to_owned(), id.to_string()));
            let call = Call {
                path: call.path.clone(),
                query: query.into(),
                ..*call
            };
            let mut body = list::list(organization, other, None, &call)?;
            let rows = body.remove(other.list).unwrap_or_default();
            body.insert(key.into(), rows);
            Ok(success(body))
        }
        Action::Print => {
            let ids = several(organization, ty, call)?;
            let rows: Vec<_> = ids.iter().filter_map(|id| organization.row(ty, *id)).collect();
            Ok(paper::document(organization, ty, &rows, paper::Form::Pdf))
        }
        Action::Mark(field, value, text) => {
            let id = own_id(organization, ty, call)?;
            write::set(organization, ty, id, field, value)?;
            Ok(message(text))
        }
        Action::Put(field, value, text) => {
            let id = first_id(organization, ty, call)?;
            write::set(organization, ty, id, field, value)?;
            Ok(message(text))
        }
        Action::PutSeveral(field, value, text) => {
            for id in several(organization, ty, call)? {
                write::set(organization, ty, id, field, value)?;
            }
            Ok(message(text))
        }
        Action::MarkSeveral(field, value, text) => {
            for id in several(organization, ty, call)? {
                write::set(organization, ty, id, field, value)?;
            }
            Ok(message(text))
        }
        Action::Take(names, text) => {
            let id = first_id(organization, ty, call)?;
            let mut sent = body::object(call)?;
            sent.retain(|name, _| names.contains(&name.as_str()));
            if sent.is_empty() {
                return Err(invalid(names.first().copied().unwrap_or_default()));
            }
            write::update(organization, ty, id, &sent)?;
            Ok(message(text))
        }
        Action::PathInto(field, text) => {
            let id = first_id(organization, ty, call)?;
            let value = call.path.last().map_or("", |(_, value)| value.as_str());
            let sent = Map::from_iter([(field.to_owned(), value.into())]);
            write::update(organization, ty, id, &sent)?;
            Ok(message(text))
        }
        Action::PrintOne => {
            let id = first_id(organization, ty, call)?;
            let row = organization.existing(ty, id)?;
            Ok(paper::document(organization, ty, &[row], paper::Form::Pdf))
        }
        Action::Part(key, names) => {
            let id = first_id(organization, ty, call)?;
            let row = organization.existing(ty, id)?;
            let named = names
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), organization.value(ty, row, name)?)));
            let part: Map<String, Value> = named.collect();
            let mut body = Map::new();
            match key {
                "" => body.extend(part),
                key => {
                    body.insert(key.into(), part.into());
                }
            }
            Ok(success(body))
        }
        Action::Templates => Ok(success(tweaks::templates(organization, ty))),
        Action::Mail(key) => tweaks::mail(organization, ty, call, key),
        Action::Document => files::of_record(organization, ty, call),
        Action::OrderDocument => files::order(organization, ty, call),
        Action::DropDocument => files::drop_of_record(organization, ty, call),
    }
}

fn create(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let sent = body::object(call)?;
    // The only one of its type is made anew in the place of the old one.
    let old = organization
        .rows(ty, None)
        .next()
        .map(|row| row.id)
        .filter(|_| ty.single);
    if let Some(old) = old {
        write::update(organization, ty, old, &sent)?;
        return created(organization, ty, old);
    }
    let parent = match (ty.parent, parent(organization, ty, call)?) {
        (None, _) => 0,
        (Some(_), Some(parent)) => parent,
        (Some(parent), None) => parent_in_body(organization, parent, &sent)?,
    };
    let id = write::create(organization, ty, parent, &sent)?;
    created(organization, ty, id)
}

/// Finds a record by a custom field, and changes or creates it.
fn upsert(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let header = |name: &str| call.header(name).filter(|value| !value.is_empty());
    let key = header("x-unique-identifier-key")
        .ok_or_else(|| invalid("X-Unique-Identifier-Key"))?
        .to_owned();
    let value = header("x-unique-identifier-value")
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
        None if header("x-upsert") == Some("true") => {
            let mut sent = sent;
            let field = json!({"api_name": key, "value": value});
            match sent.get_mut("custom_fields").and_then(Value::as_array_mut) {
                Some(fields) => fields.push(field),
                None => {
                    sent.insert("custom_fields".into(), json!([field]));
                }
            }
            let id = write::create(organization, ty, 0, &sent)?;
            created(organization, ty, id)
        }
        None => Err(missing(ty)),
    }
}

/// `DELETE /contacts?contact_ids=1,2`: all of them or none.
fn delete_several(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let ids = several(organization, ty, call)?;
    for id in &ids {
        let row = organization.existing(ty, *id)?;
        (ty.hooks.before_delete)(organization, ty, row)?;
    }
    for id in ids {
        write::delete(organization, ty, id)?;
    }
    Ok(message(ty.deleted))
}

/// Takes a record to another status and says so.
fn step(
    organization: &mut Organization,
    ty: &'static Type,
    at: usize,
    id: u64,
) -> Result<&'static str, Refusal> {
    let step = ty.steps.get(at).ok_or_else(|| missing(ty))?;
    let row = organization.existing(ty, id)?;
    let status = organization.value(ty, row, "status");
    let status = status.as_ref().and_then(Value::as_str).unwrap_or_default();
    let bound = step.to == "void" && taken(ty, row) > Money::ZERO;
    if bound || !step.from.contains(&status) {
        return Err(bad(step.otherwise.0, step.otherwise.1));
    }
    if row.status != step.to {
        write::change(organization, ty, id, |row| row.status = step.to)?;
    }
    Ok(step.message)
}
