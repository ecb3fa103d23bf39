//! Chores of this workspace, run as `cargo xtask <command>`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
// What it found out is what a command prints.
#![allow(clippy::print_stdout)]

mod bench;
mod codegen;
mod coverage;
mod plan;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    /// Build with --release and measure against the targets in docs/performance.md
    Bench {
        #[command(subcommand)]
        what: Bench,
    },
    /// Count what the mock keeps state for, into docs/coverage.md
    Coverage {
        /// Write nothing: show what is stale as a diff, and exit with 1 if anything is
        #[arg(long)]
        check: bool,
    },
}

#[derive(Debug, Subcommand)]
enum Bench {
    /// The mock: start, memory, lists, creates, and pages of a million leads (Linux; some minutes)
    Mock {
        /// Print one JSON object instead of a table
        #[arg(long)]
        json: bool,
        /// How many leads the large world has
        #[arg(long, default_value_t = 1_000_000)]
        leads: usize,
        /// Measure so often, taking turns with the bare handler
        #[arg(long, default_value_t = 7)]
        rounds: usize,
    },
}

fn main() -> ExitCode {
    let report = match Cli::parse().command {
        Command::Bench {
            what: Bench::Mock { json, leads, rounds },
        } => {
            return match bench::mock(&root(), json, leads, rounds) {
                Ok(()) => ExitCode::SUCCESS,
                Err(error) => {
                    eprintln!("{error}");
                    ExitCode::FAILURE
                }
            };
        }
        Command::Codegen { check } => codegen::run(&zoho_spec::openapi_dir(), &root(), check),
        Command::Coverage { check } => coverage::run(&root(), check),
    };
    match report {
        Ok(report) => {
            print!("{}", report.text);
            if report.stale {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            }
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace.
fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().unwrap_or(own).to_owned()
}
