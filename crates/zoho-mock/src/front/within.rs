//! Requests within a request: routed and allowed like any other, but neither counted nor billed.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde_json::json;

use super::{api, respond};
use crate::accounts::DataCentre;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::route::{BodyKind, Product, ReplyKind, Route};
use crate::routing::{self, Found};
use crate::world::{Handler, World};
use crate::{schema_answer, scope};

/// A request that another one carries.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// Answers a CRM request that `outer` carries; `instead` may take the place of an operation's handler.
pub(crate) fn within(
    world: &mut World,
    outer: &Call<'_>,
    inner: &Inner,
    instead: fn(&Route) -> Option<Handler>,
) -> Answer {
    let (route, path) = match routing::find(&inner.method, &inner.path) {
        Found::Route(route, path) if route.product == Product::Crm => (route, path),
        Found::WrongMethod(Product::Crm) => {
            return respond::wrong_method(Product::Crm, inner.method.as_str()).into_answer();
        }
        _ => return respond::no_such_path(Product::Crm).into_answer(),
    };
    if route.body == BodyKind::Multipart || route.reply == ReplyKind::Binary {
        return Refusal::crm(
            StatusCode::BAD_REQUEST,
            "NOT_SUPPORTED",
            "not supported",
            json!({}),
        )
        .into_answer();
    }
    let value = |name: &str| {
        let found = path.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.as_str())
    };
    // A call without a token was not let in by the front, so there is nothing to hold it to.
    let allowed = scopes(world, outer).is_none_or(|held| scope::allows(held, route.scopes, value));
    if !allowed {
        return api::unauthorized("OAUTH_SCOPE_MISMATCH", "invalid oauth scope to access this URL")
            .into_answer();
    }
    let call = Call {
        route,
        path: path.into(),
        query: inner.query.as_slice().into(),
        headers: &inner.headers,
        body: &inner.body,
        base_url: outer.base_url,
        user: outer.user,
        now: outer.now,
    };
    let run = instead(route)
        .or_else(|| api::handler(route))
        .unwrap_or(schema_answer::answer);
    run(world, &call).unwrap_or_else(Refusal::into_answer)
}

/// The scopes of the token that the carrying request was sent with.
fn scopes<'a>(world: &'a World, outer: &Call<'_>) -> Option<&'a [String]> {
    let token = api::bearer(outer.headers)?;
    let now = world.clock.now();
    let access = DataCentre::all().find_map(|centre| world.accounts.live(token, centre, now))?;
    Some(&access.scopes)
}
