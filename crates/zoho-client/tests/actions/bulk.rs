//! Bulk jobs: made, waited for, and their outcome taken.

use std::time::Duration;

use serde_json::json;
use zoho_client::crm::{BulkRead, BulkWrite};
use zoho_client::{ErrorKind, Record};
use zoho_mock::Fault;

use crate::support::{create, start};

#[tokio::test(start_paused = true)]
async fn what_is_imported_is_exported() {
    let (_mock, zoho) = start();
    let crm = zoho.crm();
    let bulk = crm.bulk();
    let awkward = "a, \"b\"\nc 日本";
    let rows = (0..300).map(|n| {
        Record::new()
            .set("Last_Name", format!("L{n:03}"))
            .set("Company", awkward)
            .set("No_of_Employees", n)
            .set("Email_Opt_Out", n % 2 == 0)
    });
    let job = bulk.write(BulkWrite::insert("Leads").rows(rows)).await.unwrap();
    let begun = job.status().await.unwrap();
    assert_eq!(begun.added, 0, "{begun:?}");
    let done = job.wait().await.unwrap();
    assert_eq!((done.added, done.updated, done.skipped), (300, 0, 0));

    let what = BulkRead::of("Leads")
        .fields(["Last_Name", "Company", "No_of_Employees", "Email_Opt_Out"])
        .criteria(json!({
            "field": {"api_name": "No_of_Employees"}, "comparator": "less_than", "value": "100",
        }));
    let mut stream = bulk.rows(what.clone());
    let mut read = Vec::new();
    while let Some(row) = stream.try_next().await.unwrap() {
        read.push(row);
    }
    assert_eq!(read.len(), 100);
    assert!(
        read.iter()
            .all(|row| row.get_str("Company") == Some(awkward) && !row.id().is_empty())
    );
    assert!(
        read.iter()
            .any(|row| row.get_str("Email_Opt_Out") == Some("true"))
    );

    // The rows of an update are found by the ids that the export gave.
    let changes = read.iter().take(10).map(|row| {
        Record::new()
            .set("id", row.id().as_str())
            .set("Company", "Zenith")
    });
    let job = bulk
        .write(BulkWrite::update("Leads", "id").rows(changes).ignore_empty())
        .await
        .unwrap();
    assert_eq!(bulk.write_job(job.id()).wait().await.unwrap().updated, 10);
    let zenith = crm
        .coql("select id from Leads where Company = 'Zenith'")
        .all()
        .await
        .unwrap();
    assert_eq!(zenith.len(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_wait_asks_ever_more_rarely_and_ends() {
    let (mock, zoho) = start();
    let crm = zoho.crm();
    create(&crm, "Leads", Record::new().set("Last_Name", "A")).await;
    let job = crm.bulk().read(BulkRead::of("Leads")).await.unwrap();
    let going = json!({"data": [{"id": job.id(), "state": "IN PROGRESS"}]});
    mock.faults()
        .script(Fault::on("get_bulk_read").status(200).json(going));
    let before = mock.journal().exchanges().len();
    let error = job.wait_for(Duration::from_secs(600)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let asked = mock.journal().exchanges().len() - before;
    assert!((20..35).contains(&asked), "{asked} times in ten minutes");
    mock.faults().clear();
    let failed = json!({"data": [{"id": job.id(), "state": "FAILURE"}]});
    mock.faults()
        .script(Fault::on("get_bulk_read").times(1).status(200).json(failed));
    assert_eq!(job.wait().await.unwrap_err().kind(), ErrorKind::Api);
    assert_eq!(crm.bulk().read_job(job.id()).wait().await.unwrap().count, 1);
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_a_job_is_refused_unsent() {
    let (mock, zoho) = start();
    let bulk = zoho.crm().bulk();
    let kind = |error: zoho_client::Error| error.kind();
    assert_eq!(
        kind(bulk.read(BulkRead::of("Leads").page(0)).await.unwrap_err()),
        ErrorKind::Config
    );
    assert_eq!(
        kind(bulk.write(BulkWrite::insert("Leads")).await.unwrap_err()),
        ErrorKind::Config
    );
    let nested = Record::new().set("Last_Name", json!([{"a": 1}]));
    assert_eq!(
        kind(
            bulk.write(BulkWrite::insert("Leads").rows([nested]))
                .await
                .unwrap_err()
        ),
        ErrorKind::Config
    );
    assert!(mock.journal().exchanges().is_empty());
    let unknown = bulk.read(BulkRead::of("Unicorns")).await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Api);
}
