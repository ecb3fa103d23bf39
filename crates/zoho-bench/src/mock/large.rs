//! A world with a million leads: its memory, and pages at its beginning, middle and end.

use std::path::Path;

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::session::Session;
use crate::Failure;
use crate::report::{Report, Target, median};

/// Twenty fields of a lead.
const FIELDS: &str = "Last_Name,First_Name,Company,Email,Phone,Mobile,Website,Lead_Source,Lead_Status,Industry,No_of_Employees,Annual_Revenue,Rating,Street,City,State,Zip_Code,Country,Description,Modified_Time";
/// Zoho's page tokens lead to this row and no further.
const BY_TOKEN: usize = 100_000;
const PAGE: usize = 200;
/// Pages measured at each place.
const PAGES: usize = 50;
/// The seeded records are so many seconds apart, the last of them at the start of the clock.
const APART: i64 = 90;
const START: i64 = 1_767_225_600;

/// Measures memory and pages.
pub(super) fn measure(
    program: &Path,
    leads: usize,
    runtime: &Runtime,
    report: &mut Report,
) -> Result<(), Failure> {
    let flags = [
        "--start",
        "2026-01-01T00:00:00Z",
        "--records",
        &format!("Leads={leads}"),
    ];
    let flags = flags.map(str::to_owned);
    runtime.block_on(async {
        let mut session = Session::start(program, &flags).await?;
        let seeding = session.server.cpu()?;
        report.add(format!("{leads} leads: to seed"), seeding, "CPU s", Target::None);
        let memory = session.server.memory()? as f64 / 1e9;
        report.add(
            format!("{leads} leads: resident memory"),
            memory,
            "GB",
            Target::AtMost(2.0),
        );
        tokens(&mut session, leads, report).await?;
        keysets(&mut session, leads, report).await
    })
}

/// Pages of `GET /Leads` by token, all the way.
async fn tokens(session: &mut Session, leads: usize, report: &mut Report) -> Result<(), Failure> {
    let mut target = format!("/crm/v8/Leads?fields={FIELDS}&per_page={PAGE}");
    let first = target.clone();
    let mut times = Vec::new();
    while times.len() < leads.min(BY_TOKEN) / PAGE {
        let (page, took) = session.call(Method::GET, &target, &Value::Null).await?;
        times.push(took.as_secs_f64() * 1_000.0);
        let page: Value = serde_json::from_slice(&page)?;
        match page.pointer("/info/next_page_token").and_then(Value::as_str) {
            Some(token) => target = format!("{first}&page_token={token}"),
            None => break,
        }
    }
    let middle = (times.len() / 2).saturating_sub(PAGES / 2);
    let places = [
        ("first", 0),
        ("middle", middle),
        ("last", times.len().saturating_sub(PAGES)),
    ];
    for (name, from) in places {
        let some = times.iter().copied().skip(from).take(PAGES).collect();
        report.add(
            format!("page by page_token, {name}"),
            median(some),
            "ms",
            Target::AtMost(10.0),
        );
    }
    Ok(())
}

/// Pages of COQL, each beginning after the last row of the one before.
async fn keysets(session: &mut Session, leads: usize, report: &mut Report) -> Result<(), Failure> {
    let rows = i64::try_from(leads)?;
    let measured = i64::try_from(PAGES * PAGE)?;
    let places = [
        ("first", 0),
        ("middle", rows / 2),
        ("last", (rows - measured).max(0)),
    ];
    for (name, row) in places {
        let begin = Timestamp::from_second(START)? - SignedDuration::from_secs((rows - row) * APART);
        let mut after = format!("Modified_Time >= '{begin}'");
        let mut times = Vec::new();
        for _ in 0..PAGES {
            let query = format!(
                "select {FIELDS} from Leads where {after} order by Modified_Time asc, id asc limit {PAGE}"
            );
            let body = json!({"select_query": query});
            let (page, took) = session.call(Method::POST, "/crm/v8/coql", &body).await?;
            times.push(took.as_secs_f64() * 1_000.0);
            let page: Value = serde_json::from_slice(&page)?;
            let data = page.get("data").and_then(Value::as_array);
            let last = data
                .and_then(|data| data.last())
                .ok_or("a page of COQL is empty")?;
            let text = |name: &str| last.get(name).and_then(Value::as_str).unwrap_or_default();
            let (time, id) = (text("Modified_Time"), text("id"));
            after = format!("((Modified_Time = '{time}' and id > {id}) or Modified_Time > '{time}')");
            if page.pointer("/info/more_records") != Some(&Value::Bool(true)) {
                break;
            }
        }
        // The first of them has no key yet.
        times.remove(0);
        report.add(
            format!("keyset page of COQL, {name}"),
            median(times),
            "ms",
            Target::AtMost(10.0),
        );
    }
    Ok(())
}
