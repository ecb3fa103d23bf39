//! The main job, end to end: OAuth, leads by the thousand, COQL, files, Books, faults and an expired token.
//!
//! ```sh
//! cargo run -p zoho-client --example tour
//! ```
//!
//! starts a local Zoho of its own. With `ZOHO_MOCK_URL`, `ZOHO_CLIENT_ID`, `ZOHO_CLIENT_SECRET` and
//! `ZOHO_REFRESH_TOKEN` set it uses that server instead; steps that need the mock's clock or faults
//! are skipped there. Exit code 1 when a step failed.

mod books;
mod crm;
mod report;
mod resilience;
mod server;

use std::process::ExitCode;

use report::Report;
use server::Server;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let server = match Server::from_environment().await {
        Ok(server) => server,
        Err(problem) => {
            eprintln!("tour: {problem}");
            return ExitCode::from(2);
        }
    };
    let mut report = Report::default();
    if let Some(zoho) = report.step("connect through OAuth", server.connect()).await {
        crm::visit(&zoho, &mut report).await;
        books::visit(&zoho, &mut report).await;
        resilience::visit(&zoho, &server, &mut report).await;
    }
    report.finish()
}
