//! What changed the world, in order. Handlers are pure and ids come from the seed, so that the same
//! steps at the same times give the same world again: that is what a snapshot keeps.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use http::request::Parts;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::{Client, Dialect, User};
use crate::route::{PagingStyle, Route};

/// Headers that no answer depends on.
const UNTOLD: [&str; 6] = [
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
];

/// A step and when it was taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) at: Timestamp,
    pub(crate) step: Step,
}

/// Something that changed the world.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Step {
    /// A request to one of the servers.
    Request(Request),
    /// A request of whoever runs the mock: without a token, and not counted.
    Operate(Request),
    /// Records were seeded.
    Seed { module: String, count: usize },
    /// A grant code was handed out.
    Grant { client: String, scopes: Vec<String> },
    /// The question behind an authorization address was answered without a browser.
    Consent {
        address: String,
        user: Option<String>,
        decision: String,
    },
    /// The question behind a device's code was answered without a browser.
    Device {
        user_code: String,
        user: Option<String>,
        decision: String,
    },
    /// A client was registered.
    Client(Client),
    /// A user was registered.
    User(User),
    /// All access tokens were ended.
    ExpireAccessTokens,
    /// The dialect was switched.
    Dialect(Dialect),
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    method: String,
    /// Path and query.
    target: String,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Content::is_empty")]
    body: Content,
}

impl Request {
    pub(crate) fn new(parts: &Parts, body: &Bytes) -> Self {
        let target = parts.uri.path_and_query();
        let told = parts
            .headers
            .iter()
            .filter(|(name, _)| !UNTOLD.contains(&name.as_str()));
        Self {
            method: parts.method.to_string(),
            target: target.map_or("/", |target| target.as_str()).to_owned(),
            headers: told
                .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
                .collect(),
            body: Content(body.clone()),
        }
    }

    /// The request to send again.
    ///
    /// # Errors
    /// What is no HTTP in it.
    pub(crate) fn parts(&self) -> Result<(Parts, Bytes), String> {
        let mut request = http::Request::builder()
            .method(self.method.as_str())
            .uri(self.target.as_str());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(()).map_err(|error| error.to_string())?;
        Ok((request.into_parts().0, self.body.0.clone()))
    }
}

/// A body: text as text, all else in base64.
#[derive(Clone, Debug, Default, PartialEq)]
struct Content(Bytes);

impl Content {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Binary { base64: String },
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(&self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => Written::Binary {
                base64: STANDARD.encode(&self.0),
            }
            .serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Written::deserialize(deserializer)? {
            Written::Text(text) => Ok(Self(text.into())),
            Written::Binary { base64 } => STANDARD
                .decode(base64)
                .map(|bytes| Self(bytes.into()))
                .map_err(serde::de::Error::custom),
        }
    }
}

/// Whether a request to an API may have changed the world, apart from what it cost. A job of the bulk
/// APIs moves on when it is looked at, so looking counts there.
pub(crate) fn matters(route: &Route, method: &Method) -> bool {
    let query = route
        .paging
        .is_some_and(|paging| paging.style == PagingStyle::Query);
    (method != Method::GET && !query) || route.tag.starts_with("bulk")
}
