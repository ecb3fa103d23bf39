//! What a description promises: operations with their parameters, statuses and fields.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::files::Files;
use super::shape;

/// How deep fields are followed.
const DEPTH: usize = 8;
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The operations of a description, by method and shape of the path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surface {
    pub(crate) operations: BTreeMap<String, Operation>,
}

/// One operation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Operation {
    /// Types of query and header parameters, by `query name` and `header name`.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Statuses that mean success.
    pub(crate) statuses: BTreeSet<String>,
    /// Types of what is sent, by path.
    pub(crate) request: Body,
    /// Types of what comes back, by path.
    pub(crate) response: Body,
}

/// What a body is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    /// Types by path.
    pub(crate) fields: Fields,
    /// The named schema that a path lies in, by path.
    pub(crate) homes: BTreeMap<String, String>,
}

impl Body {
    /// The named schema that a field stands in; empty where there is none.
    pub(crate) fn home(&self, path: &str) -> &str {
        let parent = path.strip_suffix("[]").unwrap_or(path);
        let parent = parent.rsplit_once('.').map_or("$", |(parent, _)| parent);
        self.homes.get(parent).map_or("", String::as_str)
    }
}

/// Types by JSON path; `any` where a description leaves it open.
pub(crate) type Fields = BTreeMap<String, String>;

impl Surface {
    /// Everything that the files describe; an operation that stands in several is the sum of them.
    pub(crate) fn of(files: &Files) -> Self {
        let mut surface = Self::default();
        for (file, document) in files.documents() {
            let usual = base(document).unwrap_or_default();
            for (path, item) in members(document.get("paths")) {
                let (file, item) = files.resolve(file, item);
                let usual = base(item).unwrap_or(usual);
                for (method, operation) in members(Some(item)) {
                    if !METHODS.contains(&method.as_str()) {
                        continue;
                    }
                    let base = base(operation).unwrap_or(usual);
                    let key = format!("{} {}", method.to_uppercase(), shape(&format!("{base}{path}")));
                    let found = surface.operations.entry(key).or_default();
                    Reader { files, file }.operation(item, operation, found);
                }
            }
        }
        surface
    }

    /// The operations whose path begins so.
    pub(crate) fn below(&self, prefix: &str) -> Self {
        let operations = self.operations.iter().filter(|(key, _)| {
            key.split_once(' ')
                .is_some_and(|(_, path)| path.starts_with(prefix))
        });
        Self {
            operations: operations
                .map(|(key, operation)| (key.clone(), operation.clone()))
                .collect(),
        }
    }
}

/// The path of the first server.
fn base(document: &Value) -> Option<&str> {
    let url = document.pointer("/servers/0/url")?.as_str()?;
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    Some(
        rest.find('/')
            .map_or("", |at| rest.get(at..).unwrap_or(""))
            .trim_end_matches('/'),
    )
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

struct Reader<'a> {
    files: &'a Files,
    file: &'a str,
}

impl Reader<'_> {
    fn operation(&self, item: &Value, operation: &Value, found: &mut Operation) {
        let lists = [item.get("parameters"), operation.get("parameters")];
        for parameter in lists.into_iter().flatten().filter_map(Value::as_array).flatten() {
            self.parameter(parameter, found);
        }
        if let Some(body) = operation.get("requestBody") {
            let (file, body) = self.files.resolve(self.file, body);
            for (_, media) in members(body.get("content")) {
                self.fields(file, media.get("schema"), &mut found.request);
            }
        }
        for (status, response) in members(operation.get("responses")) {
            if !status.starts_with(['2', '3']) {
                continue;
            }
            found.statuses.insert(status.clone());
            let (file, response) = self.files.resolve(self.file, response);
            for (_, media) in members(response.get("content")) {
                self.fields(file, media.get("schema"), &mut found.response);
            }
        }
    }

    /// Path parameters are told by their position; organization and credentials are every call's.
    fn parameter(&self, parameter: &Value, found: &mut Operation) {
        let (file, parameter) = self.files.resolve(self.file, parameter);
        let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, place) = (text("name"), text("in"));
        let common = ["organization_id", "authorization", "x-crm-org", "content-type"];
        // A reference that leads nowhere has no name; it is reported as one.
        if name.is_empty() || place == "path" || common.contains(&name.to_lowercase().as_str()) {
            return;
        }
        let mut types = Body::default();
        self.fields(file, parameter.get("schema"), &mut types);
        let kind = types.fields.remove("$").unwrap_or_else(|| "any".to_owned());
        found.parameters.insert(format!("{place} {name}"), kind);
    }

    fn fields(&self, file: &str, schema: Option<&Value>, body: &mut Body) {
        if let Some(schema) = schema {
            self.walk(file, schema, "$", &mut Vec::new(), body);
        }
    }

    fn walk(&self, file: &str, schema: &Value, path: &str, above: &mut Vec<String>, body: &mut Body) {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let place = reference.map(|reference| format!("{file} {reference}"));
        if above.len() > DEPTH || place.as_ref().is_some_and(|place| above.contains(place)) {
            let kind = body.fields.entry(path.to_owned());
            kind.or_insert_with(|| "any".to_owned());
            return;
        }
        let (file, schema) = self.files.resolve(file, schema);
        above.push(place.unwrap_or_default());
        if let Some((_, name)) = above.iter().rev().find_map(|place| place.rsplit_once('/')) {
            body.homes
                .entry(path.to_owned())
                .or_insert_with(|| name.to_owned());
        }
        let mut composed = false;
        for key in ["oneOf", "anyOf", "allOf"] {
            for part in schema.get(key).and_then(Value::as_array).into_iter().flatten() {
                composed = true;
                self.walk(file, part, path, above, body);
            }
        }
        let kind = kind(schema);
        if !composed || kind != "any" {
            note(&mut body.fields, path, kind);
        }
        for (name, property) in members(schema.get("properties")) {
            self.walk(file, property, &format!("{path}.{name}"), above, body);
        }
        if let Some(items) = schema.get("items") {
            self.walk(file, items, &format!("{path}[]"), above, body);
        }
        above.pop();
    }
}

/// Alternatives of several types leave the type open.
fn note(fields: &mut Fields, path: &str, kind: &str) {
    match fields.get_mut(path) {
        Some(known) if known != kind => kind_of_both(known, kind),
        Some(_) => {}
        None => {
            fields.insert(path.to_owned(), kind.to_owned());
        }
    }
}

fn kind_of_both(known: &mut String, kind: &str) {
    let numbers = ["integer", "number"];
    *known = match numbers.contains(&known.as_str()) && numbers.contains(&kind) {
        true => "number".to_owned(),
        false => "any".to_owned(),
    };
}

/// The type: OpenAPI 3.1 may list `null` beside it.
fn kind(schema: &Value) -> &str {
    let known = match schema.get("type") {
        Some(Value::String(kind)) => Some(kind.as_str()),
        Some(Value::Array(kinds)) => {
            let mut kinds = kinds
                .iter()
                .filter_map(Value::as_str)
                .filter(|kind| *kind != "null");
            let first = kinds.next();
            first.filter(|_| kinds.next().is_none())
        }
        _ => schema
            .get("properties")
            .and_then(Value::as_object)
            .filter(|properties: &&Map<String, Value>| !properties.is_empty())
            .map(|_| "object"),
    };
    known.unwrap_or("any")
}
