//! Consent for devices without a browser: the user enters a short code elsewhere.

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::grant::{Endpoint, Grant, Proof};
use super::{Scopes, answer};
use crate::error::{Error, ErrorKind, Result};
use crate::region::Region;

/// What to add to the interval when the server finds it too short.
const SLOWER: Duration = Duration::from_secs(5);

/// A code that the user enters in a browser, on whatever machine has one.
pub struct DeviceCode {
    user_code: String,
    verification_url: String,
    complete_url: Option<String>,
    device_code: SecretString,
    interval: Duration,
    expires_in: Duration,
    region: Region,
}

/// What the device got: tokens, and where the user lives.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct DeviceGrant {
    /// The tokens.
    pub grant: Grant,
    /// The user's data centre: the region to connect to.
    pub region: Region,
}

/// What a poll said.
pub(crate) enum Poll {
    Granted(Grant),
    Pending,
    SlowDown,
    /// The user lives elsewhere: go on asking there.
    Elsewhere(String),
}

impl DeviceCode {
    /// The code to show.
    #[must_use]
    pub fn user_code(&self) -> &str {
        &self.user_code
    }

    /// Where the user enters it.
    #[must_use]
    pub fn verification_url(&self) -> &str {
        &self.verification_url
    }

    /// The same with the code already entered, to show as a QR code.
    #[must_use]
    pub fn complete_url(&self) -> Option<&str> {
        self.complete_url.as_deref()
    }

    /// How long the code is good for.
    #[must_use]
    pub fn expires_in(&self) -> Duration {
        self.expires_in
    }

    /// How long to wait between two questions.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.interval
    }

    /// Where it was asked for.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// The next interval after a server found this one too short.
    pub(crate) fn slower(interval: Duration) -> Duration {
        interval.saturating_add(SLOWER)
    }
}

impl fmt::Debug for DeviceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceCode")
            .field("verification_url", &self.verification_url)
            .field("expires_in", &self.expires_in)
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl Endpoint<'_> {
    /// Asks for a code to show.
    pub(crate) async fn device_code(&self, scopes: &Scopes) -> Result<DeviceCode> {
        let operation = "device_code";
        let scope = scopes.to_string();
        let form = [
            ("grant_type", "device_request"),
            ("scope", scope.as_str()),
            ("access_type", "offline"),
            ("prompt", "consent"),
        ];
        let (status, body) = self.post(operation, &form, Proof::Id).await?;
        let told = |error: Error| error.with_operation(operation);
        let fields = answer::object(status, &body).map_err(told)?;
        self.read_code(status, &fields).map_err(told)
    }

    fn read_code(&self, status: StatusCode, fields: &Map<String, Value>) -> Result<DeviceCode> {
        let needed = |key: &str| {
            answer::text(fields, key)
                .filter(|text| !text.is_empty())
                .ok_or_else(|| match fields.contains_key("error") {
                    true => answer::refusal(status, fields),
                    false => Error::new(ErrorKind::Decode, "the device got no code")
                        .with_status(status)
                        .with_json_path(format!("$.{key}")),
                })
        };
        Ok(DeviceCode {
            device_code: needed("device_code")?.into(),
            user_code: needed("user_code")?,
            verification_url: needed("verification_url")?,
            complete_url: answer::text(fields, "verification_uri_complete"),
            interval: time(fields, "interval", 1_000).unwrap_or(Duration::from_secs(30)),
            expires_in: time(fields, "expires_in", 10_000).unwrap_or(Duration::from_secs(300)),
            region: self.region.clone(),
        })
    }

    /// Asks whether the user has decided.
    pub(crate) async fn poll_device(&self, code: &DeviceCode) -> Result<Poll> {
        let operation = "device_token";
        let form = [
            ("grant_type", "device_token"),
            ("code", code.device_code.expose_secret()),
        ];
        let (status, body) = self.post(operation, &form, Proof::Form).await?;
        let told = |error: Error| error.with_operation(operation);
        let fields = answer::object(status, &body).map_err(told)?;
        match answer::text(&fields, "error").as_deref() {
            Some("authorization_pending") => Ok(Poll::Pending),
            Some("slow_down") => Ok(Poll::SlowDown),
            Some("other_dc") => answer::text(&fields, "user_location")
                .map(Poll::Elsewhere)
                .ok_or_else(|| told(answer::refusal(status, &fields))),
            Some("access_denied" | "expired") => Err(told(answer::refusal(status, &fields)).consent_needed()),
            _ => answer::read(status, &body).map(Poll::Granted).map_err(told),
        }
    }
}

/// A time that Zoho says in milliseconds, and that others say in seconds: numbers from `millis` on
/// are milliseconds.
fn time(fields: &Map<String, Value>, key: &str, millis: u64) -> Option<Duration> {
    let number = fields.get(key)?;
    let number = number.as_u64().or_else(|| number.as_str()?.parse().ok())?;
    Some(match number >= millis {
        true => Duration::from_millis(number),
        false => Duration::from_secs(number),
    })
}
