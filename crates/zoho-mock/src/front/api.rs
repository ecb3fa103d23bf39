//! A routed request: who asks, whether they may, whether there is allowance left, and the handler.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde_json::json;

use super::credits::credits;
use super::{Asked, respond};
use crate::accounts::Access;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::limits::BooksVerdict;
use crate::route::{Product, Route};
use crate::world::{Handler, World};
use crate::{books, crm, schema_answer, scope};

const RESET: HeaderName = HeaderName::from_static("x-accesstoken-reset");
const PER_MINUTE: &str = "For security reasons your organization has been blocked as it have exceeded the maximum \
                          number of requests per minute that can originate from an organization.";
/// Books' message for too many requests at once.
pub(super) const IN_PROCESS: &str =
    "You have reached the maximum number of in process requests allowed. Kindly try again after some time.";

/// Answers a routed request; a crowded one is one more than may be under way.
pub(super) fn answer(
    world: &mut World,
    route: &'static Route,
    path: &[(&'static str, String)],
    asked: &Asked<'_>,
    base_url: &str,
    crowded: bool,
) -> Answer {
    let now = world.clock.now();
    let (call, access) = match admit(world, route, path, asked, base_url) {
        Ok(admitted) => admitted,
        Err(refusal) => return refusal.into_answer(),
    };
    let mut answer = match route.product {
        Product::Crm => crm_answer(world, &call, now, crowded),
        Product::Books => books_answer(world, &call, now, crowded),
    };
    if route.product == Product::Crm {
        let expires = access.reset(|expires| world.crm.time_text(expires));
        answer.headers.push((RESET, expires));
    }
    answer
}

/// The call that a request makes, and the token that it is let in with.
pub(super) fn admit<'a>(
    world: &World,
    route: &'static Route,
    path: &'a [(&'static str, String)],
    asked: &'a Asked<'_>,
    base_url: &'a str,
) -> Result<(Call<'a>, Arc<Access>), Refusal> {
    let now = world.clock.now();
    let access = authenticate(world, route, path, asked, now)?;
    let call = Call {
        route,
        path: path.into(),
        query: asked.query.as_slice().into(),
        headers: &asked.parts.headers,
        body: asked.body,
        base_url,
        user: access.user,
        now: Timestamp::from_second(now.as_second()).unwrap_or(now),
    };
    Ok((call, access))
}

/// The token's owner, if the token is alive and its scopes suffice.
fn authenticate(
    world: &World,
    route: &Route,
    path: &[(&'static str, String)],
    asked: &Asked<'_>,
    now: Timestamp,
) -> Result<Arc<Access>, Refusal> {
    let Some(token) = bearer(&asked.parts.headers) else {
        return Err(match route.product {
            Product::Crm => unauthorized("AUTHENTICATION_FAILURE", "Authentication failed"),
            Product::Books => Refusal::books(
                StatusCode::UNAUTHORIZED,
                14,
                "The request could not be authenticated as the authentication value you entered is invalid. \
                 Enter a valid authentication value and try again.",
            ),
        });
    };
    let not_authorized = || {
        Refusal::books(
            StatusCode::UNAUTHORIZED,
            57,
            "You are not authorized to perform this operation",
        )
    };
    let Some(access) = world.accounts.live(token, asked.centre, now) else {
        return Err(match route.product {
            Product::Crm => unauthorized("INVALID_TOKEN", "invalid oauth token"),
            Product::Books => not_authorized(),
        });
    };
    let value = |name: &str| {
        path.iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value.as_str())
    };
    if scope::allows(&access.scopes, route.scopes, value) {
        return Ok(Arc::clone(access));
    }
    Err(match route.product {
        Product::Crm => unauthorized("OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL"),
        Product::Books => not_authorized(),
    })
}

pub(super) fn unauthorized(code: &'static str, message: &str) -> Refusal {
    Refusal::crm(StatusCode::UNAUTHORIZED, code, message, json!({}))
}

/// The token of the authorization header: `Zoho-oauthtoken` or `Bearer`.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .trim()
        .split_once(' ')?;
    let known = ["zoho-oauthtoken", "bearer"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(scheme));
    Some(token.trim()).filter(|token| known && !token.is_empty())
}

fn crm_answer(world: &mut World, call: &Call<'_>, now: Timestamp, crowded: bool) -> Answer {
    crm::bulk::advance(&mut world.crm, now.as_second());
    let mut answer = if crowded {
        respond::too_many(world.dialect, respond::TOO_MANY)
    } else if world.limits.spend(credits(call), now) {
        handle(world, call)
    } else {
        respond::too_many(
            world.dialect,
            "You have used up the API credits of the last 24 hours.",
        )
    };
    if let Some(left) = world.limits.credits_to_show() {
        set(&mut answer, "x-api-credits-remaining", &left.to_string());
    }
    answer
}

fn books_answer(world: &mut World, call: &Call<'_>, now: Timestamp, crowded: bool) -> Answer {
    let organization = match organization(world, call) {
        Ok(organization) => organization,
        Err(refusal) => return refusal.into_answer(),
    };
    // A call that is one too many at once is not counted.
    let verdict = (!crowded).then(|| world.limits.books(&organization, now));
    let mut answer = match verdict {
        None => Refusal::books(StatusCode::TOO_MANY_REQUESTS, 1070, IN_PROCESS).into_answer(),
        Some(BooksVerdict::Allowed) => handle(world, call),
        Some(BooksVerdict::TooManyThisMinute) => {
            Refusal::books(StatusCode::TOO_MANY_REQUESTS, 44, PER_MINUTE).into_answer()
        }
        Some(BooksVerdict::TooManyToday) => {
            let limit = world.limits.books_budget(&organization, now).limit;
            let message = format!(
                "The API call for this organization has exceeded the maximum call rate limit of {limit}."
            );
            Refusal::books(StatusCode::TOO_MANY_REQUESTS, 45, message).into_answer()
        }
    };
    let budget = world.limits.books_budget(&organization, now);
    set(&mut answer, "x-rate-limit-limit", &budget.limit.to_string());
    set(
        &mut answer,
        "x-rate-limit-remaining",
        &budget.remaining.to_string(),
    );
    set(&mut answer, "x-rate-limit-reset", &budget.reset.to_string());
    answer
}

/// The handler of an operation that keeps state.
pub(crate) fn handler(route: &'static Route) -> Option<Handler> {
    match route.product {
        Product::Crm => crm::handler(route.id),
        Product::Books => books::handler(route),
    }
}

/// Runs the handler; an operation without one answers from its schema.
fn handle(world: &mut World, call: &Call<'_>) -> Answer {
    world.crm.settle(call.now.as_second());
    let handler = handler(call.route).filter(|_| !world.from_schemas);
    handler.unwrap_or(schema_answer::answer)(world, call).unwrap_or_else(Refusal::into_answer)
}

/// Answers a call that is neither counted nor billed.
pub(super) fn uncounted(world: &mut World, call: &Call<'_>) -> Answer {
    match call.route.product {
        Product::Crm => crm::bulk::advance(&mut world.crm, call.now.as_second()),
        Product::Books => {
            if let Err(refusal) = organization(world, call) {
                return refusal.into_answer();
            }
        }
    }
    handle(world, call)
}

/// The organization a Books call is for; operations that need none count for the default one.
pub(super) fn organization(world: &World, call: &Call<'_>) -> Result<String, Refusal> {
    let sent = books::organization_id(call).unwrap_or_default();
    if world.books.knows(sent) {
        return Ok(sent.to_owned());
    }
    match call.route.organization {
        false => Ok(world.books.default_organization().to_owned()),
        true => Err(Refusal::books(
            StatusCode::BAD_REQUEST,
            6041,
            format!("This user is not associated with the CompanyID/CompanyName:{sent}."),
        )),
    }
}

fn set(answer: &mut Answer, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers.push((HeaderName::from_static(name), value));
    }
}
