//! The command line: what it takes, and how it ends.

mod client;
mod limits;
mod listen;
mod record;
mod routes;
mod serve;
mod snapshot;
mod trigger;

use std::error::Error;
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use tracing_subscriber::EnvFilter;

const EXAMPLES: &str = "\
Examples:
  zoho-mock serve --records Leads=1000        then open http://127.0.0.1:8117/_mock/
  zoho-mock listen --forward-to http://127.0.0.1:3000/zoho
  zoho-mock trigger Leads.edit --set Company=Acme
  zoho-mock snapshot save world.json

Logs go to stderr; ZOHO_MOCK_LOG sets their level (info by default).
Exit codes: 0 done; 1 the running mock did not answer; 2 wrong usage or input.";

/// A local, stateful Zoho for tests in any language: accounts server, CRM v8 and Books v3.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until Ctrl-C.
    ///
    /// All three servers share one address. The console and the mock's own addresses (health, clock,
    /// faults, journal, deliveries, grant, consent, snapshot, reset) are under /_mock/.
    #[command(after_help = "\
Examples:
  zoho-mock serve --records Accounts=100,Contacts=5000
  zoho-mock serve --port 0 --ready-json > ready.json
  zoho-mock serve --seed world.json --frozen --start 2026-03-01T00:00:00Z")]
    Serve(Box<serve::Serve>),
    /// List every operation and whether the mock keeps state for it.
    #[command(after_help = "\
Examples:
  zoho-mock routes --product crm tags
  zoho-mock routes --json | jq -r 'select(.stateful | not) | .operation'")]
    Routes(routes::Routes),
    /// Change a record of a running mock, and so fire the callbacks of its channels.
    #[command(after_help = "\
Examples:
  zoho-mock trigger Leads.create --set Last_Name=Ngo --set Company=Acme
  zoho-mock trigger Leads.edit --id 4876876000000527002 --set Company=Acme
  zoho-mock trigger Leads.delete")]
    Trigger(trigger::Trigger),
    /// Open a channel at a running mock, print what it is told, and forward it to a local program.
    #[command(after_help = "\
Examples:
  zoho-mock listen
  zoho-mock listen --events Leads.edit,Contacts.all --forward-to http://127.0.0.1:3000/zoho")]
    Listen(listen::Listen),
    /// Forward requests to Zoho and store the exchanges, with tokens, e-mail addresses and telephone
    /// numbers masked.
    ///
    /// Give the client the address of this proxy as its accounts URL and as its API domain. Names,
    /// addresses and amounts are stored as they come: look through the files before you share them.
    #[command(after_help = "\
Examples:
  zoho-mock record --target https://www.zohoapis.eu --out recordings
  zoho-mock serve --replay recordings")]
    Record(record::Record),
    /// Save the world of a running mock, or put a saved one in its place.
    #[command(after_help = "\
Examples:
  zoho-mock snapshot save world.json
  zoho-mock snapshot load world.json")]
    Snapshot(snapshot::Snapshot),
    /// Write the completions of a shell to stdout.
    #[command(after_help = "\
Examples:
  zoho-mock completions bash > ~/.local/share/bash-completion/completions/zoho-mock")]
    Completions { shell: Shell },
}

/// Why a command did not do what it should.
#[derive(Debug)]
enum Failure {
    /// What was asked for is wrong; nothing was changed.
    Input(String),
    /// The running mock, or who else was asked, did not answer.
    Unanswered(String),
}

impl<E: Error> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Input(with_causes(&error))
    }
}

/// Runs the program.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let level = EnvFilter::try_from_env("ZOHO_MOCK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(level)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
    // One worker: whatever is asked, it is answered under the one lock around the world, and workers that wake each other for it
    // take longer than one alone (docs/performance.md).
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(command(cli.command)));
    let (text, code) = match outcome {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Input(text)) => (text, 2),
        Err(Failure::Unanswered(text)) => (text, 1),
    };
    // Nothing is left to be done where not even stderr can be written to.
    let _ = writeln!(io::stderr(), "zoho-mock: {text}");
    ExitCode::from(code)
}

async fn command(command: Command) -> Result<(), Failure> {
    match command {
        Command::Serve(serve) => serve::run(&serve).await,
        Command::Routes(routes) => routes::run(&routes),
        Command::Trigger(trigger) => trigger::run(trigger).await,
        Command::Listen(listen) => listen::run(listen).await,
        Command::Record(record) => record::run(record).await,
        Command::Snapshot(snapshot) => snapshot::run(snapshot).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "zoho-mock", &mut script);
            say(&String::from_utf8_lossy(&script))
        }
    }
}

/// Writes to stdout; a reader that has heard enough is no failure.
fn say(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// What went wrong, with its causes.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        text.push_str(&format!(": {deeper}"));
        cause = deeper.source();
    }
    text
}
