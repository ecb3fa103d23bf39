//! Four processes run a hundred triggers on one store, and are killed again and again.
//!
//! CI lets them run for fifteen seconds; `ZOHO_WORKERS_SECONDS=120` for two minutes. PostgreSQL is the
//! store where it is installed, else an SQLite file.
#![allow(clippy::expect_used, reason = "a failed expectation is the verdict of a test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use zoho_client::{Clock as _, OAuthApp, Record, Region, SystemClock, Zoho};
use zoho_conformance::postgres::Postgres;
use zoho_mock::MockZoho;

const WORKERS: usize = 4;
const TRIGGERS: usize = 100;
const TERM: Duration = Duration::from_secs(8);
const INTERVAL: Duration = Duration::from_secs(4);

struct Site<'a> {
    mock: &'a MockZoho,
    store: String,
    folder: &'a Path,
}

impl Site<'_> {
    fn worker(&self) -> Child {
        Command::new(env!("CARGO_BIN_EXE_trigger-worker"))
            .arg(&self.store)
            .arg(self.folder)
            .args([
                TRIGGERS.to_string(),
                TERM.as_millis().to_string(),
                INTERVAL.as_millis().to_string(),
            ])
            .env("ZOHO_BASE_URL", self.mock.base_url())
            .env("ZOHO_CLIENT_ID", self.mock.client_id())
            .env("ZOHO_CLIENT_SECRET", self.mock.client_secret())
            .env("ZOHO_REFRESH_TOKEN", self.mock.refresh_token())
            .stdin(Stdio::null())
            .spawn()
            .expect("the worker starts")
    }

    /// What a trigger was told so far: when, and of which leads.
    fn told(&self, trigger: usize) -> Told {
        let text = fs::read_to_string(self.folder.join(trigger.to_string())).unwrap_or_default();
        let mut told = Told::default();
        for line in text.lines() {
            let mut words = line.split(' ').filter(|word| !word.is_empty());
            match words.next() {
                Some("twice") => told.twice += 1,
                Some(time) => {
                    let time = time.parse().expect("a line begins with its time");
                    let process = words.next().and_then(|word| word.parse().ok());
                    told.add(time, process.expect("a line names its process"), words);
                }
                None => {}
            }
        }
        told
    }
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

#[derive(Default)]
struct Told {
    times: Vec<i64>,
    ids: BTreeSet<String>,
    /// The latest batch, and who dealt with it.
    latest: (u32, BTreeSet<String>),
    repeated: usize,
    /// Batches that came again: from when to when, and who had dealt with them before.
    again: Vec<(i64, i64, u32)>,
    /// Leads that came again though they were not in the batch before.
    unexplained: usize,
    twice: usize,
}

impl Told {
    fn add<'a>(&mut self, time: i64, process: u32, ids: impl Iterator<Item = &'a str>) {
        let batch: BTreeSet<String> = ids.map(str::to_owned).collect();
        let again = batch.intersection(&self.ids).count();
        if again > 0 {
            self.repeated += again;
            let before = self.times.last().copied().unwrap_or(time);
            self.again.push((before, time, self.latest.0));
            let known = |id: &&String| self.ids.contains(*id) && !self.latest.1.contains(*id);
            self.unexplained += batch.iter().filter(known).count();
        }
        self.ids.extend(batch.iter().cloned());
        self.latest = (process, batch);
        self.times.push(time);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_workers_are_killed() {
    let seconds = std::env::var("ZOHO_WORKERS_SECONDS").ok();
    let seconds: u64 = seconds.map_or(15, |text| text.parse().expect("a number of seconds"));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let server = Postgres::start("workers (on PostgreSQL; it goes on with SQLite)");
    let store = server.as_ref().map_or_else(
        || folder.path().join("zoho.db").display().to_string(),
        |server| server.database("workers"),
    );
    let mock = MockZoho::builder()
        .start_now()
        .crm_credits(u32::MAX)
        .start()
        .await
        .expect("a port is free");
    let site = Site {
        mock: &mock,
        store,
        folder: folder.path(),
    };
    let author = Zoho::builder(Region::custom(mock.base_url()).expect("the mock is on this machine"))
        .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
        .refresh_token(mock.refresh_token())
        .build()
        .expect("the mock's credentials are complete");
    let mut workers: Vec<Child> = (0..WORKERS).map(|_| site.worker()).collect();
    let mut random = Random(7);
    let (mut made, mut kills) = (BTreeSet::new(), Vec::new());
    let began = tokio::time::Instant::now();
    let mut next_kill = began + Duration::from_secs(4);
    while began.elapsed() < Duration::from_secs(seconds) {
        let rows = (0..3).map(|n| Record::new().set("Last_Name", format!("lead {n}")));
        let outcomes = author
            .crm()
            .records("Leads")
            .create(rows)
            .await
            .expect("leads are made");
        made.extend(
            outcomes
                .iter()
                .filter_map(|outcome| outcome.id().map(ToString::to_string)),
        );
        tokio::time::sleep(Duration::from_millis(300)).await;
        if tokio::time::Instant::now() >= next_kill {
            let victim = random.below(WORKERS as u64) as usize;
            let process = workers[victim].id();
            workers[victim].kill().expect("a child can be killed");
            workers[victim].wait().expect("a killed child ends");
            workers[victim] = site.worker();
            kills.push((SystemClock.now().as_millisecond(), process));
            next_kill += Duration::from_millis(1_500 + random.below(3_000));
        }
    }
    // The last of them has its lease and its turn; then everybody was told of everything.
    let patience = tokio::time::Instant::now() + Duration::from_secs(120);
    let complete = || (0..TRIGGERS).all(|trigger| site.told(trigger).ids.is_superset(&made));
    while !complete() && tokio::time::Instant::now() < patience {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    for worker in &mut workers {
        worker.kill().expect("a child can be killed");
        worker.wait().expect("a killed child ends");
    }
    let all: Vec<Told> = (0..TRIGGERS).map(|trigger| site.told(trigger)).collect();
    let lost: usize = all.iter().map(|told| made.difference(&told.ids).count()).sum();
    let twice: usize = all.iter().map(|told| told.twice).sum();
    let repeated: usize = all.iter().map(|told| told.repeated).sum();
    // Whoever takes a trigger over may be killed in turn: then it stands still once more.
    let deaths = |from: i64, to: i64| {
        kills
            .iter()
            .filter(|(kill, _)| (from..to).contains(kill))
            .count()
            .max(1) as i64
    };
    let pauses = all.iter().flat_map(|told| told.times.windows(2));
    let idle = pauses
        .map(|pair| (pair[1] - pair[0]) / deaths(pair[0], pair[1]))
        .max()
        .unwrap_or(0);
    let tokens = mock.journal().count("token");
    let unexplained: usize = all.iter().map(|told| told.unexplained).sum();
    let again: Vec<_> = all.iter().flat_map(|told| &told.again).collect();
    // The process that had dealt with the batch was killed before the batch came again.
    let of_killed = |(_, to, process): &&&(i64, i64, u32)| {
        kills.iter().any(|(kill, killed)| killed == process && kill <= to)
    };
    let after_kills = again.iter().filter(of_killed).count();
    eprintln!(
        "{seconds} s, {WORKERS} workers, {TRIGGERS} triggers, {} leads, {} kills: {lost} lost, {twice} run twice, \
         {repeated} told again in {} batches, {after_kills} of them of killed workers, {unexplained} not of the \
         batch before, longest pause for a kill {idle} ms, {tokens} access tokens",
        made.len(),
        kills.len(),
        again.len(),
    );
    assert_eq!(lost, 0, "changes were lost");
    assert_eq!(twice, 0, "a trigger ran twice at a time");
    // What comes again is the one batch that was out: all before it were acknowledged, and stay so.
    assert_eq!(unexplained, 0, "leads came again that were acknowledged");
    assert!(
        again.len() <= TRIGGERS * kills.len(),
        "a kill repeats a batch of a trigger at most"
    );
    // Twice what is promised, for machines that have much else to do.
    let most = 2 * i64::try_from((TERM + INTERVAL).as_millis()).expect("seconds");
    assert!(idle <= most, "a trigger stood still for {idle} ms after a kill");
}
