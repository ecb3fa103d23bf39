//! The way of a request through the mock: route, fault, authenticate, check, handle, decorate.

mod admin;
mod api;
mod consent;
mod operate;
mod respond;
mod restore;
mod strict;
mod within;

use std::sync::Arc;

pub(crate) use api::handler;
use bytes::Bytes;
use http::request::Parts;
use http::{Response, StatusCode};
use parking_lot::Mutex;
pub(crate) use within::{Inner, within};

use crate::accounts::{self, DataCentre, Endpoint};
use crate::answer::Answer;
use crate::body::{Body, Broken};
use crate::config::Config;
use crate::console::{self, Hosts};
use crate::delivery::{Courier, Ledger};
use crate::faults::{Effect, Script, Strike};
use crate::history::Entry;
use crate::journal::{Book, Content, Exchange};
use crate::query;
use crate::recording::Replay;
use crate::route::Product;
use crate::routing::{self, Found};
use crate::world::World;

/// What changes while the mock runs.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) world: World,
    /// What the world was made from, and the steps that changed it since.
    pub(crate) config: Config,
    pub(crate) history: Vec<Entry>,
    pub(crate) script: Script,
    pub(crate) book: Book,
    pub(crate) ledger: Ledger,
}

impl State {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            world: World::new(config),
            config: config.clone(),
            history: Vec::new(),
            script: Script::default(),
            book: Book::default(),
            ledger: Ledger::default(),
        }
    }
}

/// One mock: its configuration, its address and its state.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) base_url: String,
    pub(crate) state: Mutex<State>,
    pub(crate) courier: Courier,
    /// By which names the mock's own addresses may be asked for.
    pub(crate) hosts: Hosts,
    /// What the APIs answer from, if not from the world.
    pub(crate) replay: Option<Arc<Replay>>,
}

/// A request with its body at hand.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) parts: &'a Parts,
    pub(crate) body: &'a Bytes,
    pub(crate) query: Vec<(String, String)>,
    /// The data centre that the path is for.
    pub(crate) centre: DataCentre,
}

/// What a request is meant for.
#[derive(Debug)]
enum Target {
    Accounts(Endpoint),
    Api(Found),
}

impl Target {
    fn of(parts: &Parts, path: &str) -> Self {
        match accounts::endpoint(&parts.method, path.trim_end_matches('/')) {
            Some(endpoint) => Self::Accounts(endpoint),
            None => Self::Api(routing::find(&parts.method, path)),
        }
    }

    fn product(&self) -> Option<Product> {
        match self {
            Self::Accounts(_) => None,
            Self::Api(Found::Route(route, _)) => Some(route.product),
            Self::Api(Found::WrongMethod(product) | Found::Nothing(product)) => Some(*product),
        }
    }

    fn name(&self) -> (&'static str, &'static str) {
        let product = match self.product() {
            None => "accounts",
            Some(product) => product.name(),
        };
        let operation = match self {
            Self::Accounts(endpoint) => endpoint.id(),
            Self::Api(Found::Route(route, _)) => route.id,
            Self::Api(_) => "unknown",
        };
        (product, operation)
    }
}

impl Shared {
    /// Answers one request.
    ///
    /// # Errors
    /// [`Broken`] when a scripted fault breaks the connection.
    pub(crate) async fn serve(&self, parts: &Parts, body: &Bytes) -> Result<Response<Body>, Broken> {
        let query = query::pairs(parts.uri.query().unwrap_or_default());
        let (centre, path) = accounts::split(parts.uri.path());
        let asked = Asked {
            parts,
            body,
            query,
            centre,
        };
        if let Some(path) = console::below(parts.uri.path()) {
            return Ok(respond::plain(self.own(path, &asked)));
        }
        let target = Target::of(parts, path);
        let careless = match self.config.strict {
            true => strict::report(&target, &asked),
            false => Vec::new(),
        };
        let (number, strike) = self.open(&target, parts, careless.clone());
        if let Some(strike) = &strike
            && !strike.delay.is_zero()
        {
            tokio::time::sleep(strike.delay).await;
        }
        let mut state = self.state.lock();
        let response = match &strike {
            Some(Strike {
                effect: Effect::DropConnection,
                ..
            }) => Err(Broken),
            Some(strike) if matches!(strike.effect, Effect::Answer | Effect::Html) => {
                let now = state.world.clock.now();
                let answer = respond::scripted(strike, target.product());
                Ok(respond::response(answer, target.product(), now))
            }
            strike => {
                // One instant for all of it, so that it can be taken again.
                let now = state.world.clock.hold();
                let answer = match (&self.replay, &target) {
                    (Some(replay), Target::Api(_)) => replay.answer(parts, body),
                    _ => {
                        let answer = self.carry_out(&mut state.world, &target, &asked);
                        state.note_request(&target, &asked, answer.status);
                        self.post_notices(&mut state);
                        answer
                    }
                };
                state.world.clock.release();
                let response = respond::response(answer, target.product(), now);
                match strike {
                    Some(strike) => respond::damaged(response, strike),
                    None => Ok(response),
                }
            }
        };
        let response = response.map(|response| respond::told(response, &careless));
        let status = response.as_ref().ok().map(|response| response.status().as_u16());
        let content = Content::new(parts, body, response.as_ref().ok());
        let response = response.map(|response| respond::into_body(response, strike.as_ref()));
        state.book.close(number, status);
        state.book.keep(number, content);
        response
    }

    /// Answers a request to the mock itself: the console, what it asks for, and the powers of tests.
    fn own(&self, path: &str, asked: &Asked<'_>) -> Answer {
        if let Err(refusal) = self.hosts.admit(asked.parts) {
            return refusal;
        }
        let path = path.trim_end_matches('/');
        match path.strip_prefix("api/") {
            Some(path) => self.console(path, asked),
            None => console::page(&asked.parts.method, path).unwrap_or_else(|| self.admin(path, asked)),
        }
    }

    /// Notes the request and finds the fault that strikes it.
    fn open(&self, target: &Target, parts: &Parts, careless: Vec<String>) -> (u64, Option<Strike>) {
        let (product, operation) = target.name();
        let mut state = self.state.lock();
        let strike = state.script.strike(product, operation);
        let exchange = Exchange {
            number: 0,
            time: state.world.clock.now(),
            product,
            operation,
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            status: None,
            faulted: strike.is_some(),
            careless,
        };
        tracing::debug!(product, operation, method = %parts.method, path = parts.uri.path(), "request");
        (state.book.open(exchange), strike)
    }

    fn carry_out(&self, world: &mut World, target: &Target, asked: &Asked<'_>) -> Answer {
        match target {
            Target::Accounts(endpoint) => {
                let request = accounts::Asked {
                    query: &asked.query,
                    headers: &asked.parts.headers,
                    body: asked.body,
                    centre: asked.centre,
                    base_url: &self.base_url,
                };
                accounts::answer(world, *endpoint, &request)
            }
            Target::Api(Found::Route(route, path)) => {
                api::answer(world, route, path, asked, &asked.centre.address(&self.base_url))
            }
            Target::Api(Found::WrongMethod(product)) => {
                respond::wrong_method(*product, asked.parts.method.as_str()).into_answer()
            }
            Target::Api(Found::Nothing(product)) => respond::no_such_path(*product).into_answer(),
        }
    }
}

/// The answer to a body that is larger than anything Zoho takes.
pub(crate) fn too_large() -> Response<Body> {
    respond::plain(Answer::json(
        StatusCode::PAYLOAD_TOO_LARGE,
        &serde_json::json!({"error": "body too large"}),
    ))
}
