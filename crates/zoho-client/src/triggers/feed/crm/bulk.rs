//! A module's records by bulk read jobs, for backfills.

use crate::error::Result;
use crate::generated::crm::operations as op;
use crate::pipeline::request::Request;
use crate::triggers::step::{Answer, Found, JobState};
use crate::wire::ZohoId;

use super::{CrmFeed, NO_QUERIES, is};
use serde_json::json;

/// An archive that is being read: the next ask goes on in it.
#[cfg(feature = "bulk")]
#[derive(Clone, Default)]
pub(super) struct Kept(std::sync::Arc<parking_lot::Mutex<Option<Open>>>);

#[cfg(feature = "bulk")]
struct Open {
    job: String,
    /// Rows that were taken out of it.
    taken: u64,
    rows: crate::page::ListStream<crate::record::Record>,
}

#[cfg(feature = "bulk")]
impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept")
    }
}

impl CrmFeed {
    /// Whether there are more records than so many.
    pub(super) async fn many(&self, above: u32) -> Result<Answer> {
        let query = format!(
            "select id, Modified_Time, Created_Time from {} where id > 0 order by id asc limit 1 offset {above}",
            self.module
        );
        let request = Request::of(&op::QUERY_RECORDS, &[])?.json(&json!({ "select_query": query }))?;
        match self.found(request, "Modified_Time", &[]).await {
            Ok(found) => Ok(Answer::Found(Found { more: false, ..found })),
            Err(error) if is(&error, &NO_QUERIES) => Ok(Answer::NoQueries),
            Err(error) => Err(error),
        }
    }
}

#[cfg(not(feature = "bulk"))]
impl CrmFeed {
    pub(super) async fn export(&self, _after: Option<&ZohoId>) -> Result<JobState> {
        std::future::ready(Ok(JobState::Refused)).await
    }

    pub(super) async fn export_state(&self, _job: &str) -> Result<JobState> {
        std::future::ready(Ok(JobState::Refused)).await
    }

    pub(super) async fn export_rows(&self, _job: &str, _skip: u64, _rows: u32) -> Result<Answer> {
        std::future::ready(Ok(Answer::Job(JobState::Refused))).await
    }
}

#[cfg(feature = "bulk")]
impl CrmFeed {
    pub(super) async fn export(&self, after: Option<&ZohoId>) -> Result<JobState> {
        let mut what = crate::crm::BulkRead::of(&self.module);
        if self.fields.is_some() {
            let (mut fields, more) = self.split_fields().await?;
            fields.extend(more);
            what = what.fields(fields);
        }
        if let Some(after) = after {
            what = what.criteria(json!({
                "field": {"api_name": "id"}, "comparator": "greater_than", "value": after.as_str(),
            }));
        }
        match self.crm.bulk().read(what).await {
            Ok(job) => Ok(JobState::Made(job.id().to_owned())),
            // It may have been made: nobody reads it, and another is asked for.
            Err(error) if error.is_outcome_unknown() || error.is_passing() => Err(error),
            Err(error)
                if matches!(error.kind(), crate::ErrorKind::Api | crate::ErrorKind::Auth)
                    && !error.needs_consent() =>
            {
                tracing::info!(module = self.module, %error, "no bulk jobs for this module: it is read by query");
                Ok(JobState::Refused)
            }
            Err(error) => Err(error),
        }
    }

    pub(super) async fn export_state(&self, job: &str) -> Result<JobState> {
        match self.crm.bulk().read_job(job).status().await {
            Ok(status) => Ok(match status.state.as_str() {
                "COMPLETED" => JobState::Done {
                    more: status.more_records,
                },
                "FAILURE" | "FAILED" => JobState::Gone,
                _ => JobState::UnderWay,
            }),
            Err(error) if is(&error, &["RESOURCE_NOT_FOUND"]) => Ok(JobState::Gone),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn export_rows(&self, job: &str, skip: u64, rows: u32) -> Result<Answer> {
        let kept = self.archive.0.lock().take();
        let mut open = match kept.filter(|open| open.job == job && open.taken <= skip) {
            Some(open) => open,
            None => match self.crm.bulk().read_job(job).rows().await {
                Ok(rows) => Open {
                    job: job.to_owned(),
                    taken: 0,
                    rows,
                },
                Err(error) if is(&error, &["RESOURCE_NOT_FOUND"]) => return Ok(Answer::Job(JobState::Gone)),
                Err(error) => return Err(error),
            },
        };
        let mut found = Found {
            more: true,
            ..Found::default()
        };
        while found.rows.len() < rows as usize {
            let Some(record) = open.rows.try_next().await? else {
                found.more = false;
                return Ok(Answer::Found(found));
            };
            open.taken += 1;
            if open.taken > skip {
                found.rows.push(super::exported(job, open.taken, record)?);
            }
        }
        *self.archive.0.lock() = Some(open);
        Ok(Answer::Found(found))
    }
}
