//! Jobs: changes of many records that happen a while after the call that asked for them.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::json;

use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::Success;
use crate::crm::change::Actor;
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::Draft;
use crate::crm::store::{Order, SortKey};
use crate::crm::{CrmWorld, ids, refuse};

/// A job waits so many seconds before it runs.
const WAITS: i64 = 5;
/// It runs for so many seconds.
const RUNS: i64 = 10;
/// The most records that a job changes.
const MOST: usize = 50_000;

/// What asked for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Update,
    Owner,
}

/// A job that gives all records of a view the same values.
#[derive(Clone, Debug)]
struct Job {
    purpose: Purpose,
    module: ModuleIndex,
    view: u64,
    draft: Draft,
    actor: Actor,
    /// How many records it changed and how many it passed over, once it has run.
    done: Option<(usize, usize)>,
}

impl Job {
    fn due(&self) -> i64 {
        self.actor.now + WAITS + RUNS
    }
}

/// All jobs by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Jobs(BTreeMap<u64, Job>);

impl CrmWorld {
    /// Finishes the jobs whose time has come.
    pub(crate) fn settle(&mut self, now: i64) {
        let due = |job: &Job| job.done.is_none() && job.due() <= now;
        let ids: Vec<u64> = self
            .jobs
            .0
            .iter()
            .filter(|(_, job)| due(job))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            let Some(job) = self.jobs.0.get(&id) else { continue };
            let (module, draft) = (job.module, job.draft.clone());
            let actor = Actor {
                now: job.due(),
                ..job.actor
            };
            let order = Order {
                key: SortKey::Id,
                descending: false,
            };
            let rows =
                self.tables.get(module).into_iter().flat_map(|table| {
                    table.range(order, std::ops::Bound::Unbounded, std::ops::Bound::Unbounded)
                });
            let (converted, records): (Vec<_>, Vec<_>) = rows
                .map(|row| (row.converted, row.id))
                .take(MOST)
                .partition(|(converted, _)| *converted);
            for (_, record) in &records {
                self.update(module, *record, draft.clone(), actor);
            }
            if let Some(job) = self.jobs.0.get_mut(&id) {
                job.done = Some((records.len(), converted.len()));
            }
        }
    }

    /// Takes a job on; `None` while one with the same purpose and view has not run yet.
    pub(super) fn schedule(
        &mut self,
        purpose: Purpose,
        module: ModuleIndex,
        view: u64,
        draft: Draft,
        actor: Actor,
    ) -> Option<u64> {
        let same =
            |job: &Job| job.done.is_none() && (job.purpose, job.module, job.view) == (purpose, module, view);
        if self.jobs.0.values().any(same) {
            return None;
        }
        let id = self.ids.next();
        let job = Job {
            purpose,
            module,
            view,
            draft,
            actor,
            done: None,
        };
        self.jobs.0.insert(id, job);
        Some(id)
    }

    /// How far the job of the `job_id` parameter has come; `unknown` when there is no such job.
    pub(super) fn progress(
        &self,
        call: &Call<'_>,
        purpose: Purpose,
        unknown: impl FnOnce() -> Outcome,
    ) -> Outcome {
        let module = self.module_of(call)?;
        let text = call
            .query("job_id")
            .filter(|text| !text.is_empty())
            .ok_or_else(|| refuse::required_param("job_id"))?;
        let job = ids::parse(text)
            .and_then(|id| self.jobs.0.get(&id))
            .filter(|job| job.purpose == purpose && job.module == module);
        let Some(job) = job else { return unknown() };
        let status = if job.done.is_some() {
            "COMPLETED"
        } else if call.now.as_second() < job.actor.now + WAITS {
            "SCHEDULED"
        } else {
            "RUNNING"
        };
        let (updated, passed) = job.done.unwrap_or((0, 0));
        let counts = json!({
            "Status": status, "Total_Count": updated + passed, "Updated_Count": updated,
            "Not_Updated_Count": passed, "Failed_Count": 0,
        });
        Ok(Answer::json(StatusCode::OK, &json!({"data": [counts]})))
    }
}

/// The outcome that names a job.
pub(super) fn scheduled(message: &'static str, job: u64) -> Success {
    let mut success = Success::new(message, json!({"job_id": job.to_string()}));
    success.extra.insert("code".into(), "SCHEDULED".into());
    success
}

/// The `job_id` parameter is nobody's.
pub(super) fn unknown_job() -> Refusal {
    refuse::bad("INVALID_DATA", "invalid data", json!({"param_name": "job_id"}))
}
