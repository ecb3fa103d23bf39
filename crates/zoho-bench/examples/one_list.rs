//! A program that lists leads with the client and its default features, to measure its size.
#![allow(clippy::print_stdout, reason = "a program that prints its result")]

use zoho_client::{OAuthApp, Region, Zoho};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let secret = |name: &str| std::env::var(name).map_err(|error| format!("{name}: {error}"));
    let zoho = Zoho::builder(Region::Eu)
        .oauth(OAuthApp::new(
            secret("ZOHO_CLIENT_ID")?,
            secret("ZOHO_CLIENT_SECRET")?,
        ))
        .refresh_token(secret("ZOHO_REFRESH_TOKEN")?)
        .build()?;
    let mut leads = zoho.crm().records("Leads").fields(["Last_Name"]).stream();
    while let Some(lead) = leads.try_next().await? {
        println!("{lead}");
    }
    Ok(())
}
