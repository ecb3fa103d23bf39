//! Bulk jobs: exports and imports of many records, which Zoho carries out while you wait.

mod archive;
mod download;
mod outcome;
mod read;
mod unpack;
mod write;

use std::future::Future;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use serde_json::{Map, Value};

pub use outcome::{RowFault, RowOutcome, WrittenRow};
pub use read::{BulkRead, ReadJob, ReadStatus};
pub use write::{BulkWrite, WriteJob, WriteStatus};

use super::Crm;
use crate::clock;
use crate::error::{Error, ErrorKind, Result};
use crate::record::Record;

/// Bulk jobs of CRM.
///
/// A job is made, waited for, and its outcome taken. It can be taken up again by its id, in another process too.
///
/// ```
/// use zoho_client::Record;
/// use zoho_client::crm::{BulkRead, BulkWrite};
/// # use zoho_client::{OAuthApp, Region, ServiceTransport, TokioClock, Zoho};
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> zoho_client::Result<()> {
/// # let mock = zoho_mock::MockZoho::in_process();
/// # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
/// #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
/// #     .refresh_token(mock.refresh_token())
/// #     .clock(TokioClock::starting_at(mock.now()))
/// #     .transport(ServiceTransport::new(mock.service()))
/// #     .build()?;
/// let bulk = zoho.crm().bulk();
/// let leads = (0..250).map(|n| Record::new().set("Last_Name", format!("Lead {n}")).set("Company", "Acme"));
/// let done = bulk.write(BulkWrite::insert("Leads").rows(leads)).await?.wait().await?;
/// assert_eq!(done.added, 250);
///
/// let mut rows = bulk.rows(BulkRead::of("Leads").fields(["Last_Name"]));
/// let mut count = 0;
/// while let Some(lead) = rows.try_next().await? {
///     assert!(lead.get_str("Last_Name").is_some());
///     count += 1;
/// }
/// assert_eq!(count, 250);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Bulk {
    crm: Crm,
}

impl Crm {
    /// Bulk jobs.
    #[must_use]
    pub fn bulk(&self) -> Bulk {
        Bulk { crm: self.clone() }
    }
}

/// Asks how far a job is until it is done, ever more rarely.
async fn waited<S, F>(operation: &'static str, limit: Duration, mut ask: impl FnMut() -> F) -> Result<S>
where
    F: Future<Output = Result<(S, bool)>>,
{
    let mut gaps = ExponentialBuilder::default()
        .with_min_delay(Duration::from_secs(1))
        .with_factor(1.5)
        .with_max_delay(Duration::from_secs(30))
        .without_max_times()
        .build();
    let started = clock::moment();
    loop {
        let (status, done) = ask().await?;
        if done {
            return Ok(status);
        }
        let gap = gaps.next().unwrap_or(Duration::from_secs(30));
        if clock::since(started).saturating_add(gap) > limit {
            let message =
                format!("the job is not done after {limit:?}; it goes on and can be taken up by its id");
            return Err(Error::new(ErrorKind::Timeout, message).with_operation(operation));
        }
        tokio::time::sleep(gap).await;
    }
}

/// A text of a JSON object, or nothing.
fn text(object: &Map<String, Value>, key: &str) -> String {
    object
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// A number of a JSON object, or zero.
fn number(object: &Map<String, Value>, key: &str) -> u64 {
    match object.get(key) {
        Some(Value::Number(number)) => number.as_u64().unwrap_or_default(),
        Some(Value::String(text)) => text.parse().unwrap_or_default(),
        _ => 0,
    }
}

/// The id in the details of a job that was made.
fn made(details: Map<String, Value>, operation: &'static str) -> Result<String> {
    let id = Record::from(details).id();
    if id.is_empty() {
        return Err(Error::new(ErrorKind::Decode, "the job has no id")
            .with_operation(operation)
            .with_json_path("$.details.id")
            .outcome_unknown(true));
    }
    Ok(id.to_string())
}

/// A job that Zoho gave up.
fn failed(operation: &'static str, id: &str, state: &str) -> Error {
    Error::new(ErrorKind::Api, format!("the job {id} ended as {state}")).with_operation(operation)
}
