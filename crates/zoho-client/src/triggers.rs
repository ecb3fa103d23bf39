//! Triggers: changes of records as events that are neither lost nor told twice.
//!
//! A [`Trigger`] reads a [`Feed`] on a [`Schedule`] and hands out [`Batch`]es of [`Event`]s. What is
//! not acknowledged is handed out again; a cursor in the [`StateStore`](crate::StateStore) moves only
//! when a batch is acknowledged. So each change is told at least once, those of one record in their
//! order, and exactly once unless the process ends between handling a batch and acknowledging it.
//!
//! ```
//! use std::sync::Arc;
//! use std::time::Duration;
//! use zoho_client::triggers::{Change, Feed, Schedule, Trigger};
//! use zoho_client::{MemoryStore, Record};
//! # use zoho_client::{OAuthApp, Region, ServiceTransport, TokioClock, Zoho};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mock = zoho_mock::MockZoho::in_process();
//! # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
//! #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
//! #     .refresh_token(mock.refresh_token())
//! #     .clock(TokioClock::starting_at(mock.now()))
//! #     .transport(ServiceTransport::new(mock.service()))
//! #     .build()?;
//! let leads = Feed::crm(&zoho.crm(), "Leads").fields(["Last_Name"]);
//! let every_minute = Schedule::every(Duration::from_secs(60))?;
//! let mut trigger = Trigger::new("leads", leads, every_minute, Arc::new(MemoryStore::new()))?;
//!
//! trigger.begin().await?; // changes count from here on
//! zoho.crm().records("Leads").create([Record::new().set("Last_Name", "Ngo")]).await?;
//! let batch = trigger.next().await?; // a minute later
//! assert_eq!(batch.events()[0].change, Change::Created);
//! trigger.acknowledge(&batch).await?;
//! # Ok(())
//! # }
//! ```

mod channel;
pub(crate) mod cursor;
mod event;
mod feed;
mod hints;
#[cfg(any(test, feature = "measure"))]
#[doc(hidden)]
pub mod measure;
mod runner;
mod schedule;
pub(crate) mod step;
mod trigger;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use channel::{Deployed, Watch};
pub use event::{Batch, Change, Event};
pub use feed::Feed;
pub use hints::Hints;
pub use runner::{HandlerError, Runner};
pub use schedule::Schedule;
pub use trigger::Trigger;

use crate::error::{Error, ErrorKind, Result};
use crate::wire::DateTime;

/// A second as CRM reads it.
fn text(second: cursor::Second) -> String {
    let instant = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    DateTime::from(instant).to_string()
}

/// Reads what is kept under a key, if it is of the format that this version knows.
///
/// # Errors
/// [`ErrorKind::Store`]: it is not readable, or of another format. The value itself is not quoted.
fn read_kept<T: DeserializeOwned>(key: &str, value: &[u8], format: u32) -> Result<T> {
    #[derive(Deserialize)]
    struct Head {
        format: u32,
    }
    let unreadable = || {
        Error::new(
            ErrorKind::Store,
            format!("what is kept under `{key}` is not readable"),
        )
    };
    let head: Head = serde_json::from_slice(value).map_err(|_| unreadable())?;
    if head.format != format {
        let message = format!(
            "`{key}` has format {}; this version of the crate reads format {format}",
            head.format
        );
        return Err(Error::new(ErrorKind::Store, message));
    }
    serde_json::from_slice(value).map_err(|_| unreadable())
}
