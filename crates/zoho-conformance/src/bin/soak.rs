//! A soak: client, mock, triggers and worker processes under random faults. `cargo xtask soak` builds and starts it.
#![allow(clippy::print_stdout, reason = "the report is what the program prints")]

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use zoho_conformance::soak::{self, Options};

/// How often progress is a line where there is no terminal, in milliseconds.
const LINE: u64 = 15_000;

/// Run client, mock, triggers and worker processes under random faults, and look at the invariants all along.
///
/// Prints a report of one page, and exits with 1 when an invariant did not hold.
#[derive(Debug, Parser)]
#[command(name = "soak", version)]
struct Cli {
    /// How long faults are thrown, in minutes
    #[arg(long, default_value_t = 2.0)]
    minutes: f64,
    /// Throw what another run threw; it is printed at the start and in the report
    #[arg(long)]
    seed: Option<u64>,
    /// How many processes run triggers
    #[arg(long, default_value_t = 4)]
    workers: usize,
    /// How many triggers they share
    #[arg(long, default_value_t = 20)]
    triggers: usize,
    /// Write the report to a file too
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Pretend that a trigger was not told of a lead, to see the run fail
    #[arg(long, hide = true)]
    sabotage: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("soak: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run(cli: Cli) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    let length = Duration::try_from_secs_f64(cli.minutes * 60.0)
        .map_err(|_| "--minutes is a time, such as 2 or 0.5")?;
    let seed = cli
        .seed
        .unwrap_or_else(|| RandomState::new().build_hasher().finish() % 1_000_000);
    let mut program = std::env::current_exe()?;
    program.set_file_name(format!("trigger-worker{}", std::env::consts::EXE_SUFFIX));
    eprintln!("soak of {length:?} with --seed {seed}");
    let total = u64::try_from(length.as_millis())?;
    let bar = ProgressBar::new(total);
    bar.set_style(ProgressStyle::with_template("{elapsed_precise} {bar:30} {msg}")?);
    let terminal = std::io::stderr().is_terminal();
    let mut next = LINE;
    let options = Options {
        length,
        seed,
        workers: cli.workers,
        triggers: cli.triggers,
        program,
        sabotage: cli.sabotage,
    };
    let report = soak::run(&options, |over, line| {
        bar.set_position(over.min(total));
        bar.set_message(line.to_owned());
        if !terminal && over >= next {
            eprintln!("{} s: {line}", over / 1_000);
            next += LINE;
        }
    })
    .await?;
    bar.finish_and_clear();
    print!("{report}");
    if let Some(file) = cli.report {
        std::fs::write(file, report.to_string())?;
    }
    Ok(report.holds())
}
