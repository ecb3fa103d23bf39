//! Lists that can not go on behind Zoho's bounds say so, and where they stood.

use serde_json::json;

use crate::crm::Search;
use crate::testing::{Act, Script, refuse, say};
use crate::{Cursor, ErrorKind};

/// One page by number, then the bound on page tokens.
fn script() -> Script {
    Script::new(|seen, _| -> Act {
        match seen.query("page_token") {
            Some(_) => refuse(400, "PAGINATION_LIMIT_EXCEEDED"),
            None => say(
                200,
                json!({"data": [{"id": "9"}], "info": {"more_records": true, "next_page_token": "abc"}}),
            ),
        }
    })
}

#[tokio::test(start_paused = true)]
async fn a_list_that_coql_would_show_otherwise_ends_with_its_cursor() {
    let leads = script().client().crm().records("Leads");
    for list in [
        leads.fields(["id"]).sort_by("Modified_Time"),
        leads.fields(["id"]).cvid("5"),
        leads.fields(["id"]).param("territory_id", "5"),
        leads
            .fields(["id"])
            .if_modified_since("2026-05-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap()),
    ] {
        let mut pages = list.pages();
        assert_eq!(pages.try_next().await.unwrap().unwrap().items().len(), 1);
        let error = pages.try_next().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Exhausted);
        assert_eq!(error.cursor(), Some(&Cursor::Token("abc".to_owned())));
        let told = error.to_string();
        assert!(
            told.contains("the last row was 9") && told.contains("narrow the list down"),
            "{told}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_in_the_order_of_ids_goes_on_behind_its_last_row() {
    let script = Script::new(|seen, _| -> Act {
        let info = json!({"more_records": true, "next_page_token": "abc"});
        match (seen.path.as_str(), seen.query("page_token"), seen.query("ids")) {
            ("/crm/v8/coql", ..) => {
                let query = seen.json()["select_query"].as_str().unwrap().to_owned();
                assert!(
                    query.starts_with("select id from Leads where id < '9' order by id desc"),
                    "{query}"
                );
                say(
                    200,
                    json!({"data": [{"id": "8"}, {"id": "7"}, {"id": "5"}], "info": {"more_records": false}}),
                )
            }
            (_, Some(_), _) => refuse(400, "PAGINATION_LIMIT_EXCEEDED"),
            // Zoho gives them in an order of its own, and not those that the list hides.
            (_, _, Some(ids)) => {
                assert_eq!((ids, seen.query("converted")), ("8,7,5", Some("false")));
                say(
                    200,
                    json!({"data": [{"id": "5"}, {"id": "8"}], "info": {"more_records": false}}),
                )
            }
            _ => say(200, json!({"data": [{"id": "9"}], "info": info})),
        }
    });
    let list = script.client().crm().records("Leads").fields(["id"]);
    let rows = list.converted(crate::crm::Converted::No).all().await.unwrap();
    let ids: Vec<String> = rows.iter().map(|row| row.id().to_string()).collect();
    assert_eq!(ids, ["9", "8", "5"]);
}

/// Ten pages of 200 are what Zoho gives by number, and the tenth is asked for.
#[tokio::test(start_paused = true)]
async fn the_last_page_by_number_is_asked_for_and_none_behind_it() {
    let page = json!({"data": [{"id": "1"}], "info": {"more_records": true}});
    let script = Script::new(move |_, _| say(200, page.clone()));
    let leads = script.client().crm().records("Leads");
    let error = leads.search(Search::Word("x".into())).all().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Exhausted);
    let pages: Vec<_> = script
        .calls()
        .iter()
        .map(|call| call.query("page").map(str::to_owned))
        .collect();
    assert_eq!(pages.len(), 10);
    assert_eq!(pages[9].as_deref(), Some("10"));
}
