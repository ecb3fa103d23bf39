//! The CRM part: 2,500 leads in and out, changes, a query, a file and a raw request.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use serde_json::Value;
use zoho_client::wire::ZohoId;
use zoho_client::{Method, Outcome, Record, Zoho};

use crate::report::{Report, Step, fail};

/// How many leads are written; one of them is bad.
const LEADS: usize = 2_500;

/// Where the bad one stands.
const BAD: usize = 1_234;

pub(crate) async fn visit(zoho: &Zoho, report: &mut Report) {
    let created = report.step("create 2,500 leads", create(zoho)).await;
    let Some(ids) = created else { return };
    report
        .step("stream them back past row 2,000", stream(zoho, &ids))
        .await;
    report.step("update three", update(zoho, &ids)).await;
    report.step("upsert by e-mail", upsert(zoho)).await;
    report.step("query with COQL", query(zoho)).await;
    if let Some(id) = ids.first() {
        report
            .step("attach a file and read it back", attach(zoho, id))
            .await;
        report.step("send a raw request", raw(zoho, id)).await;
    }
    report.step("delete them", delete(zoho, &ids)).await;
}

fn lead(n: usize) -> Record {
    let lead = Record::new()
        .set("Company", "Tour")
        .set("Email", format!("lead{n}@example.com"));
    if n == BAD {
        lead
    } else {
        lead.set("Last_Name", format!("Lead {n}"))
    }
}

async fn create(zoho: &Zoho) -> Step<Vec<ZohoId>> {
    let outcomes = zoho.crm().records("Leads").create((0..LEADS).map(lead)).await?;
    let mut ids = Vec::new();
    let mut refusal = String::new();
    for (n, outcome) in outcomes.iter().enumerate() {
        match outcome {
            Outcome::Ok(written) => ids.push(written.id.clone()),
            Outcome::Err(refused) if n == BAD => {
                let field = refused.api_name.as_deref().unwrap_or("?");
                refusal = format!("{} ({} at {field})", refused.message, refused.code);
            }
            other => return fail(format!("lead {n}: {other:?}")),
        }
    }
    if ids.len() != LEADS - 1 || refusal.is_empty() {
        return fail(format!(
            "{} leads were taken, and lead {BAD} should not have been",
            ids.len()
        ));
    }
    let sentence = format!(
        "{} taken, one outcome each; lead {BAD} refused: {refusal}",
        ids.len()
    );
    Ok((ids, sentence))
}

async fn stream(zoho: &Zoho, ids: &[ZohoId]) -> Step<()> {
    let mut seen: BTreeMap<ZohoId, usize> = BTreeMap::new();
    let mut leads = zoho
        .crm()
        .records("Leads")
        .fields(["Last_Name", "Email"])
        .stream();
    while let Some(lead) = leads.try_next().await? {
        *seen.entry(lead.id()).or_default() += 1;
    }
    let wrong = ids.iter().filter(|id| seen.get(*id) != Some(&1)).count();
    if wrong > 0 {
        return fail(format!(
            "{wrong} of {} leads did not come exactly once",
            ids.len()
        ));
    }
    Ok(((), format!("{} rows, each lead exactly once", seen.len())))
}

async fn update(zoho: &Zoho, ids: &[ZohoId]) -> Step<()> {
    let changed = ids.iter().take(3);
    let rows = changed
        .clone()
        .map(|id| Record::new().set("id", id.to_string()).set("Company", "Acme"));
    let outcomes = zoho.crm().records("Leads").update(rows).await?;
    all_taken(&outcomes)?;
    for id in changed {
        let lead = zoho.crm().records("Leads").get(id).await?;
        if lead.as_ref().and_then(|lead| lead.get_str("Company")) != Some("Acme") {
            return fail(format!("lead {id} does not show the change"));
        }
    }
    Ok(((), format!("{} leads now work for Acme", outcomes.len())))
}

async fn upsert(zoho: &Zoho) -> Step<()> {
    let rows = [
        Record::new()
            .set("Last_Name", "Known")
            .set("Email", "lead0@example.com"),
        Record::new()
            .set("Last_Name", "Unknown")
            .set("Company", "Tour")
            .set("Email", "new@example.com"),
    ];
    let outcomes = zoho
        .crm()
        .records("Leads")
        .upsert(rows)
        .duplicate_check_fields(["Email"])
        .await?;
    all_taken(&outcomes)?;
    let actions: Vec<&str> = outcomes
        .iter()
        .filter_map(|outcome| match outcome {
            Outcome::Ok(written) => written.action.as_deref(),
            _ => None,
        })
        .collect();
    let inserted = outcomes
        .last()
        .and_then(Outcome::id)
        .ok_or("the second row has no id")?;
    all_taken(&zoho.crm().records("Leads").delete([inserted]).await?)?;
    if actions != ["update", "insert"] {
        return fail(format!("expected an update and an insert, got {actions:?}"));
    }
    Ok((
        (),
        "the known address updated its lead, the new one made another".to_owned(),
    ))
}

async fn query(zoho: &Zoho) -> Step<()> {
    let rows = zoho
        .crm()
        .coql("select Last_Name, Email from Leads where Company = 'Acme' order by Email asc")
        .all()
        .await?;
    let names: Vec<&str> = rows.iter().filter_map(|row| row.get_str("Last_Name")).collect();
    if names.len() < 3 {
        return fail(format!("three leads work for Acme, the query found {names:?}"));
    }
    Ok(((), format!("{} leads of Acme: {}", names.len(), names.join(", "))))
}

async fn attach(zoho: &Zoho, id: &ZohoId) -> Step<()> {
    let content = "A note that travels to Zoho and back.\n".repeat(200).into_bytes();
    let files = zoho.crm().records("Leads").attachments(id);
    let uploaded = files.upload("note.txt", content.clone()).await?;
    let file = uploaded.id().ok_or("the upload was refused")?;
    let reply = files.download(file).await?.ok_or("the attachment is gone")?;
    let back = reply.into_inner().bytes().await?;
    if back != content {
        return fail(format!(
            "{} bytes went up, {} other ones came back",
            content.len(),
            back.len()
        ));
    }
    Ok(((), format!("{} bytes up and down, unchanged", back.len())))
}

async fn raw(zoho: &Zoho, id: &ZohoId) -> Step<()> {
    let reply = zoho
        .crm()
        .raw(Method::GET, format!("/Leads/{id}"))
        .query("fields", "Last_Name")
        .send()
        .await?;
    let body: Value = reply.json()?;
    let name = body
        .pointer("/data/0/Last_Name")
        .and_then(Value::as_str)
        .ok_or("no name in the answer")?;
    let refused = zoho
        .crm()
        .raw(Method::GET, "https://example.com/Leads")
        .send()
        .await;
    if refused.is_ok() {
        return fail("an absolute address was not refused");
    }
    Ok((
        (),
        format!(
            "status {}, the lead is {name}; an absolute address is refused",
            reply.status().as_u16()
        ),
    ))
}

async fn delete(zoho: &Zoho, ids: &[ZohoId]) -> Step<()> {
    let outcomes = zoho.crm().records("Leads").delete(ids).await?;
    all_taken(&outcomes)?;
    let ours: BTreeSet<&ZohoId> = ids.iter().collect();
    let left = zoho.crm().records("Leads").fields(["id"]).all().await?;
    let left = left.iter().filter(|lead| ours.contains(&lead.id())).count();
    if left > 0 {
        return fail(format!("{left} leads are still there"));
    }
    Ok(((), format!("{} leads gone", outcomes.len())))
}

fn all_taken(outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    match outcomes.iter().find(|outcome| !outcome.is_ok()) {
        None => Ok(()),
        Some(refused) => fail(format!("{refused:?}")),
    }
}
