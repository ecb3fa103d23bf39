//! What became of each row of an import, held against the world.

use std::collections::BTreeMap;
use std::io::Write as _;

use futures_util::TryStreamExt;
use proptest::prelude::*;
use serde_json::json;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::fetch::world::{World, run};
use crate::crm::{BulkWrite, RowOutcome, WriteJob, WrittenRow};
use crate::region::download_address;
use crate::testing::{ACCESS_TOKEN, Act, Script, say};
use crate::{ErrorKind, Record, Region};

/// A lead of an import, and what is wrong with it: codes with columns.
#[derive(Clone, Debug)]
struct Lead {
    name: String,
    email: &'static str,
    staff: &'static str,
    city: String,
}

impl Lead {
    fn record(&self) -> Record {
        Record::new()
            .set("City", self.city.clone())
            .set("No_of_Employees", self.staff)
            .set("Email", self.email)
            .set("Last_Name", self.name.clone())
    }

    fn faults(&self) -> BTreeMap<&'static str, Vec<&'static str>> {
        let mut faults: BTreeMap<_, Vec<_>> = BTreeMap::new();
        if self.name.is_empty() {
            faults.entry("MANDATORY_NOT_FOUND").or_default().push("Last_Name");
        }
        if self.staff == "many" {
            faults.entry("INVALID_DATA").or_default().push("No_of_Employees");
        }
        if self.email == "nobody" {
            faults.entry("INVALID_DATA").or_default().push("Email");
        }
        faults.values_mut().for_each(|columns| columns.sort_unstable());
        faults
    }
}

fn lead() -> impl Strategy<Value = Lead> {
    let name = prop_oneof![1 => Just(String::new()), 3 => "[A-Z][a-z]{1,8}( \"[a-z]{1,3}\",?)?"];
    let email = prop::sample::select(vec!["", "a@x.example", "b@x.example", "nobody"]);
    let staff = prop::sample::select(vec!["", "7", "many"]);
    (name, email, staff, "[a-z]{0,5}(\n[a-z]{1,3})?").prop_map(|(name, email, staff, city)| Lead {
        name,
        email,
        staff,
        city,
    })
}

async fn written(job: &WriteJob) -> crate::Result<Vec<WrittenRow>> {
    job.outcomes().await?.try_collect().await
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Each row of any import is told to be what it is in the world: the record of that id with the row's values, or
    /// nothing, for the reasons that it has.
    #[test]
    fn the_outcome_of_each_row_is_what_the_world_has(
        leads in prop::collection::vec(lead(), 1..60), upsert in any::<bool>(), seeded in any::<bool>(),
    ) {
        run(async {
            let world = World::with(0);
            if seeded {
                let first = Record::new().set("Last_Name", "First").set("Email", "a@x.example");
                world.leads().create([first]).await.unwrap();
            }
            let before = world.leads().fields(["Last_Name"]).all().await.unwrap().len();
            let what = if upsert { BulkWrite::upsert("Leads", "Email") } else { BulkWrite::insert("Leads") };
            let job = world.zoho.crm().bulk().write(what.rows(leads.iter().map(Lead::record))).await.unwrap();
            let status = job.wait().await.unwrap();
            let rows = written(&job).await.unwrap();
            assert_eq!(rows.len(), leads.len());
            let (mut added, mut updated, mut skipped) = (0, 0, 0);
            // Of the rows that wrote one record, the last one stands.
            let mut last = BTreeMap::new();
            for (index, (row, lead)) in rows.iter().zip(&leads).enumerate() {
                assert_eq!(row.index, index);
                let cell = |name: &str| row.line.get_str(name).unwrap_or_default();
                assert_eq!((cell("City"), cell("Email")), (lead.city.as_str(), lead.email), "row {index}");
                match &row.outcome {
                    RowOutcome::Added(id) => { added += 1; last.insert(id.clone(), lead); }
                    RowOutcome::Updated(id) => { updated += 1; last.insert(id.clone(), lead); }
                    RowOutcome::Skipped(faults) => {
                        skipped += 1;
                        let told: BTreeMap<&str, Vec<&str>> = faults.iter().map(|fault| {
                            let mut columns: Vec<&str> = fault.columns.iter().map(String::as_str).collect();
                            columns.sort_unstable();
                            (fault.code.as_str(), columns)
                        }).collect();
                        let wrong = lead.faults();
                        assert!(!wrong.is_empty() && told == wrong, "row {index} of {lead:?}: {told:?}, not {wrong:?}");
                    }
                    other => panic!("row {index}: {other:?}"),
                }
                assert_eq!(row.outcome.is_ok(), lead.faults().is_empty(), "row {index}: {:?} of {lead:?}", row.outcome);
            }
            assert_eq!((status.added, status.updated, status.skipped), (added, updated, skipped));
            let there = world.leads().fields(["Last_Name", "Email", "No_of_Employees"]).all().await.unwrap();
            assert_eq!(there.len(), before + usize::try_from(added).unwrap());
            for record in &there {
                let Some(lead) = last.remove(&record.id()) else { continue };
                assert_eq!(record.get_str("Last_Name"), Some(lead.name.as_str()));
                assert_eq!(record.get_str("Email").unwrap_or_default(), lead.email);
                assert_eq!(record.get_i64("No_of_Employees"), lead.staff.parse().ok());
            }
            assert!(last.is_empty(), "told as written and not there: {last:?}");
        });
    }
}

#[test]
fn a_job_that_is_not_done_has_no_outcomes() {
    run(async {
        let world = World::with(0);
        let rows = [Record::new().set("Last_Name", "Ngo")];
        let bulk = world.zoho.crm().bulk();
        let job = bulk.write(BulkWrite::insert("Leads").rows(rows)).await.unwrap();
        let error = job.outcomes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(
            error.to_string().contains("no result to download: it is ADDED"),
            "{error}"
        );
    });
}

/// A finished job of two rows whose result is at an address.
fn job(url: &str) -> Act {
    let file = json!({"status": "COMPLETED", "added_count": 2, "total_count": 2});
    let resource = json!([{"status": "COMPLETED", "file": file}]);
    say(
        200,
        json!({"status": "COMPLETED", "resource": resource, "result": {"download_url": url}}),
    )
}

fn archive(csv: &str) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("Leads-records.csv", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(csv.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

#[tokio::test(start_paused = true)]
async fn a_result_comes_from_the_regions_download_host_and_survives_a_broken_connection() {
    let whole = archive("Last_Name,STATUS,RECORD_ID,ERRORS\nNgo,ADDED,7,\nLee,ADDED,8,\n");
    let script = Script::new(move |seen, before| match (seen.host.as_str(), before) {
        ("www.zohoapis.eu", _) => job("https://download-accl.zoho.eu/v2/crm/1/bulk-write/5/5.zip"),
        (_, 1) => Act::Cut(200, whole[..whole.len() / 2].to_vec().into()),
        _ => Act::Say(200, Vec::new(), whole.clone().into()),
    })
    .tokens(|_, _| {
        say(
            200,
            json!({"access_token": ACCESS_TOKEN, "api_domain": "https://www.zohoapis.eu", "expires_in": 3600}),
        )
    });
    let zoho = script.builder_at(Region::Eu).build().unwrap();
    let rows = written(&zoho.crm().bulk().write_job("5")).await.unwrap();
    let ids: Vec<_> = rows
        .iter()
        .map(|row| row.outcome.id().unwrap().as_str())
        .collect();
    assert_eq!(ids, ["7", "8"]);
    let hosts: Vec<String> = script.calls().into_iter().map(|call| call.host).collect();
    assert_eq!(
        hosts,
        [
            "www.zohoapis.eu",
            "download-accl.zoho.eu",
            "download-accl.zoho.eu"
        ]
    );
    assert!(script.calls().iter().all(|call| call.token() == ACCESS_TOKEN));
}

#[tokio::test(start_paused = true)]
async fn a_token_goes_to_no_other_host_however_the_job_asks() {
    let script = Script::new(|_, _| job("https://zoho.example.com/v2/crm/1/x.zip"));
    let bulk = script.client().crm().bulk();
    let error = bulk.write_job("7").outcomes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("`zoho.example.com`"), "{error}");
    assert_eq!(script.calls().len(), 1, "only the job was asked for");
}

#[tokio::test(start_paused = true)]
async fn a_result_with_fewer_rows_than_the_job_is_an_error_behind_them() {
    let short = archive("Last_Name,STATUS,RECORD_ID,ERRORS\nNgo,ADDED,7,\n");
    let script = Script::new(move |_, before| match before {
        0 => job("http://127.0.0.1:9/5.zip"),
        _ => Act::Say(200, Vec::new(), short.clone().into()),
    });
    let mut rows = script
        .client()
        .crm()
        .bulk()
        .write_job("5")
        .outcomes()
        .await
        .unwrap();
    assert_eq!(rows.try_next().await.unwrap().unwrap().index, 0);
    let error = rows.try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(
        error.to_string().contains("has 1 rows, and the job had 2"),
        "{error}"
    );
    assert!(rows.try_next().await.unwrap().is_none());
}

#[test]
fn downloads_come_from_the_regions_own_hosts() {
    let eu = "https://www.zohoapis.eu";
    let found = |api: &str, url: &str| download_address(api, url).ok();
    let pair = |origin: &str, path: &str| Some((origin.to_owned(), path.to_owned()));
    assert_eq!(
        found(
            eu,
            "https://download-accl.zoho.eu/v2/crm/1/bulk-write/2/2.zip?a=b"
        ),
        pair(
            "https://download-accl.zoho.eu",
            "/v2/crm/1/bulk-write/2/2.zip?a=b"
        )
    );
    assert_eq!(found(eu, "https://www.zohoapis.eu/x"), pair(eu, "/x"));
    assert_eq!(found(eu, "/crm/bulk/v8/x"), pair(eu, "/crm/bulk/v8/x"));
    assert_eq!(
        found("https://www.zohoapis.ca", "https://download-accl.zohocloud.ca/x"),
        pair("https://download-accl.zohocloud.ca", "/x")
    );
    let loopback = "http://127.0.0.1:4000";
    assert_eq!(found(loopback, "http://127.0.0.1:4000/x"), pair(loopback, "/x"));
    for url in [
        "https://download-accl.zoho.com/x",
        "http://download-accl.zoho.eu/x",
        "https://download-accl.zoho.eu:8443/x",
        "https://download-accl.zoho.eu.example.com/x",
        "https://evil@download-accl.zoho.eu/x",
        "https://download-accl.zoho.eu@example.com/x",
        "//example.com/x",
        "http://127.0.0.1:4000/x",
        "no address",
    ] {
        assert_eq!(found(eu, url), None, "{url}");
    }
    for url in ["https://download-accl.zoho.eu/x", "http://192.168.0.1/x"] {
        assert_eq!(found(loopback, url), None, "{url}");
    }
}
