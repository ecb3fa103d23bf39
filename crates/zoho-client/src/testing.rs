//! A scripted Zoho in this process: requests are written down, answers come from a function.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use parking_lot::Mutex;
use serde_json::{Value, json};

use crate::pipeline::transport::{Body, Transport, TransportError};
use crate::{OAuthApp, Region, TokioClock, Zoho, ZohoBuilder};

pub(crate) const CLIENT_SECRET: &str = "very-secret-client-secret";
pub(crate) const REFRESH_TOKEN: &str = "1000.very-secret-refresh-token";
pub(crate) const ACCESS_TOKEN: &str = "1000.very-secret-access-token";

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) host: String,
    /// Whether it came by https.
    pub(crate) secure: bool,
}

impl Seen {
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub(crate) fn is_token(&self) -> bool {
        self.path == "/oauth/v2/token"
    }

    /// The access token that came with the request.
    pub(crate) fn token(&self) -> &str {
        self.headers
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Zoho-oauthtoken "))
            .unwrap_or_default()
    }
}

/// What a scripted server does.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Say(u16, Vec<(&'static str, String)>, Bytes),
    /// No connection.
    Refuse,
    /// The connection breaks after the request was sent.
    Break,
    /// The connection breaks inside the body.
    Cut(u16, Bytes),
    /// No answer ever.
    Hang,
}

impl Act {
    pub(crate) fn header(self, name: &'static str, value: &str) -> Self {
        match self {
            Self::Say(status, mut headers, body) => {
                headers.push((name, value.to_owned()));
                Self::Say(status, headers, body)
            }
            other => other,
        }
    }
}

#[allow(clippy::needless_pass_by_value, reason = "tests read better without borrows")]
pub(crate) fn say(status: u16, body: Value) -> Act {
    Act::Say(status, Vec::new(), body.to_string().into())
}

pub(crate) fn say_text(status: u16, body: &str) -> Act {
    Act::Say(status, Vec::new(), body.to_owned().into())
}

/// A refusal of CRM's.
pub(crate) fn refuse(status: u16, code: &str) -> Act {
    say(
        status,
        json!({"code": code, "details": {}, "message": "no", "status": "error"}),
    )
}

type Answer = dyn Fn(&Seen, usize) -> Act + Send + Sync;

/// The scripted server: a transport.
#[derive(Clone)]
pub(crate) struct Script {
    seen: Arc<Mutex<Vec<Seen>>>,
    answer: Arc<Answer>,
    tokens: Arc<Answer>,
    latency: Duration,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

impl Script {
    /// Answers API calls by a function of the request and of how many API calls came before it;
    /// token requests with a new token each, that lives for an hour.
    pub(crate) fn new(answer: impl Fn(&Seen, usize) -> Act + Send + Sync + 'static) -> Self {
        Self {
            seen: Arc::default(),
            answer: Arc::new(answer),
            tokens: Arc::new(|_, before| {
                say(
                    200,
                    json!({
                        "access_token": format!("{ACCESS_TOKEN}-{before}"),
                        "api_domain": "http://127.0.0.1:9",
                        "token_type": "Bearer",
                        "expires_in": 3600,
                    }),
                )
            }),
            latency: Duration::from_millis(20),
        }
    }

    /// Answers token requests by a function.
    pub(crate) fn tokens(mut self, answer: impl Fn(&Seen, usize) -> Act + Send + Sync + 'static) -> Self {
        self.tokens = Arc::new(answer);
        self
    }

    /// Lets every answer come so late.
    pub(crate) fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().clone()
    }

    /// The API calls that came.
    pub(crate) fn calls(&self) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| !seen.is_token()).collect()
    }

    /// How many tokens were asked for.
    pub(crate) fn mints(&self) -> usize {
        self.seen().iter().filter(|seen| seen.is_token()).count()
    }

    pub(crate) fn builder(&self) -> ZohoBuilder {
        self.builder_at(Region::custom("http://127.0.0.1:9").unwrap())
    }

    pub(crate) fn builder_at(&self, region: Region) -> ZohoBuilder {
        Zoho::builder(region)
            .oauth(OAuthApp::new("1000.CLIENT", CLIENT_SECRET))
            .refresh_token(REFRESH_TOKEN)
            .transport(self.clone())
            .clock(TokioClock::starting_at(Timestamp::constant(1_790_000_000, 0)))
            .seed(7)
    }

    pub(crate) fn client(&self) -> Zoho {
        self.builder().build().unwrap()
    }
}

impl Transport for Script {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        async move {
            let (parts, body) = request.into_parts();
            let query = parts.uri.query().unwrap_or_default();
            let seen = Seen {
                method: parts.method,
                path: parts.uri.path().to_owned(),
                query: url::form_urlencoded::parse(query.as_bytes())
                    .into_owned()
                    .collect(),
                headers: parts.headers,
                body: body.bytes().await?,
                host: parts.uri.host().unwrap_or_default().to_owned(),
                secure: parts.uri.scheme() == Some(&http::uri::Scheme::HTTPS),
            };
            let before = {
                let mut log = self.seen.lock();
                let before = log
                    .iter()
                    .filter(|known| known.is_token() == seen.is_token())
                    .count();
                log.push(seen.clone());
                before
            };
            tokio::time::sleep(self.latency).await;
            let act = if seen.is_token() {
                (self.tokens)(&seen, before)
            } else {
                (self.answer)(&seen, before)
            };
            match act {
                Act::Say(status, headers, body) => {
                    let mut response = http::Response::new(Body::from(body));
                    *response.status_mut() = StatusCode::from_u16(status).unwrap();
                    for (name, value) in headers {
                        response.headers_mut().append(name, value.parse().unwrap());
                    }
                    Ok(response)
                }
                Act::Refuse => Err(TransportError::not_sent("connection refused")),
                Act::Break => Err(TransportError::maybe_sent("connection reset")),
                Act::Cut(status, body) => {
                    let chunks = [Ok(body), Err(std::io::Error::other("connection reset"))];
                    let mut response = http::Response::new(Body::stream(futures_util::stream::iter(chunks)));
                    *response.status_mut() = StatusCode::from_u16(status).unwrap();
                    Ok(response)
                }
                Act::Hang => std::future::pending().await,
            }
        }
        .boxed()
    }
}
