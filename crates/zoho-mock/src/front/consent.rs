//! `/_mock/consent`: consent without a browser, for tests in any language.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Shared, wish};
use crate::accounts::{AccountsServer, ConsentError};
use crate::answer::Answer;

/// What to consent to, by whom, and whether.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    /// The authorization address that a browser would open.
    url: Option<String>,
    /// Or the code that a device shows.
    user_code: Option<String>,
    /// The user's email address; the first user by default.
    user: Option<String>,
    /// Whether the user accepts, as by default.
    accept: Option<bool>,
}

/// Answers with where the browser would be sent, or that the device was answered.
pub(super) fn answer(shared: &Shared, body: &[u8]) -> Answer {
    let outcome = wish::read(body).and_then(|wish| decide(shared, &wish));
    match outcome {
        Ok(body) => Answer::json(StatusCode::OK, &body),
        Err(error) => Answer::json(StatusCode::BAD_REQUEST, &json!({"error": error})),
    }
}

fn decide(shared: &Shared, wish: &Wish) -> Result<Value, String> {
    let accounts = AccountsServer::new(shared);
    let decision = match wish.accept {
        Some(false) => "reject",
        _ => "accept",
    };
    let user = wish.user.as_deref();
    let said = |error: ConsentError| error.to_string();
    match (&wish.url, &wish.user_code) {
        (Some(url), None) => {
            let redirect = accounts.answer(url, user, decision).map_err(said)?;
            Ok(json!({"redirect": redirect}))
        }
        (None, Some(code)) => {
            accounts.answer_device(code, user, decision).map_err(said)?;
            Ok(json!({"status": "ok"}))
        }
        _ => Err("either url or user_code is needed".to_owned()),
    }
}
