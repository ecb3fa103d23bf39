//! Chores of this workspace, run as `cargo xtask <command>`.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]
// What it found out is what a command prints.
#![allow(clippy::print_stdout)]

mod audit;
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
    /// Count what is described, called, answered and kept, and what the connector offers, into docs/coverage.md
    Coverage {
        /// Write nothing: show what is stale as a diff, and exit with 1 if anything is
        #[arg(long)]
        check: bool,
        /// Write nothing: run the tests that the page names, and print the counts as one JSON object
        #[arg(long, conflicts_with = "check")]
        json: bool,
    },
    /// Compare our descriptions with a folder of OpenAPI files, such as the ones that Zoho publishes
    ///
    /// Prints operations, parameters, statuses, fields and types that only one side has, or that differ, and
    /// exits with 1 unless a list of known differences says exactly that. With `--recordings`, compares what
    /// real Zoho answered: each difference is one line with operation, where and what.
    Audit(audit::Options),
}

fn main() -> ExitCode {
    let report = match Cli::parse().command {
        Command::Codegen { check } => codegen::run(&zoho_spec::openapi_dir(), &root(), check),
        Command::Coverage { json: true, .. } => coverage::json(&root()),
        Command::Coverage { check, .. } => coverage::run(&root(), check),
        Command::Audit(options) => audit::run(&options),
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
