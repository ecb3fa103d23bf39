//! The accounts server's addresses, and the bodies it answers programs with.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::codes::Exchange;
use super::consent::Moment;
use super::device::{self, Start};
use super::form::Form;
use super::pages::{DECISIONS, DEVICES};
use super::tokens::{Kind, TOKEN_LIFE};
use super::{DataCentre, Denial, Issued, browser, scopes};
use crate::answer::Answer;
use crate::config::Client;
use crate::world::World;

/// An operation of the accounts server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Authorize,
    Decide,
    Token,
    Revoke,
    RevokeNew,
    DeviceCode,
    DevicePage,
    DeviceEntry,
    DeviceToken,
    ServerInfo,
    WrongMethod,
    Unknown,
}

impl Endpoint {
    /// Every one of them.
    pub(crate) const ALL: [Self; 12] = [
        Self::Authorize,
        Self::Decide,
        Self::Token,
        Self::Revoke,
        Self::RevokeNew,
        Self::DeviceCode,
        Self::DevicePage,
        Self::DeviceEntry,
        Self::DeviceToken,
        Self::ServerInfo,
        Self::WrongMethod,
        Self::Unknown,
    ];

    /// Its name in faults and in the journal.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Authorize => "authorize",
            Self::Decide => "decide_consent",
            Self::Token => "token",
            Self::Revoke | Self::RevokeNew => "revoke_token",
            Self::DeviceCode => "device_code",
            Self::DevicePage | Self::DeviceEntry => "device_page",
            Self::DeviceToken => "device_token",
            Self::ServerInfo => "server_info",
            Self::WrongMethod | Self::Unknown => "unknown",
        }
    }
}

/// The endpoint of a path, if it belongs to the accounts server.
pub(crate) fn endpoint(method: &Method, path: &str) -> Option<Endpoint> {
    let by_method = |get, post| match *method {
        Method::GET => get,
        Method::POST => post,
        _ => Endpoint::WrongMethod,
    };
    let wrong = Endpoint::WrongMethod;
    Some(match path {
        DECISIONS => by_method(Endpoint::Authorize, Endpoint::Decide),
        "/oauth/v2/token" => by_method(wrong, Endpoint::Token),
        "/oauth/v2/token/revoke" => by_method(wrong, Endpoint::Revoke),
        "/oauth/v2/revoke/token" => by_method(wrong, Endpoint::RevokeNew),
        "/oauth/v3/device/code" => by_method(wrong, Endpoint::DeviceCode),
        "/oauth/v3/device/token" => by_method(wrong, Endpoint::DeviceToken),
        DEVICES => by_method(Endpoint::DevicePage, Endpoint::DeviceEntry),
        "/oauth/serverinfo" => by_method(Endpoint::ServerInfo, wrong),
        _ if path.starts_with("/oauth/") => Endpoint::Unknown,
        _ => return None,
    })
}

/// A request to the accounts server.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) query: &'a [(String, String)],
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a Bytes,
    pub(crate) centre: DataCentre,
    pub(crate) base_url: &'a str,
}

/// Answers an accounts request.
pub(crate) fn answer(world: &mut World, endpoint: Endpoint, asked: &Asked<'_>) -> Answer {
    let now = world.clock.now();
    let form = Form::read(asked.query, asked.headers, asked.body);
    let moment = Moment {
        centre: asked.centre,
        base_url: asked.base_url,
        now,
    };
    match endpoint {
        Endpoint::Authorize => browser::answer(world.accounts.authorize(&form, moment), moment),
        Endpoint::Decide => browser::answer(world.accounts.decide(&form, moment), moment),
        Endpoint::DevicePage => browser::device_page(&form, moment),
        Endpoint::DeviceEntry => {
            let code = form.get("user_code").unwrap_or_default();
            browser::answer(world.accounts.ask_for_device(code, now), moment)
        }
        Endpoint::DeviceCode => device_code(world, &form, moment),
        Endpoint::DeviceToken => device_token(world, &form, moment),
        Endpoint::Token => token(world, &form, moment),
        Endpoint::Revoke => {
            let gone = form
                .get("token")
                .is_some_and(|token| world.accounts.tokens.revoke(token, asked.centre, None, None));
            match gone {
                true => ok(&json!({"status": "success"})),
                false => ok(&json!({"error": "invalid_code"})),
            }
        }
        Endpoint::RevokeNew => revoke(world, &form, asked.centre),
        Endpoint::ServerInfo => server_info(asked.base_url),
        Endpoint::WrongMethod => denied(world, Denial::InvalidRequest),
        Endpoint::Unknown => Answer::json(StatusCode::NOT_FOUND, &json!({"error": "invalid_request"})),
    }
}

fn ok(body: &Value) -> Answer {
    Answer::json(StatusCode::OK, body)
}

fn token(world: &mut World, form: &Form, moment: Moment<'_>) -> Answer {
    let Some(grant_type) = form.get("grant_type") else {
        return denied(world, Denial::InvalidRequest);
    };
    let outcome = client(world, form, moment.centre)
        .and_then(|client| issue(world, &client, grant_type, form, moment.now));
    let whole = grant_type != "refresh_token" || !world.dialect.omit_expires_in;
    match outcome {
        Ok(issued) => issued_answer(world, &issued, moment, whole),
        Err(denial) => denied(world, denial),
    }
}

/// The client of a request, if its secret is right.
fn client(world: &World, form: &Form, centre: DataCentre) -> Result<Client, Denial> {
    let (id, secret) = form.client();
    world.accounts.registry.authenticated(id, secret, centre).cloned()
}

fn issue(
    world: &mut World,
    client: &Client,
    grant_type: &str,
    form: &Form,
    now: Timestamp,
) -> Result<Issued, Denial> {
    let accounts = &mut world.accounts;
    match grant_type {
        "authorization_code" => {
            let exchange = Exchange {
                code: form.get("code").ok_or(Denial::InvalidCode)?,
                redirect_uri: form.get("redirect_uri"),
                verifier: form.get("code_verifier"),
            };
            accounts.exchange(client, exchange, now)
        }
        "refresh_token" => {
            let token = form.get("refresh_token").ok_or(Denial::InvalidCode)?;
            accounts.refresh(client, token, now)
        }
        "client_credentials" => {
            form.get("soid")
                .and_then(|soid| soid.split_once('.'))
                .filter(|(service, organization)| !service.is_empty() && !organization.is_empty())
                .ok_or(Denial::MissingOrgInfo)?;
            let scopes = scopes::known(form.get("scope")).ok_or(Denial::InvalidScope)?;
            Ok(accounts.client_credentials(client, scopes, now))
        }
        _ => Err(Denial::InvalidClient),
    }
}

fn issued_answer(world: &World, issued: &Issued, moment: Moment<'_>, with_expiry: bool) -> Answer {
    let mut body = Map::new();
    body.insert("access_token".into(), issued.access_token.clone().into());
    if let Some(token) = &issued.refresh_token {
        body.insert("refresh_token".into(), token.clone().into());
    }
    body.insert("scope".into(), issued.scopes.join(" ").into());
    body.insert("api_domain".into(), moment.centre.address(moment.base_url).into());
    body.insert("token_type".into(), "Bearer".into());
    let seconds = TOKEN_LIFE.as_secs();
    if with_expiry && world.dialect.expires_in_sec {
        body.insert("expires_in_sec".into(), seconds.into());
        body.insert("expires_in".into(), (seconds * 1_000).into());
    } else if with_expiry {
        body.insert("expires_in".into(), seconds.into());
    }
    ok(&Value::Object(body))
}

fn denied(world: &World, denial: Denial) -> Answer {
    let error = match denial {
        Denial::InvalidCode => "invalid_code",
        Denial::InvalidClient => "invalid_client",
        Denial::InvalidClientSecret => "invalid_client_secret",
        Denial::InvalidRedirectUri => "invalid_redirect_uri",
        Denial::MissingOrgInfo => "missing_org_info",
        Denial::InvalidScope => "invalid_scope",
        Denial::AuthorizationPending => "authorization_pending",
        Denial::SlowDown => "slow_down",
        Denial::Expired => "expired",
        Denial::AccessDenied => "access_denied",
        Denial::OtherCentre(centre) => {
            return ok(&json!({"user_location": centre.code(), "error": "other_dc"}));
        }
        Denial::InvalidRequest => {
            return Answer::json(StatusCode::BAD_REQUEST, &json!({"error": "invalid_request"}));
        }
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
    ok(&json!({"error": error}))
}

fn device_code(world: &mut World, form: &Form, moment: Moment<'_>) -> Answer {
    let start = || {
        if form.get("grant_type").ok_or(Denial::InvalidRequest)? != "device_request" {
            return Err(Denial::InvalidClient);
        }
        let client = device_client(world, form, moment.centre)?;
        Ok(Start {
            client: client.id,
            centre: moment.centre,
            scopes: scopes::known(form.get("scope")).ok_or(Denial::InvalidScope)?,
            offline: form.get("access_type") == Some("offline"),
        })
    };
    let start = match start() {
        Ok(start) => start,
        Err(denial) => return denied(world, denial),
    };
    let (device_code, user_code) = world.accounts.start_device(start, moment.now);
    let page = format!("{}{DEVICES}", moment.centre.address(moment.base_url));
    ok(&json!({
        "user_code": user_code,
        "device_code": device_code,
        "verification_url": page,
        "verification_uri_complete": format!("{page}?user_code={user_code}"),
        "interval": device::INTERVAL.as_millis() as u64,
        "expires_in": device::CODE_LIFE.as_millis() as u64,
    }))
}

fn device_token(world: &mut World, form: &Form, moment: Moment<'_>) -> Answer {
    let poll = |world: &mut World| {
        if form.get("grant_type").ok_or(Denial::InvalidRequest)? != "device_token" {
            return Err(Denial::InvalidClient);
        }
        let client = device_client(world, form, moment.centre)?;
        let code = form.get("code").ok_or(Denial::InvalidCode)?;
        world.accounts.poll_device(&client, code, moment.now)
    };
    match poll(world) {
        Ok(issued) => issued_answer(world, &issued, moment, true),
        Err(denial) => denied(world, denial),
    }
}

/// The client of a device, which may have no secret to keep; one that is sent has to be right.
fn device_client(world: &World, form: &Form, centre: DataCentre) -> Result<Client, Denial> {
    let (id, secret) = form.client();
    let registry = &world.accounts.registry;
    match secret.is_empty() {
        true => registry.client(id, centre).ok_or(Denial::InvalidClient),
        false => registry.authenticated(id, secret, centre),
    }
    .cloned()
}

fn revoke(world: &mut World, form: &Form, centre: DataCentre) -> Answer {
    let refused = |error: &str| Answer::json(StatusCode::BAD_REQUEST, &json!({"error": error}));
    let Ok(client) = client(world, form, centre) else {
        return refused("invalid_client");
    };
    let kind = match form.get("token_type") {
        Some("access_token") => Some(Kind::Access),
        Some("refresh_token") => Some(Kind::Refresh),
        _ => None,
    };
    let tokens = &mut world.accounts.tokens;
    match form.get("token") {
        Some(token) if tokens.revoke(token, centre, kind, Some(&client.id)) => {
            ok(&json!({"status": "success"}))
        }
        _ => refused("invalid_token"),
    }
}

/// Every location leads to this mock, so that no client is led away to the real one. China is never
/// listed.
fn server_info(base_url: &str) -> Answer {
    let locations: Map<String, Value> = DataCentre::all()
        .filter(|centre| *centre != DataCentre::CN)
        .map(|centre| (centre.code().to_owned(), centre.address(base_url).into()))
        .collect();
    ok(&json!({"result": "success", "locations": locations}))
}
