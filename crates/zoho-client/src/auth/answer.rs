//! What the answers of the token endpoint mean, whatever their status says.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Map, Value};

use super::Grant;
use super::grant::WINDOW;
use crate::error::{ApiError, Error, ErrorKind, Result};

/// The lifetime of an access token when the answer does not say it.
const HOUR: Duration = Duration::from_secs(3600);

/// Reads an answer of the token endpoint. The body decides: refusals come with 200 too.
pub(crate) fn read(status: StatusCode, body: &Bytes) -> Result<Grant> {
    let mut fields = object(status, body)?;
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

/// The JSON object of an answer of the accounts server.
pub(super) fn object(status: StatusCode, body: &Bytes) -> Result<Map<String, Value>> {
    // No cause is attached: serde repeats what it found, and that may be a token.
    if let Ok(Value::Object(fields)) = serde_json::from_slice::<Value>(body) {
        return Ok(fields);
    }
    if status == StatusCode::TOO_MANY_REQUESTS {
        return Err(throttled(status));
    }
    Err(Error::new(
        ErrorKind::Decode,
        "the accounts server did not answer with a JSON object",
    )
    .with_status(status)
    .with_json_path("$")
    .passing(status.is_server_error()))
}

pub(super) fn text(fields: &Map<String, Value>, key: &str) -> Option<String> {
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

/// What a refusal means.
pub(super) fn refusal(status: StatusCode, fields: &Map<String, Value>) -> Error {
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
        "missing_org_info" => "the organization (soid) is missing or not one of the application's",
        "expired" => "the code has run out",
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
