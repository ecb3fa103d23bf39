//! Lists end when the server says so: every row once, in order, for any way of paging.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::crm::{Search, SortOrder};
use crate::testing::{Act, Script, refuse, say, say_text};
use crate::{Cursor, ErrorKind, OrganizationId, Record};

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap()
        .block_on(future)
}

fn row(n: usize) -> Value {
    json!({"id": n.to_string(), "Last_Name": format!("Lead {n}")})
}

fn ids(rows: &[Record]) -> Vec<String> {
    rows.iter().map(|row| row.id().to_string()).collect()
}

fn numbers(to: usize) -> Vec<String> {
    (0..to).map(|n| n.to_string()).collect()
}

/// The rows of each page, numbered on, for a split of any shape.
fn split(sizes: &[usize]) -> Vec<Vec<Value>> {
    let mut next = 0..;
    sizes
        .iter()
        .map(|size| next.by_ref().take(*size).map(row).collect())
        .collect()
}

fn token_pages(sizes: &[usize]) -> Script {
    let pages = split(sizes);
    Script::new(move |seen, _| {
        assert!(
            seen.query("page").is_none(),
            "page and page_token exclude each other"
        );
        let number: usize = seen
            .query("page_token")
            .map_or(0, |token| token[1..].parse().unwrap());
        let more = number + 1 < pages.len();
        let token = if more {
            json!(format!("t{}", number + 1))
        } else {
            Value::Null
        };
        say(
            200,
            json!({"data": pages[number], "info": {"more_records": more, "next_page_token": token}}),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn token_pages_of_any_shape_give_every_row_once(sizes in prop::collection::vec(0_usize..7, 1..9)) {
        run(async {
            let total: usize = sizes.iter().sum();
            let script = token_pages(&sizes);
            let list = || script.client().crm().records("Leads").fields(["Last_Name"]);
            assert_eq!(ids(&list().all().await.unwrap()), numbers(total));

            let mut stream = list().stream();
            let mut streamed = Vec::new();
            while let Some(lead) = stream.try_next().await.unwrap() {
                streamed.push(lead);
            }
            assert_eq!(ids(&streamed), numbers(total));

            // Page by page, each from the cursor of the one before, as after a restart.
            let mut resumed = Vec::new();
            let mut cursor: Option<Cursor> = None;
            loop {
                let mut one = list();
                if let Some(cursor) = cursor.take() {
                    let kept = serde_json::to_string(&cursor).unwrap();
                    one = one.from_cursor(serde_json::from_str(&kept).unwrap());
                }
                let page = one.send().await.unwrap();
                cursor = page.next().cloned();
                resumed.extend(page);
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(ids(&resumed), numbers(total));
        });
    }

    #[test]
    fn numbered_pages_of_any_shape_give_every_row_once(sizes in prop::collection::vec(0_usize..7, 1..9)) {
        run(async {
            let total: usize = sizes.iter().sum();
            let pages = split(&sizes);
            let script = Script::new(move |seen, _| {
                let number: usize = seen.query("page").map_or(1, |page| page.parse().unwrap());
                let more = number < pages.len();
                if seen.path.ends_with("/search") {
                    say(200, json!({"data": pages[number - 1], "info": {"more_records": more}}))
                } else {
                    let rows: Vec<Value> = pages[number - 1].clone();
                    say(200, json!({"code": 0, "contacts": rows, "page_context": {"has_more_page": more}}))
                }
            });
            let client = script.client();
            let found = client.crm().records("Leads").search(Search::Word("x".into())).all().await.unwrap();
            assert_eq!(ids(&found), numbers(total));
            let books = client.books(OrganizationId::new("10"));
            assert_eq!(ids(&books.records("contacts").all().await.unwrap()), numbers(total));
        });
    }

    #[test]
    fn a_query_gives_every_row_once_for_any_page_size(total in 0_usize..40, rows in 1_u32..12) {
        run(async {
            let script = Script::new(move |seen, _| {
                let query = seen.json()["select_query"].as_str().unwrap().to_owned();
                let (_, limit) = query.rsplit_once(" limit ").unwrap();
                let (offset, count) = limit.split_once(", ").unwrap();
                let (offset, count): (usize, usize) = (offset.parse().unwrap(), count.parse().unwrap());
                let page: Vec<Value> = (offset..total.min(offset + count)).map(row).collect();
                if page.is_empty() {
                    return say_text(204, "");
                }
                say(200, json!({"data": page, "info": {"more_records": offset + count < total, "count": 1}}))
            });
            let query = script.client().crm().coql("select id from Leads where id > 0").per_page(rows);
            assert_eq!(ids(&query.all().await.unwrap()), numbers(total));
        });
    }
}

#[tokio::test(start_paused = true)]
async fn more_without_a_way_on_is_an_error_and_not_an_end() {
    for token in [Value::Null, json!("")] {
        let script = Script::new(move |_, _| {
            say(
                200,
                json!({"data": [row(0)], "info": {"more_records": true, "next_page_token": token}}),
            )
        });
        let error = script
            .client()
            .crm()
            .records("Leads")
            .fields(["id"])
            .all()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert_eq!(error.json_path(), Some("$.info.next_page_token"));
    }
    let script = Script::new(|_, _| {
        say(
            200,
            json!({"data": [row(0)], "info": {"more_records": true, "next_page_token": "same"}}),
        )
    });
    let error = script
        .client()
        .crm()
        .records("Leads")
        .fields(["id"])
        .all()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(script.calls().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_204_or_304() {
    for status in [204, 304] {
        let script = Script::new(move |_, _| say_text(status, "").header("content-type", "application/json"));
        let leads = script.client().crm().records("Leads");
        let list = leads
            .fields(["id"])
            .if_modified_since(jiff::Timestamp::UNIX_EPOCH);
        assert!(list.all().await.unwrap().is_empty());
        let sent = script.calls().remove(0);
        assert_eq!(sent.headers["if-modified-since"], "1970-01-01T00:00:00+00:00");
        assert!(leads.get("730001").await.unwrap().is_none());
    }
    let script = Script::new(|_, _| say_text(204, ""));
    assert!(
        script
            .client()
            .crm()
            .coql("select id from Leads where id > 0")
            .all()
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test(start_paused = true)]
async fn a_list_without_fields_brings_all_of_them() {
    // 119 fields in three calls per page; the ids of each page tie them together.
    let script = Script::new(|seen, _| {
        if seen.path.ends_with("/settings/fields") {
            assert_eq!(seen.query("module"), Some("Leads"));
            let mut fields: Vec<Value> = (0..119)
                .map(|n| json!({"api_name": format!("F{n}"), "data_type": "text"}))
                .collect();
            fields.push(json!({"api_name": "Lines", "data_type": "subform"}));
            return say(200, json!({"fields": fields}));
        }
        let fields: Vec<&str> = seen.query("fields").unwrap().split(',').collect();
        assert!(fields.len() <= 50 && !fields.contains(&"Lines"));
        let second = seen.query("page_token") == Some("t1");
        let page: Vec<String> = match seen.query("ids") {
            Some(ids) => ids.split(',').rev().map(str::to_owned).collect(),
            None if second => (150..230).map(|n| n.to_string()).collect(),
            None => (0..150).map(|n| n.to_string()).collect(),
        };
        assert!(page.len() <= 200);
        let rows: Vec<Value> = page
            .iter()
            .map(|id| {
                let mut row = json!({"id": id});
                for field in &fields {
                    row[*field] = json!(format!("{field} of {id}"));
                }
                row
            })
            .collect();
        let more = seen.query("ids").is_none() && !second;
        let token = if more { json!("t1") } else { Value::Null };
        say(
            200,
            json!({"data": rows, "info": {"more_records": more, "next_page_token": token}}),
        )
    });
    let leads = script.client().crm().records("Leads");
    let all = leads.all().await.unwrap();
    assert_eq!(ids(&all), numbers(230));
    for lead in &all {
        assert_eq!(lead.len(), 120);
        assert_eq!(
            lead.get_str("F118"),
            Some(format!("F118 of {}", lead.id()).as_str())
        );
    }
    // Page one: one call, and two of two chunks of ids; page two: three calls; metadata once.
    assert_eq!(script.calls().len(), 1 + (1 + 2 * 2) + (1 + 2));
    leads.all().await.unwrap();
    let metadata = script
        .calls()
        .iter()
        .filter(|seen| seen.path.contains("/settings/"))
        .count();
    assert_eq!(metadata, 1);
}

#[tokio::test(start_paused = true)]
async fn records_by_id_come_a_hundred_at_a_time() {
    let script = Script::new(|seen, _| {
        let rows: Vec<Value> = seen
            .query("ids")
            .unwrap()
            .split(',')
            .map(|id| json!({"id": id}))
            .collect();
        assert!(rows.len() <= 100);
        say(200, json!({"data": rows, "info": {"more_records": false}}))
    });
    let leads = script.client().crm().records("Leads");
    let found = leads.fields(["id"]).ids(0..250).all().await.unwrap();
    assert_eq!(ids(&found), numbers(250));
    assert_eq!(script.calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn input_that_can_not_be_right_is_refused_unsent() {
    let script = Script::new(|_, _| panic!("nothing may be sent"));
    let crm = script.client().crm();
    let leads = crm.records("Leads");
    let mut errors = vec![
        leads.fields(["id"]).per_page(0).send().await.unwrap_err(),
        leads.fields(["id"]).per_page(201).send().await.unwrap_err(),
        leads
            .fields(["id"])
            .cvid("1")
            .sort_by("id")
            .sort_order(SortOrder::Asc)
            .send()
            .await
            .unwrap_err(),
        leads
            .fields(["id"])
            .from_cursor(Cursor::Offset(3))
            .send()
            .await
            .unwrap_err(),
        crm.coql(" ; ").send().await.unwrap_err(),
        crm.coql("select id from Leads")
            .per_page(2001)
            .send()
            .await
            .unwrap_err(),
        leads
            .update([Record::new().set("Last_Name", "x")])
            .await
            .unwrap_err(),
        leads.delete(["1,2"]).await.unwrap_err(),
    ];
    for module in ["", "Leads/1", "..", "Leads/../users", "a\\b", "a\nb", "Leads..x"] {
        let records = crm.records(module);
        errors.push(records.fields(["id"]).send().await.unwrap_err());
        errors.push(records.get("1").await.unwrap_err());
        errors.push(records.all().await.unwrap_err());
        errors.push(records.create(Vec::<Record>::new()).await.unwrap_err());
        errors.push(records.delete(["1"]).await.unwrap_err());
        errors.push(records.count().await.unwrap_err());
    }
    errors.push(leads.get("../users").await.unwrap_err());
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    }
    assert!(script.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn zohos_own_bounds_end_a_list_with_exhausted() {
    let script = Script::new(|seen, _| {
        let more = json!({"more_records": true});
        if seen.path.ends_with("/coql") {
            return say(200, json!({"data": [row(0)], "info": more}));
        }
        say(200, json!({"data": [row(0)], "info": more}))
    });
    let crm = script.client().crm();
    let mut pages = crm
        .coql("select id from Leads where id > 0")
        .from_cursor(Cursor::Offset(99_000))
        .pages();
    assert_eq!(
        pages.try_next().await.unwrap().unwrap().next(),
        Some(&Cursor::Offset(100_000))
    );
    assert_eq!(pages.try_next().await.unwrap_err().kind(), ErrorKind::Exhausted);
    let found = crm
        .records("Leads")
        .search(Search::Word("x".into()))
        .all()
        .await
        .unwrap_err();
    assert_eq!(found.kind(), ErrorKind::Exhausted);

    let script = Script::new(|_, _| -> Act { refuse(400, "PAGINATION_LIMIT_EXCEEDED") });
    let error = script
        .client()
        .crm()
        .records("Leads")
        .fields(["id"])
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Exhausted);
}

#[tokio::test(start_paused = true)]
async fn rows_come_as_a_type_of_ones_own() {
    #[derive(serde::Deserialize, Debug)]
    struct Lead {
        id: crate::wire::ZohoId,
        #[serde(rename = "Last_Name")]
        last_name: String,
    }
    let script = Script::new(|_, before| {
        let name = if before == 0 { json!("Ngo") } else { json!(5) };
        say(
            200,
            json!({"data": [{"id": 4_876_876_000_000_589_001_u64, "Last_Name": name}], "info": {"more_records": false}}),
        )
    });
    let leads = script.client().crm().records_as::<Lead>("Leads");
    let lead = leads.fields(["Last_Name"]).all().await.unwrap().remove(0);
    assert_eq!(
        (lead.id.as_str(), lead.last_name.as_str()),
        ("4876876000000589001", "Ngo")
    );
    let error = leads.fields(["Last_Name"]).all().await.unwrap_err();
    assert_eq!(error.json_path(), Some("$.data[0].Last_Name"));
}
