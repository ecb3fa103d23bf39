//! Pages of lists.

use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;

use super::support::Desk;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn pages_hold_every_row_once_and_in_order(
        rates in prop::collection::vec(0_i64..5, 0..60),
        per_page in prop_oneof![0_usize..12, Just(200), Just(1_000)],
        column in prop_oneof![Just("name"), Just("rate"), Just("created_time"), Just("status"), Just("nonsense")],
        order in prop_oneof![Just("A"), Just("D"), Just("")],
    ) {
        let desk = Desk::new();
        for (rate, number) in rates.iter().zip(0..) {
            desk.zoho.advance(Duration::from_secs(u64::from(number % 3_u32 == 0)));
            desk.create("/items", "item", &json!({"name": format!("Item {}", number * 7 % 60), "rate": rate}));
        }
        let whole = desk.get(&format!("/items?sort_column={column}&sort_order={order}"));
        let all = whole["items"].as_array().unwrap();
        prop_assert_eq!(all.len(), rates.len());
        let mut read = Vec::new();
        for page in 1.. {
            let body = desk.get(&format!("/items?page={page}&per_page={per_page}&sort_column={column}&sort_order={order}"));
            let rows = body["items"].as_array().unwrap();
            let context = &body["page_context"];
            prop_assert_eq!(context["per_page"].as_u64().unwrap() as usize, per_page.clamp(1, 200));
            read.extend(rows.iter().cloned());
            if context["has_more_page"] == false {
                break;
            }
            prop_assert_eq!(rows.len(), per_page.clamp(1, 200));
        }
        prop_assert_eq!(&read, all);
        if column == "rate" {
            let sorted: Vec<i64> = read.iter().map(|row| row["rate"].as_i64().unwrap()).collect();
            let up = sorted.windows(2).all(|pair| pair[0] <= pair[1]);
            let down = sorted.windows(2).all(|pair| pair[0] >= pair[1]);
            let in_order = if order == "D" { down } else { up };
            prop_assert!(in_order);
        }
    }
}

#[test]
fn last_modified_time_filters_where_zoho_has_it() {
    let desk = Desk::with(zoho_mock::MockZoho::builder().frozen(true));
    let contact = desk.create("/contacts", "contact", &json!({"contact_name": "Ada"}));
    for _ in 0..3 {
        let body = json!({"customer_id": contact["contact_id"], "line_items": [{"rate": 1}]});
        desk.create("/invoices", "invoice", &body);
        desk.zoho.advance(Duration::from_secs(60));
    }
    let count = |since: &str| {
        desk.get(&format!("/invoices?last_modified_time={since}"))["invoices"]
            .as_array()
            .unwrap()
            .len()
    };
    // The clock starts at 19:00 in New York; the bound itself is let through.
    assert_eq!(count("2025-12-31T19:00:00-0500"), 3);
    assert_eq!(count("2025-12-31T19:01:00-0500"), 2);
    assert_eq!(count("2026-01-01T00:01:01%2B0000"), 1);
    assert_eq!(count("2026-01-01T00:01:01+0000"), 1);
    let path = "/invoices?last_modified_time=yesterday";
    let reply = desk.books(http::Method::GET, path, &serde_json::Value::Null);
    assert_eq!(
        reply.json()["message"],
        "Invalid value passed for last_modified_time"
    );
    let contacts = desk.get("/contacts?last_modified_time=2030-01-01T00:00:00-0500");
    assert_eq!(contacts["contacts"].as_array().unwrap().len(), 1);
    let amounts = desk.get("/invoices?total_greater_than=0.99&date_before=2026-01-01&date_start=2025-12-31");
    assert_eq!(amounts["invoices"].as_array().unwrap().len(), 3);
    assert_eq!(
        desk.get("/invoices?total=1.00&date_after=2025-12-31")["invoices"],
        json!([])
    );
}
