//! Connections, triggers and actions by name: what a host platform shows its users and runs for them.
//!
//! [`describe`] gives the whole catalogue as data: each entry with its inputs, and each entry's inputs as a JSON Schema.
//! [`invoke`] runs an action: JSON in, JSON out. Nothing is sent before all inputs are right; what is wrong with them is
//! told at once, each by its name. [`connect`] begins a connection; [`feed`] and [`watch`] make triggers from their inputs,
//! which [`triggers`](crate::triggers) runs.
//!
//! ```
//! use serde_json::json;
//! use zoho_client::connector;
//! # use zoho_client::{OAuthApp, Region, ServiceTransport, Zoho};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> zoho_client::Result<()> {
//! # let mock = zoho_mock::MockZoho::in_process();
//! # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
//! #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
//! #     .refresh_token(mock.refresh_token())
//! #     .transport(ServiceTransport::new(mock.service()))
//! #     .build()?;
//! let made = connector::invoke(
//!     &zoho,
//!     "crm_create_record",
//!     json!({"record_type": "Leads", "values": {"Last_Name": "Ngo"}, "dynamic_fields": {"Company": "Acme"}}),
//! )
//! .await?;
//! let lead = connector::invoke(&zoho, "crm_get_record", json!({"record_type": "Leads", "record_id": made["id"]})).await?;
//! assert_eq!(lead["Company"], "Acme");
//!
//! let wrong = connector::invoke(&zoho, "crm_get_record", json!({"record_typ": "Leads"})).await.unwrap_err();
//! assert_eq!(
//!     wrong.to_string(),
//!     "crm_get_record: bad input: `record_typ` is no input of this action; `record_type` is required; `record_id` is required"
//! );
//! # Ok(())
//! # }
//! ```
//!
//! # Files
//!
//! A file that goes in is a text, or `{"base64": ".."}`. A file that comes out is
//! `{"base64": "..", "content_type": "..", "size": n}` and can go in again as it is. It is held in memory: whoever moves
//! large files uses the typed calls, which stream both ways.

mod action;
mod actions;
mod connections;
mod input;
mod inputs;
mod schema;
mod triggers;

use serde::Serialize;
use serde_json::Value;

pub use action::Action;
pub use connections::{Connection, Start, connect};
pub use input::{Default, Input, Kind};
pub use triggers::{Trigger, feed, watch};

use crate::error::{Error, Result};
use crate::zoho::Zoho;
use inputs::Inputs;

/// Everything that can be called by name.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Catalogue {
    /// The kinds of connections.
    pub connections: Vec<&'static Connection>,
    /// The triggers.
    pub triggers: Vec<&'static Trigger>,
    /// The actions.
    pub actions: Vec<&'static Action>,
}

/// The catalogue. It serializes to JSON, and so does each of its entries.
#[must_use]
pub fn describe() -> Catalogue {
    Catalogue {
        connections: connections::ALL.iter().collect(),
        triggers: triggers::ALL.iter().collect(),
        actions: actions::all().collect(),
    }
}

/// The action of a key.
#[must_use]
pub fn action(key: &str) -> Option<&'static Action> {
    actions::all().find(|action| action.key == key)
}

/// Runs an action through a connection. The inputs are a JSON object by input key; `null` and blank texts count as not
/// given, and numbers, truth values and lists may be written as text. An input of kind [`Kind::Connection`] is the host's
/// to resolve: the connection is the one that is given here.
///
/// # Errors
/// [`ErrorKind::Config`](crate::ErrorKind::Config): there is no such action, or inputs are unknown, missing or of the wrong
/// type, all of them named. Otherwise what the action's call fails with; a refusal of a single record is an error.
pub async fn invoke(zoho: &Zoho, key: &str, inputs: Value) -> Result<Value> {
    let Some(action) = action(key) else {
        let shown: String = key.chars().take(60).collect();
        return Err(Error::config(format!("`{}` is no action", shown.escape_debug())));
    };
    let inputs =
        Inputs::check(action.inputs, inputs, "action").map_err(|error| error.with_operation(action.key))?;
    (action.run)(zoho, inputs)
        .await
        .map_err(|error| error.with_operation(action.key))
}
