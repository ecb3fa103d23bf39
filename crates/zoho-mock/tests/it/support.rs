//! A mock in process, and how tests talk to it.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use zoho_mock::{Broken, MockBuilder, MockZoho};

pub(super) struct Desk {
    pub(super) zoho: MockZoho,
    pub(super) runtime: Runtime,
    pub(super) token: String,
}

#[derive(Debug, PartialEq)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Desk {
    pub(super) fn new() -> Self {
        Self::with(MockZoho::builder().books_per_minute(None))
    }

    pub(super) fn with(builder: MockBuilder) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        let zoho = runtime.block_on(async { builder.in_process() });
        let mut desk = Self {
            zoho,
            runtime,
            token: String::new(),
        };
        desk.token = desk.refresh().json()["access_token"].as_str().unwrap().to_owned();
        desk
    }

    pub(super) fn refresh(&self) -> Reply {
        let (id, secret, token) = (
            self.zoho.client_id(),
            self.zoho.client_secret(),
            self.zoho.refresh_token(),
        );
        self.token_call(&format!(
            "grant_type=refresh_token&client_id={id}&client_secret={secret}&refresh_token={token}"
        ))
    }

    pub(super) fn token_call(&self, form: &str) -> Reply {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, "/oauth/v2/token", &headers, form.to_owned())
    }

    pub(super) fn try_send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Result<Reply, Broken> {
        let mut request = Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).unwrap();
        self.runtime.block_on(async {
            let response = self.zoho.service().oneshot(request).await?;
            let (parts, body) = response.into_parts();
            Ok(Reply {
                status: parts.status,
                headers: parts.headers,
                body: body.collect().await?.to_bytes(),
            })
        })
    }

    pub(super) fn send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Reply {
        self.try_send(method, target, headers, body).unwrap()
    }

    /// A call with the token.
    pub(super) fn call(&self, method: Method, target: &str, body: impl Into<Bytes>) -> Reply {
        self.send(
            method,
            target,
            &[("authorization", &format!("Zoho-oauthtoken {}", self.token))],
            body,
        )
    }

    /// A Books call with the token and the organization; the path starts after `/books/v3`.
    pub(super) fn books(&self, method: Method, path: &str, body: &Value) -> Reply {
        let join = if path.contains('?') { '&' } else { '?' };
        let target = format!(
            "/books/v3{path}{join}organization_id={}",
            self.zoho.organization_id()
        );
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.call(method, &target, body)
    }

    pub(super) fn get(&self, path: &str) -> Value {
        let reply = self.books(Method::GET, path, &Value::Null);
        assert_eq!(reply.status, 200, "{path}: {:?}", reply.body);
        reply.json()
    }

    /// Creates a Books record and returns it.
    pub(super) fn create(&self, path: &str, wrapper: &str, body: &Value) -> Value {
        let reply = self.books(Method::POST, path, body);
        assert_eq!(reply.status, 201, "{path}: {:?}", reply.body);
        reply.json()[wrapper].clone()
    }
}
