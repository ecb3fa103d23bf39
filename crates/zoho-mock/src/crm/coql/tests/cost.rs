//! The cost of a page of a query: about a page of rows, wherever it begins.

use serde_json::json;

use crate::crm::change::Actor;
use crate::crm::schema::validate::Draft;
use crate::crm::testkit::{Kit, START, berlin};

#[test]
fn keyset_pages_in_two_hundred_thousand_rows_cost_a_page() {
    let mut kit = Kit::new();
    let mut ids = Vec::new();
    for count in 0..200_000 {
        let actor = Actor {
            user: kit.user,
            now: START + count / 250,
        };
        ids.push(kit.world.crm.insert(0, Draft::default(), actor));
    }
    for at in [0, 777, 100_001, 199_000] {
        let id = ids[at];
        let time = berlin().text(START + at as i64 / 250);
        for filter in [
            format!("id > {id} order by id asc"),
            format!(
                "((Modified_Time = '{time}' and id > {id}) or Modified_Time > '{time}') order by Modified_Time asc, id asc"
            ),
            format!(
                "(Modified_Time <= '2027-01-01T00:00:00Z' and \
                 ((Modified_Time = '{time}' and id > {id}) or Modified_Time > '{time}')) \
                 order by Modified_Time, id"
            ),
            format!("id < {id} order by id desc"),
            format!("id = {id}"),
            format!("Modified_Time between '{time}' and '{time}'"),
        ] {
            kit.world.crm.tables[0].visited();
            let text = format!("select Last_Name from Leads where {filter} limit 200");
            let got = kit
                .ask("query_records", [])
                .json(&json!({"select_query": text}))
                .go();
            let visited = kit.world.crm.tables[0].visited();
            assert!(visited <= 251, "{filter} looked at {visited} rows");
            if filter.contains('>') {
                assert_eq!(got.at("/info/count"), 200, "{filter}");
                assert_eq!(got.at("/data/0/id"), &json!(ids[at + 1].to_string()), "{filter}");
            }
        }
    }
}
