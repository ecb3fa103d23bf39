//! The mock's own addresses under `/_mock/`: health, clock, faults, journal, deliveries, grant,
//! consent, dialect, limits, seed, snapshot, reset.

use http::{Method, StatusCode};
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Asked, Shared, State, operations, wish};
use crate::accounts::everything;
use crate::answer::Answer;
use crate::faults::Fault;
use crate::history::Step;

/// What to do with the clock, in this order.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ClockChange {
    set: Option<Timestamp>,
    /// Seconds.
    advance: Option<f64>,
    frozen: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct GrantWish {
    scopes: Option<Vec<String>>,
}

impl Shared {
    /// Answers a request to the mock itself.
    pub(super) fn admin(&self, path: &str, asked: &Asked<'_>) -> Answer {
        if (&asked.parts.method, path) == (&Method::POST, "consent") {
            return super::consent::answer(self, asked.body);
        }
        if let Some(path) = path.strip_prefix("deliveries") {
            return self.deliveries_admin(path, asked);
        }
        if (path, &asked.parts.method) == ("snapshot", &Method::GET)
            || (path, &asked.parts.method) == ("snapshot", &Method::PUT)
        {
            return self.snapshots(asked);
        }
        if path == "limits" {
            return self.limits_admin(asked);
        }
        let mut state = self.state.lock();
        let outcome = match (asked.parts.method.clone(), path) {
            (Method::GET, "health") => Ok(json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")})),
            (Method::GET, "clock") => Ok(clock(&state)),
            (Method::POST | Method::PUT, "clock") => change_clock(&mut state, asked),
            (Method::GET, "faults") => Ok(json!({"faults": state.script.to_json()})),
            (Method::POST, "faults") => add_faults(&mut state, asked),
            (Method::DELETE, "faults") => {
                state.script.clear();
                Ok(json!({"faults": []}))
            }
            (Method::GET, "journal") => Ok(journal(&state, asked)),
            (Method::POST, "grant") => wish::read_or_default::<GrantWish>(asked.body).map(|grant| {
                let scopes = grant.scopes.unwrap_or_else(everything);
                json!({"code": self.grant(&mut state, scopes)})
            }),
            (Method::POST, "seed") => wish::read::<IndexMap<String, usize>>(asked.body).and_then(|wishes| {
                for (module, count) in &wishes {
                    self.seed(&mut state, module, *count)?;
                }
                Ok(json!({"seeded": wishes}))
            }),
            (Method::GET, "dialect") => Ok(json!(state.world.dialect)),
            (Method::POST | Method::PUT, "dialect") => change_dialect(&mut state, asked),
            (Method::POST, "reset") => {
                *state = State::new(&self.config);
                Ok(json!({"status": "ok"}))
            }
            (
                _,
                "health" | "clock" | "faults" | "journal" | "grant" | "consent" | "dialect" | "seed"
                | "snapshot" | "reset",
            ) => {
                let error = format!("{} is not for /_mock/{path}", asked.parts.method);
                return Answer::json(StatusCode::METHOD_NOT_ALLOWED, &json!({"error": error}));
            }
            _ => {
                let error = format!(
                    "there is no /_mock/{path}: health, clock, faults, journal, deliveries, grant, consent, dialect, limits, seed, snapshot, reset"
                );
                return Answer::json(StatusCode::NOT_FOUND, &json!({"error": error}));
            }
        };
        match outcome {
            Ok(body) => Answer::json(StatusCode::OK, &body),
            Err(error) => Answer::json(StatusCode::BAD_REQUEST, &json!({"error": error})),
        }
    }

    /// Adds records to a CRM module.
    pub(crate) fn seed(&self, state: &mut State, module: &str, count: usize) -> Result<(), String> {
        let now = state.world.clock.hold();
        let seeded = state.world.crm.seed(module, count, now.as_second());
        let module = module.to_owned();
        state.note(Step::Seed { module, count });
        state.world.clock.release();
        seeded
    }

    /// Hands out a grant code for the first client, as if its user had consented.
    pub(crate) fn grant(&self, state: &mut State, scopes: Vec<String>) -> String {
        let now = state.world.clock.hold();
        let client = self.config.client().id;
        let code = state.world.accounts.grant(&client, scopes.clone(), now);
        state.note(Step::Grant { client, scopes });
        state.world.clock.release();
        code
    }
}

fn clock(state: &State) -> Value {
    json!({"now": state.world.clock.now(), "frozen": state.world.clock.is_frozen()})
}

fn change_clock(state: &mut State, asked: &Asked<'_>) -> Result<Value, String> {
    let change: ClockChange = wish::read(asked.body)?;
    let by = SignedDuration::try_from_secs_f64(change.advance.unwrap_or_default())
        .map_err(|error| format!("$.advance: {error}"))?;
    let clock = &mut state.world.clock;
    if let Some(time) = change.set {
        clock.set(time);
    }
    clock.advance(by);
    match change.frozen {
        Some(true) => clock.freeze(),
        Some(false) => clock.thaw(),
        None => {}
    }
    Ok(self::clock(state))
}

fn change_dialect(state: &mut State, asked: &Asked<'_>) -> Result<Value, String> {
    let dialect = wish::changed(&state.world.dialect, asked.body)?;
    state.world.dialect = dialect;
    state.note(Step::Dialect(dialect));
    Ok(json!(dialect))
}

/// Adds one fault or several: all or, where one can never strike, none.
fn add_faults(state: &mut State, asked: &Asked<'_>) -> Result<Value, String> {
    let faults: Vec<Fault> = wish::several(asked.body)?;
    faults.iter().try_for_each(|fault| fault.check(operations()))?;
    faults.into_iter().for_each(|fault| state.script.push(fault));
    Ok(json!({"faults": state.script.to_json()}))
}

fn journal(state: &State, asked: &Asked<'_>) -> Value {
    let journal = state.book.journal();
    let wanted = asked
        .query
        .iter()
        .find(|(key, _)| key == "operation")
        .map(|(_, value)| value.as_str());
    let exchanges: Vec<_> = journal
        .exchanges()
        .iter()
        .filter(|exchange| wanted.is_none_or(|wanted| exchange.operation == wanted))
        .collect();
    json!({"exchanges": exchanges, "counts": journal.counts()})
}
