//! Jobs: changes of many records that happen a while after the call that asked for them.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::Success;
use crate::crm::change::Actor;
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::Draft;
use crate::crm::store::Table;
use crate::crm::{CrmWorld, ids, refuse};

/// A job waits so many seconds before it runs.
const WAITS: i64 = 5;
/// It runs for so many seconds.
const RUNS: i64 = 10;
/// The most records that a job changes.
const MOST: usize = 50_000;

/// What asked for a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    Update,
    Owner,
    Delete,
    Convert,
}

/// What a job does.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// Gives all records of a view the same values.
    Change(Draft),
    /// Deletes all records of a view, or those of them that are in a territory.
    Delete(Option<u64>),
    /// Converts these leads, each as the body says.
    Convert(Vec<u64>, Value),
}

/// A job.
#[derive(Clone, Debug)]
struct Job {
    purpose: Purpose,
    module: ModuleIndex,
    view: u64,
    work: Work,
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
            let (module, work) = (job.module, job.work.clone());
            let actor = Actor {
                now: job.due(),
                ..job.actor
            };
            let done = self.run(module, &work, actor);
            if let Some(job) = self.jobs.0.get_mut(&id) {
                job.done = Some(done);
            }
        }
    }

    /// Does what a job is for: how many records it changed, and how many it passed over.
    fn run(&mut self, module: ModuleIndex, work: &Work, actor: Actor) -> (usize, usize) {
        let wanted: Vec<u64> = match work {
            Work::Convert(leads, _) => leads.clone(),
            Work::Delete(Some(territory)) => {
                let all = self.tables.get(module).into_iter().flat_map(Table::ids);
                all.filter(|id| self.in_territory(*territory, *id)).collect()
            }
            Work::Change(_) | Work::Delete(None) => {
                let all = self.tables.get(module).into_iter().flat_map(Table::ids);
                all.take(MOST).collect()
            }
        };
        let mut changed = 0;
        for id in &wanted {
            let row = self.tables.get(module).and_then(|table| table.get(*id));
            let free = row.is_some_and(|row| !row.converted) && self.unlocked(*id).is_ok();
            changed += usize::from(
                free && match work {
                    Work::Change(draft) => self.update(module, *id, draft.clone(), actor),
                    Work::Delete(_) => self.delete(module, *id, actor),
                    Work::Convert(_, body) => self.convert_lead(*id, body, actor).is_ok(),
                },
            );
        }
        (changed, wanted.len() - changed)
    }

    /// Takes a job on; `None` while one with the same purpose and view has not run yet.
    pub(crate) fn schedule(
        &mut self,
        purpose: Purpose,
        module: ModuleIndex,
        view: u64,
        work: Work,
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
            work,
            actor,
            done: None,
        };
        self.jobs.0.insert(id, job);
        Some(id)
    }

    /// How far the job of the `job_id` parameter has come; `unknown` when there is no such job.
    pub(crate) fn progress(
        &self,
        call: &Call<'_>,
        purpose: Purpose,
        unknown: impl FnOnce() -> Outcome,
    ) -> Outcome {
        let module = match purpose {
            Purpose::Convert => self.schema.find("Leads").ok_or_else(refuse::invalid_module)?,
            _ => self.module_of(call)?,
        };
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
        let mut counts = json!({"Status": status, "Total_Count": updated + passed, "Failed_Count": 0});
        let (done, left) = match purpose {
            Purpose::Update | Purpose::Owner => ("Updated_Count", "Not_Updated_Count"),
            Purpose::Delete => ("Deleted_Count", "Failed_Count"),
            Purpose::Convert => ("Converted_Count", "Not_Converted_Count"),
        };
        counts[done] = updated.into();
        counts[left] = passed.into();
        Ok(Answer::json(StatusCode::OK, &json!({"data": [counts]})))
    }
}

/// The outcome that names a job.
pub(crate) fn scheduled(message: &'static str, job: u64) -> Success {
    Success::scheduled(message, json!({"job_id": job.to_string()}))
}

/// The `job_id` parameter is nobody's.
pub(crate) fn unknown_job() -> Refusal {
    refuse::bad("INVALID_DATA", "invalid data", json!({"param_name": "job_id"}))
}
