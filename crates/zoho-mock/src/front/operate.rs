//! Requests of whoever runs the mock: to any operation, in the owner's name, without a token, neither
//! counted nor billed nor struck by faults. What they change is a step of the world's history.

use bytes::Bytes;
use http::request::Parts;
use http::{StatusCode, Uri};
use jiff::Timestamp;
use serde_json::json;

use super::{Asked, Shared, State, api, respond};
use crate::accounts;
use crate::answer::Answer;
use crate::call::Call;
use crate::history::{self, Request, Step};
use crate::query;
use crate::routing::{self, Found};
use crate::world::World;

impl Shared {
    /// Answers a request that is addressed to an operation by the rest of its path.
    pub(crate) fn operate(&self, state: &mut State, path: &str, asked: &Asked<'_>) -> Answer {
        let target = match asked.parts.uri.query() {
            Some(query) => format!("/{path}?{query}"),
            None => format!("/{path}"),
        };
        let Ok(uri) = target.parse::<Uri>() else {
            let error = format!("{target} is not a path");
            return Answer::json(StatusCode::BAD_REQUEST, &json!({"error": error}));
        };
        let mut parts = asked.parts.clone();
        parts.uri = uri;
        self.operate_with(state, &parts, asked.body)
    }

    /// Carries a request out, at one instant, and tells channels of what it changed.
    pub(crate) fn operate_with(&self, state: &mut State, parts: &Parts, body: &Bytes) -> Answer {
        state.world.clock.hold();
        let answer = carry_out(&mut state.world, parts, body, &self.base_url);
        if let Found::Route(route, _) = routing::find(&parts.method, parts.uri.path())
            && history::matters(route, &parts.method)
        {
            let request = Request::new(parts, body, state.latest_request());
            state.note(Step::Operate(request));
        }
        self.post_notices(state);
        state.world.clock.release();
        answer
    }
}

/// Carries a request out on a world.
pub(super) fn carry_out(world: &mut World, parts: &Parts, body: &Bytes, base_url: &str) -> Answer {
    let (centre, path) = accounts::split(parts.uri.path());
    let (route, path) = match routing::find(&parts.method, path) {
        Found::Route(route, path) => (route, path),
        Found::WrongMethod(product) => {
            return respond::wrong_method(product, parts.method.as_str()).into_answer();
        }
        Found::Nothing(product) => return respond::no_such_path(product).into_answer(),
    };
    let now = world.clock.now();
    let call = Call {
        route,
        path: path.into(),
        query: query::pairs(parts.uri.query().unwrap_or_default()).into(),
        headers: &parts.headers,
        body,
        base_url: &centre.address(base_url),
        user: world.owner,
        now: Timestamp::from_second(now.as_second()).unwrap_or(now),
    };
    api::uncounted(world, &call)
}
