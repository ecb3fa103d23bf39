//! The one way to Zoho: every request waits for a slot, takes a token, is sent, judged, and
//! perhaps sent again here.

pub(crate) mod classify;
pub(crate) mod limits;
pub(crate) mod meter;
pub mod operation;
pub(crate) mod request;
pub(crate) mod retry;
pub(crate) mod transport;
#[allow(dead_code, reason = "generated resources use it, each behind its feature")]
pub(crate) mod typed;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use http::header::{AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, StatusCode};
use parking_lot::Mutex;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::de::DeserializeOwned;
use tracing::Instrument;

use self::classify::{Verdict, classify};
use self::limits::Limits;
use self::operation::{Operation, Product};
use self::request::Request;
use self::retry::{RetryPolicy, may_have_happened};
use self::transport::{Body, Transport};
use crate::auth::token::{Access, TokenSource};
use crate::clock;
use crate::error::{Error, ErrorKind, Result};
use crate::page::body::End;

/// What one client is made of.
pub(crate) struct Engine {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) tokens: Arc<TokenSource>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) retry: RetryPolicy,
    pub(crate) timeout: Duration,
    /// The bytes of an answer that are taken into memory.
    pub(crate) largest: usize,
    pub(crate) user_agent: HeaderValue,
    pub(crate) versions: Versions,
    pub(crate) jitter: Mutex<StdRng>,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("tokens", &self.tokens)
            .field("transport", &self.transport)
            .finish_non_exhaustive()
    }
}

/// The versions of the two APIs: data, because they will change.
#[derive(Clone, Debug)]
pub(crate) struct Versions {
    pub(crate) crm: String,
    pub(crate) books: String,
}

/// An answer that was accepted.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) id: std::borrow::Cow<'static, str>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// In memory, unless the call asked for bytes.
    pub(crate) body: Body,
    /// Where a list goes on, if the body is a page of one and says so at its end.
    pub(crate) end: Option<End>,
}

impl Answer {
    /// Whether Zoho said that there is nothing: 204, 304, or no body at all.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
            || self.body.as_bytes().is_some_and(<[u8]>::is_empty)
    }

    /// The body as a type.
    pub(crate) fn json<T: DeserializeOwned>(&self) -> Result<T> {
        decode(&self.id, self.status, self.body.as_bytes().unwrap_or_default())
    }
}

/// Reads a body, and names operation, status and JSON path when it does not fit.
pub(crate) fn decode<T: DeserializeOwned>(operation: &str, status: StatusCode, body: &[u8]) -> Result<T> {
    // Keeping track of the path costs an allocation a field, so only a body that does not fit is read with it.
    if let Ok(value) = serde_json::from_slice(body) {
        return Ok(value);
    }
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let fault = |cause: serde_json::Error, path: String| {
        Error::new(ErrorKind::Decode, "the body is not what was expected")
            .with_operation(operation.to_owned())
            .with_status(status)
            .with_json_path(path)
            .with_source(cause)
    };
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = match error.path().to_string().as_str() {
            "." => "$".to_owned(),
            path if path.starts_with('[') => format!("${path}"),
            path => format!("$.{path}"),
        };
        fault(error.into_inner(), path)
    })?;
    deserializer.end().map_err(|cause| fault(cause, "$".to_owned()))?;
    Ok(value)
}

impl Engine {
    /// A number for whatever needs spreading: waiting times, boundaries.
    pub(crate) fn random(&self) -> u64 {
        self.jitter.lock().next_u64()
    }

    /// Sends a request until it is answered, refused or given up.
    pub(crate) async fn call(&self, request: Request) -> Result<Answer> {
        let span = tracing::info_span!(
            "zoho",
            operation = %request.id,
            method = %request.method,
            path = %request.template,
            status = tracing::field::Empty,
            attempts = tracing::field::Empty,
        );
        self.attempts(request).instrument(span).await
    }

    async fn attempts(&self, mut request: Request) -> Result<Answer> {
        let policy = request.retry.clone().unwrap_or_else(|| self.retry.clone());
        let mut schedule = policy.schedule(self.random(), request.retry.is_some());
        let started = clock::moment();
        let mut refusals = 0;
        let mut lost = false;
        loop {
            let attempt = schedule.begin();
            let error = match self.attempt(&mut request).await {
                Ok(answer) => {
                    let span = tracing::Span::current();
                    span.record("status", answer.status.as_u16());
                    span.record("attempts", attempt);
                    return Ok(answer);
                }
                Err(Failure::TokenRefused {
                    access,
                    error,
                    ambiguous,
                }) => {
                    refusals += 1;
                    // On the heap, as it is rare: it would make every call larger.
                    let replaced = self.replace(&request, &access, &error, ambiguous, refusals);
                    match replaced.boxed().await {
                        Ok(true) => {
                            schedule.forgive();
                            continue;
                        }
                        Ok(false) => error,
                        Err(error) => error,
                    }
                }
                Err(Failure::Failed(error)) => error,
            };
            let wait = if request.payload.can_be_sent() {
                schedule.next(&error, request.idempotent, clock::since(started))
            } else {
                None
            };
            let Some(wait) = wait else {
                return Err(self.give_up(&request, error, attempt, lost));
            };
            lost |= may_have_happened(&error);
            tracing::warn!(attempt, wait_ms = wait.as_millis(), error = %error, "trying again");
            tokio::time::sleep(wait).await;
        }
    }

    /// Gets another token after a refusal. `Ok(false)`: another token would not help.
    async fn replace(
        &self,
        request: &Request,
        access: &Arc<Access>,
        error: &Error,
        ambiguous: bool,
        refusals: u32,
    ) -> Result<bool> {
        let lacks_scope = ambiguous && !self.missing_scopes(request, access).is_empty();
        if lacks_scope || refusals > 3 || !request.payload.can_be_sent() {
            return Ok(false);
        }
        tracing::info!(
            code = error.api().map(crate::error::ApiError::code),
            "the access token was refused"
        );
        Ok(self
            .tokens
            .replace(access, ambiguous, request.operation.map(|operation| operation.id))
            .await
            .map_err(unsent)?
            .is_some())
    }

    async fn attempt(&self, request: &mut Request) -> Result<Answer, Failure> {
        let mut permit = self.limits.enter(request).await?;
        // After the wait, so that the token is one for now.
        let access = self.tokens.access().await.map_err(unsent)?;
        let version = match request.product {
            Product::Crm => &self.versions.crm,
            Product::Books => &self.versions.books,
        };
        let mut http = request.take_http(&access.api, version)?;
        let headers = http.headers_mut();
        headers.insert(USER_AGENT, self.user_agent.clone());
        headers.insert(AUTHORIZATION, access.header.clone());
        let timeout = request.timeout.unwrap_or(self.timeout);
        permit.sent();
        let exchange = self.exchange(request, http);
        let (status, headers, body) = match tokio::time::timeout(timeout, exchange).await {
            Ok(answer) => answer?,
            Err(_) => {
                let message = format!("nothing came within {timeout:?}");
                return Err(Error::new(ErrorKind::Timeout, message).into());
            }
        };
        permit.learn(&headers);
        drop(permit);
        let verdict = match body.as_bytes() {
            // A stream of bytes: only an accepted answer streams.
            None => Verdict::Accept(status, None),
            Some(bytes) => classify(request, status, &headers, bytes),
        };
        match verdict {
            Verdict::Accept(status, end) => {
                let operation = request.operation.map(|operation| operation.id);
                self.tokens.accepted(&access, operation);
                Ok(Answer {
                    id: request.id.clone(),
                    status,
                    headers,
                    body,
                    end,
                })
            }
            Verdict::TokenRefused { error, ambiguous } => Err(Failure::TokenRefused {
                error: self.name_scopes(request, &access, error, ambiguous),
                access,
                ambiguous,
            }),
            Verdict::Fail(error) => {
                self.tokens.accepted(&access, None);
                if error.kind() == ErrorKind::RateLimited
                    && let Some(wait) = error.retry_after()
                {
                    self.limits.pause(request, wait.min(Duration::from_secs(120)));
                }
                Err(self.name_scopes(request, &access, error, true).into())
            }
        }
    }

    async fn exchange(
        &self,
        request: &Request,
        http: http::Request<Body>,
    ) -> Result<(StatusCode, HeaderMap, Body)> {
        let response = self.transport.send(http).await.map_err(classify::broken)?;
        let (parts, body) = response.into_parts();
        if request.binary && parts.status.is_success() {
            return Ok((parts.status, parts.headers, body));
        }
        let bytes = body
            .bytes_within(self.largest)
            .await
            .map_err(|error| classify::cut_short(parts.status, error))?;
        Ok((parts.status, parts.headers, Body::from(bytes)))
    }

    /// Whether the connection is known to lack the scopes of a request. Nothing is known of what was never asked for.
    pub(crate) async fn lacks(&self, request: &Request) -> bool {
        match self.tokens.access().await {
            Ok(access) => !self.missing_scopes(request, &access).is_empty(),
            Err(_) => false,
        }
    }

    fn missing_scopes(&self, request: &Request, access: &Access) -> Vec<String> {
        match (request.operation, &access.scopes) {
            (Some(operation), Some(granted)) => granted.missing(&needed_scopes(operation, request)),
            _ => Vec::new(),
        }
    }

    /// Says which scopes are missing, where the refusal can mean that.
    fn name_scopes(&self, request: &Request, access: &Access, error: Error, maybe: bool) -> Error {
        if error.kind() != ErrorKind::Auth || !maybe {
            return error;
        }
        let mut missing = self.missing_scopes(request, access);
        let certain = error
            .api()
            .is_some_and(|api| api.code() == "OAUTH_SCOPE_MISMATCH");
        if missing.is_empty()
            && certain
            && let Some(operation) = request.operation
        {
            missing = needed_scopes(operation, request)
                .into_iter()
                .next()
                .unwrap_or_default();
        }
        if missing.is_empty() {
            return error;
        }
        let message = format!("the connection lacks the scope {}", missing.join(", "));
        error.with_message(message).with_missing_scopes(missing)
    }

    /// `lost` says that an attempt before this one may have been carried out.
    fn give_up(&self, request: &Request, error: Error, attempt: u32, lost: bool) -> Error {
        let span = tracing::Span::current();
        span.record("attempts", attempt);
        if let Some(status) = error.status() {
            span.record("status", status.as_u16());
        }
        let unreadable = error.kind() == ErrorKind::Decode;
        let unknown = !request.idempotent && (error.is_passing() || unreadable) && may_have_happened(&error);
        // A refusal may refuse what an attempt before it has done: that it is not there any more, or there already.
        let overtaken = lost && request.writes() && !error.is_passing();
        error
            .with_operation(request.id.clone())
            .with_attempts(attempt)
            .outcome_unknown(unknown || overtaken)
    }
}

/// Why one attempt did not give an answer.
enum Failure {
    TokenRefused {
        access: Arc<Access>,
        error: Error,
        ambiguous: bool,
    },
    Failed(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// Says that a failure to get a token left the request itself unsent.
fn unsent(error: Error) -> Error {
    error.unsent(true)
}

/// The alternatives of scopes for a request, with the module's name filled in.
fn needed_scopes(operation: &Operation, request: &Request) -> Vec<Vec<String>> {
    let module = request::match_template(operation.path, &request.path)
        .and_then(|parameters| parameters.into_iter().next())
        .unwrap_or_default();
    operation
        .scopes
        .iter()
        .map(|all| {
            all.iter()
                .map(|scope| scope.replace("{module}", &module))
                .collect()
        })
        .collect()
}

/// A source of spread for waiting times.
pub(crate) fn jitter(seed: u64) -> Mutex<StdRng> {
    Mutex::new(StdRng::seed_from_u64(seed))
}
