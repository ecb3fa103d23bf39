//! A mock in process, with a token and a clock that jumps.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use super::ask::Ask;
use super::dice::Dice;
use crate::{MockBuilder, MockZoho};

/// No request may take longer, in tokio's time.
const DEADLINE: Duration = Duration::from_secs(60);

pub(super) struct Desk {
    pub(super) zoho: MockZoho,
    pub(super) token: String,
    runtime: Runtime,
}

#[derive(Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) kind: String,
    /// The Content-Length.
    pub(super) length: Option<usize>,
    pub(super) body: Bytes,
}

impl Reply {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Desk {
    pub(super) fn new(builder: MockBuilder) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        let builder = builder
            .books_per_minute(None)
            .books_per_day(u32::MAX)
            .crm_credits(u32::MAX);
        let zoho = runtime.block_on(async { builder.in_process() });
        let mut desk = Self {
            zoho,
            token: String::new(),
            runtime,
        };
        desk.renew();
        desk
    }

    /// Gets another access token.
    fn renew(&mut self) {
        let (zoho, form) = (&self.zoho, "grant_type=refresh_token");
        let (id, secret, token) = (zoho.client_id(), zoho.client_secret(), zoho.refresh_token());
        let body = format!("{form}&client_id={id}&client_secret={secret}&refresh_token={token}");
        let ask = Ask {
            headers: Vec::new(),
            body: body.into(),
            ..Ask::new("POST", "/oauth/v2/token")
        };
        let answer = self.send(&ask).json();
        self.token = answer["access_token"].as_str().unwrap().to_owned();
    }

    /// Moves the clock on by up to a few hours.
    pub(super) fn jump(&mut self, dice: &mut Dice) {
        let by = 1 + dice.below(20_000) as u64;
        self.zoho.advance(Duration::from_secs(3_600 + by));
        // The fuzz may have revoked the token that others are made from.
        let code = self.zoho.grant_code(Vec::<String>::new());
        let form = "grant_type=authorization_code";
        let (id, secret) = (self.zoho.client_id(), self.zoho.client_secret());
        let body = format!("{form}&client_id={id}&client_secret={secret}&code={code}");
        let ask = Ask {
            headers: Vec::new(),
            body: body.into(),
            ..Ask::new("POST", "/oauth/v2/token")
        };
        let answer = self.send(&ask).json();
        let token = answer["access_token"].as_str();
        self.token = token.unwrap_or_else(|| panic!("{answer}")).to_owned();
    }

    pub(super) fn send(&mut self, ask: &Ask) -> Reply {
        let mut request = Request::builder()
            .method(ask.method.as_str())
            .uri(ask.target.as_str());
        for (name, value) in &ask.headers {
            request = request.header(name, value.replace("{token}", &self.token));
        }
        let request = request.body(Full::new(ask.body.clone())).unwrap();
        self.runtime.block_on(async {
            let answer = async {
                let response = self.zoho.service().oneshot(request).await.unwrap();
                let header = |name: &str| {
                    let value = response.headers().get(name).and_then(|value| value.to_str().ok());
                    value.map(str::to_owned)
                };
                let (kind, length) = (header("content-type"), header("content-length"));
                let status = response.status().as_u16();
                Reply {
                    status,
                    kind: kind.unwrap_or_default(),
                    length: length.map(|length| length.parse().unwrap()),
                    body: response.into_body().collect().await.unwrap().to_bytes(),
                }
            };
            tokio::time::timeout(DEADLINE, answer)
                .await
                .expect("an answer in time")
        })
    }
}
