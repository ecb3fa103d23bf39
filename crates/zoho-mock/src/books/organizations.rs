//! The organizations themselves.

use http::StatusCode;
use serde_json::{Map, Value};

use super::body;
use super::refuse::{bad, invalid};
use super::reply::{envelope, success_with};
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::route::{Method, Route};
use crate::routing;
use crate::world::{Handler, World};

/// Settings that a client may change.
const WRITABLE: &[&str] = &[
    "name",
    "contact_name",
    "email",
    "fiscal_year_start_month",
    "language_code",
    "date_format",
    "field_separator",
    "phone",
    "fax",
    "website",
    "address",
    "time_zone",
    "currency_code",
    "portal_name",
    "industry_type",
    "industry_size",
    "org_address",
    "remit_to_address",
];

/// The handler of an operation on organizations.
pub(super) fn handler(route: &'static Route) -> Option<Handler> {
    Some(match (route.method, routing::shape(route.path).0.as_str()) {
        (Method::Get, "/books/v3/organizations") => list,
        (Method::Post, "/books/v3/organizations") => create,
        (Method::Get, "/books/v3/organizations/{p1}") => get,
        (Method::Put, "/books/v3/organizations/{p1}") => update,
        _ => return None,
    })
}

fn list(world: &mut World, _: &Call<'_>) -> Outcome {
    let all: Vec<Value> = world
        .books
        .all()
        .map(|settings| Value::Object(settings.clone()))
        .collect();
    Ok(success_with("organizations", all))
}

fn get(world: &mut World, call: &Call<'_>) -> Outcome {
    let settings = settings(world, call)?.clone();
    Ok(shown(settings, "success", StatusCode::OK))
}

fn update(world: &mut World, call: &Call<'_>) -> Outcome {
    let sent = body::object(call)?;
    let settings = settings(world, call)?;
    take(settings, &sent);
    Ok(shown(
        settings.clone(),
        "The organization has been updated.",
        StatusCode::OK,
    ))
}

fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let sent = body::object(call)?;
    let name = sent
        .get("name")
        .and_then(Value::as_str)
        .filter(|name| !name.trim().is_empty());
    let name = name.ok_or_else(|| invalid("name"))?.to_owned();
    let id = world.books.add(&name);
    let organization = world.books.organization_mut(&id).ok_or_else(|| invalid("name"))?;
    take(&mut organization.settings, &sent);
    let settings = organization.settings.clone();
    Ok(shown(
        settings,
        "The organization has been created.",
        StatusCode::CREATED,
    ))
}

fn take(settings: &mut Map<String, Value>, sent: &Map<String, Value>) {
    for (name, value) in sent.iter().filter(|(name, _)| WRITABLE.contains(&name.as_str())) {
        settings.insert(name.clone(), value.clone());
    }
}

fn settings<'a>(world: &'a mut World, call: &Call<'_>) -> Result<&'a mut Map<String, Value>, Refusal> {
    let id = call.path.first().map_or("", |(_, id)| id.as_str());
    let message = format!("This user is not associated with the CompanyID/CompanyName:{id}.");
    let organization = world
        .books
        .organization_mut(id)
        .ok_or_else(|| bad(6041, message))?;
    Ok(&mut organization.settings)
}

fn shown(settings: Map<String, Value>, text: &str, status: StatusCode) -> Answer {
    let mut body = envelope(text);
    body.insert("organization".into(), Value::Object(settings));
    Answer::json(status, &Value::Object(body))
}
