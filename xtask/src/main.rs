//! Chores of this workspace, run as `cargo xtask <command>`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
// What it found out is what a command prints.
#![allow(clippy::print_stdout)]

mod audit;
mod bench;
mod codegen;
mod coverage;
mod mutants;
mod plan;
mod public_api;
mod report;
mod soak;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use report::Report;

/// Chores of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Generate Rust from the descriptions in crates/zoho-spec/openapi
    ///
    /// Writes the typed client, the tables of client and mock, and the feature list of zoho-client: only
    /// files that differ are written, and generated files that nothing asks for any more are deleted. A
    /// description that breaks a rule stops the run; each violation is printed as `file:line: [rule]`.
    Codegen {
        /// Write nothing: show what is stale as a diff, and exit with 1 if anything is
        #[arg(long)]
        check: bool,
    },
    /// Build with --release and measure against the targets in docs/performance.md: mock and client, or a part of it
    #[command(args_conflicts_with_subcommands = true)]
    Bench {
        /// Print JSON objects instead of tables, one for each part
        #[arg(long)]
        json: bool,
        #[command(subcommand)]
        what: Option<Bench>,
    },
    /// Count what is described, called, answered and kept, and what the connector offers, into docs/coverage.md
    Coverage {
        /// Write nothing: show what is stale as a diff, and exit with 1 if anything is
        #[arg(long)]
        check: bool,
        /// Write nothing: run the tests that the page names, and print the counts as one JSON object
        #[arg(long, conflicts_with = "check")]
        json: bool,
    },
    /// Write what client and mock offer to others into crates/*/public-api.txt, so that a review sees it change
    PublicApi {
        /// Write nothing: show what is stale as a diff, and exit with 1 if anything is
        #[arg(long)]
        check: bool,
    },
    /// Compare our descriptions with a folder of OpenAPI files, such as the ones that Zoho publishes
    ///
    /// Prints operations, parameters, statuses, fields and types that only one side has, or that differ, and
    /// exits with 1 unless a list of known differences says exactly that. With `--recordings`, compares what
    /// real Zoho answered: each difference is one line with operation, where and what.
    Audit(audit::Options),
    /// Run client, mock, triggers and worker processes under random faults for some minutes
    ///
    /// Looks at the invariants all along (no change lost, no trigger twice at once, no write sent again, lists
    /// as the author knows them, tokens within Zoho's limit), prints a report of one page, and exits with 1
    /// when one of them did not hold.
    Soak(soak::Options),
    /// Put seeded bugs into a copy of the workspace, one at a time, and say which of them no test notices
    ///
    /// The list is xtask/mutants.yaml. It takes half an hour or more; exits with 1 if fewer than nine in ten are caught.
    Mutants(mutants::Options),
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// The mock: start, memory, lists, creates, and pages of a million leads (Linux; some minutes)
    Mock {
        /// Print one JSON object instead of a table
        #[arg(long)]
        json: bool,
        /// How many leads the large world has
        #[arg(long, default_value_t = bench::LEADS)]
        leads: usize,
        /// Measure so often, taking turns with the bare handler
        #[arg(long, default_value_t = bench::MOCK_ROUNDS)]
        rounds: usize,
        /// Measure only this: small, busy or large; several with commas
        #[arg(long, value_delimiter = ',', value_name = "PART")]
        only: Vec<String>,
    },
    /// The client: lists and creates beside a loop written by hand, by every way, with a latency, triggers and callbacks, and
    /// the size of a program (Linux; some minutes)
    Client {
        /// Print one JSON object instead of a table
        #[arg(long)]
        json: bool,
        /// How many leads the large world has
        #[arg(long, default_value_t = bench::LEADS)]
        leads: usize,
        /// Measure so often, taking turns with the loop
        #[arg(long, default_value_t = bench::CLIENT_ROUNDS)]
        rounds: usize,
    },
    /// Building: CPU seconds of a program with the client, and of checking the client with single features (Linux; some minutes,
    /// with --all an hour)
    Build(bench::build::Options),
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(report) => {
            print!("{}", report.text);
            ExitCode::from(u8::from(report.stale))
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<Report, Box<dyn Error>> {
    let root = root();
    match command {
        Command::Codegen { check } => codegen::run(&zoho_spec::openapi_dir(), &root, check),
        Command::Bench { json, what } => {
            match what {
                None => {
                    bench::mock(&root, json, bench::LEADS, bench::MOCK_ROUNDS, &[])?;
                    bench::client(&root, json, bench::LEADS, bench::CLIENT_ROUNDS)?;
                }
                Some(Bench::Mock {
                    json,
                    leads,
                    rounds,
                    only,
                }) => bench::mock(&root, json, leads, rounds, &only)?,
                Some(Bench::Client { json, leads, rounds }) => bench::client(&root, json, leads, rounds)?,
                Some(Bench::Build(options)) => bench::build::run(&root, &options)?,
            }
            Ok(Report::default())
        }
        Command::Coverage { json: true, .. } => coverage::json(&root),
        Command::Coverage { check, .. } => coverage::run(&root, check),
        Command::PublicApi { check } => public_api::run(&root, check),
        Command::Audit(options) => audit::run(&options),
        Command::Soak(options) => Ok(soak::run(&root, &options)?),
        Command::Mutants(options) => Ok(mutants::run(&root, &options)?),
    }
}

/// The workspace.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_soak_hands_its_options_on() {
        let arguments = ["--minutes", "0.5", "--seed=7", "--report", "a b.txt"];
        let line = ["cargo xtask", "soak"].into_iter().chain(arguments);
        let Command::Soak(options) = Cli::try_parse_from(line).unwrap().command else {
            panic!("it is no soak");
        };
        assert_eq!(options.program, arguments);
    }
}
