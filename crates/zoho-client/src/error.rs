//! The one error of this crate: a kind to branch on, accessors for the facts, no secrets.

mod api;
mod line;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

pub use api::ApiError;
use line::Line;

use crate::outcome::PartialWrite;
use crate::page::Cursor;

/// The result of everything in this crate that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of thing went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The caller's input can not be right. Nothing was sent.
    Config,
    /// Zoho does not accept the credentials, or they lack a scope.
    Auth,
    /// The connection failed.
    Transport,
    /// No answer in time.
    Timeout,
    /// Zoho asks to wait, or waiting is needed to stay within its limits.
    RateLimited,
    /// Zoho understood the request and refused it.
    Api,
    /// The answer is not what it should be: not JSON, cut short, or of another shape.
    Decode,
    /// A limit of Zoho's ends a list before its end.
    Exhausted,
    /// Whatever keeps tokens and cursors failed.
    Store,
}

impl ErrorKind {
    fn text(self) -> &'static str {
        match self {
            Self::Config => "bad input",
            Self::Auth => "not authorized",
            Self::Transport => "connection failed",
            Self::Timeout => "no answer in time",
            Self::RateLimited => "limit reached",
            Self::Api => "refused by Zoho",
            Self::Decode => "unreadable answer",
            Self::Exhausted => "list can not be continued",
            Self::Store => "store failed",
        }
    }
}

/// What went wrong: see [`Error::kind`].
///
/// `Display` names the operation, the kind and the reason. The cause, when there is one, is behind
/// [`std::error::Error::source`] and is not repeated.
#[derive(Clone)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    /// So many characters of the message are shown.
    most: usize,
    operation: Option<Cow<'static, str>>,
    status: Option<StatusCode>,
    api: Option<ApiError>,
    json_path: Option<String>,
    retry_after: Option<Duration>,
    attempts: u32,
    passing: bool,
    outcome_unknown: bool,
    unsent: bool,
    needs_consent: bool,
    missing_scopes: Vec<String>,
    partial: Option<Box<PartialWrite>>,
    cursor: Option<Cursor>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                most: 500,
                operation: None,
                status: None,
                api: None,
                json_path: None,
                retry_after: None,
                attempts: 0,
                passing: matches!(
                    kind,
                    ErrorKind::Transport | ErrorKind::Timeout | ErrorKind::RateLimited
                ),
                outcome_unknown: false,
                unsent: false,
                needs_consent: false,
                missing_scopes: Vec::new(),
                partial: None,
                cursor: None,
                source: None,
            }),
        }
    }

    /// Shows more of the message: for what a program is told of its own input, all at once.
    pub(crate) fn at_length(mut self) -> Self {
        self.inner.most = 10_000;
        self
    }

    /// The failure of a [`StateStore`](crate::StateStore) of your own. The message goes into logs: it holds
    /// no value of the store's.
    pub fn store(
        message: impl Into<Cow<'static, str>>,
        cause: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(ErrorKind::Store, message).with_source(cause)
    }

    pub(crate) fn config(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    /// What kind of thing went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// What Zoho said, when it said something.
    #[must_use]
    pub fn api(&self) -> Option<&ApiError> {
        self.inner.api.as_ref()
    }

    /// The HTTP status of the answer, when there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.inner.status
    }

    /// The operation that failed, such as `list_records`.
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.inner.operation.as_deref()
    }

    /// Where in the answer the decoder stopped, such as `$.data[3].Owner`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        self.inner.json_path.as_deref()
    }

    /// How long to wait before trying again, when that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.inner.retry_after
    }

    /// How often the request was sent before it was given up.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.inner.attempts
    }

    /// Whether sending the same again may help and does no harm.
    ///
    /// It is `false` for a write that may have happened: see [`Error::is_outcome_unknown`].
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.inner.passing && !self.inner.outcome_unknown
    }

    /// Whether this was a write that may have happened although it failed here: it was sent, it is
    /// not safe to send twice, and no readable answer came.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        self.inner.outcome_unknown
    }

    /// Whether the user has to give consent again: the refresh token is gone, revoked, or was
    /// never there.
    #[must_use]
    pub fn needs_consent(&self) -> bool {
        self.inner.needs_consent
    }

    /// The scopes that the operation needs and the connection lacks, as far as Zoho says.
    #[must_use]
    pub fn missing_scopes(&self) -> &[String] {
        &self.inner.missing_scopes
    }

    /// How far a write of several batches came before it failed.
    #[must_use]
    pub fn partial_write(&self) -> Option<&PartialWrite> {
        self.inner.partial.as_deref()
    }

    /// Where a list stood when it ended before its end.
    #[must_use]
    pub fn cursor(&self) -> Option<&Cursor> {
        self.inner.cursor.as_ref()
    }

    /// Whether the answer could come another time, whatever the harm of asking again.
    pub(crate) fn is_passing(&self) -> bool {
        self.inner.passing
    }

    pub(crate) fn message(&self) -> &str {
        &self.inner.message
    }

    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.inner.kind = kind;
        self
    }

    pub(crate) fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.inner.message = message.into();
        self
    }

    pub(crate) fn with_operation(mut self, operation: impl Into<Cow<'static, str>>) -> Self {
        self.inner.operation.get_or_insert(operation.into());
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.inner.status = Some(status);
        self
    }

    pub(crate) fn with_api(mut self, api: ApiError) -> Self {
        self.inner.api = Some(api);
        self
    }

    pub(crate) fn with_json_path(mut self, path: impl Into<String>) -> Self {
        self.inner.json_path = Some(path.into());
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Option<Duration>) -> Self {
        self.inner.retry_after = wait;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.inner.attempts = attempts;
        self
    }

    pub(crate) fn passing(mut self, passing: bool) -> Self {
        self.inner.passing = passing;
        self
    }

    pub(crate) fn outcome_unknown(mut self, unknown: bool) -> Self {
        self.inner.outcome_unknown = unknown;
        self
    }

    /// Says that the server can not have seen the request.
    pub(crate) fn unsent(mut self, unsent: bool) -> Self {
        self.inner.unsent = unsent;
        self
    }

    pub(crate) fn is_unsent(&self) -> bool {
        self.inner.unsent
    }

    pub(crate) fn consent_needed(mut self) -> Self {
        self.inner.needs_consent = true;
        self
    }

    pub(crate) fn with_missing_scopes(mut self, scopes: Vec<String>) -> Self {
        self.inner.missing_scopes = scopes;
        self
    }

    pub(crate) fn with_partial(mut self, partial: PartialWrite) -> Self {
        self.inner.partial = Some(Box::new(partial));
        self
    }

    pub(crate) fn with_cursor(mut self, cursor: Cursor) -> Self {
        self.inner.cursor = Some(cursor);
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.inner.source = Some(Arc::from(source.into()));
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        if let Some(operation) = &inner.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(inner.kind.text())?;
        match (inner.status, inner.api.as_ref().map(ApiError::code)) {
            (Some(status), Some(code)) => write!(f, " ({} {})", status.as_u16(), Line(code, 100))?,
            (Some(status), None) => write!(f, " ({})", status.as_u16())?,
            (None, Some(code)) => write!(f, " ({})", Line(code, 100))?,
            (None, None) => {}
        }
        if !inner.message.is_empty() {
            write!(f, ": {}", Line(&inner.message, inner.most))?;
        }
        if let Some(path) = &inner.json_path {
            write!(f, " at {}", Line(path, 200))?;
        }
        if inner.outcome_unknown {
            f.write_str("; the write may have happened")?;
        }
        if let Some(partial) = &inner.partial {
            if !partial.known.is_empty() {
                write!(f, "; the first {} outcomes are known", partial.known.len())?;
            }
            if !partial.unknown.is_empty() {
                let (first, last) = (partial.unknown.start, partial.unknown.end - 1);
                write!(f, "; the outcomes of records {first} to {last} are not")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.inner;
        let mut out = f.debug_struct("Error");
        out.field("kind", &inner.kind).field("message", &inner.message);
        if let Some(operation) = &inner.operation {
            out.field("operation", operation);
        }
        if let Some(status) = inner.status {
            out.field("status", &status.as_u16());
        }
        if let Some(api) = &inner.api {
            out.field("api", api);
        }
        if let Some(path) = &inner.json_path {
            out.field("json_path", path);
        }
        if let Some(source) = &inner.source {
            out.field("source", source);
        }
        out.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.inner
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
