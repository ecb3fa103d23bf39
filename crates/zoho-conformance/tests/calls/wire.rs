//! What goes over the wire: the last request, held against the description of its operation.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use zoho_client::{Body, ServiceTransport, Transport, TransportError};
use zoho_conformance::compare;
use zoho_conformance::decode::spec;
use zoho_mock::MockZoho;
use zoho_spec::{Body as Described, Operation, ParameterLocation, Product};

use super::given::Given;

/// Keeps the last request that is no token request.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    last: Mutex<Option<Sent>>,
}

/// A request as it was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    headers: BTreeMap<String, String>,
    body: Vec<u8>,
}

#[derive(Debug)]
struct Recorder<T> {
    wire: Arc<Wire>,
    inner: T,
}

impl Wire {
    /// A transport to the mock that notes what passes.
    pub(crate) fn before(self: Arc<Self>, mock: &MockZoho) -> impl Transport {
        Recorder {
            wire: self,
            inner: ServiceTransport::new(mock.service()),
        }
    }

    pub(crate) fn forget(&self) {
        *self.last.lock().expect("no test panics inside") = None;
    }

    pub(crate) fn last(&self) -> Result<Sent, String> {
        let last = self.last.lock().expect("no test panics inside").clone();
        last.ok_or_else(|| "nothing was sent".to_owned())
    }
}

impl<T: Transport> Transport for Recorder<T> {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.bytes().await?;
            let path = parts.uri.path().to_owned();
            if !path.starts_with("/oauth/") {
                let query = parts.uri.query().unwrap_or_default();
                let sent = Sent {
                    method: parts.method.to_string(),
                    path,
                    query: url::form_urlencoded::parse(query.as_bytes())
                        .into_owned()
                        .collect(),
                    headers: parts
                        .headers
                        .iter()
                        .map(|(name, value)| {
                            let text = String::from_utf8_lossy(value.as_bytes());
                            (name.to_string(), text.into_owned())
                        })
                        .collect(),
                    body: body.to_vec(),
                };
                *self.wire.last.lock().expect("no test panics inside") = Some(sent);
            }
            self.inner
                .send(http::Request::from_parts(parts, Body::from(body)))
                .await
        })
    }
}

impl Sent {
    /// What is wrong with the request, by the description and by what was given.
    pub(crate) fn check(&self, operation: &Operation, given: &Given) -> Result<(), String> {
        let same = |what: &str, sent: &str, described: &str| match sent == described {
            true => Ok(()),
            false => Err(format!("{what} is `{sent}`, not `{described}`")),
        };
        same("the method", &self.method, operation.method.name())?;
        same("the path", &self.path, &path(operation, given))?;
        self.check_parameters(operation, given)?;
        match &operation.request {
            Described::None if self.body.is_empty() => Ok(()),
            Described::None => Err("there is a body".to_owned()),
            Described::Json { schema, .. } => self.check_json(operation.product, schema, given),
            Described::Multipart { .. } => self.check_form(given),
            Described::Form { .. } => Err("no typed call sends a form of this kind".to_owned()),
        }
    }

    fn check_parameters(&self, operation: &Operation, given: &Given) -> Result<(), String> {
        let sent = |location, name: &str| match location {
            ParameterLocation::Header => self.headers.get(&name.to_lowercase()).cloned(),
            _ => {
                let mut found = self.query.iter().filter(|(key, _)| key == name);
                let value = found.next().map(|(_, value)| value.clone());
                value.filter(|_| found.next().is_none())
            }
        };
        let mut described = vec!["organization_id"];
        for parameter in &operation.parameters {
            if parameter.location == ParameterLocation::Path {
                continue;
            }
            described.push(&parameter.name);
            let expected = given.parameters.get(&parameter.name).map(plain);
            let found = sent(parameter.location, &parameter.name);
            if expected != found {
                return Err(format!(
                    "`{}` is {found:?} on the wire, not {expected:?}",
                    parameter.name
                ));
            }
        }
        let organization = self.query.iter().any(|(name, _)| name == "organization_id");
        if organization != operation.organization {
            return Err("organization_id is there where it should not be, or the other way round".to_owned());
        }
        match self
            .query
            .iter()
            .find(|(name, _)| !described.contains(&name.as_str()))
        {
            Some((name, _)) => Err(format!("no parameter `{name}` is described")),
            None => Ok(()),
        }
    }

    fn check_json(&self, product: Product, schema: &str, given: &Given) -> Result<(), String> {
        if self.headers.get("content-type").map(String::as_str) != Some("application/json") {
            return Err("the body is not announced as JSON".to_owned());
        }
        let body: Value = serde_json::from_slice(&self.body).map_err(|error| error.to_string())?;
        let lost = compare::lost(given.body.as_ref().unwrap_or(&Value::Null), &body);
        if !lost.is_empty() {
            return Err(format!("the body is not what was given: {lost:?}"));
        }
        let schemas = spec(product).document().pointer("/components/schemas");
        let document = json!({
            "$ref": format!("#/components/schemas/{schema}"),
            "components": {"schemas": reached(schema, schemas.unwrap_or(&Value::Null))},
        });
        let validator = jsonschema::validator_for(&document).map_err(|error| error.to_string())?;
        match validator.iter_errors(&body).next() {
            Some(error) => Err(format!("{} at {}", error, error.instance_path())),
            None => Ok(()),
        }
    }

    fn check_form(&self, given: &Given) -> Result<(), String> {
        let content_type = self.headers.get("content-type").map_or("", String::as_str);
        let boundary = content_type
            .strip_prefix("multipart/form-data; boundary=")
            .ok_or_else(|| format!("the content type is `{content_type}`"))?;
        let body = String::from_utf8_lossy(&self.body);
        for (name, file) in &given.parts {
            let kind = if *file { "; filename=\"a.txt\"" } else { "" };
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{kind}\r\n");
            if !body.contains(&head) {
                return Err(format!("there is no part `{name}`"));
            }
        }
        match body.ends_with(&format!("--{boundary}--\r\n")) {
            true => Ok(()),
            false => Err("the form has no end".to_owned()),
        }
    }
}

/// The path with its parameters filled in.
fn path(operation: &Operation, given: &Given) -> String {
    given
        .parameters
        .iter()
        .fold(operation.full_path.clone(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), &plain(value))
        })
}

/// A scalar as it stands in a query.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A component and all that it leads to, with OpenAPI's `nullable` as JSON Schema spells it.
fn reached(name: &str, schemas: &Value) -> Value {
    let mut found = serde_json::Map::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if !found.contains_key(&name) {
            let schema = translated(schemas.get(&name).unwrap_or(&Value::Null), &mut open);
            found.insert(name, schema);
        }
    }
    Value::Object(found)
}

fn translated(schema: &Value, open: &mut Vec<String>) -> Value {
    match schema {
        Value::Object(fields) => {
            let mut out: serde_json::Map<String, Value> = fields
                .iter()
                .map(|(key, value)| (key.clone(), translated(value, open)))
                .collect();
            if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
                open.extend(name.rsplit('/').next().map(str::to_owned));
            }
            if fields.get("nullable") == Some(&Value::Bool(true))
                && let Some(kind) = fields.get("type")
            {
                out.insert("type".to_owned(), json!([kind, "null"]));
            }
            Value::Object(out)
        }
        Value::Array(items) => items.iter().map(|item| translated(item, open)).collect(),
        other => other.clone(),
    }
}
