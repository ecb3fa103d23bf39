//! From headers and bytes to a notification, or to the reason why it is none.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use http::header::CONTENT_LENGTH;
use http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Map, Value};
use subtle::ConstantTimeEq;

use super::notification::{Notification, Operation};
use crate::error::{Error, Result};
use crate::record::Record;
use crate::wire::ZohoId;

/// Zoho's bound on the token of a channel.
const TOKEN: usize = 50;
/// Records of one callback at most; Zoho tells of what one call wrote.
const RECORDS: usize = 1_000;

/// Why a callback was refused. It quotes nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookError {
    /// The body is larger than the limit; it was not read.
    TooLarge,
    /// The body is not JSON, or not that of a callback.
    Unreadable,
    /// An id is not made of digits, or there are none.
    BadId,
    /// There is no token.
    TokenMissing,
    /// The token is not the channel's.
    TokenWrong,
}

impl WebhookError {
    /// What to answer Zoho: 401 without the right token, else 400.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::TokenMissing | Self::TokenWrong => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the body is larger than the limit",
            Self::Unreadable => "the body is not that of a callback",
            Self::BadId => "an id is not made of digits",
            Self::TokenMissing => "the callback has no token",
            Self::TokenWrong => "the token is not the channel's",
        })
    }
}

impl std::error::Error for WebhookError {}

/// How many callbacks a receiver has taken and refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Counts {
    /// Taken.
    pub accepted: u64,
    /// Refused for their token.
    pub unauthorized: u64,
    /// Refused for their size, their ids, or for being no callback.
    pub malformed: u64,
}

#[derive(Debug, Default)]
struct Counters {
    accepted: AtomicU64,
    unauthorized: AtomicU64,
    malformed: AtomicU64,
}

/// Takes callbacks of channels that were enabled with its tokens. Clones count together.
#[derive(Clone)]
pub struct Receiver {
    tokens: Arc<[SecretString]>,
    limit: usize,
    counters: Arc<Counters>,
}

impl Receiver {
    /// A receiver of callbacks with a token: the one that the channel was enabled with.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): the token is empty or longer than Zoho's 50
    /// characters. There is no receiver without a token.
    pub fn new(token: impl Into<SecretString>) -> Result<Self> {
        Ok(Self {
            tokens: Arc::from([checked(token.into())?]),
            limit: 1 << 20,
            counters: Arc::default(),
        })
    }

    /// Takes callbacks with another token too: of a second channel, or of the same one while its
    /// token is changed.
    ///
    /// # Errors
    /// As [`Receiver::new`].
    pub fn also(mut self, token: impl Into<SecretString>) -> Result<Self> {
        let token = checked(token.into())?;
        self.tokens = self.tokens.iter().cloned().chain([token]).collect();
        Ok(self)
    }

    /// The bytes that a body may have; 1 MiB without a word. A larger one is refused unread.
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = bytes;
        self
    }

    pub(crate) fn body_limit(&self) -> usize {
        self.limit
    }

    /// Checks a callback and reads it. The token is compared in constant time.
    ///
    /// # Errors
    /// It is none of Zoho's, or not one of these channels. It is counted, and traced without content.
    pub fn receive(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notification, WebhookError> {
        let received = self.read(headers, body);
        self.count(received.as_ref().err());
        received
    }

    pub(crate) fn count(&self, refused: Option<&WebhookError>) {
        let counter = match refused {
            None => &self.counters.accepted,
            Some(WebhookError::TokenMissing | WebhookError::TokenWrong) => &self.counters.unauthorized,
            Some(_) => &self.counters.malformed,
        };
        counter.fetch_add(1, Ordering::Relaxed);
        if let Some(refused) = refused {
            tracing::warn!(reason = %refused, "a callback was refused");
        }
    }

    /// How many callbacks were taken and refused so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Counts {
            accepted: of(&self.counters.accepted),
            unauthorized: of(&self.counters.unauthorized),
            malformed: of(&self.counters.malformed),
        }
    }

    /// Whether a body of the announced size is not worth reading.
    pub(crate) fn announces_too_much(&self, headers: &HeaderMap) -> bool {
        let announced = headers
            .get(CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok());
        announced.is_some_and(|length| {
            length
                .trim()
                .parse::<u64>()
                .is_ok_and(|length| usize::try_from(length).is_ok_and(|length| length > self.limit))
        })
    }

    fn read(&self, headers: &HeaderMap, body: &[u8]) -> Result<Notification, WebhookError> {
        if body.len() > self.limit || self.announces_too_much(headers) {
            return Err(WebhookError::TooLarge);
        }
        // The token alone first: what follows is only for those who have it.
        let Claim { token } = serde_json::from_slice(body).map_err(|_| WebhookError::Unreadable)?;
        self.authorize(token.as_deref())?;
        let body: Body = serde_json::from_slice(body).map_err(|_| WebhookError::Unreadable)?;
        body.notification()
    }

    fn authorize(&self, token: Option<&str>) -> Result<(), WebhookError> {
        let token = token
            .filter(|token| !token.is_empty())
            .ok_or(WebhookError::TokenMissing)?;
        let known = self
            .tokens
            .iter()
            .map(|known| known.expose_secret().as_bytes().ct_eq(token.as_bytes()))
            .fold(subtle::Choice::from(0), |any, one| any | one);
        match bool::from(known) {
            true => Ok(()),
            false => Err(WebhookError::TokenWrong),
        }
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("tokens", &self.tokens.len())
            .field("limit", &self.limit)
            .field("counts", &self.counts())
            .finish()
    }
}

fn checked(token: SecretString) -> Result<SecretString> {
    let length = token.expose_secret().chars().count();
    if length == 0 || length > TOKEN {
        return Err(Error::config(format!(
            "the token of a channel has 1 to {TOKEN} characters, this one {length}"
        )));
    }
    Ok(token)
}

#[derive(Deserialize)]
struct Claim<'a> {
    #[serde(default, borrow)]
    token: Option<std::borrow::Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Body {
    module: String,
    operation: Operation,
    #[serde(deserialize_with = "text_or_number")]
    channel_id: String,
    ids: Vec<Value>,
    #[serde(default)]
    server_time: Option<i64>,
    #[serde(default)]
    query_params: Option<Map<String, Value>>,
    #[serde(default)]
    affected_fields: Option<Vec<BTreeMap<ZohoId, Vec<String>>>>,
    #[serde(default)]
    affected_values: Option<Vec<Values>>,
}

#[derive(Deserialize)]
struct Values {
    record_id: ZohoId,
    #[serde(default)]
    values: Option<Record>,
}

fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("expected a channel id")),
    }
}

impl Body {
    fn notification(self) -> Result<Notification, WebhookError> {
        if self.ids.is_empty() || self.ids.len() > RECORDS {
            return Err(WebhookError::BadId);
        }
        let ids = self.ids.iter().map(id).collect::<Result<Vec<_>, _>>()?;
        let told: BTreeSet<&ZohoId> = ids.iter().collect();
        let known = |id: &ZohoId| told.contains(id);
        let fields = self.affected_fields.into_iter().flatten().flatten();
        let values = self.affected_values.into_iter().flatten();
        let affected_fields = fields.filter(|(id, _)| known(id)).collect();
        let affected_values = values
            .filter(|values| known(&values.record_id))
            .filter_map(|values| Some((values.record_id, values.values?)))
            .collect();
        Ok(Notification {
            affected_fields,
            affected_values,
            channel_id: self.channel_id,
            module: self.module,
            operation: self.operation,
            server_time: self
                .server_time
                .and_then(|millis| Timestamp::from_millisecond(millis).ok()),
            query_params: self.query_params.unwrap_or_default(),
            ids,
        })
    }
}

/// Digits, as a text or as a number.
fn id(value: &Value) -> Result<ZohoId, WebhookError> {
    let text = match value {
        Value::String(text) => text.parse(),
        Value::Number(number) => number.to_string().parse(),
        _ => return Err(WebhookError::BadId),
    };
    text.map_err(|_| WebhookError::BadId)
}
