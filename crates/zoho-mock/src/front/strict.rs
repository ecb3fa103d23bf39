//! What Zoho takes and a careful client would not send.

use http::header;
use serde_json::Value;

use super::{Asked, Target};
use crate::route::{Location, Product, Route};
use crate::routing::Found;

/// How deep a body is looked into.
const DEPTH: usize = 6;

/// What is to be said of a request to an API; nothing of other requests.
pub(super) fn report(target: &Target, asked: &Asked<'_>) -> Vec<String> {
    let Target::Api(Found::Route(route, _)) = target else {
        return Vec::new();
    };
    let mut said = Vec::new();
    let uri = &asked.parts.uri;
    if uri.path().ends_with('/') {
        said.push("trailing slash".to_owned());
    }
    let query = uri.query().unwrap_or_default();
    if !query.is_empty() && query.split('&').any(str::is_empty) {
        said.push("stray &".to_owned());
    }
    let unknown = asked.query.iter().filter(|(name, _)| !knows(route, name));
    said.extend(unknown.map(|(name, _)| format!("unknown query parameter {}", plain(name))));
    if !asked.body.is_empty() {
        if !asked.parts.headers.contains_key(header::CONTENT_TYPE) {
            said.push("missing Content-Type".to_owned());
        }
        if let Ok(body) = serde_json::from_slice(asked.body) {
            numbers(&body, "$", DEPTH, &mut said);
        }
    }
    said
}

fn knows(route: &Route, name: &str) -> bool {
    let organization = route.product == Product::Books && name == "organization_id";
    let described = || {
        let query = route
            .parameters
            .iter()
            .filter(|known| known.location == Location::Query);
        query.into_iter().any(|known| known.name == name)
    };
    organization || described()
}

/// Ids that are numbers: a client that makes them so loses digits where numbers are floats.
fn numbers(value: &Value, path: &str, depth: usize, said: &mut Vec<String>) {
    if depth == 0 {
        return;
    }
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let path = format!("{path}.{}", plain(name));
                if value.is_number() && (name == "id" || name.ends_with("_id")) {
                    said.push(format!("id as a number at {path}"));
                }
                numbers(value, &path, depth - 1, said);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                numbers(item, &format!("{path}[{at}]"), depth - 1, said);
            }
        }
        _ => {}
    }
}

/// A name as a header may hold it.
fn plain(name: &str) -> String {
    let shown = name.chars().take(60);
    shown
        .map(|letter| {
            if letter.is_ascii_graphic() && letter != ';' {
                letter
            } else {
                '?'
            }
        })
        .collect()
}
