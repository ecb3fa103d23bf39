//! The world as a snapshot, and a snapshot as the world.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Asked, Shared, State, Target, operate};
use crate::accounts;
use crate::answer::Answer;
use crate::config::{Allowances, Config};
use crate::history::{self, Entry, Request, Step};
use crate::limits::Limits;
use crate::query;
use crate::routing::Found;
use crate::snapshot::{ClockShows, Snapshot, SnapshotError};
use crate::world::World;

impl State {
    /// Notes a step that was taken now.
    pub(crate) fn note(&mut self, step: Step) {
        let at = self.world.clock.now();
        self.history.push(Entry { at, step });
    }

    /// The request that was noted last, if it was the last step.
    pub(super) fn latest_request(&self) -> Option<&Request> {
        match &self.history.last()?.step {
            Step::Request(request) | Step::Operate(request) => Some(request),
            _ => None,
        }
    }

    /// Notes a request that was carried out, if it may have changed the world.
    pub(super) fn note_request(&mut self, target: &Target, asked: &Asked<'_>, status: StatusCode) {
        let parts = asked.parts;
        let matters = match target {
            Target::Accounts(_) => true,
            // A refusal for want of allowance changes nothing.
            Target::Api(Found::Route(route, _)) => {
                status != StatusCode::TOO_MANY_REQUESTS && history::matters(route, &parts.method)
            }
            Target::Api(_) => false,
        };
        if matters {
            let request = Request::new(parts, asked.body, self.latest_request());
            self.note(Step::Request(request));
        }
    }
}

impl Shared {
    /// The world as it stands.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let state = self.state.lock();
        let clock = ClockShows {
            now: state.world.clock.now(),
            frozen: state.world.clock.is_frozen(),
        };
        let used = state.world.limits.used();
        Snapshot::new(state.config.clone(), clock, used, state.history.clone())
    }

    /// Puts the world of a snapshot in place of the present one; faults and journal stay.
    ///
    /// # Errors
    /// [`SnapshotError::OtherConfiguration`].
    pub(crate) fn restore(&self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        // Times and records are the world's own; the rest is what this mock was announced with.
        let mine = Config {
            start: snapshot.config.start,
            frozen: snapshot.config.frozen,
            strict: snapshot.config.strict,
            records: snapshot.config.records.clone(),
            ..self.config.clone()
        };
        if mine != snapshot.config {
            return Err(SnapshotError::OtherConfiguration);
        }
        let world = self.relive(snapshot);
        let mut state = self.state.lock();
        state.world = world;
        state.config = snapshot.config.clone();
        state.history.clone_from(&snapshot.history);
        Ok(())
    }

    /// Takes all steps again, each at its time. What they cost was counted once.
    fn relive(&self, snapshot: &Snapshot) -> World {
        let mut world = World::new(&Config {
            frozen: true,
            allowances: Allowances::UNLIMITED,
            ..snapshot.config.clone()
        });
        for entry in &snapshot.history {
            world.clock.set(entry.at);
            self.take(&mut world, entry);
        }
        let changed = snapshot.history.iter().rev().find_map(|entry| match entry.step {
            Step::Allowances(allowances) => Some(allowances),
            _ => None,
        });
        let allowances = changed.unwrap_or(snapshot.config.allowances);
        world.limits = Limits::resumed(&snapshot.config, allowances, snapshot.limits.clone());
        let clock = snapshot.clock.unwrap_or(ClockShows {
            now: snapshot.config.start,
            frozen: snapshot.config.frozen,
        });
        world.clock.set(clock.now);
        if !clock.frozen {
            world.clock.thaw();
        }
        world
    }

    fn take(&self, world: &mut World, entry: &Entry) {
        match &entry.step {
            Step::Request(request) => {
                // Reading the snapshot has tried it.
                let Ok((parts, body)) = request.parts() else {
                    return;
                };
                let (centre, path) = accounts::split(parts.uri.path());
                let asked = Asked {
                    parts: &parts,
                    body: &body,
                    query: query::pairs(parts.uri.query().unwrap_or_default()),
                    centre,
                };
                self.carry_out(world, &Target::of(&parts, path), &asked, false);
            }
            Step::Operate(request) => {
                let Ok((parts, body)) = request.parts() else {
                    return;
                };
                operate::carry_out(world, &parts, &body, &self.base_url);
            }
            Step::Seed { module, count } => {
                if let Err(error) = world.crm.seed(module, *count, entry.at.as_second()) {
                    tracing::error!(error, "records were not seeded");
                }
            }
            Step::Grant { client, scopes } => {
                world.accounts.grant(client, scopes.clone(), entry.at);
            }
            Step::ExpireAccessTokens => world.accounts.expire_access_tokens(),
            Step::Dialect(dialect) => world.dialect = *dialect,
            // The last of them counts, once all is done again.
            Step::Allowances(_) => {}
            Step::Consent { .. } | Step::Device { .. } | Step::Client(_) | Step::User(_) => {
                // What was refused then is refused now.
                let _ = accounts::act(&mut world.accounts, &entry.step, &self.base_url, entry.at);
            }
        }
    }

    /// Answers `/_mock/snapshot`.
    pub(super) fn snapshots(&self, asked: &Asked<'_>) -> Answer {
        let refused = |error: &dyn std::error::Error| {
            Answer::json(StatusCode::BAD_REQUEST, &json!({"error": error.to_string()}))
        };
        if asked.parts.method == http::Method::GET {
            let mut answer = Answer::json(StatusCode::OK, &Value::Null);
            answer.payload = crate::answer::Payload::Json(self.snapshot().to_json().into_bytes());
            return answer;
        }
        let text = String::from_utf8_lossy(asked.body);
        let restored = Snapshot::from_json(&text).and_then(|snapshot| self.restore(&snapshot));
        match restored {
            Ok(()) => Answer::json(StatusCode::OK, &json!({"status": "ok"})),
            Err(error) => refused(&error),
        }
    }
}
