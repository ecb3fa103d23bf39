//! `zoho-mock snapshot`: the world of a running mock as a file, and back.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use http::Method;
use serde_json::json;

use super::client::Mock;
use super::{Failure, say};

/// The flags of `zoho-mock snapshot`.
#[derive(Debug, Args)]
pub(super) struct Snapshot {
    #[command(subcommand)]
    step: Step,
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Write the world of the running mock to a file.
    Save {
        file: PathBuf,
        #[command(flatten)]
        mock: Mock,
        /// Print the outcome as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Put the world of a file in place of the running mock's.
    Load {
        file: PathBuf,
        #[command(flatten)]
        mock: Mock,
        /// Print the outcome as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Saves or loads.
pub(super) async fn run(snapshot: Snapshot) -> Result<(), Failure> {
    let (done, file, json) = match snapshot.step {
        Step::Save { file, mock, json } => {
            let text = mock.ask(Method::GET, "snapshot", "").await?;
            let world = zoho_mock::Snapshot::from_json(&String::from_utf8_lossy(&text))?;
            world.write(&file)?;
            ("saved", file, json)
        }
        Step::Load { file, mock, json } => {
            let world = zoho_mock::Snapshot::read(&file)?;
            mock.ask(Method::PUT, "snapshot", world.to_json()).await?;
            ("loaded", file, json)
        }
    };
    let file = file.display().to_string();
    say(&match json {
        true => format!("{}\n", json!({"status": done, "file": file})),
        false => format!("{done} {file}\n"),
    })
}
