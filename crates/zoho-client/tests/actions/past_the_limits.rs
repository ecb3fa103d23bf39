//! Lists and queries past Zoho's bounds.

use std::collections::HashSet;

use zoho_client::crm::{Converted, Select, SortOrder};
use zoho_client::{Cursor, ErrorKind, Record};
use zoho_mock::{Fault, MockZoho};

use crate::support::connect;

const ROWS: usize = 100_450;

/// One world with more leads than page tokens reach serves all that is to be shown of it.
#[tokio::test(start_paused = true)]
async fn everything_past_100_000_rows() {
    let mock = MockZoho::builder().records("Leads", ROWS).unwrap().in_process();
    let zoho = connect(&mock);
    let crm = zoho.crm();
    let leads = crm.records("Leads");

    // All rows, each once, in the order of the list; converted ones stay hidden behind the bound too.
    let first = leads
        .fields(["id"])
        .sort_order(SortOrder::Asc)
        .send()
        .await
        .unwrap();
    let oldest = first.items()[0].id();
    leads
        .convert(&oldest, zoho_client::crm::Conversion::new())
        .await
        .unwrap();
    let mut rows = leads.fields(["Last_Name", "Owner"]).stream();
    let (mut seen, mut before): (HashSet<String>, Option<String>) = (HashSet::new(), None);
    while let Some(row) = rows.try_next().await.unwrap() {
        let id = row.id().to_string();
        assert!(before.as_ref().is_none_or(|before| id < *before), "newest first");
        assert!(
            row.get("Last_Name").is_some() && row.get_id("Owner").is_some(),
            "{row}"
        );
        assert!(seen.insert(id.clone()), "{id} came twice");
        before = Some(id);
    }
    assert_eq!(seen.len(), ROWS - 1);
    assert!(!seen.contains(oldest.as_str()));

    // Where COQL is refused the list ends, and says where.
    mock.faults()
        .script(Fault::on("query_records").status(401).json(serde_json::json!(
            {"code": "OAUTH_SCOPE_MISMATCH", "details": {}, "message": "Unauthorized", "status": "error"}
        )));
    let list = leads
        .fields(["id"])
        .converted(Converted::Both)
        .from_cursor(Cursor::Behind(oldest.clone()));
    let error = list.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Exhausted, "{error}");
    assert!(error.to_string().contains("ZohoCRM.coql.READ"), "{error}");
    mock.faults().clear();

    // A built query goes on by id; a written one can not be taken apart and ends.
    let built = crm
        .coql(Select::new(["id", "Last_Name"]).from("Leads"))
        .all()
        .await
        .unwrap();
    let ids: HashSet<String> = built.iter().map(|row: &Record| row.id().to_string()).collect();
    assert_eq!((built.len(), ids.len()), (ROWS, ROWS));
    let written = crm
        .coql("select id from Leads where id is not null")
        .all()
        .await
        .unwrap_err();
    assert_eq!(written.kind(), ErrorKind::Exhausted);
    assert_eq!(written.cursor(), Some(&Cursor::Offset(100_000)));
}

#[tokio::test(start_paused = true)]
async fn a_search_ends_behind_its_2_000th_row() {
    let mock = MockZoho::builder().records("Leads", 2_100).unwrap().in_process();
    let zoho = connect(&mock);
    let all = zoho_client::crm::Search::Criteria(
        "(Created_Time:greater_than:2000-01-01T00:00:00+00:00)".to_owned(),
    );
    let mut rows = zoho.crm().records("Leads").search(all).fields(["id"]).stream();
    let mut count = 0;
    let error = loop {
        match rows.try_next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) => panic!("it ended after {count} rows as if that were all"),
            Err(error) => break error,
        }
    };
    assert_eq!(count, 2_000);
    assert_eq!(error.kind(), ErrorKind::Exhausted, "{error}");
    assert!(error.cursor().is_some());
}
