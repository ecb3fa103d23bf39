//! The accounts server's addresses and the bodies it answers with.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::form::Form;
use super::tokens::TOKEN_LIFE;
use super::{Denial, Issued, scopes};
use crate::answer::Answer;
use crate::generated::REGIONS;
use crate::world::World;

/// An operation of the accounts server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Token,
    Revoke,
    RevokeNew,
    ServerInfo,
    WrongMethod,
    Unknown,
}

impl Endpoint {
    /// Its name in faults and in the journal.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Revoke | Self::RevokeNew => "revoke_token",
            Self::ServerInfo => "server_info",
            Self::WrongMethod | Self::Unknown => "unknown",
        }
    }
}

/// The endpoint of a path, if it belongs to the accounts server.
pub(crate) fn endpoint(method: &Method, path: &str) -> Option<Endpoint> {
    let (endpoint, wanted) = match path {
        "/oauth/v2/token" => (Endpoint::Token, Method::POST),
        "/oauth/v2/token/revoke" => (Endpoint::Revoke, Method::POST),
        "/oauth/v2/revoke/token" => (Endpoint::RevokeNew, Method::POST),
        "/oauth/serverinfo" => (Endpoint::ServerInfo, Method::GET),
        _ if path.starts_with("/oauth/") => return Some(Endpoint::Unknown),
        _ => return None,
    };
    Some(match *method == wanted {
        true => endpoint,
        false => Endpoint::WrongMethod,
    })
}

/// Answers an accounts request.
pub(crate) fn answer(
    world: &mut World,
    endpoint: Endpoint,
    query: &[(String, String)],
    headers: &HeaderMap,
    body: &Bytes,
    base_url: &str,
) -> Answer {
    let now = world.clock.now();
    let form = Form::read(query, headers, body);
    match endpoint {
        Endpoint::Token => token(world, &form, base_url, now),
        Endpoint::Revoke => match form.get("token") {
            Some(token) if world.accounts.revoke(token) => {
                Answer::json(StatusCode::OK, &json!({"status": "success"}))
            }
            _ => Answer::json(StatusCode::OK, &json!({"error": "invalid_code"})),
        },
        Endpoint::RevokeNew => revoke(world, &form),
        Endpoint::ServerInfo => server_info(base_url),
        Endpoint::WrongMethod => Answer::json(StatusCode::BAD_REQUEST, &json!({"error": "invalid_request"})),
        Endpoint::Unknown => Answer::json(StatusCode::NOT_FOUND, &json!({"error": "invalid_request"})),
    }
}

fn token(world: &mut World, form: &Form, base_url: &str, now: Timestamp) -> Answer {
    let Some(grant_type) = form.get("grant_type") else {
        return Answer::json(StatusCode::BAD_REQUEST, &json!({"error": "invalid_request"}));
    };
    let (id, secret) = form.client();
    let outcome = world
        .accounts
        .client(id, secret)
        .and_then(|client| match grant_type {
            "authorization_code" => world.accounts.exchange(
                &client,
                form.get("code").ok_or(Denial::InvalidCode)?,
                form.get("redirect_uri"),
                now,
            ),
            "refresh_token" => world.accounts.refresh(
                &client,
                form.get("refresh_token").ok_or(Denial::InvalidCode)?,
                now,
            ),
            "client_credentials" => {
                form.get("soid")
                    .filter(|soid| soid.split_once('.').is_some())
                    .ok_or(Denial::MissingOrgInfo)?;
                let scopes = scopes::listed(form.get("scope").ok_or(Denial::InvalidScope)?);
                Ok(world.accounts.client_credentials(&client, scopes, now))
            }
            _ => Err(Denial::InvalidClient),
        });
    match outcome {
        Ok(issued) => issued_answer(world, &issued, base_url),
        Err(denial) => denied(world, denial),
    }
}

fn issued_answer(world: &World, issued: &Issued, base_url: &str) -> Answer {
    let mut body = Map::new();
    body.insert("access_token".into(), issued.access_token.clone().into());
    if let Some(token) = &issued.refresh_token {
        body.insert("refresh_token".into(), token.clone().into());
    }
    body.insert("scope".into(), issued.scopes.join(" ").into());
    body.insert("api_domain".into(), base_url.into());
    body.insert("token_type".into(), "Bearer".into());
    let seconds = TOKEN_LIFE.as_secs();
    if world.dialect.expires_in_sec {
        body.insert("expires_in_sec".into(), seconds.into());
        body.insert("expires_in".into(), (seconds * 1_000).into());
    } else {
        body.insert("expires_in".into(), seconds.into());
    }
    Answer::json(StatusCode::OK, &Value::Object(body))
}

fn denied(world: &World, denial: Denial) -> Answer {
    let error = match denial {
        Denial::InvalidCode => "invalid_code",
        Denial::InvalidClient => "invalid_client",
        Denial::InvalidClientSecret => "invalid_client_secret",
        Denial::InvalidRedirectUri => "invalid_redirect_uri",
        Denial::MissingOrgInfo => "missing_org_info",
        Denial::InvalidScope => "invalid_scope",
        Denial::Throttled => {
            let status = match world.dialect.throttle_with_200 {
                true => StatusCode::OK,
                false => StatusCode::BAD_REQUEST,
            };
            let message = "You have made too many requests continuously. Please try again after some time.";
            return Answer::json(
                status,
                &json!({"error_description": message, "error": "Access Denied", "status": "failure"}),
            );
        }
    };
    Answer::json(StatusCode::OK, &json!({"error": error}))
}

fn revoke(world: &mut World, form: &Form) -> Answer {
    let (id, secret) = form.client();
    if world.accounts.client(id, secret).is_err() {
        return Answer::json(StatusCode::BAD_REQUEST, &json!({"error": "invalid_client"}));
    }
    match form.get("token") {
        Some(token) if world.accounts.revoke(token) => {
            Answer::json(StatusCode::OK, &json!({"status": "success"}))
        }
        _ => Answer::json(StatusCode::BAD_REQUEST, &json!({"error": "invalid_token"})),
    }
}

/// Every location is this mock, so that no client is led away to the real one.
fn server_info(base_url: &str) -> Answer {
    // Asked at any other data centre, Zoho leaves out China.
    let locations: Map<String, Value> = REGIONS
        .iter()
        .filter(|region| region.code != "cn")
        .map(|region| (region.code.to_owned(), base_url.into()))
        .collect();
    Answer::json(
        StatusCode::OK,
        &json!({"result": "success", "locations": locations}),
    )
}
