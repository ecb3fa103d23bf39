//! What changed the world, in order. Handlers are pure and ids come from the seed, so that the same
//! steps at the same times give the same world again: that is what a snapshot keeps.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use http::request::Parts;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::config::{Allowances, Client, Dialect, User};
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

/// Methods that need no memory of their own.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

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
    /// The limits were changed.
    Allowances(Allowances),
}

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Request {
    method: Cow<'static, str>,
    /// Path and query.
    target: Box<str>,
    #[serde(default)]
    headers: Headers,
    #[serde(default, skip_serializing_if = "Content::is_empty")]
    body: Content,
}

impl Request {
    /// The request, after another one whose memory it may share.
    pub(crate) fn new(parts: &Parts, body: &Bytes, before: Option<&Request>) -> Self {
        let target = parts.uri.path_and_query();
        Self {
            method: match METHODS.iter().find(|known| **known == parts.method.as_str()) {
                Some(known) => Cow::Borrowed(known),
                None => Cow::Owned(parts.method.to_string()),
            },
            target: target.map_or("/", |target| target.as_str()).into(),
            headers: Headers::new(parts, before.map(|before| &before.headers)),
            body: Content(body.clone()),
        }
    }

    /// The request to send again.
    ///
    /// # Errors
    /// What is no HTTP in it.
    pub(crate) fn parts(&self) -> Result<(Parts, Bytes), String> {
        let mut request = http::Request::builder().method(&*self.method).uri(&*self.target);
        for (name, value) in self.headers.0.iter() {
            request = request.header(name, value);
        }
        let request = request.body(()).map_err(|error| error.to_string())?;
        Ok((request.into_parts().0, self.body.0.clone()))
    }
}

/// The headers that an answer may depend on. A client sends the same ones with nearly every request, so that
/// requests share them.
#[derive(Clone, Debug, Default, PartialEq)]
struct Headers(Arc<[(String, String)]>);

impl Headers {
    fn new(parts: &Parts, before: Option<&Self>) -> Self {
        let told = || {
            let told = parts.headers.iter();
            let told = told.filter(|(name, _)| !UNTOLD.contains(&name.as_str()));
            told.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        };
        let same = |before: &&Self| {
            let mut told = told();
            let mut known = before.0.iter();
            known.all(|(name, value)| told.next().is_some_and(|told| told == (name, value)))
                && told.next().is_none()
        };
        match before.filter(same) {
            Some(before) => before.clone(),
            None => {
                let owned = told().map(|(name, value)| (name.to_owned(), value.to_owned()));
                Self(owned.collect())
            }
        }
    }
}

impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.as_ref().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(|headers| Self(headers.into()))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, token: &str, before: Option<&Request>) -> Request {
        let request = http::Request::builder().method(method).uri("/crm/v8/Leads");
        let request = request.header("authorization", token).header("host", "localhost");
        Request::new(
            &request.body(()).unwrap().into_parts().0,
            &Bytes::from("{}"),
            before,
        )
    }

    #[test]
    fn requests_share_their_headers_while_they_are_the_same() {
        let first = request("POST", "Zoho-oauthtoken 1", None);
        let same = request("PUT", "Zoho-oauthtoken 1", Some(&first));
        let other = request("PURGE", "Zoho-oauthtoken 2", Some(&same));
        assert!(Arc::ptr_eq(&first.headers.0, &same.headers.0));
        assert!(!Arc::ptr_eq(&same.headers.0, &other.headers.0));
        for (request, token) in [(&same, "Zoho-oauthtoken 1"), (&other, "Zoho-oauthtoken 2")] {
            let text = serde_json::to_string(request).unwrap();
            let read: Request = serde_json::from_str(&text).unwrap();
            assert_eq!(&read, request);
            let (parts, body) = read.parts().unwrap();
            assert_eq!((parts.headers.len(), &body[..]), (1, b"{}".as_slice()));
            assert_eq!(parts.headers["authorization"], token);
        }
    }
}
