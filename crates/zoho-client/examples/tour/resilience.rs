//! The weather: an expired token, a throttled and an unavailable Zoho.

use std::time::Duration;

use futures_util::future::try_join_all;
use zoho_client::Zoho;
use zoho_mock::{Fault, MockZoho};

use crate::report::{Report, Step, fail};
use crate::server::Server;

pub(crate) async fn visit(zoho: &Zoho, server: &Server, report: &mut Report) {
    const EXPIRY: &str = "let the access token expire";
    const THROTTLE: &str = "survive a 429";
    const UNAVAILABLE: &str = "survive a 503";
    let Some(mock) = server.mock() else {
        report.skip(EXPIRY, "needs the mock's clock");
        report.skip(THROTTLE, "needs the mock's faults");
        report.skip(UNAVAILABLE, "needs the mock's faults");
        return;
    };
    report.step(EXPIRY, expiry(zoho, mock)).await;
    let throttle = Fault::on("list_modules")
        .status(429)
        .header("retry-after", "1")
        .times(1);
    report.step(THROTTLE, weather(zoho, mock, throttle)).await;
    report
        .step(
            UNAVAILABLE,
            weather(zoho, mock, Fault::on("list_modules").status(503).times(1)),
        )
        .await;
}

/// Fifty callers find the token dead at once.
async fn expiry(zoho: &Zoho, mock: &MockZoho) -> Step<()> {
    const CALLERS: usize = 50;
    let before = mock.journal().count("token");
    mock.advance(Duration::from_secs(3_601));
    let calls = (0..CALLERS).map(|_| zoho.crm().records("Leads").fields(["id"]).send());
    try_join_all(calls).await?;
    match mock.journal().count("token") - before {
        1 => Ok(((), format!("one refresh served {CALLERS} callers"))),
        refreshes => fail(format!("{CALLERS} callers caused {refreshes} refreshes")),
    }
}

async fn weather(zoho: &Zoho, mock: &MockZoho, fault: Fault) -> Step<()> {
    let before = mock.journal().count("list_modules");
    mock.faults().script(fault);
    let crm = zoho.crm();
    crm.forget_metadata();
    let modules = crm.modules().await?;
    let attempts = mock.journal().count("list_modules") - before;
    if attempts != 2 {
        return fail(format!("expected a second attempt, saw {attempts}"));
    }
    Ok(((), format!("waited, asked again, got {} modules", modules.len())))
}
