//! The four triggers of the connector, over a store in a file: one JSON line for each event.
//!
//! ```sh
//! cargo run -p zoho-client --example triggers                       # until Ctrl-C
//! cargo run -p zoho-client --example triggers -- --once             # until each was told of something
//! cargo run -p zoho-client --example triggers -- --store zoho.db    # goes on where it stopped
//! ```
//!
//! It starts a local Zoho of its own, kept beside the store, in which somebody is always busy. Ctrl-C
//! lets the batches that are out be dealt with, closes the program cleanly, and the next start goes on
//! where this one stopped.
#![allow(clippy::print_stdout, reason = "a program that prints its result")]

mod town;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use zoho_client::triggers::{Batch, Feed, Hints, Runner, Schedule, Trigger, Watch};
use zoho_client::webhook::Respond;
use zoho_client::{OAuthApp, OrganizationId, Region, SqlStore, StateStore, Zoho};

use crate::town::Town;

/// What the command line says.
struct Arguments {
    store: PathBuf,
    once: bool,
}

impl Arguments {
    fn read() -> Result<Self, String> {
        let mut arguments = Self {
            store: std::env::temp_dir().join("zoho-triggers.db"),
            once: false,
        };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--once" => arguments.once = true,
                "--store" => arguments.store = words.next().ok_or("--store needs a path")?.into(),
                other => {
                    return Err(format!(
                        "`{other}` is not known; there are --once and --store PATH"
                    ));
                }
            }
        }
        Ok(arguments)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::read()?;
    let town = Town::open(&arguments.store).await?;
    let store: Arc<dyn StateStore> = Arc::new(SqlStore::sqlite(&arguments.store).await?);
    let zoho = Zoho::builder(Region::custom(town.base_url())?)
        .oauth(OAuthApp::new(town.client_id(), town.client_secret()))
        .refresh_token(town.refresh_token())
        .build()?;
    let crm = zoho.crm();
    let books = zoho.books(OrganizationId::new(town.organization_id()));

    // The channel: its callbacks come to this program, are told of, and hint the polling triggers.
    let hints = Hints::new();
    let mut watch = Watch::new("crm-notifications", &crm, store.clone())
        .events(["Leads.all", "Contacts.all"])
        .notify_url(town.notify_url())
        .return_affected_field_values(true);
    let deployed = watch.deploy().await?;
    let hinted = hints.clone();
    let (told, mut heard) = tokio::sync::mpsc::unbounded_channel::<&'static str>();
    let notified = told.clone();
    town.listen(deployed.receiver()?, move |notification| {
        hinted.hint(&notification);
        for event in notification.events() {
            println!("{}", json!({"trigger": "crm-notifications", "event": event}));
        }
        let _ = notified.send("crm-notifications");
        async { Respond::Done }
    })?;

    let often = Schedule::every(Duration::from_secs(3))?.jitter(Duration::from_millis(300))?;
    let quick = Duration::from_secs(2);
    let feeds = [
        (
            "crm-leads",
            Feed::crm(&crm, "Leads")
                .fields(["Last_Name", "Company"])
                .deletions(true),
        ),
        (
            "crm-contacts",
            Feed::crm(&crm, "Contacts").fields(["Last_Name", "Email"]),
        ),
        ("books-contacts", Feed::books(&books, "contacts")),
    ];
    let mut runner = Runner::new(store.clone(), format!("pid {}", std::process::id()))
        .term(Duration::from_secs(5))
        .on_error(|name, error| eprintln!("{name}: {error}"))
        .watch(watch);
    for (name, feed) in feeds {
        let trigger = Trigger::new(name, feed.lag(quick), often.clone(), store.clone())?.hinted_by(&hints);
        let told = told.clone();
        runner = runner.trigger(trigger, move |batch: Batch| {
            for event in &batch {
                println!("{}", json!({"trigger": batch.trigger(), "event": event}));
            }
            if !batch.is_empty() {
                let _ = told.send(name);
            }
            async { Ok(()) }
        });
    }

    let busy = town.busy();
    let once = arguments.once;
    let stop = async move {
        let all = async {
            let mut names = std::collections::BTreeSet::new();
            while names.len() < 4 {
                let Some(name) = heard.recv().await else { break };
                names.insert(name);
            }
            if !once {
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            () = all => {}
            () = busy => {}
        }
    };
    runner.run(stop).await?;
    town.close(&arguments.store)?;
    eprintln!("stopped; start again to go on from here");
    Ok(())
}
