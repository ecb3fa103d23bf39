//! What goes over the wire: the last request and its answer, held against the description of their operation.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use futures_util::future::BoxFuture;
use serde_json::Value;
use zoho_client::{Body, ServiceTransport, Transport, TransportError};
use zoho_conformance::compare;
use zoho_mock::MockZoho;
use zoho_spec::{Body as Described, Operation, ParameterLocation, Product, Reply};

use super::given::Given;
use super::shape::{self, Side};

/// Keeps the last request that is no token request, and its answer.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    last: Mutex<Option<Sent>>,
    answered: Mutex<Option<Answered>>,
}

/// An answer as it came.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    status: u16,
    json: bool,
    body: Vec<u8>,
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
        *self.answered.lock().expect("no test panics inside") = None;
    }

    pub(crate) fn answered(&self) -> Result<Answered, String> {
        let answered = self.answered.lock().expect("no test panics inside").clone();
        answered.ok_or_else(|| "nothing was answered".to_owned())
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
            let counts = !path.starts_with("/oauth/");
            if counts {
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
            let response = self
                .inner
                .send(http::Request::from_parts(parts, Body::from(body)))
                .await?;
            let (parts, body) = response.into_parts();
            let body = body.bytes().await?;
            if counts {
                let kind = parts.headers.get("content-type").map(http::HeaderValue::as_bytes);
                *self.wire.answered.lock().expect("no test panics inside") = Some(Answered {
                    status: parts.status.as_u16(),
                    json: kind.is_some_and(|kind| kind.starts_with(b"application/json")),
                    body: body.to_vec(),
                });
            }
            Ok(http::Response::from_parts(parts, Body::from(body)))
        })
    }
}

impl Answered {
    /// What is wrong with the answer, by the description: its status, and its body by its status.
    pub(crate) fn check(&self, operation: &Operation) -> Result<(), String> {
        let product = operation.product;
        // A batch with mixed outcomes answers with 207, also where Zoho's page shows no such example.
        let is_mixed = self.status == 207 && operation.batch.is_some();
        let is_success = is_mixed || operation.success.contains(&self.status);
        if !is_success && self.status < 400 {
            return Err(format!("no status {} is described", self.status));
        }
        if [204, 304].contains(&self.status) {
            return match self.body.is_empty() {
                true => Ok(()),
                false => Err(format!("there is a body with {}", self.status)),
            };
        }
        let read = || {
            let read = serde_json::from_slice::<Value>(&self.body);
            read.map_err(|error| format!("the body with {} is no JSON: {error}", self.status))
        };
        if !is_success {
            // A batch of which every row was refused keeps its envelope; all else is the product's one error.
            let body = read()?;
            return match (&operation.batch, &operation.reply) {
                (Some(key), Reply::Json { schema }) if body.get(key).is_some() => {
                    shape::check(product, schema, Side::Reply, &body)
                }
                _ => shape::check(product, "ApiError", Side::Reply, &body),
            };
        }
        match &operation.reply {
            Reply::Json { schema } => shape::check(product, schema, Side::Reply, &read()?),
            Reply::Binary { .. } if self.json => Err("there is JSON in the place of a file".to_owned()),
            Reply::Binary { .. } => Ok(()),
            Reply::Empty if self.body.is_empty() => Ok(()),
            Reply::Empty => Err("there is a body where none is described".to_owned()),
        }
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
        shape::check(product, schema, Side::Request, &body)
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
