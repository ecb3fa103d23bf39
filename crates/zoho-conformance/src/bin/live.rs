//! The conformance suite against a real Zoho: `ZOHO_LIVE_*` say which, and the report says what differs from the mock.
#![allow(clippy::print_stdout, reason = "the report is what the program prints")]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use zoho_conformance::gaps;
use zoho_conformance::live::{self, NotSet, Settings};

/// Ask a real Zoho what the mock is asked, and print what differs.
///
/// Which Zoho the environment says: ZOHO_LIVE_REGION, ZOHO_LIVE_CLIENT_ID, ZOHO_LIVE_CLIENT_SECRET and
/// ZOHO_LIVE_REFRESH_TOKEN; ZOHO_LIVE_ENVIRONMENT is sandbox unless it says production or developer,
/// ZOHO_LIVE_ORGANIZATION is one of Books. Nothing is written unless ZOHO_LIVE_WRITE is yes; then a few
/// leads are made, each with a mark in its name, and deleted again. Differences that the list does not
/// have are printed as lines for it. Exits with 1 when there are any, or when the list has one that is gone.
#[derive(Debug, Parser)]
#[command(name = "live", version)]
struct Cli {
    /// The list of known gaps; the shipped one without a word
    #[arg(long, value_name = "FILE")]
    gaps: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let settings = match Settings::read(|name| std::env::var(name).ok()) {
        Ok(settings) => settings,
        Err(NotSet::Nothing) => {
            println!("skipped: no ZOHO_LIVE_* is set; see --help");
            return ExitCode::SUCCESS;
        }
        Err(NotSet::Wrong(why)) => {
            eprintln!("live: {why}");
            return ExitCode::from(2);
        }
    };
    match run(settings, &cli).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("live: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run(settings: Settings, cli: &Cli) -> Result<bool, Box<dyn std::error::Error>> {
    let file = cli.gaps.clone().unwrap_or_else(gaps::file);
    let listed = gaps::read(&std::fs::read_to_string(&file)?)?;
    let what = match settings.may_write() {
        true => "reading, and writing leads with a mark",
        false => "reading only",
    };
    eprintln!("{what}");
    let sight = live::run(settings).await?;
    let comparison = live::compared(&sight, &listed);
    let known = sight.differences.len() - comparison.unlisted.len();
    print!("{comparison}");
    println!(
        "# {} probes, {} differences: {known} known, {} new; {} lines are stale",
        sight.probes.len(),
        sight.differences.len(),
        comparison.unlisted.len(),
        comparison.stale.len()
    );
    Ok(comparison.is_exact())
}
