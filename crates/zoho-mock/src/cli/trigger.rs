//! `zoho-mock trigger`: an event on demand.

use clap::Args;
use http::Method;
use serde_json::{Map, Value, json};

use super::client::Mock;
use super::{Failure, say};

/// The flags of `zoho-mock trigger`.
#[derive(Debug, Args)]
pub(super) struct Trigger {
    /// What happens: MODULE.create, MODULE.edit or MODULE.delete.
    event: String,
    /// The record that it happens to; the one that was changed last by default.
    #[arg(long)]
    id: Option<String>,
    /// A field and its value; as often as you like.
    #[arg(long, value_name = "FIELD=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    #[command(flatten)]
    mock: Mock,
    /// Print the outcome as JSON.
    #[arg(long)]
    json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("it is written Company=Acme")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// Makes it happen.
pub(super) async fn run(trigger: Trigger) -> Result<(), Failure> {
    let set: Map<String, Value> = trigger
        .set
        .into_iter()
        .map(|(name, value)| (name, value.into()))
        .collect();
    let mut wish = json!({"event": trigger.event, "set": set});
    if let Some(id) = trigger.id {
        wish["id"] = id.into();
    }
    let outcome = trigger
        .mock
        .json(Method::POST, "api/trigger", Some(&wish))
        .await?;
    if trigger.json {
        return say(&format!("{outcome}\n"));
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut out = format!("{} {}\n", text(&outcome["event"]), text(&outcome["id"]));
    let callbacks = outcome["callbacks"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    for callback in callbacks {
        out.push_str(&format!(
            "  channel {} is told at {}\n",
            text(&callback["channel_id"]),
            text(&callback["notify_url"])
        ));
    }
    if callbacks.is_empty() {
        out.push_str("  no channel listens for it\n");
    }
    say(&out)
}
