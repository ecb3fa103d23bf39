//! The limits under `/_mock/limits`: what may be used, what was used, and how to change it.

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::{Asked, Shared, State, wish};
use crate::answer::Answer;
use crate::history::Step;
use crate::limits::Pool;

impl Shared {
    /// Answers `/_mock/limits`.
    pub(super) fn limits_admin(&self, asked: &Asked<'_>) -> Answer {
        let mut state = self.state.lock();
        let changed = match asked.parts.method {
            Method::GET => Ok(()),
            Method::POST | Method::PUT => change(&mut state, asked.body),
            _ => {
                let error = format!("{} is not for /_mock/limits", asked.parts.method);
                return Answer::json(StatusCode::METHOD_NOT_ALLOWED, &json!({"error": error}));
            }
        };
        match changed {
            Ok(()) => Answer::json(StatusCode::OK, &self.limits(&mut state)),
            Err(error) => Answer::json(StatusCode::BAD_REQUEST, &json!({"error": error})),
        }
    }

    /// What may be used and what was used.
    fn limits(&self, state: &mut State) -> Value {
        let now = state.world.clock.now();
        let limits = &mut state.world.limits;
        let mut in_process = [Map::new(), Map::new()];
        for (pool, slots) in self.slots.taken() {
            let (at, name) = match pool {
                Pool::Crm(client) => (0, client),
                Pool::Books(organization) => (1, organization),
            };
            if let Some(calls) = in_process.get_mut(at) {
                calls.insert(name, slots.into());
            }
        }
        let [crm, books] = in_process;
        json!({
            "limits": limits.allowances(),
            "used": {
                "crm_credits": limits.credits_spent(now),
                "books": limits.books_used(now),
                "in_process": {"crm": crm, "books": books},
            },
        })
    }
}

fn change(state: &mut State, body: &[u8]) -> Result<(), String> {
    let wanted = wish::changed(&state.world.limits.allowances(), body)?;
    state.world.limits.allow(wanted);
    state.note(Step::Allowances(wanted));
    Ok(())
}
