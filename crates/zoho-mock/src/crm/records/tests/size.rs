//! Tests of cost: bytes of a row, rows that a page looks at.

use serde_json::json;

use crate::crm::change::Actor;
use crate::crm::records::token::{self, Place};
use crate::crm::schema::validate::Draft;
use crate::crm::testkit::Kit;

#[test]
fn a_lead_of_twenty_fields_stays_far_below_two_kilobytes() {
    let mut kit = Kit::new();
    let rows = 2_000;
    for batch in 0..rows / 100 {
        let leads: Vec<_> = (0..100)
            .map(|count| {
                let n = batch * 100 + count;
                json!({
                    "Last_Name": format!("Lindqvist {n}"), "First_Name": "Annemarie", "Company": format!("Company {n} Ltd"),
                    "Email": format!("annemarie.{n}@example.com"), "Phone": format!("+49 30 {n:08}"),
                    "Mobile": format!("+49 151 {n:08}"), "Website": "www.company.example", "Lead_Source": "Cold Call",
                    "Lead_Status": "Contacted", "Industry": "Service Provider", "No_of_Employees": n,
                    "Annual_Revenue": 1_250_000.5, "Rating": "Active", "Street": format!("Long Street {n}"),
                    "City": "Regensburg", "State": "Bayern", "Zip_Code": "93047", "Country": "Germany",
                    "Description": "Met at the fair; wants a call back in autumn.", "Reference_Code": format!("R{n}"),
                })
            })
            .collect();
        kit.create("Leads", &json!(leads));
    }
    let bytes = kit.world.crm.tables[0].bytes() / rows;
    assert!(bytes < 1_000, "{bytes} bytes for a row");
    assert!(bytes > 300, "{bytes} bytes cannot be the truth");
}

#[test]
fn a_page_deep_in_two_hundred_thousand_rows_costs_a_page() {
    let mut kit = Kit::new();
    let mut ids = Vec::new();
    for count in 0..200_000 {
        let actor = Actor {
            user: kit.user,
            now: kit.now + count / 7,
        };
        ids.push(kit.world.crm.insert(0, Draft::default(), actor));
    }
    for (sort, direction) in [
        ("id", "desc"),
        ("id", "asc"),
        ("Created_Time", "desc"),
        ("Modified_Time", "asc"),
    ] {
        for at in [1_000, 77_777, 100_000, 198_000] {
            let instant = if sort == "id" { 0 } else { kit.now + at as i64 / 7 };
            let place = Place {
                after: Some((instant, ids[at])),
                page: 7,
                served: 1_200,
            };
            let mut ask = kit
                .ask("list_records", ["Leads"])
                .query("fields", "id")
                .query("sort_by", sort)
                .query("sort_order", direction);
            let token = ask.with(|world, call| token::issue(place, call, world.owner, call.now.as_second()));
            let got = ask.query("page_token", token).go();
            let next = if direction == "asc" { at + 1 } else { at - 1 };
            assert_eq!(got.at("/data/0/id"), &json!(ids[next].to_string()));
            assert_eq!(got.at("/info/count"), 200);
            let visited = kit.world.crm.tables[0].visited();
            // 200 rows, one to see whether there is more, a page back for the previous token, and both edges of
            // each block of 32 that the two pages are in.
            assert!(
                visited <= 402 + 2 * 2 * (200 / 32 + 2),
                "{visited} rows to go on from {at} by {sort} {direction}"
            );
        }
    }
}
