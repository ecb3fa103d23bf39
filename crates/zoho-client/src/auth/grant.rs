//! The token endpoint: what is sent, and what its answers mean whatever their status says.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::{OAuthApp, Scopes};
use crate::error::{ApiError, Error, ErrorKind, Result};
use crate::pipeline::transport::{Body, Transport};

/// Zoho's window for its limit on new tokens; what a throttled caller has to wait.
pub(crate) const WINDOW: Duration = Duration::from_secs(600);

/// The lifetime of an access token when the answer does not say it.
const HOUR: Duration = Duration::from_secs(3600);

/// What the token endpoint gave.
#[non_exhaustive]
pub struct Grant {
    /// The access token.
    pub access_token: SecretString,
    /// The refresh token: on a code exchange with `access_type=offline`, not on a refresh.
    pub refresh_token: Option<SecretString>,
    /// The address of the API for this user.
    pub api_domain: Option<String>,
    /// The scopes that were granted, when Zoho says them.
    pub scopes: Option<Scopes>,
    /// How long the access token lives.
    pub lifetime: Duration,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("api_domain", &self.api_domain)
            .field("scopes", &self.scopes)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// Asks for a new access token.
pub(crate) async fn refresh(
    transport: &dyn Transport,
    accounts: &str,
    app: &OAuthApp,
    refresh_token: &SecretString,
    timeout: Duration,
) -> Result<Grant> {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", &app.client_id),
        ("client_secret", app.client_secret.expose_secret()),
        ("refresh_token", refresh_token.expose_secret()),
    ];
    ask(transport, accounts, "refresh_token", &form, timeout).await
}

/// Trades the code of a callback for tokens.
pub(crate) async fn exchange(
    transport: &dyn Transport,
    accounts: &str,
    app: &OAuthApp,
    code: &str,
    verifier: Option<&str>,
    timeout: Duration,
) -> Result<Grant> {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", &app.client_id),
        ("client_secret", app.client_secret.expose_secret()),
        ("code", code),
    ];
    form.extend(app.redirect_uri.as_deref().map(|uri| ("redirect_uri", uri)));
    form.extend(verifier.map(|verifier| ("code_verifier", verifier)));
    ask(transport, accounts, "exchange_code", &form, timeout).await
}

async fn ask(
    transport: &dyn Transport,
    accounts: &str,
    operation: &'static str,
    form: &[(&str, &str)],
    timeout: Duration,
) -> Result<Grant> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let request = http::Request::builder()
        .method(Method::POST)
        .uri(format!("{accounts}/oauth/v2/token"))
        .header(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        )
        .header(ACCEPT, HeaderValue::from_static("application/json"))
        .body(Body::from(form))
        .map_err(|error| Error::config("the accounts address is no address").with_source(error))?;
    let answer = async {
        let response = transport.send(request).await?;
        let status = response.status();
        Ok((status, response.into_body().bytes().await?))
    };
    let (status, body) = match tokio::time::timeout(timeout, answer).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(crate::pipeline::classify::broken(error).with_operation(operation)),
        Err(_) => {
            return Err(
                Error::new(ErrorKind::Timeout, "the token endpoint did not answer").with_operation(operation),
            );
        }
    };
    tracing::debug!(operation, status = status.as_u16(), "token endpoint answered");
    read(status, &body).map_err(|error| error.with_operation(operation))
}

/// Reads an answer of the token endpoint. The body decides: refusals come with 200 too.
pub(crate) fn read(status: StatusCode, body: &Bytes) -> Result<Grant> {
    // No cause is attached: serde repeats what it found, and that may be a token.
    let Ok(Value::Object(mut fields)) = serde_json::from_slice::<Value>(body) else {
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(throttled(status));
        }
        return Err(Error::new(
            ErrorKind::Decode,
            "the token endpoint did not answer with a JSON object",
        )
        .with_status(status)
        .with_json_path("$")
        .passing(status.is_server_error()));
    };
    match fields.remove("access_token") {
        Some(Value::String(token)) if !token.is_empty() => Ok(Grant {
            access_token: token.into(),
            refresh_token: text(&fields, "refresh_token")
                .filter(|token| !token.is_empty())
                .map(Into::into),
            api_domain: text(&fields, "api_domain").filter(|domain| !domain.is_empty()),
            scopes: text(&fields, "scope").map(|scope| [scope].into_iter().collect()),
            lifetime: lifetime(&fields),
        }),
        _ => Err(refusal(status, &fields)),
    }
}

fn text(fields: &Map<String, Value>, key: &str) -> Option<String> {
    fields.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// `expires_in_sec` wins; beside it, and wherever it is absurdly long, `expires_in` is in
/// milliseconds; without either it is an hour.
fn lifetime(fields: &Map<String, Value>) -> Duration {
    let number = |key: &str| match fields.get(key)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    match (number("expires_in_sec"), number("expires_in")) {
        (Some(seconds), _) => Duration::from_secs(seconds),
        (None, Some(millis)) if millis > 100_000 => Duration::from_millis(millis),
        (None, Some(seconds)) => Duration::from_secs(seconds),
        (None, None) => HOUR,
    }
}

fn throttled(status: StatusCode) -> Error {
    Error::new(ErrorKind::RateLimited, "too many access tokens were asked for")
        .with_status(status)
        .with_retry_after(Some(WINDOW))
}

fn refusal(status: StatusCode, fields: &Map<String, Value>) -> Error {
    let code = text(fields, "error").unwrap_or_default();
    let description = text(fields, "error_description").unwrap_or_default();
    let api = ApiError::oauth(status, code.clone(), description.clone());
    // Capital letters and a space are the throttle; `access_denied` is a refusal.
    if code == "Access Denied"
        || description.contains("too many requests")
        || status == StatusCode::TOO_MANY_REQUESTS
    {
        return throttled(status).with_api(api);
    }
    let message = match code.as_str() {
        "invalid_code" => "the code or refresh token is used up, expired, revoked or of another data centre",
        "invalid_client" => "the client id is unknown at this data centre",
        "invalid_client_secret" => "the client secret is not the one of this data centre",
        "invalid_redirect_uri" => "the redirect address is not the one in the API console",
        "access_denied" => "access was denied",
        "" => {
            return Error::new(
                ErrorKind::Decode,
                "the token endpoint gave neither a token nor an error",
            )
            .with_status(status)
            .with_json_path("$.access_token")
            .passing(status.is_server_error());
        }
        _ => "the token endpoint refused",
    };
    let error = Error::new(ErrorKind::Auth, message)
        .with_status(status)
        .with_api(api)
        .passing(status.is_server_error());
    if code == "invalid_code" {
        error.consent_needed()
    } else {
        error
    }
}
