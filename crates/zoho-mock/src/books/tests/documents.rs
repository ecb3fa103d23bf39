//! Taxes on lines, conversions, tasks, attachments, documents and custom fields.

use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use super::{Extra, ask, call, made};
use crate::answer::{Answer, Payload};
use crate::route::Method;
use crate::world::World;

fn get(world: &mut World, path: &str, id: &str) -> Value {
    let ids: &[&str] = if id.is_empty() { &[] } else { &[id] };
    call(world, Method::Get, &format!("/books/v3{path}"), ids, &Value::Null).1
}

fn customer(world: &mut World) -> String {
    made(world, "/contacts", &[], &json!({"contact_name": "Ada"}))
}

#[test]
fn lines_take_the_rate_of_their_tax_or_group() {
    let world = &mut World::for_tests();
    let customer = customer(world);
    let tax = |world: &mut World, name: &str, rate: i64| {
        made(
            world,
            "/settings/taxes",
            &[],
            &json!({"tax_name": name, "tax_percentage": rate}),
        )
    };
    let (state, city) = (tax(world, "State", 6), tax(world, "City", 4));
    let both = json!({"tax_group_name": "Both", "taxes": format!("{state},{city}")});
    let both = made(world, "/settings/taxgroups", &[], &both);
    let lines = json!([{"rate": 100, "tax_id": state}, {"rate": 50, "tax_id": both}]);
    for (path, wrapper) in [
        ("/estimates", "estimate"),
        ("/salesorders", "salesorder"),
        ("/invoices", "invoice"),
    ] {
        let body = json!({"customer_id": customer, "line_items": lines});
        let (_, reply) = call(world, Method::Post, &format!("/books/v3{path}"), &[], &body);
        let shown = &reply[wrapper];
        assert_eq!(shown["sub_total"], 150, "{reply}");
        assert_eq!(shown["tax_total"], 11, "{reply}");
        assert_eq!(shown["total"], 161, "{reply}");
        assert_eq!(shown["line_items"][1]["tax_name"], "Both");
    }
    let unknown = json!({"customer_id": customer, "line_items": [{"rate": 1, "tax_id": "77"}]});
    let (status, reply) = call(world, Method::Post, "/books/v3/invoices", &[], &unknown);
    assert_eq!(
        (status, &reply["message"]),
        (400, &json!("Invalid value passed for tax_id"))
    );
}

#[test]
fn orders_and_estimates_become_invoices_once() {
    let world = &mut World::for_tests();
    let customer = customer(world);
    let body = json!({"customer_id": customer, "line_items": [{"rate": 30}]});
    let order = made(world, "/salesorders", &[], &body);
    let convert = |world: &mut World| {
        let extra = Extra {
            query: &[("salesorder_id", &order)],
            ..Extra::default()
        };
        ask(
            world,
            (Method::Post, "/books/v3/invoices/fromsalesorder"),
            &[],
            &Value::Null,
            &extra,
        )
        .status
        .as_u16()
    };
    assert_eq!(convert(world), 201);
    assert_eq!(convert(world), 400);
    let invoices = get(world, "/invoices", "");
    assert_eq!(invoices["invoices"].as_array().unwrap().len(), 1);
    assert_eq!(invoices["invoices"][0]["total"], 30);
    assert_eq!(invoices["invoices"][0]["reference_number"], "SO-000001");
    assert_eq!(
        get(world, "/salesorders/{id}", &order)["salesorder"]["status"],
        "invoiced"
    );

    let estimate = made(world, "/estimates", &[], &body);
    let extra = Extra {
        query: &[("estimate_ids", &estimate)],
        ..Extra::default()
    };
    let path = (Method::Post, "/books/v3/invoices/fromestimates");
    assert_eq!(ask(world, path, &[], &Value::Null, &extra).status, 200);
    assert_eq!(
        get(world, "/invoices", "")["invoices"].as_array().unwrap().len(),
        2
    );
}

#[test]
fn tasks_of_projects_are_not_those_of_the_organization() {
    let world = &mut World::for_tests();
    let customer = customer(world);
    let project =
        json!({"project_name": "Engine", "customer_id": customer, "billing_type": "based_on_task_hours"});
    let project = made(world, "/projects", &[], &project);
    let task = made(
        world,
        "/projects/{id}/tasks",
        &[&project],
        &json!({"task_name": "Design"}),
    );
    assert_eq!(
        get(world, "/projects/{id}/tasks", &project)["task"][0]["task_id"],
        *task
    );
    assert_eq!(get(world, "/tasks", "")["tasks"], json!([]));
    let own = made(
        world,
        "/tasks",
        &[],
        &json!({"title": "Call", "contact_id": customer}),
    );
    let shown = get(world, "/tasks/{id}", &own);
    assert_eq!(
        shown["task"]["contact_name"],
        get(world, "/contacts", "")["contacts"][0]["contact_name"]
    );
    let done = call(
        world,
        Method::Post,
        "/books/v3/tasks/{id}/markascompleted",
        &[&own],
        &Value::Null,
    );
    assert_eq!(done.0, 200);
    assert_eq!(get(world, "/tasks/{id}", &own)["task"]["status"], "completed");
    call(
        world,
        Method::Delete,
        "/books/v3/projects/{id}",
        &[&project],
        &Value::Null,
    );
    let gone = call(
        world,
        Method::Get,
        "/books/v3/projects/{id}/tasks/{task}",
        &[&project, &task],
        &Value::Null,
    );
    assert_eq!(gone.0, 404);
    assert_eq!(get(world, "/tasks", "")["tasks"][0]["task_id"], *own);
}

#[test]
fn lists_are_narrowed_by_time_and_kind() {
    let world = &mut World::for_tests();
    let customer = customer(world);
    let today = world.clock.now().to_string();
    assert!(today.starts_with("2026-01-01T00"), "{today}");
    for (date, mode) in [
        ("2025-12-31", "cash"),
        ("2025-12-02", "credit_card"),
        ("2025-11-30", "cash"),
    ] {
        let body = json!({"customer_id": customer, "amount": 1, "date": date, "payment_mode": mode});
        made(world, "/customerpayments", &[], &body);
    }
    let mut count = |name: &str, value: &str| {
        let extra = Extra {
            query: &[(name, value)],
            ..Extra::default()
        };
        let path = (Method::Get, "/books/v3/customerpayments");
        match ask(world, path, &[], &Value::Null, &extra).payload {
            Payload::Json(text) => {
                let reply: Value = serde_json::from_slice(&text).unwrap();
                reply["customerpayments"].as_array().unwrap().len()
            }
            other => panic!("{other:?}"),
        }
    };
    // The organization's zone is still in the old year.
    assert_eq!(count("filter_by", "Date.ThisMonth"), 2);
    assert_eq!(count("filter_by", "Date.PreviousMonth"), 1);
    assert_eq!(count("filter_by", "Date.Today"), 1);
    assert_eq!(count("filter_by", "PaymentMode.CreditCard"), 1);
    assert_eq!(count("filter_by", "PaymentMode.All"), 3);
    assert_eq!(count("filter_by", "Nonsense.Cash"), 3);
    assert_eq!(count("date_before", "2025-12-02"), 1);
    assert_eq!(count("customer_name_startswith", "ad"), 3);
    assert_eq!(count("customer_name_contains", "bob"), 0);
}

#[test]
fn a_currency_shows_the_latest_rate() {
    let world = &mut World::for_tests();
    let list = get(world, "/settings/currencies", "");
    let euro = list["currencies"].as_array().unwrap();
    let euro = euro.iter().find(|row| row["currency_code"] == "EUR").unwrap();
    let euro = euro["currency_id"].as_str().unwrap().to_owned();
    for (date, rate) in [("2025-01-01", 2), ("2025-06-01", 3), ("2999-01-01", 9)] {
        let body = json!({"effective_date": date, "rate": rate});
        made(world, "/settings/currencies/{id}/exchangerates", &[&euro], &body);
    }
    assert_eq!(
        get(world, "/settings/currencies/{id}", &euro)["currency"]["exchange_rate"],
        3
    );
    let contact = json!({"contact_name": "Eva", "currency_id": euro});
    let contact = made(world, "/contacts", &[], &contact);
    assert_eq!(
        get(world, "/contacts/{id}", &contact)["contact"]["currency_code"],
        "EUR"
    );
}

pub(super) fn multipart(part: &str, file: &str, data: &[u8]) -> Extra<'static> {
    let mut raw =
        format!("--b\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{file}\"\r\n\r\n")
            .into_bytes();
    raw.extend(data);
    raw.extend(b"\r\n--b--\r\n");
    let mut headers = HeaderMap::new();
    headers.insert(
        "content-type",
        HeaderValue::from_static("multipart/form-data; boundary=b"),
    );
    Extra {
        headers,
        raw: Some(raw),
        ..Extra::default()
    }
}

fn bytes(answer: &Answer) -> (&'static str, Vec<u8>) {
    match &answer.payload {
        Payload::Bytes(kind, data) => (kind, data.to_vec()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn attachments_come_back_as_they_went() {
    let world = &mut World::for_tests();
    let vendor = made(
        world,
        "/contacts",
        &[],
        &json!({"contact_name": "V", "contact_type": "vendor"}),
    );
    let bill = json!({"vendor_id": vendor, "bill_number": "B-1", "line_items": [{"rate": 5}]});
    let bill = made(world, "/bills", &[], &bill);
    let path = "/books/v3/bills/{id}/attachment";
    let mut send =
        |method: Method, extra: &Extra<'_>| ask(world, (method, path), &[&bill], &Value::Null, extra);
    let none = Extra::default();
    assert_eq!(send(Method::Get, &none).status, 404);
    assert_eq!(send(Method::Post, &multipart("file", "a.png", b"x")).status, 400);
    assert_eq!(
        send(Method::Post, &multipart("attachment", "a.exe", b"x")).status,
        400
    );
    let large = vec![0; 10 * 1024 * 1024 + 1];
    assert_eq!(
        send(Method::Post, &multipart("attachment", "a.png", &large)).status,
        400
    );
    let data = [0_u8, 1, 254, 255];
    assert_eq!(
        send(Method::Post, &multipart("attachment", "a.png", &data)).status,
        200
    );
    let answer = send(Method::Get, &none);
    assert_eq!(bytes(&answer), ("image/png", data.to_vec()));
    assert_eq!(answer.headers[0].1, "attachment; filename=\"a.png\"");
    assert_eq!(send(Method::Delete, &none).status, 200);
    assert_eq!(send(Method::Get, &none).status, 404);
}

#[test]
fn a_document_is_had_by_query_or_header() {
    let world = &mut World::for_tests();
    let customer = customer(world);
    let body = json!({"customer_id": customer, "line_items": [{"name": "Work", "rate": 30}]});
    let invoice = made(world, "/invoices", &[], &body);
    let mut headers = HeaderMap::new();
    headers.insert("accept", HeaderValue::from_static("application/pdf"));
    let by_header = Extra {
        headers,
        ..Extra::default()
    };
    let by_query = Extra {
        query: &[("accept", "pdf")],
        ..Extra::default()
    };
    for extra in [by_header, by_query] {
        let answer = ask(
            world,
            (Method::Get, "/books/v3/invoices/{id}"),
            &[&invoice],
            &Value::Null,
            &extra,
        );
        let (kind, data) = bytes(&answer);
        assert_eq!(kind, "application/pdf;charset=UTF-8");
        assert!(data.starts_with(b"%PDF-") && data.ends_with(b"%%EOF\n"));
        assert_eq!(answer.headers[0].1, "attachment; filename=\"INV-000001.pdf\"");
    }
    let both = format!("{invoice},{}", made(world, "/invoices", &[], &body));
    let extra = Extra {
        query: &[("invoice_ids", &both)],
        ..Extra::default()
    };
    let answer = ask(
        world,
        (Method::Get, "/books/v3/invoices/pdf"),
        &[],
        &Value::Null,
        &extra,
    );
    let text = String::from_utf8(bytes(&answer).1).unwrap();
    assert_eq!(text.matches("/Type /Page /").count(), 2);
}

#[test]
fn custom_fields_and_addresses_have_addresses_of_their_own() {
    let world = &mut World::for_tests();
    let customer = customer(world);
    let body = json!({"customer_id": customer, "line_items": [{"rate": 30}]});
    let estimate = made(world, "/estimates", &[], &body);
    let fields = json!([{"api_name": "cf_tier", "value": "gold"}]);
    let path = "/books/v3/estimate/{id}/customfields";
    assert_eq!(call(world, Method::Put, path, &[&estimate], &fields).0, 200);
    let path = "/books/v3/estimates/{id}/address/billing";
    assert_eq!(
        call(world, Method::Put, path, &[&estimate], &json!({"city": "London"})).0,
        200
    );
    let shown = &get(world, "/estimates/{id}", &estimate)["estimate"];
    assert_eq!(shown["custom_field_hash"]["cf_tier"], "gold");
    assert_eq!(shown["billing_address"]["city"], "London");
    assert_eq!(shown["total"], 30);
}
