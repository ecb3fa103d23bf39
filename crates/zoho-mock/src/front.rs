//! The way of a request through the mock: route, fault, authenticate, check, handle, decorate.

mod admin;
mod allowances;
mod api;
mod claim;
mod consent;
mod credits;
mod operate;
mod respond;
mod restore;
mod strict;
pub(crate) mod wish;
mod within;

use std::sync::Arc;
use std::time::Duration;

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
use crate::journal::{self, Book};
use crate::limits::{Held, Slots};
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
    date: respond::Date,
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
            date: respond::Date::default(),
        }
    }
}

/// One mock: its configuration, its address and its state.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) base_url: String,
    pub(crate) state: Mutex<State>,
    pub(crate) slots: Slots,
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

/// A request between its arrival and its answer.
#[derive(Debug)]
struct Arrival<'a> {
    /// Its number in the journal.
    number: u64,
    careless: Vec<String>,
    strike: Option<Strike>,
    wait: Duration,
    turn: Turn<'a>,
}

/// Whether a call may be under way beside those that are.
#[derive(Debug)]
enum Turn<'a> {
    /// It may, and takes no time or no slot.
    Free,
    /// It may, and holds its slots for as long as it takes.
    Held(#[expect(dead_code, reason = "held for its end")] Held<'a>),
    /// It is one too many.
    Crowded,
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
            None => ACCOUNTS,
            Some(product) => product.name(),
        };
        let operation = match self {
            Self::Accounts(endpoint) => endpoint.id(),
            Self::Api(Found::Route(route, _)) => route.id,
            Self::Api(_) => UNKNOWN,
        };
        (product, operation)
    }
}

/// The accounts server beside the products, in faults and in the journal.
const ACCOUNTS: &str = "accounts";
/// What is asked for at an address that leads nowhere.
const UNKNOWN: &str = "unknown";

/// Everything that can be asked for, as product and operation.
pub(crate) fn operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_accounts = Endpoint::ALL.map(|endpoint| (ACCOUNTS, endpoint.id()));
    let nowhere = [Product::Crm, Product::Books].map(|product| (product.name(), UNKNOWN));
    let routes = routing::answered().map(|route| (route.product.name(), route.id));
    routes.chain(of_accounts).chain(nowhere)
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
        let arrival = {
            let mut state = self.state.lock();
            let arrival = self.arrive(&mut state, &target, &asked);
            // What takes no time is done in one go, so that no other call can find it under way.
            if arrival.wait.is_zero() {
                return self.depart(&mut state, &target, &asked, &arrival);
            }
            arrival
        };
        tokio::time::sleep(arrival.wait).await;
        self.depart(&mut self.state.lock(), &target, &asked, &arrival)
    }

    /// Notes the request, and finds the fault that strikes it, how long it takes and whether it may.
    fn arrive(&self, state: &mut State, target: &Target, asked: &Asked<'_>) -> Arrival<'_> {
        let parts = asked.parts;
        let (product, operation) = target.name();
        let careless = match self.config.strict {
            true => strict::report(target, asked),
            false => Vec::new(),
        };
        let strike = state.script.strike(product, operation);
        let now = state.world.clock.now();
        let mut entry = journal::Entry::new(now, (product, operation), parts);
        entry.faulted = strike.is_some();
        entry.careless.clone_from(&careless);
        tracing::debug!(product, operation, method = %parts.method, path = parts.uri.path(), "request");
        let number = state.book.open(entry);
        let wait = self.wait(state, strike.as_ref());
        let turn = self.turn(&state.world, target, asked, wait);
        Arrival {
            number,
            careless,
            strike,
            // A call that is refused for want of a slot is refused at once.
            wait: if matches!(turn, Turn::Crowded) {
                Duration::ZERO
            } else {
                wait
            },
            turn,
        }
    }

    /// How long a request takes: its own time, and that of the fault that strikes it.
    fn wait(&self, state: &State, strike: Option<&Strike>) -> Duration {
        let own = Duration::from_millis(state.world.limits.allowances().latency_ms);
        own.saturating_add(strike.map_or(Duration::ZERO, |strike| strike.delay))
    }

    /// Takes the slots of a call that takes time; one that does not only needs them to be free.
    fn turn(&self, world: &World, target: &Target, asked: &Asked<'_>, wait: Duration) -> Turn<'_> {
        let Target::Api(Found::Route(route, path)) = target else {
            return Turn::Free;
        };
        if wait.is_zero() && self.slots.are_free() {
            return Turn::Free;
        }
        let admitted = api::admit(world, route, path, asked, &self.base_url).ok();
        let Some(claim) = admitted.and_then(|(call, access)| claim::claim(world, &call, &access)) else {
            return Turn::Free;
        };
        let allowances = world.limits.allowances();
        match wait.is_zero() {
            true if self.slots.admit(&claim, &allowances) => Turn::Free,
            true => Turn::Crowded,
            false => self
                .slots
                .take(claim, &allowances)
                .map_or(Turn::Crowded, Turn::Held),
        }
    }

    /// Carries the request out and answers it.
    fn depart(
        &self,
        state: &mut State,
        target: &Target,
        asked: &Asked<'_>,
        arrival: &Arrival<'_>,
    ) -> Result<Response<Body>, Broken> {
        let strike = arrival.strike.as_ref();
        let mut response = match strike {
            Some(Strike {
                effect: Effect::DropConnection,
                ..
            }) => Err(Broken),
            Some(strike) if matches!(strike.effect, Effect::Answer | Effect::Html) => {
                let now = state.world.clock.now();
                let answer = respond::scripted(strike, target.product(), state.world.dialect);
                Ok(respond::response(answer, target.product(), state.date.at(now)))
            }
            strike => {
                // One instant for all of it, so that it can be taken again.
                let now = state.world.clock.hold();
                let answer = match (&self.replay, target) {
                    (Some(replay), Target::Api(_)) => replay.answer(asked.parts, asked.body),
                    _ => {
                        let crowded = matches!(arrival.turn, Turn::Crowded);
                        let answer = self.carry_out(&mut state.world, target, asked, crowded);
                        state.note_request(target, asked, answer.status);
                        self.post_notices(state);
                        answer
                    }
                };
                state.world.clock.release();
                let response = respond::response(answer, target.product(), state.date.at(now));
                match strike {
                    Some(strike) => respond::damaged(response, strike),
                    None => Ok(response),
                }
            }
        };
        if let Ok(response) = &mut response {
            respond::tell(response, &arrival.careless);
        }
        let status = response.as_ref().ok().map(|response| response.status().as_u16());
        let answered = response.as_ref().ok();
        let answered = answered.map(|response| (response.headers(), &response.body().0));
        state.book.close(arrival.number, status);
        state.book.keep(arrival.number, asked.parts, asked.body, answered);
        response.map(|response| respond::into_body(response, strike))
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

    fn carry_out(&self, world: &mut World, target: &Target, asked: &Asked<'_>, crowded: bool) -> Answer {
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
                let base_url = asked.centre.address(&self.base_url);
                api::answer(world, route, path, asked, &base_url, crowded)
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
