//! The figures of the client: fetching and creating leads beside a loop written by hand on the same data, by every way, and
//! with a latency as a network has it.

mod events;
mod hand;
mod job;
mod ours;

use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use http::Method;

use crate::Failure;
use crate::http::Connection;
use crate::process::{self, Ready, Server};
use crate::report::{Report, Target, median};
pub(crate) use job::{Job, Outcome, run as run_job};

/// Leads of the world that is read.
const LEADS: usize = 100_000;
/// Leads that are created one by one, and in batches.
const SINGLE: usize = 2_000;
const BATCHED: usize = 20_000;
/// Milliseconds of the latency.
const LATENCY: u64 = 50;
/// Pages that the sequential loop reads where each takes the latency; the rate is that of all of them.
const SLOW: usize = 10_000;

/// Measures the client against a zoho-mock program.
pub(crate) fn run(program: &Path, large: usize, rounds: usize) -> Result<Report, Failure> {
    let mut report = Report::default();
    size(program, &mut report)?;
    {
        let mock = Mock::start(program, LEADS, 0)?;
        fetch(&mock, rounds, &mut report)?;
        create(&mock, rounds, &mut report)?;
        report.add(
            "decode of a typed row",
            mock.job(Job::Decode, LEADS)?.nanoseconds(),
            "ns/row",
            Target::None,
        );
        events::report(&mock, &mut report)?;
    }
    {
        let mock = Mock::start(program, LEADS, LATENCY)?;
        latency(&mock, &mut report)?;
    }
    let mock = Mock::start(program, large, 0)?;
    many(&mock, large, &mut report)?;
    Ok(report)
}

/// The size of a program with the client beside one that makes one request.
fn size(program: &Path, report: &mut Report) -> Result<(), Failure> {
    let examples = program.with_file_name("examples");
    let size = |name: &str| {
        let path = examples.join(name);
        let size = std::fs::metadata(&path).map_err(|error| format!("{}: {error}", path.display()));
        size.map(|size| size.len() as f64 / 1e6)
    };
    let (ours, theirs) = (size("one_list")?, size("one_request")?);
    report.add(
        "a program that lists leads with the client",
        ours,
        "MB",
        Target::None,
    );
    report.add(
        "a program that makes one request with reqwest",
        theirs,
        "MB",
        Target::None,
    );
    report.add("the difference", ours - theirs, "MB", Target::AtMost(3.0));
    Ok(())
}

/// A mock, and how jobs reach it.
struct Mock {
    server: Server,
    ready: Ready,
}

impl Mock {
    fn start(program: &Path, leads: usize, latency: u64) -> Result<Self, Failure> {
        let (leads, latency) = (format!("Leads={leads}"), latency.to_string());
        let server = Server::start(
            program,
            &[
                "serve",
                "--port",
                "0",
                "--ready-json",
                "--crm-credits",
                "4294967295",
                "--records",
                &leads,
                "--latency-ms",
                &latency,
            ],
        )?;
        let ready = Ready::of(&server)?;
        Ok(Self { server, ready })
    }

    /// Moves the mock's clock.
    fn later(&self, by: &'static str) -> Result<(), Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let mut connection = Connection::open(self.ready.address()?).await?;
            let headers = [("content-type".to_owned(), "application/json".to_owned())];
            let (status, answer) = connection
                .send(
                    &Method::POST,
                    "/_mock/clock",
                    &headers,
                    &Bytes::from_static(by.as_bytes()),
                )
                .await?;
            match status.is_success() {
                true => Ok(()),
                false => Err(format!("/_mock/clock: {status} {}", String::from_utf8_lossy(&answer)).into()),
            }
        })
    }

    /// Does a job in a process of its own.
    fn job(&self, job: Job, rows: usize) -> Result<Outcome, Failure> {
        // Each job takes a token of its own, and Zoho gives ten in ten minutes.
        self.later("{\"advance\": 700}")?;
        let name = job.name();
        let output = Command::new(process::own()?)
            .args(["job", name, &rows.to_string()])
            .env("ZOHO_MOCK_URL", &self.ready.base_url)
            .env("ZOHO_CLIENT_ID", &self.ready.client_id)
            .env("ZOHO_CLIENT_SECRET", &self.ready.client_secret)
            .env("ZOHO_REFRESH_TOKEN", &self.ready.refresh_token)
            .output()?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            return Err(format!("{name}: {}", told.trim()).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }
}

/// Rounds of two jobs that take turns.
struct Contest {
    ours: Vec<Outcome>,
    theirs: Vec<Outcome>,
}

impl Contest {
    fn hold(mock: &Mock, ours: Job, theirs: Job, rows: usize, rounds: usize) -> Result<Self, Failure> {
        let mut contest = Self {
            ours: Vec::new(),
            theirs: Vec::new(),
        };
        for _ in 0..rounds.max(1) {
            contest.theirs.push(mock.job(theirs, rows)?);
            contest.ours.push(mock.job(ours, rows)?);
        }
        Ok(contest)
    }

    /// The ratio of the medians.
    fn of_medians(&self, of: impl Fn(&Outcome) -> f64) -> f64 {
        middle(&self.ours, &of) / middle(&self.theirs, &of)
    }

    /// The median of the ratios of neighbouring turns.
    fn ratio(&self, of: impl Fn(&Outcome) -> f64) -> f64 {
        let pairs = self.ours.iter().zip(&self.theirs);
        median(pairs.map(|(ours, theirs)| of(ours) / of(theirs)).collect())
    }
}

fn middle(outcomes: &[Outcome], of: impl Fn(&Outcome) -> f64) -> f64 {
    median(outcomes.iter().map(of).collect())
}

fn fetch(mock: &Mock, rounds: usize, report: &mut Report) -> Result<(), Failure> {
    let contests = [
        ("typed, no prefetch", Job::Typed, Job::HandTyped, 0.95),
        ("dynamic, no prefetch", Job::Dynamic, Job::HandDynamic, 0.95),
        ("typed, prefetch", Job::TypedAhead, Job::HandTyped, 1.3),
        ("dynamic, prefetch", Job::DynamicAhead, Job::HandDynamic, 1.3),
    ];
    for (name, ours, theirs, least) in contests {
        let contest = Contest::hold(mock, ours, theirs, LEADS, rounds)?;
        let cpu = |outcome: &Outcome| outcome.cpu;
        report.add(
            format!("{name}: of the loop's rate"),
            contest.of_medians(Outcome::rate),
            "",
            Target::AtLeast(least),
        );
        report.add(
            format!("{name}: the same, by neighbouring turns"),
            contest.ratio(Outcome::rate),
            "",
            Target::None,
        );
        report.add(
            format!("{name}: of the loop's CPU"),
            contest.ratio(cpu),
            "",
            Target::AtMost(1.1),
        );
        report.add(
            format!("{name}: rate"),
            middle(&contest.ours, Outcome::rate),
            "rows/s",
            Target::None,
        );
        report.add(
            format!("{name}: loop's rate"),
            middle(&contest.theirs, Outcome::rate),
            "rows/s",
            Target::None,
        );
        report.add(
            format!("{name}: CPU, ours"),
            middle(&contest.ours, Outcome::cpu_per_thousand),
            "ms/1,000 rows",
            Target::None,
        );
        report.add(
            format!("{name}: CPU, loop"),
            middle(&contest.theirs, Outcome::cpu_per_thousand),
            "ms/1,000 rows",
            Target::None,
        );
    }
    let contest = Contest::hold(mock, Job::Cheapest, Job::HandDynamic, LEADS, rounds)?;
    report.add(
        "cheapest way: of the loop's rate",
        contest.ratio(Outcome::rate),
        "",
        Target::None,
    );
    Ok(())
}

fn create(mock: &Mock, rounds: usize, report: &mut Report) -> Result<(), Failure> {
    let single = Contest::hold(mock, Job::Create, Job::HandCreate, SINGLE, rounds)?;
    report.add(
        "single creates: of the loop's rate",
        single.ratio(Outcome::rate),
        "",
        Target::None,
    );
    report.add(
        "single creates",
        middle(&single.ours, Outcome::rate),
        "creates/s",
        Target::None,
    );
    let batched = mock.job(Job::CreateAll, BATCHED)?;
    report.add("batched creates", batched.rate(), "creates/s", Target::None);
    Ok(())
}

fn latency(mock: &Mock, report: &mut Report) -> Result<(), Failure> {
    let slow = mock.job(Job::HandDynamic, SLOW)?;
    for (name, job, target) in [
        ("pages, no prefetch", Job::Dynamic, Target::None),
        ("pages, prefetch", Job::DynamicAhead, Target::None),
    ] {
        let outcome = mock.job(job, SLOW)?;
        report.add(
            format!("{LATENCY} ms: {name}: of the loop's rate"),
            outcome.rate() / slow.rate(),
            "",
            target,
        );
    }
    let fast = mock.job(Job::Cheapest, LEADS)?;
    let times = fast.rate() / slow.rate();
    report.add(
        format!("{LATENCY} ms: {LEADS} rows by the cheapest way: of sequential pages' rate"),
        times,
        "",
        Target::AtLeast(20.0),
    );
    report.add(format!("{LATENCY} ms: the same"), fast.seconds, "s", Target::None);
    let single = mock.job(Job::Create, 50)?;
    report.add(
        format!("{LATENCY} ms: single creates"),
        single.rate(),
        "creates/s",
        Target::None,
    );
    let batched = mock.job(Job::CreateAll, BATCHED)?;
    report.add(
        format!("{LATENCY} ms: batched creates"),
        batched.rate(),
        "creates/s",
        Target::None,
    );
    Ok(())
}

/// Requests, credits and memory of many rows.
fn many(mock: &Mock, rows: usize, report: &mut Report) -> Result<(), Failure> {
    let thousands = rows as f64 / 1_000.0;
    for (name, job, most) in [("query", Job::Cheapest, 1.6), ("export", Job::Export, 0.3)] {
        let few = mock.job(job, 10_000)?;
        let all = mock.job(job, rows)?;
        report.add(
            format!("{rows} rows by {name}: credits"),
            all.credits / thousands,
            "per 1,000 rows",
            Target::AtMost(most),
        );
        report.add(
            format!("{rows} rows by {name}: requests"),
            all.requests / thousands,
            "per 1,000 rows",
            Target::None,
        );
        report.add(
            format!("{rows} rows by {name}: rate"),
            all.rate(),
            "rows/s",
            Target::None,
        );
        let memory = (all.memory - few.memory) / 1e6;
        report.add(
            format!("{rows} rows by {name}: memory beyond that of 10,000"),
            memory,
            "MB",
            Target::AtMost(10.0),
        );
    }
    let pages = mock.job(Job::Dynamic, 100_000)?;
    report.add(
        "100000 rows by pages: credits",
        pages.credits / 100.0,
        "per 1,000 rows",
        Target::None,
    );
    report.add(
        "100000 rows by pages: requests",
        pages.requests / 100.0,
        "per 1,000 rows",
        Target::None,
    );
    report.add(
        "the mock that answered: resident memory",
        mock.server.memory()? as f64 / 1e9,
        "GB",
        Target::None,
    );
    Ok(())
}
