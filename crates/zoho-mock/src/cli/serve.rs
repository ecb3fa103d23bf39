//! `zoho-mock serve`.

use std::io::{self, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use zoho_mock::{MockBuilder, MockZoho, Snapshot};

use super::Failure;

/// The flags of `zoho-mock serve`.
#[derive(Debug, Args)]
pub(super) struct Serve {
    /// The address to listen on.
    #[arg(long, env = "ZOHO_MOCK_HOST", default_value = "127.0.0.1")]
    host: IpAddr,
    /// The port to listen on; 0 takes a free one.
    #[arg(long, env = "ZOHO_MOCK_PORT", default_value_t = 8117)]
    port: u16,
    /// Print one line of JSON on stdout once connections are accepted: base_url, client_id,
    /// client_secret, refresh_token, organization_id.
    #[arg(long, env = "ZOHO_MOCK_READY_JSON")]
    ready_json: bool,
    /// What ids and tokens are made from: the same number and the same requests give the same bytes
    /// if --start and --frozen fix the time.
    #[arg(long, env = "ZOHO_MOCK_RANDOM_SEED", default_value_t = 1)]
    random_seed: u64,
    /// Begin with the world that this file holds, and with its configuration: of the other flags
    /// only the address counts then.
    #[arg(long, env = "ZOHO_MOCK_SEED", value_name = "FILE")]
    seed: Option<PathBuf>,
    /// Write the world to this file when told to stop.
    #[arg(long, env = "ZOHO_MOCK_SAVE", value_name = "FILE")]
    save: Option<PathBuf>,
    /// What the clock shows at the start: an instant such as 2026-01-01T00:00:00Z, or `now`.
    #[arg(long, env = "ZOHO_MOCK_START", default_value = "now", value_parser = start)]
    start: Start,
    /// Begin with so many records in a CRM module, such as Leads=20000; several with commas.
    #[arg(long, env = "ZOHO_MOCK_RECORDS", value_delimiter = ',', value_name = "MODULE=COUNT", value_parser = records)]
    records: Vec<(String, usize)>,
    /// Let the clock stand still; POST /_mock/clock moves it.
    #[arg(long, env = "ZOHO_MOCK_FROZEN")]
    frozen: bool,
    /// The id of the OAuth client, with --client-secret; made from the seed by default.
    #[arg(long, env = "ZOHO_MOCK_CLIENT_ID", requires = "client_secret")]
    client_id: Option<String>,
    /// The secret of the OAuth client.
    #[arg(
        long,
        env = "ZOHO_MOCK_CLIENT_SECRET",
        requires = "client_id",
        hide_env_values = true
    )]
    client_secret: Option<String>,
    /// An address that codes for this client may be sent to; any address without this.
    #[arg(
        long,
        env = "ZOHO_MOCK_REDIRECT_URI",
        value_delimiter = ' ',
        requires = "client_id"
    )]
    redirect_uri: Vec<String>,
    /// Seconds that a grant code may wait for its exchange.
    #[arg(long, env = "ZOHO_MOCK_CODE_LIFE", default_value_t = 120)]
    code_life: u64,
    /// The id of the Books organization.
    #[arg(long, env = "ZOHO_MOCK_ORGANIZATION_ID", default_value = "10234695")]
    organization_id: String,
    /// Books calls per organization and minute; 0 is without limit.
    #[arg(long, env = "ZOHO_MOCK_BOOKS_PER_MINUTE", default_value_t = 100)]
    books_per_minute: u32,
    /// Say in the journal and in the header x-zoho-mock-strict what a careful client would not send.
    #[arg(long, env = "ZOHO_MOCK_STRICT")]
    strict: bool,
    /// Answer a token request over the limit with 200 instead of 400.
    #[arg(long, env = "ZOHO_MOCK_THROTTLE_WITH_200")]
    throttle_with_200: bool,
    /// Send expires_in_sec, and expires_in in milliseconds.
    #[arg(long, env = "ZOHO_MOCK_EXPIRES_IN_SEC")]
    expires_in_sec: bool,
    /// Leave expires_in out of the answer to a refresh.
    #[arg(long, env = "ZOHO_MOCK_OMIT_EXPIRES_IN")]
    omit_expires_in: bool,
    /// Answer a CRM batch with mixed outcomes with 200 instead of 207.
    #[arg(long, env = "ZOHO_MOCK_MIXED_WITH_200")]
    mixed_with_200: bool,
    /// Send notification callbacks to other machines too; without this they are noted as suppressed.
    #[arg(long, env = "ZOHO_MOCK_NOTIFY_ANY")]
    notify_any: bool,
    /// Answer under /_mock/ by this name too; several with commas. Addresses, localhost and names of
    /// one word always work there.
    #[arg(
        long,
        env = "ZOHO_MOCK_ALLOW_HOST",
        value_delimiter = ',',
        value_name = "NAME"
    )]
    allow_host: Vec<String>,
    /// Answer the APIs from what `zoho-mock record` stored in this folder; the accounts server stays
    /// the mock's own.
    #[arg(long, env = "ZOHO_MOCK_REPLAY", value_name = "DIR")]
    replay: Option<PathBuf>,
}

/// What the clock shows at the start.
#[derive(Clone, Copy, Debug)]
enum Start {
    Now,
    At(Timestamp),
}

fn start(text: &str) -> Result<Start, String> {
    match text {
        "now" => Ok(Start::Now),
        _ => text
            .parse()
            .map(Start::At)
            .map_err(|error: jiff::Error| error.to_string()),
    }
}

fn records(text: &str) -> Result<(String, usize), String> {
    let (module, count) = text.split_once('=').ok_or("it is written Leads=20000")?;
    let count = count.parse().map_err(|error| format!("{count}: {error}"))?;
    Ok((module.to_owned(), count))
}

impl Serve {
    fn builder(&self) -> Result<MockBuilder, Failure> {
        let builder = MockZoho::builder()
            .address(SocketAddr::new(self.host, self.port))
            .seed(self.random_seed)
            .frozen(self.frozen)
            .strict(self.strict)
            .organization(&self.organization_id, "Zylker")
            .books_per_minute((self.books_per_minute > 0).then_some(self.books_per_minute))
            .throttle_with_200(self.throttle_with_200)
            .expires_in_sec(self.expires_in_sec)
            .omit_expires_in(self.omit_expires_in)
            .code_life(Duration::from_secs(self.code_life))
            .mixed_with_200(self.mixed_with_200)
            .notify_any(self.notify_any);
        let mut builder = match self.start {
            Start::Now => builder.start_now(),
            Start::At(start) => builder.start_instant(start),
        };
        for (module, count) in &self.records {
            builder = builder.records(module, *count)?;
        }
        let builder = match (&self.client_id, &self.client_secret) {
            (Some(id), Some(secret)) => builder.client(id, secret, self.redirect_uri.clone()),
            _ => builder,
        };
        let builder = match &self.seed {
            Some(file) => builder.snapshot(Snapshot::read(file)?),
            None => builder,
        };
        let names = self.allow_host.iter();
        let builder = names.fold(builder, |builder, name| builder.allow_host(name));
        match &self.replay {
            Some(folder) => Ok(builder.replay(folder)?),
            None => Ok(builder),
        }
    }
}

/// Serves until told to stop.
pub(super) async fn run(serve: &Serve) -> Result<(), Failure> {
    let zoho = serve.builder()?.start().await?;
    tracing::info!(base_url = zoho.base_url(), "ready");
    tracing::info!("console: {}/_mock/", zoho.base_url());
    if serve.ready_json {
        announce(&zoho)?;
    }
    interrupted().await;
    if let Some(file) = &serve.save {
        zoho.snapshot().write(file)?;
    }
    tracing::info!("stopped");
    Ok(())
}

/// The line that tells a harness where to connect and as whom.
fn announce(zoho: &MockZoho) -> io::Result<()> {
    let ready = serde_json::json!({
        "base_url": zoho.base_url(),
        "client_id": zoho.client_id(),
        "client_secret": zoho.client_secret(),
        "refresh_token": zoho.refresh_token(),
        "organization_id": zoho.organization_id(),
    });
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{ready}")?;
    stdout.flush()
}

/// Waits for Ctrl-C, or for the signal that a supervisor sends.
pub(super) async fn interrupted() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if let Err(error) = interrupt.await {
        tracing::warn!(%error, "Ctrl-C cannot be awaited");
        std::future::pending::<()>().await;
    }
}
