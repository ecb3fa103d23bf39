//! Consent in a browser, from the address that the user opens to the first call with the new tokens.
//!
//! ```sh
//! cargo run -p zoho-client --example authorize              # prints an address; open it in a browser
//! cargo run -p zoho-client --example authorize -- --consent # consents by itself
//! ```
//!
//! starts a local Zoho of its own and asks it. For the real one set `ZOHO_REGION`, `ZOHO_CLIENT_ID`,
//! `ZOHO_CLIENT_SECRET` and `ZOHO_REDIRECT_PORT`, and enter `http://127.0.0.1:PORT/callback` in the API
//! console among the redirect addresses. `ZOHO_SCOPES` asks for other scopes than the usual ones, and
//! `ZOHO_STORE` names an SQLite file that keeps the tokens.

mod callback;
mod server;

use std::env;
use std::error::Error;
use std::time::Duration;

use zoho_client::{AuthorizeUrl, Scopes, SqlStore, Zoho};

use callback::Listener;
use server::Server;

/// How long the user may take.
const PATIENCE: Duration = Duration::from_secs(300);

#[tokio::main(flavor = "current_thread")]
#[allow(clippy::print_stdout, reason = "the lines are what the example is for")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::from_environment().await?;
    let listener = Listener::bind(server.redirect_port).await?;
    let app = server.app.clone().redirect_uri(listener.redirect_uri());
    let scopes: Scopes = match env::var("ZOHO_SCOPES") {
        Ok(scopes) => scopes.parse()?,
        Err(_) => Scopes::seed(),
    };

    // 1. Send the user to Zoho.
    let consent = AuthorizeUrl::new(server.region.clone(), app.clone())
        .scopes(scopes)
        .begin_random()?;
    println!("open {}", consent.url());
    if env::args().any(|argument| argument == "--consent") {
        server.consent(consent.url())?;
    }

    // 2. Take what comes back, and trade it at the data centre where the user lives.
    let callback = tokio::time::timeout(PATIENCE, listener.wait(consent))
        .await
        .map_err(|_| "nobody came back within five minutes")??;
    println!("consented; the user lives in {}", callback.region());
    let mut builder = Zoho::builder(callback.region().clone()).oauth(app);
    let grant = builder.exchange(&callback).await?;
    println!(
        "a token for {} minutes{}",
        grant.lifetime.as_secs() / 60,
        if grant.refresh_token.is_some() {
            ", and one to renew it with"
        } else {
            ""
        },
    );

    // 3. Connect. The grant's access token is used at once.
    if let Ok(path) = env::var("ZOHO_STORE") {
        builder = builder.token_store(SqlStore::sqlite(path).await?);
    }
    let zoho = builder.grant(grant).build()?;
    let modules = zoho.crm().modules().await?;
    println!("connected; the organization has {} modules", modules.len());
    Ok(())
}
