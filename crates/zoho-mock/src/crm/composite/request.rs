//! One request of several: read, checked, and with values in place of its references.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::{Map, Value, json};

use super::reference::{self, Answers, Missing};
use crate::answer::Refusal;
use crate::crm::refuse;
use crate::front::Inner;
use crate::query;

/// Where the requests are, and the outcomes.
pub(super) const KEY: &str = "__composite_requests";
/// Rows that one of the requests may read.
const ROWS: usize = 25;
/// Records that one of the requests may write.
const RECORDS: usize = 1;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const RESTRICTED: [&str; 2] = ["authorization", "x-crm-org"];

/// A request as it was sent.
pub(super) struct Sub {
    pub(super) id: Option<String>,
    method: Method,
    uri: String,
    params: Map<String, Value>,
    headers: Map<String, Value>,
    body: Value,
}

/// Reads the requests.
pub(super) fn read(items: Vec<Value>) -> Result<Vec<Sub>, Refusal> {
    let mut subs: Vec<Sub> = Vec::with_capacity(items.len());
    for (at, item) in items.into_iter().enumerate() {
        let sub = one(at, item)?;
        let same = subs
            .iter()
            .position(|other| sub.id.is_some() && other.id == sub.id);
        if let Some(other) = same {
            let mut details = place(at, "sub_request_id");
            details.insert("sub_request_indexes".to_owned(), json!([other, at]));
            return Err(refuse::bad("DUPLICATE_DATA", "duplicate data", details.into()));
        }
        subs.push(sub);
    }
    match looping(&subs) {
        dependent if dependent.is_empty() => Ok(subs),
        dependent => Err(refuse::bad(
            "LOOPING_FOUND",
            "looping found",
            json!({"dependent_data": dependent}),
        )),
    }
}

fn place(at: usize, name: &str) -> Map<String, Value> {
    let mut details = Map::new();
    details.insert("api_name".to_owned(), name.into());
    details.insert("json_path".to_owned(), format!("$.{KEY}[{at}].{name}").into());
    details
}

fn invalid(at: usize, name: &str, key: &str, value: Value) -> Refusal {
    let mut details = place(at, name);
    details.insert(key.to_owned(), value);
    refuse::bad("INVALID_DATA", "invalid data", details.into())
}

fn one(at: usize, item: Value) -> Result<Sub, Refusal> {
    let Value::Object(mut item) = item else {
        let details = json!({"expected_data_type": "jsonobject", "api_name": KEY,
                             "json_path": format!("$.{KEY}[{at}]")});
        return Err(refuse::bad("INVALID_DATA", "invalid data", details));
    };
    let text = |item: &Map<String, Value>, name: &str| match item.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) if name == "sub_request_id" => Ok(Some(number.to_string())),
        Some(_) => Err(invalid(at, name, "expected_data_type", "string".into())),
    };
    let missing = |name| {
        refuse::bad(
            "MANDATORY_NOT_FOUND",
            "required field not found",
            place(at, name).into(),
        )
    };
    let method = text(&item, "method")?.ok_or_else(|| missing("method"))?;
    let method = METHODS
        .into_iter()
        .find(|known| *known == method)
        .and_then(|known| known.parse().ok())
        .ok_or_else(|| invalid(at, "method", "supported_values", json!(METHODS)))?;
    let uri = text(&item, "uri")?.ok_or_else(|| missing("uri"))?;
    if !uri.starts_with("/crm/v8/") {
        return Err(invalid(at, "uri", "regex", "^/crm/v8/.+".into()));
    }
    if uri.starts_with("/crm/v8/__composite_requests") {
        return Err(refuse::bad(
            "NOT_SUPPORTED",
            "not supported",
            place(at, "uri").into(),
        ));
    }
    let id = text(&item, "sub_request_id")?;
    let mut object = |name: &str| match item.remove(name) {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(object)) => Ok(object),
        Some(_) => Err(invalid(at, name, "expected_data_type", "jsonobject".into())),
    };
    let headers = object("headers")?;
    let restricted: Vec<&String> = headers
        .keys()
        .filter(|name| RESTRICTED.iter().any(|other| other.eq_ignore_ascii_case(name)))
        .collect();
    if !restricted.is_empty() {
        return Err(invalid(at, "headers", "restricted_headers", json!(restricted)));
    }
    Ok(Sub {
        id,
        method,
        uri,
        params: object("params")?,
        headers,
        body: item.remove("body").unwrap_or_default(),
    })
}

/// The requests that one points at.
pub(super) fn needs(subs: &[Sub], at: usize) -> Vec<usize> {
    let Some(sub) = subs.get(at) else {
        return Vec::new();
    };
    let mut names = reference::names(&sub.uri);
    for object in [&sub.params, &sub.headers] {
        object
            .values()
            .for_each(|value| reference::names_within(value, &mut names));
    }
    reference::names_within(&sub.body, &mut names);
    let place = |name: &String| subs.iter().position(|other| other.id.as_ref() == Some(name));
    names.iter().filter_map(place).collect()
}

/// The requests that point at themselves, if only through others.
fn looping(subs: &[Sub]) -> Vec<Value> {
    let mut looping = Vec::new();
    for (at, sub) in subs.iter().enumerate() {
        let mut reached = needs(subs, at);
        let mut next = 0;
        while let Some(here) = reached.get(next).copied() {
            for further in needs(subs, here) {
                if !reached.contains(&further) {
                    reached.push(further);
                }
            }
            next += 1;
        }
        if reached.contains(&at) {
            let referred = needs(subs, at)
                .into_iter()
                .filter_map(|other| subs.get(other)?.id.clone());
            let referred: Vec<String> = referred.collect();
            looping.push(json!({"sub_request_id": sub.id, "referred_sub_request_ids": referred}));
        }
    }
    looping
}

impl Sub {
    /// Whether it may change something.
    pub(super) fn writes(&self) -> bool {
        self.method != Method::GET
    }

    /// The request to run. The error names the part with the reference that stands for nothing.
    pub(super) fn resolved(&self, answers: &Answers<'_>) -> Result<Inner, (&'static str, String, Missing)> {
        let fault = |part| move |(reference, missing)| (part, reference, missing);
        let uri = reference::text(&self.uri, answers).map_err(fault("uri"))?;
        let (path, search) = uri.split_once('?').unwrap_or((&uri, ""));
        let mut pairs = query::pairs(search);
        let params = reference::value(&Value::Object(self.params.clone()), answers);
        if let Value::Object(params) = params.map_err(fault("params"))? {
            pairs.extend(params.into_iter().map(|(name, value)| (name, plain(value))));
        }
        if self.method == Method::GET && !pairs.iter().any(|(name, _)| name == "per_page") {
            pairs.push(("per_page".to_owned(), ROWS.to_string()));
        }
        let mut headers = HeaderMap::new();
        let sent = reference::value(&Value::Object(self.headers.clone()), answers);
        if let Value::Object(sent) = sent.map_err(fault("headers"))? {
            for (name, value) in sent {
                if let (Ok(name), Ok(value)) = (
                    HeaderName::try_from(name.as_str()),
                    HeaderValue::try_from(plain(value).as_str()),
                ) {
                    headers.insert(name, value);
                }
            }
        }
        let body = match reference::value(&self.body, answers).map_err(fault("body"))? {
            Value::Null => Bytes::new(),
            body => Bytes::from(body.to_string()),
        };
        Ok(Inner {
            method: self.method.clone(),
            path: path.to_owned(),
            query: pairs,
            headers,
            body,
        })
    }
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

impl Inner {
    /// Within a composite request there is less to be had at once.
    pub(super) fn checked(&self) -> Result<(), Refusal> {
        let asked = |name: &str| {
            self.query
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value)
        };
        if asked("per_page").is_some_and(|rows| rows.parse::<usize>().is_ok_and(|rows| rows > ROWS)) {
            return Err(refuse::param_limit("per_page", ROWS));
        }
        if asked("ids").is_some_and(|ids| ids.split(',').count() > RECORDS) && self.method != Method::GET {
            return Err(refuse::param_limit("ids", RECORDS));
        }
        let body = serde_json::from_slice::<Value>(&self.body).unwrap_or_default();
        match body.get("data").and_then(Value::as_array) {
            Some(items) if items.len() > RECORDS => Err(refuse::bad(
                "LIMIT_EXCEEDED",
                "limit exceeded",
                json!({"maximum_length": RECORDS, "api_name": "data", "json_path": "$.data"}),
            )),
            _ => Ok(()),
        }
    }
}
