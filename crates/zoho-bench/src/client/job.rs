//! A job in a process of its own: what it did, how long it took, and what it needed.

use std::fs;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::{events, hand, ours};
use crate::Failure;
use crate::clock::Watch;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Job {
    /// Pages, as a type.
    Typed,
    /// Pages, as records.
    Dynamic,
    /// Pages fetched ahead, as a type.
    TypedAhead,
    /// Pages fetched ahead, as records.
    DynamicAhead,
    /// By the cheapest way, as records.
    Cheapest,
    /// By exports, as records.
    Export,
    /// A loop written by hand, as a type.
    HandTyped,
    /// A loop written by hand, as JSON values.
    HandDynamic,
    /// Leads created one by one.
    Create,
    /// Leads created one by one, by hand.
    HandCreate,
    /// Leads created in batches.
    CreateAll,
    /// Pages read again and again, no request between.
    Decode,
    /// The pure step of a trigger, where nothing changed.
    IdleSteps,
    /// The same where some records changed.
    Steps,
    /// Polls of a trigger through the client.
    Polls,
    /// Callbacks that a receiver takes.
    Callbacks,
}

impl Job {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Typed => "typed",
            Self::Dynamic => "dynamic",
            Self::TypedAhead => "typed-ahead",
            Self::DynamicAhead => "dynamic-ahead",
            Self::Cheapest => "cheapest",
            Self::Export => "export",
            Self::HandTyped => "hand-typed",
            Self::HandDynamic => "hand-dynamic",
            Self::Create => "create",
            Self::HandCreate => "hand-create",
            Self::CreateAll => "create-all",
            Self::Decode => "decode",
            Self::IdleSteps => "idle-steps",
            Self::Steps => "steps",
            Self::Polls => "polls",
            Self::Callbacks => "callbacks",
        }
    }
}

/// What came of a job.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) rows: f64,
    pub(crate) seconds: f64,
    /// Seconds of CPU of the process.
    pub(crate) cpu: f64,
    /// The most resident memory that the process had, in bytes.
    pub(crate) memory: f64,
    pub(crate) requests: f64,
    pub(crate) credits: f64,
}

impl Outcome {
    pub(super) fn rate(&self) -> f64 {
        self.rows / self.seconds
    }

    pub(super) fn cpu_per_thousand(&self) -> f64 {
        self.cpu * 1e6 / self.rows
    }

    pub(super) fn nanoseconds(&self) -> f64 {
        self.seconds * 1e9 / self.rows
    }
}

/// What a job did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Done {
    pub(super) rows: usize,
    pub(super) requests: u64,
    pub(super) credits: u64,
}

/// Does a job and prints what came of it.
pub(crate) fn run(job: Job, rows: usize) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        match job {
            Job::HandTyped | Job::HandDynamic | Job::HandCreate | Job::Decode => {
                let hand = hand::Hand::connect().await?;
                measured(async || hand.run(job, rows).await).await
            }
            Job::IdleSteps | Job::Steps | Job::Polls | Job::Callbacks => {
                measured(async || events::run(job, rows).await).await
            }
            _ => {
                let ours = ours::Ours::connect().await?;
                measured(async || ours.run(job, rows).await).await
            }
        }
    })?;
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(())
}

async fn measured(work: impl AsyncFnOnce() -> Result<Done, Failure>) -> Result<Outcome, Failure> {
    let (before, watch) = (cpu()?, Watch::start());
    let done = work().await?;
    let seconds = watch.read().as_secs_f64();
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes: f64 = line
        .and_then(|line| line.trim().strip_suffix(" kB"))
        .ok_or("there is no VmHWM")?
        .trim()
        .parse()?;
    Ok(Outcome {
        rows: done.rows as f64,
        seconds,
        cpu: cpu()? - before,
        memory: kilobytes * 1_024.0,
        requests: done.requests as f64,
        credits: done.credits as f64,
    })
}

/// Seconds of CPU that all threads of this process used.
fn cpu() -> Result<f64, Failure> {
    let mut nanoseconds = 0.0;
    for thread in fs::read_dir("/proc/self/task")? {
        let stat = fs::read_to_string(thread?.path().join("schedstat"))?;
        let ran: f64 = stat
            .split_whitespace()
            .next()
            .ok_or("schedstat is empty")?
            .parse()?;
        nanoseconds += ran;
    }
    Ok(nanoseconds / 1e9)
}
