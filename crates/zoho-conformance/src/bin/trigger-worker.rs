//! A process that runs triggers together with others, for tests that kill it.
//!
//! `trigger-worker STORE FOLDER TRIGGERS TERM INTERVAL` runs so many triggers over the leads of the
//! Zoho that the environment names, and writes down in `FOLDER/TRIGGER` what each was told. Lease term
//! and interval are milliseconds.
#![allow(
    clippy::expect_used,
    reason = "a program of the tests, which reads what it wrote and its end"
)]

use std::env;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use zoho_client::triggers::{Batch, Feed, HandlerError, Runner, Schedule, Trigger};
use zoho_client::{Clock as _, StateStore, SystemClock, ZohoBuilder};
use zoho_conformance::shared;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = |what: &'static str| arguments.next().ok_or(what);
    let (place, folder) = (
        next("where is the store?")?,
        PathBuf::from(next("where is the folder?")?),
    );
    let count: usize = next("how many triggers?")?.parse()?;
    let term = Duration::from_millis(next("how long is a lease?")?.parse()?);
    let interval = Duration::from_millis(next("how often?")?.parse()?);
    let store: Arc<dyn StateStore> = Arc::new(shared::open(&place).await?);
    let zoho = ZohoBuilder::from_vars(|name| env::var(name).ok())?
        .shared_token_store(store.clone())
        .build()?;
    let mut runner = Runner::new(store.clone(), format!("worker {}", std::process::id()))
        .term(term)
        .on_error(|name, error| eprintln!("{name}: {error}"));
    for number in 0..count {
        let feed = Feed::crm(&zoho.crm(), "Leads")
            .fields(["Last_Name"])
            .lag(Duration::from_secs(2))
            .overlap(Duration::from_secs(30))
            .page(200)
            .backfill();
        let schedule = Schedule::every(interval)?.jitter(interval / 10)?;
        let trigger = Trigger::new(format!("trigger {number}"), feed, schedule, store.clone())?;
        let file = folder.join(number.to_string());
        runner = runner.trigger(trigger, move |batch| deal_with(batch, file.clone()));
    }
    runner.run(std::future::pending()).await?;
    Ok(())
}

/// Writes down what was told, and holds a lock meanwhile: whoever finds it held runs at the same time
/// as somebody else. The system lets go of it when the process is killed.
async fn deal_with(batch: Batch, file: PathBuf) -> Result<(), HandlerError> {
    let lock = File::create(file.with_extension("lock"))?;
    if lock.try_lock().is_err() {
        note(&file, "twice")?;
    }
    let now = SystemClock.now().as_millisecond();
    let ids: Vec<&str> = batch.events().iter().map(|event| event.id.as_str()).collect();
    note(&file, &format!("{now} {} {}", std::process::id(), ids.join(" ")))?;
    tokio::time::sleep(Duration::from_millis(20)).await;
    Ok(())
}

/// One line, written whole.
fn note(file: &Path, line: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(file)?;
    file.write_all(format!("{line}\n").as_bytes())
}
