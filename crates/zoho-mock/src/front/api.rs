//! A routed request: who asks, whether they may, whether there is allowance left, and the handler.

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Asked;
use crate::accounts::Access;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::limits::BooksVerdict;
use crate::route::{Credits, Product, Route};
use crate::world::{Handler, World};
use crate::{books, crm, schema_answer, scope};

const PER_MINUTE: &str = "For security reasons your organization has been blocked as it have exceeded the maximum \
                          number of requests per minute that can originate from an organization.";
/// Books' message for too many requests at once.
pub(super) const IN_PROCESS: &str =
    "You have reached the maximum number of in process requests allowed. Kindly try again after some time.";

/// Answers a routed request.
pub(super) fn answer(
    world: &mut World,
    route: &'static Route,
    path: &[(&'static str, String)],
    asked: &Asked<'_>,
    base_url: &str,
) -> Answer {
    let now = world.clock.now();
    let access = match authenticate(world, route, path, asked, now) {
        Ok(access) => access,
        Err(refusal) => return refusal.into_answer(),
    };
    let call = Call {
        route,
        path: path.to_vec(),
        query: asked.query.clone(),
        headers: &asked.parts.headers,
        body: asked.body,
        base_url,
        user: access.user,
        now: Timestamp::from_second(now.as_second()).unwrap_or(now),
    };
    let mut answer = match route.product {
        Product::Crm => crm_answer(world, &call, now),
        Product::Books => books_answer(world, &call, now),
    };
    if route.product == Product::Crm {
        let expires = access
            .expires
            .to_zoned_datetime(world.zone.clone())
            .strftime("%Y-%m-%dT%H:%M:%S%:z")
            .to_string();
        set(&mut answer, "x-accesstoken-reset", &expires);
    }
    answer
}

/// The token's owner, if the token is alive and its scopes suffice.
fn authenticate(
    world: &World,
    route: &Route,
    path: &[(&'static str, String)],
    asked: &Asked<'_>,
    now: Timestamp,
) -> Result<Access, Refusal> {
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
        return Ok(access.clone());
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

fn crm_answer(world: &mut World, call: &Call<'_>, now: Timestamp) -> Answer {
    crm::bulk::advance(&mut world.crm, now.as_second());
    let mut answer = match world.limits.spend(credits(call), now) {
        true => handle(world, call),
        false => Refusal::crm(
            StatusCode::TOO_MANY_REQUESTS,
            "TOO_MANY_REQUESTS",
            "You have used up the API credits of the last 24 hours.",
            json!({}),
        )
        .into_answer(),
    };
    if let Some(left) = world.limits.credits_to_show() {
        set(&mut answer, "x-api-credits-remaining", &left.to_string());
    }
    answer
}

fn books_answer(world: &mut World, call: &Call<'_>, now: Timestamp) -> Answer {
    let organization = match organization(world, call) {
        Ok(organization) => organization,
        Err(refusal) => return refusal.into_answer(),
    };
    let verdict = world.limits.books(&organization, now);
    let mut answer = match verdict {
        BooksVerdict::Allowed => handle(world, call),
        BooksVerdict::TooManyThisMinute => {
            Refusal::books(StatusCode::TOO_MANY_REQUESTS, 44, PER_MINUTE).into_answer()
        }
        BooksVerdict::TooManyToday => {
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
fn organization(world: &World, call: &Call<'_>) -> Result<String, Refusal> {
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

/// What a CRM call costs.
fn credits(call: &Call<'_>) -> u32 {
    match call.route.credits {
        Credits::Fixed(credits) => credits,
        Credits::PerItems(size) => items(call).div_ceil(size.max(1)).max(1),
        Credits::ByRows(steps) => {
            let rows = rows(call);
            steps
                .iter()
                .find(|(up_to, _)| rows <= *up_to)
                .or(steps.last())
                .map_or(1, |(_, credits)| *credits)
        }
        Credits::With {
            base,
            parameter,
            credits,
        } => match call.query(parameter) {
            Some(_) => credits,
            None => base,
        },
    }
}

/// How many items a batch carries, or how many ids the query names.
fn items(call: &Call<'_>) -> u32 {
    let body = serde_json::from_slice::<Value>(call.body).unwrap_or_default();
    let sent = call
        .route
        .batch
        .and_then(|key| body.get(key)?.as_array().map(Vec::len));
    let named = call.query("ids").map(|ids| ids.split(',').count());
    sent.or(named)
        .and_then(|items| u32::try_from(items).ok())
        .unwrap_or(1)
}

/// How many rows a query asks for; Zoho's default is 200.
fn rows(call: &Call<'_>) -> u32 {
    let body = String::from_utf8_lossy(call.body).to_ascii_lowercase();
    let digits = |text: &str| {
        let text = text.trim_start();
        text.split(|letter: char| !letter.is_ascii_digit())
            .next()
            .and_then(|digits| digits.parse().ok())
    };
    let Some((_, limit)) = body.rsplit_once(" limit ") else {
        return 200;
    };
    // `limit offset, rows` or `limit rows [offset n]`.
    let rows = limit.split_once(',').and_then(|(_, rows)| digits(rows));
    rows.or_else(|| digits(limit)).unwrap_or(200)
}

fn set(answer: &mut Answer, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers.push((HeaderName::from_static(name), value));
    }
}
