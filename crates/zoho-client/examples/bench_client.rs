//! Fetches or creates many leads and says how long it took: `bench_client fetch N`, `bench_client create N`.
//!
//! The server is the one in `ZOHO_MOCK_URL`, with `ZOHO_CLIENT_ID`, `ZOHO_CLIENT_SECRET` and
//! `ZOHO_REFRESH_TOKEN`. Progress goes to stderr; the last line on stdout is
//! `{"records": N, "seconds": t}`. The clock starts once the client has a token. A fetch takes the cheapest way that
//! gives the rows of plain pages, in their order; leads are created one by one.
#![allow(clippy::print_stdout, reason = "a program that prints its result")]

use std::env;
use std::error::Error;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::Instant;
use zoho_client::crm::{Progress, Way};
use zoho_client::{OAuthApp, Record, Region, Zoho};

const USAGE: &str = "usage: bench_client fetch N | bench_client create N";

/// What is measured.
#[derive(Clone, Copy)]
enum Job {
    Fetch(usize),
    Create(usize),
}

impl Job {
    fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let job = match arguments.next()?.as_str() {
            "fetch" => Self::Fetch,
            "create" => Self::Create,
            _ => return None,
        };
        let rows = arguments.next()?.parse().ok()?;
        arguments.next().is_none().then_some(job(rows))
    }

    async fn run(self, zoho: &Zoho, bar: &ProgressBar) -> Result<usize, Box<dyn Error>> {
        match self {
            Self::Fetch(rows) => fetch(zoho, rows, bar).await,
            Self::Create(rows) => create(zoho, rows, bar).await,
        }
    }
}

async fn fetch(zoho: &Zoho, rows: usize, bar: &ProgressBar) -> Result<usize, Box<dyn Error>> {
    let leads = zoho.crm().records("Leads");
    let shown = bar.clone();
    let mut leads = leads
        .fields(["Last_Name", "Email", "Company", "Modified_Time"])
        .way(Way::Cheapest)
        .expect_rows(rows as u64)
        .prefetch(2)
        .on_progress(move |progress| tell(&shown, progress))
        .stream();
    let mut fetched = 0;
    while fetched < rows {
        let Some(lead) = leads.try_next().await? else {
            return Err(format!("the server has {fetched} leads, not {rows}").into());
        };
        std::hint::black_box(lead);
        fetched += 1;
    }
    Ok(fetched)
}

/// Shows how far a fetch is.
fn tell(bar: &ProgressBar, progress: &Progress) {
    bar.set_position(progress.rows);
    let (requests, credits) = (progress.requests, progress.credits);
    bar.set_message(format!("{requests} calls, {credits} credits"));
}

/// One by one: each lead in a request of its own, sent when the one before was answered.
async fn create(zoho: &Zoho, rows: usize, bar: &ProgressBar) -> Result<usize, Box<dyn Error>> {
    let leads = zoho.crm().records("Leads");
    for number in 0..rows {
        let lead = Record::new()
            .set("Last_Name", format!("Ngo {number}"))
            .set("Company", "Acme");
        for outcome in leads.create([lead]).await? {
            if let Some(refused) = outcome.refusal() {
                return Err(format!("lead {number} was refused: {}", refused.code).into());
            }
        }
        bar.inc(1);
    }
    Ok(rows)
}

fn connect() -> Result<Zoho, Box<dyn Error>> {
    let needed = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}"));
    let app = OAuthApp::new(needed("ZOHO_CLIENT_ID")?, needed("ZOHO_CLIENT_SECRET")?);
    Ok(Zoho::builder(Region::custom(&needed("ZOHO_MOCK_URL")?)?)
        .oauth(app)
        .refresh_token(needed("ZOHO_REFRESH_TOKEN")?)
        .build()?)
}

async fn measure(job: Job) -> Result<String, Box<dyn Error>> {
    let zoho = connect()?;
    zoho.crm().modules().await?;
    let (Job::Fetch(rows) | Job::Create(rows)) = job;
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} leads, {per_sec}, {eta} left {msg}")?;
    let bar = ProgressBar::new(rows as u64).with_style(style);
    let started = Instant::now();
    let records = job.run(&zoho, &bar).await?;
    let seconds = started.elapsed().as_secs_f64();
    bar.finish_and_clear();
    Ok(format!(r#"{{"records": {records}, "seconds": {seconds:.6}}}"#))
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    let Some(job) = Job::from_arguments(env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    match measure(job).await {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
