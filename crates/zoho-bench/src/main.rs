//! Measurements of the mock and of the client, run by `cargo xtask bench`. The load generator and the bare handler are
//! processes of their own, made from the same program.
// Figures are what it prints.
#![allow(clippy::print_stdout)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod bare;
mod client;
mod clock;
mod http;
mod load;
mod mock;
mod process;
mod report;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

/// An error with all that led to it already in its text.
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures zoho-mock and zoho-client against their targets.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measure a zoho-mock program.
    Mock {
        /// The program, built with --release.
        program: PathBuf,
        /// Print one JSON object instead of a table.
        #[arg(long)]
        json: bool,
        /// How many leads the large world has.
        #[arg(long, default_value_t = 1_000_000)]
        leads: usize,
        /// Measure so often, taking turns with the bare handler.
        #[arg(long, default_value_t = 7)]
        rounds: usize,
        /// Measure only this; several with commas.
        #[arg(long, value_delimiter = ',', value_name = "PART")]
        only: Vec<Part>,
    },
    /// Measure the client against a zoho-mock program.
    Client {
        /// The program, built with --release.
        program: PathBuf,
        /// Print one JSON object instead of a table.
        #[arg(long)]
        json: bool,
        /// How many leads the large world has.
        #[arg(long, default_value_t = 1_000_000)]
        leads: usize,
        /// Measure so often, taking turns with the loop written by hand.
        #[arg(long, default_value_t = 5)]
        rounds: usize,
    },
    /// Do one job of the client's; prints what came of it as JSON.
    #[command(hide = true)]
    Job { job: client::Job, rows: usize },
    /// Serve the bytes of a file to whoever asks; prints its address.
    #[command(hide = true)]
    Bare { file: PathBuf },
    /// Send one request over and over; prints what came of it as JSON.
    #[command(hide = true)]
    Load {
        /// A file with the order as JSON.
        order: PathBuf,
    },
}

fn show(report: &report::Report, json: bool) {
    match json {
        true => println!("{}", report.to_json()),
        false => print!("{report}"),
    }
}

/// A part of what is measured of the mock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Size, start, memory.
    Small,
    /// Lists and creates.
    Busy,
    /// A large world.
    Large,
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Mock {
            program,
            json,
            leads,
            rounds,
            only,
        } => mock::run(&program, leads, rounds, &only).map(|report| show(&report, json)),
        Command::Client {
            program,
            json,
            leads,
            rounds,
        } => client::run(&program, leads, rounds).map(|report| show(&report, json)),
        Command::Job { job, rows } => client::run_job(job, rows),
        Command::Bare { file } => bare::run(&file),
        Command::Load { order } => load::run(&order),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to be done where not even stderr can be written to.
            let _ = writeln!(std::io::stderr(), "zoho-bench: {error}");
            ExitCode::FAILURE
        }
    }
}
