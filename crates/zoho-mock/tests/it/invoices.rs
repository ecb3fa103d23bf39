//! Invoices: exact sums, statuses, payments.

use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::support::Desk;

fn customer(desk: &Desk) -> String {
    let contact = desk.create("/contacts", "contact", &json!({"contact_name": "Ada"}));
    contact["contact_id"].as_str().unwrap().to_owned()
}

fn invoice(desk: &Desk, customer: &str, lines: &Value) -> Value {
    desk.create(
        "/invoices",
        "invoice",
        &json!({"customer_id": customer, "line_items": lines}),
    )
}

fn owed(desk: &Desk, customer: &str) -> String {
    desk.get(&format!("/contacts/{customer}"))["contact"]["outstanding_receivable_amount"].to_string()
}

#[test]
fn an_invoice_goes_its_way() {
    let desk = Desk::new();
    let customer = customer(&desk);
    let item = desk.create(
        "/items",
        "item",
        &json!({"name": "Nut", "rate": 0.1, "description": "M4"}),
    );
    let made = invoice(
        &desk,
        &customer,
        &json!([{"item_id": item["item_id"], "quantity": 3, "tax_percentage": 10}]),
    );
    assert_eq!(made["invoice_number"], "INV-000001");
    assert_eq!(made["customer_name"], "Ada");
    assert_eq!(made["line_items"][0]["name"], "Nut");
    assert_eq!(made["line_items"][0]["item_total"].to_string(), "0.3");
    assert_eq!(
        (
            made["sub_total"].to_string(),
            made["tax_total"].to_string(),
            made["total"].to_string()
        ),
        ("0.3".into(), "0.03".into(), "0.33".into())
    );
    assert_eq!(
        (made["status"].as_str(), made["balance"].to_string()),
        (Some("draft"), "0.33".into())
    );
    assert_eq!(owed(&desk, &customer), "0");
    let id = made["invoice_id"].as_str().unwrap();
    let act = |action: &str| {
        desk.books(
            Method::POST,
            &format!("/invoices/{id}/status/{action}"),
            &Value::Null,
        )
    };
    let status = || {
        desk.get(&format!("/invoices/{id}"))["invoice"]["status"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(act("draft").status, 200);
    assert_eq!(
        act("sent").json(),
        json!({"code": 0, "message": "Invoice status has been changed to Sent."})
    );
    assert_eq!((status(), owed(&desk, &customer)), ("sent".into(), "0.33".into()));
    assert_eq!(act("draft").status, 400);
    assert_eq!(act("void").status, 200);
    assert_eq!((status(), owed(&desk, &customer)), ("void".into(), "0".into()));
    assert_eq!(act("draft").status, 200);
    assert_eq!(status(), "draft");
    act("sent");
    desk.zoho.advance(std::time::Duration::from_secs(100 * 24 * 3600));
    let desk = Desk {
        token: desk.refresh().json()["access_token"].as_str().unwrap().to_owned(),
        ..desk
    };
    let list = desk.get("/invoices?status=overdue");
    assert_eq!(list["invoices"][0]["status"], "overdue");
    assert_eq!(
        desk.get("/invoices?filter_by=Status.Draft")["invoices"],
        json!([])
    );
    let reply = desk.books(Method::DELETE, &format!("/contacts/{customer}"), &Value::Null);
    assert_eq!(reply.json()["code"], 3000);
    assert_eq!(
        desk.books(Method::DELETE, &format!("/invoices/{id}"), &Value::Null)
            .status,
        200
    );
    assert_eq!(owed(&desk, &customer), "0");
}

#[test]
fn discounts_charges_and_adjustments_count() {
    let desk = Desk::new();
    let customer = customer(&desk);
    let made = desk.create(
        "/invoices",
        "invoice",
        &json!({
            "customer_id": customer, "discount": "10%", "discount_type": "entity_level",
            "shipping_charge": 7.5, "adjustment": -0.25,
            "line_items": [{"rate": 200, "quantity": 1, "tax_percentage": 20}, {"rate": 99.99, "quantity": 2, "discount": 9.98}],
        }),
    );
    // 200 + 190 = 390; less 39; tax 20 % of 180; plus 7.50, less 0.25.
    assert_eq!(
        (made["sub_total"].to_string(), made["discount_total"].to_string()),
        ("390".into(), "39".into())
    );
    assert_eq!(
        (made["tax_total"].to_string(), made["total"].to_string()),
        ("36".into(), "394.25".into())
    );
    let id = made["invoice_id"].as_str().unwrap();
    let reply = desk.books(
        Method::PUT,
        &format!("/invoices/{id}"),
        &json!({"is_inclusive_tax": true, "discount": 0}),
    );
    // 200 holds 33.33 of tax at 20 %.
    let shown = &reply.json()["invoice"];
    assert_eq!(
        (shown["tax_total"].to_string(), shown["total"].to_string()),
        ("33.33".into(), "397.25".into())
    );
}

#[test]
fn numbers_are_given_or_taken() {
    let desk = Desk::new();
    let customer = customer(&desk);
    let make = |number: &str| {
        let body = json!({"customer_id": customer, "invoice_number": number, "line_items": [{"rate": 1}]});
        desk.books(Method::POST, "/invoices", &body)
    };
    assert_eq!(make("INV-000002").status, 201);
    assert_eq!(make("inv-000002").json()["code"], 1001);
    for expected in ["INV-000001", "INV-000003"] {
        assert_eq!(
            invoice(&desk, &customer, &json!([{"rate": 1}]))["invoice_number"],
            expected
        );
    }
}

#[test]
fn comments_are_kept_with_the_invoice() {
    let desk = Desk::new();
    let customer = customer(&desk);
    let made = invoice(&desk, &customer, &json!([{"rate": 1}]));
    let path = format!("/invoices/{}/comments", made["invoice_id"].as_str().unwrap());
    desk.create(&path, "comment", &json!({"description": "reminded"}));
    assert_eq!(desk.get(&path)["comments"][0]["description"], "reminded");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn totals_are_the_exact_sum_of_the_lines(lines in prop::collection::vec((0_i64..10_000_000, 0_i64..1_000, 0_i64..30), 1..12)) {
        let desk = Desk::new();
        let customer = customer(&desk);
        // Rates in cents, whole quantities, whole percents: everything below is in integers.
        let sent: Vec<Value> = lines
            .iter()
            .map(|(rate, quantity, percent)| {
                let rate = format!("{}.{:02}", rate / 100, rate % 100);
                json!({"rate": rate, "quantity": quantity, "tax_percentage": percent})
            })
            .collect();
        let made = invoice(&desk, &customer, &sent.into());
        let cents = |value: &Value| -> i64 {
            let text = value.to_string();
            let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
            whole.parse::<i64>().unwrap() * 100 + format!("{fraction:0<2}").parse::<i64>().unwrap()
        };
        let sub_total: i64 = lines.iter().map(|(rate, quantity, _)| rate * quantity).sum();
        let tax: i64 = lines.iter().map(|(rate, quantity, percent)| (rate * quantity * percent + 50) / 100).sum();
        prop_assert_eq!(cents(&made["sub_total"]), sub_total);
        prop_assert_eq!(cents(&made["tax_total"]), tax);
        prop_assert_eq!(cents(&made["total"]), sub_total + tax);
        prop_assert_eq!(&made["balance"], &made["total"]);
        let by_line: i64 = made["line_items"].as_array().unwrap().iter().map(|line| cents(&line["item_total"])).sum();
        prop_assert_eq!(by_line, sub_total);
    }
}
