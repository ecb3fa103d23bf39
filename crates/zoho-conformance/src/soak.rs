//! Everything at once for a while: an author, a reader and worker processes on one mock under random faults, with the
//! invariants looked at all along.
//!
//! The program `soak` runs it; `cargo xtask soak` builds and starts that.

mod faults;
mod ledger;
mod report;
mod workers;

use std::path::PathBuf;
use std::time::Duration;

use zoho_client::crm::Records;
use zoho_client::{Clock as _, Error, OAuthApp, Outcome, Record, Region, StateStore, SystemClock, Zoho};
use zoho_mock::MockZoho;

use crate::dice::Dice;
use crate::postgres::Postgres;
use crate::shared;
use ledger::{Ledger, Millis};
pub use report::Report;
use workers::{Site, Told, Workers};

/// The tokens that Zoho gives in ten minutes.
const TOKENS: u64 = 10;
/// How long triggers may take for what is left when no more faults are thrown.
const PATIENCE: Millis = 120_000;

/// What kind of soak it is.
#[derive(Clone, Debug)]
pub struct Options {
    /// How long faults are thrown.
    pub length: Duration,
    /// What decides what is thrown.
    pub seed: u64,
    /// Processes that run triggers.
    pub workers: usize,
    /// Triggers that they share.
    pub triggers: usize,
    /// The program that each of them is: `trigger-worker`.
    pub program: PathBuf,
    /// Pretend that the first trigger was never told of the first lead, to see the soak fail.
    pub sabotage: bool,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

struct Soak {
    mock: MockZoho,
    leads: Records,
    ledger: Ledger,
    workers: Workers,
    told: Vec<Told>,
    folder: PathBuf,
    dice: Dice,
    report: Report,
    names: u64,
    sabotage: bool,
}

fn now() -> Millis {
    SystemClock.now().as_millisecond()
}

/// Runs a soak; `progress` is told how many milliseconds are over, and a line about them.
///
/// # Errors
/// It could not be set up. Invariants that did not hold are in the report.
pub async fn run(options: &Options, mut progress: impl FnMut(u64, &str)) -> Result<Report, Failure> {
    let folder = tempfile::tempdir()?;
    let server = Postgres::start("soak (on PostgreSQL; it goes on with SQLite)");
    let place = server.as_ref().map_or_else(
        || folder.path().join("zoho.db").display().to_string(),
        |server| server.database("soak"),
    );
    let mut soak = Soak::start(options, &place, folder.path().to_owned()).await?;
    soak.report.store = if server.is_some() {
        "PostgreSQL"
    } else {
        "an SQLite file"
    }
    .to_owned();
    let began = now();
    let length = i64::try_from(options.length.as_millis())?;
    let (mut fault, mut kill, mut expiry, mut check) = (began, began + 5_000, began + 20_000, began + 3_000);
    while now() - began < length && soak.report.holds() {
        let at = now();
        if at >= fault {
            soak.throw();
            fault = at + soak.millis(500, 2_500);
        }
        if at >= kill {
            let victim = soak.dice.place(options.workers);
            soak.workers.replace(victim)?;
            kill = at + soak.millis(4_000, 9_000);
        }
        // Zoho gives ten tokens in ten minutes: one of them is taken away now and then.
        if at >= expiry {
            soak.mock.expire_access_tokens();
            expiry = at + 90_000;
        }
        if at >= check {
            soak.read().await;
            soak.check()?;
            check = at + 3_000;
        }
        soak.write().await;
        progress(u64::try_from(now() - began).unwrap_or(0), &soak.line());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    soak.report.seconds = u64::try_from((now() - began) / 1_000).unwrap_or(0);
    soak.mock.faults().clear();
    soak.finish().await?;
    Ok(soak.report)
}

impl Soak {
    async fn start(options: &Options, place: &str, folder: PathBuf) -> Result<Self, Failure> {
        let mock = MockZoho::builder()
            .start_now()
            .seed(options.seed)
            .crm_credits(u32::MAX)
            .latency(Duration::from_millis(2))
            .start()
            .await?;
        let store = shared::open(place).await?;
        let app = OAuthApp::new(mock.client_id(), mock.client_secret());
        let author = Zoho::builder(Region::custom(mock.base_url())?)
            .oauth(app)
            .refresh_token(mock.refresh_token())
            .shared_token_store(std::sync::Arc::new(store) as std::sync::Arc<dyn StateStore>)
            .timeout(Duration::from_secs(10))
            .seed(options.seed)
            .build()?;
        let site = Site {
            program: options.program.clone(),
            store: place.to_owned(),
            folder: folder.clone(),
            triggers: options.triggers,
            environment: vec![
                ("ZOHO_BASE_URL", mock.base_url().to_owned()),
                ("ZOHO_CLIENT_ID", mock.client_id()),
                ("ZOHO_CLIENT_SECRET", mock.client_secret()),
                ("ZOHO_REFRESH_TOKEN", mock.refresh_token()),
            ],
        };
        Ok(Self {
            leads: author.crm().records("Leads"),
            ledger: Ledger::default(),
            workers: Workers::start(site, options.workers)?,
            told: (0..options.triggers).map(|_| Told::default()).collect(),
            folder,
            dice: Dice::new(options.seed),
            report: Report {
                seed: options.seed,
                workers: options.workers,
                triggers: options.triggers,
                ..Report::default()
            },
            names: 0,
            sabotage: options.sabotage,
            mock,
        })
    }

    fn millis(&mut self, from: u64, to: u64) -> Millis {
        Millis::try_from(self.dice.millis(from, to).as_millis()).unwrap_or(Millis::MAX)
    }

    fn throw(&mut self) {
        let (name, fault) = faults::fault(&mut self.dice);
        *self.report.faults.entry(name).or_default() += 1;
        self.mock.faults().script(fault);
    }

    fn failed(&mut self, error: &Error) {
        *self
            .report
            .errors
            .entry(format!("{:?}", error.kind()))
            .or_default() += 1;
    }

    /// One step of the author: most make leads, some change them, few delete one.
    async fn write(&mut self) {
        let living: Vec<String> = self
            .ledger
            .leads
            .iter()
            .filter(|(_, lead)| lead.deleting.is_none())
            .map(|(id, _)| id.clone())
            .collect();
        match self.dice.below(10) {
            0..=5 => self.create().await,
            6..=8 => {
                let ids =
                    (0..1 + self.dice.below(3)).filter_map(|_| living.get(self.dice.place(living.len())));
                let ids: std::collections::BTreeSet<String> = ids.cloned().collect();
                self.update(ids.into_iter().collect()).await;
            }
            _ if living.len() > 20 => {
                let place = self.dice.place(living.len());
                if let Some(id) = living.get(place) {
                    self.delete(id).await;
                }
            }
            _ => {}
        }
    }

    async fn create(&mut self) {
        let count = 1 + self.dice.below(4);
        let names: Vec<String> = (0..count)
            .map(|n| format!("lead {:06}", self.names + n))
            .collect();
        self.names += count;
        let rows = names
            .iter()
            .map(|name| Record::new().set("Last_Name", name.as_str()));
        let asked = now();
        let outcomes = self.leads.create(rows.collect::<Vec<_>>()).await;
        match outcomes {
            Ok(outcomes) => {
                for (name, outcome) in names.iter().zip(&outcomes) {
                    match (outcome, outcome.id()) {
                        (Outcome::Ok(_), Some(id)) => {
                            let lead = self.ledger.leads.entry(id.to_string()).or_default();
                            (lead.made, lead.changed) = (now(), asked);
                            self.report.made += 1;
                        }
                        _ => self
                            .report
                            .broken
                            .push(format!("`{name}` was refused: {outcome:?}")),
                    }
                }
            }
            Err(error) => {
                self.failed(&error);
                if error.is_outcome_unknown() {
                    self.report.unknown += names.len();
                    self.ledger.unknown.extend(names);
                }
            }
        }
    }

    async fn update(&mut self, ids: Vec<String>) {
        if ids.is_empty() {
            return;
        }
        let asked = now();
        self.names += 1;
        let city = format!("City {}", self.names);
        let rows = ids
            .iter()
            .map(|id| Record::new().set("id", id.as_str()).set("City", city.as_str()));
        match self.leads.update(rows.collect::<Vec<_>>()).await {
            Ok(outcomes) => {
                for (id, outcome) in ids.iter().zip(&outcomes) {
                    if let (Outcome::Ok(_), Some(lead)) = (outcome, self.ledger.leads.get_mut(id)) {
                        lead.changed = asked;
                        self.report.changed += 1;
                    }
                }
            }
            Err(error) => self.failed(&error),
        }
    }

    async fn delete(&mut self, id: &str) {
        if let Some(lead) = self.ledger.leads.get_mut(id) {
            lead.deleting = Some(now());
        }
        match self.leads.delete([id]).await {
            Ok(outcomes) => {
                if let (Some(Outcome::Ok(_)), Some(lead)) = (outcomes.first(), self.ledger.leads.get_mut(id))
                {
                    lead.deleted = Some(now());
                    self.report.deleted += 1;
                }
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Reads the whole list, and holds it against the ledger.
    async fn read(&mut self) {
        let began = now();
        match self.leads.clone().fields(["id", "Last_Name"]).all().await {
            Ok(rows) => {
                let text = |row: &Record| {
                    let id = row.id().to_string();
                    (id, row.get_str("Last_Name").unwrap_or_default().to_owned())
                };
                let rows: Vec<(String, String)> = rows.iter().map(text).collect();
                let wrong = self.ledger.wrong_list(&rows, began, now());
                self.report.broken.extend(wrong);
                self.report.lists += 1;
            }
            Err(error) => self.failed(&error),
        }
    }

    /// Looks at what must hold at any time.
    fn check(&mut self) -> Result<(), Failure> {
        self.report.checks += 1;
        for (trigger, told) in self.told.iter_mut().enumerate() {
            told.go_on(&self.folder, trigger)?;
            if told.twice > 0 {
                let broken = format!("trigger {trigger} ran twice at once, {} times", told.twice);
                self.report.broken.push(broken);
            }
        }
        if self.sabotage
            && let (Some(told), Some(id)) = (self.told.first_mut(), self.ledger.leads.keys().next())
        {
            told.last.remove(id);
        }
        self.report.broken.extend(self.workers.wrong()?);
        let journal = self.mock.journal();
        let given = journal
            .of("token")
            .filter(|token| token.status == Some(200) && !token.faulted);
        self.report.tokens = given.count() as u64;
        // A soak is shorter than ten minutes, or takes its tokens slowly: one every 90 seconds, and the hour's own.
        let windows = 1 + u64::try_from(self.report.checks).unwrap_or(0) * 3 / 600;
        if self.report.tokens > TOKENS * windows {
            let broken = format!(
                "{} access tokens were taken in {windows} times ten minutes",
                self.report.tokens
            );
            self.report.broken.push(broken);
        }
        self.report.requests = journal.counts().values().sum();
        self.report.struck = journal
            .exchanges()
            .iter()
            .filter(|exchange| exchange.faulted)
            .count();
        self.report.kills = self.workers.kills;
        self.report.events = self.told.iter().map(|told| told.events).sum();
        let known: usize = self.told.iter().map(|told| told.last.len()).sum();
        self.report.repeated = self.report.events.saturating_sub(known);
        self.report.memory = (workers::memory("self"), self.workers.memory());
        Ok(())
    }

    /// Waits until every trigger was told of every lead that is left, and reads the list once more.
    async fn finish(&mut self) -> Result<(), Failure> {
        let patience = now() + PATIENCE;
        loop {
            self.check()?;
            let ledger = &self.ledger;
            let untold = self.told.iter().map(|told| ledger.untold(&told.last).count());
            let untold: usize = untold.sum();
            // Sabotage is seen at once: nobody could make up for it.
            if untold == 0 || !self.report.holds() || now() > patience || (self.sabotage && untold == 1) {
                if untold > 0 {
                    self.report.broken.push(format!("{untold} changes were not told"));
                }
                break;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        self.read().await;
        Ok(())
    }

    fn line(&self) -> String {
        let report = &self.report;
        format!(
            "{} leads, {} lists, {} kills, {} faults, {} events",
            report.made,
            report.lists,
            self.workers.kills,
            report.faults.values().sum::<usize>(),
            report.events
        )
    }
}
