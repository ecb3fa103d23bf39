//! The mock asked by hand, without the client: a world of its own on a paused clock, a token, and request after request.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;
use zoho_mock::{MockBuilder, MockZoho};

use crate::harness::paused;

/// A mock whose limits are out of the way, and an access token for everything in it.
#[derive(Debug)]
pub(crate) struct Desk {
    runtime: Runtime,
    pub(crate) mock: MockZoho,
    token: String,
}

/// What the mock answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The body; `null` where it is no JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

impl Desk {
    /// A world that is set up further by `furnish`.
    pub(crate) fn new(furnish: impl FnOnce(MockBuilder) -> MockBuilder) -> Self {
        let runtime = paused();
        let mock = {
            let _time = runtime.enter();
            let world = MockZoho::builder()
                .crm_credits(u32::MAX)
                .books_per_minute(None)
                .books_per_day(u32::MAX);
            furnish(world).in_process()
        };
        let mut desk = Self {
            runtime,
            mock,
            token: String::new(),
        };
        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
            desk.mock.client_id(),
            desk.mock.client_secret(),
            desk.mock.refresh_token()
        );
        let kind = "application/x-www-form-urlencoded";
        let answer = desk.ask("POST", "/oauth/v2/token", Some(kind), form.into());
        let token = answer.map(|answer| answer.json()["access_token"].clone());
        desk.token = token
            .ok()
            .as_ref()
            .and_then(Value::as_str)
            .expect("a token is given")
            .to_owned();
        desk
    }

    /// Sends a request whose body is of the kind that is named.
    ///
    /// # Errors
    /// It can be no request, as with an address of more than 64 KB.
    pub(crate) fn ask(
        &self,
        method: &str,
        target: &str,
        kind: Option<&str>,
        body: Bytes,
    ) -> http::Result<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://localhost{target}"))
            .header("authorization", format!("Zoho-oauthtoken {}", self.token));
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        let request = request.body(Full::new(body))?;
        let service = self.mock.service();
        Ok(self.runtime.block_on(async {
            let answer = service
                .oneshot(request)
                .await
                .expect("nothing was scripted to break");
            let status = answer.status().as_u16();
            let body = answer.into_body().collect().await.expect("a body comes whole");
            Answer {
                status,
                body: body.to_bytes(),
            }
        }))
    }
}
