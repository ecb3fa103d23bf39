//! Raw requests to both products, with every input.

use std::time::Duration;

use serde_json::{Value, json};
use zoho_client::ErrorKind;
use zoho_mock::Fault;

use crate::support::{Stage, World};

/// What both products do alike: bodies, headers, types of answers, retries.
async fn common(world: &World, stage: &Stage<'_>, path: &str, operation: &str) {
    let get = |more: Value| {
        let mut inputs = json!({"url": path, "method": "GET"});
        inputs
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        inputs
    };
    let text = stage.run(get(json!({"response_type": "text"}))).await;
    let json_text = stage.run(get(json!({}))).await;
    let parsed: Value = serde_json::from_str(text["body"].as_str().unwrap()).unwrap();
    assert_eq!((&json_text["status"], &json_text["body"]), (&json!(200), &parsed));
    assert!(
        json_text["headers"]["content-type"]
            .as_str()
            .unwrap()
            .starts_with("application/json")
    );
    let binary = stage
        .run(get(
            json!({"response_type": "binary", "headers": {"X-Mine": "yes"}}),
        ))
        .await;
    assert_eq!(
        binary["body"]["size"],
        json!(text["body"].as_str().unwrap().len())
    );

    // So often and no more, with the gaps that were asked for.
    let attempts = async |inputs: Value| {
        world.mock.faults().clear();
        world.mock.faults().script(Fault::on(operation).status(503));
        let (before, started) = (world.requests(), tokio::time::Instant::now());
        stage.attempt(inputs).await.unwrap_err();
        (world.requests() - before, started.elapsed())
    };
    let (count, _) = attempts(get(json!({}))).await;
    assert_eq!(count, 1);
    let (count, took) = attempts(get(json!({"max_retry_count": 3, "retry_delay_ms": 1_500}))).await;
    assert_eq!(count, 4);
    assert!(
        (Duration::from_millis(4_500)..Duration::from_secs(6)).contains(&took),
        "{took:?}"
    );
    let backoff = json!({"max_retry_count": 3, "retry_delay_ms": 0, "use_exponential_backoff": true});
    let (count, took) = attempts(get(backoff)).await;
    assert_eq!(count, 4);
    assert!(took >= Duration::from_millis(500 + 1_000 + 2_000), "{took:?}");

    // A refusal is tried again only when all errors are.
    let refusals = async |all: bool| {
        world.mock.faults().clear();
        let fault = Fault::on(operation)
            .status(400)
            .json(json!({"code": "NO", "message": "no", "status": "error"}));
        world.mock.faults().script(fault);
        let before = world.requests();
        stage
            .attempt(get(json!({"max_retry_count": 2, "retry_on_all_errors": all})))
            .await
            .unwrap_err();
        world.requests() - before
    };
    assert_eq!((refusals(false).await, refusals(true).await), (1, 3));

    world.mock.faults().clear();
    world
        .mock
        .faults()
        .script(Fault::on(operation).delay(Duration::from_secs(5)));
    let slow = stage.attempt(get(json!({"timeout": 1_000}))).await.unwrap_err();
    assert_eq!(slow.kind(), ErrorKind::Timeout);
    world.mock.faults().clear();

    let before = world.requests();
    for (wrong, named) in [
        (
            json!({"url": "https://evil.example/x", "method": "GET"}),
            "does not start",
        ),
        (
            json!({"url": "//evil.example/x", "method": "GET"}),
            "empty segment",
        ),
        (json!({"url": "/a/../b", "method": "GET"}), "dots that climb"),
        (
            json!({"url": "/a", "method": "GET", "headers": {"Authorization": "x"}}),
            "`authorization`",
        ),
        (
            json!({"url": "/a", "method": "GET", "headers": {"X-A": "a\r\nX-B: b"}}),
            "`X-A`",
        ),
        (
            json!({"url": "/a", "method": "TRACE"}),
            "`method` takes one of GET",
        ),
        (
            json!({"url": "/a", "method": "GET", "timeout": 0}),
            "`timeout` takes a whole number from 1",
        ),
        (
            json!({"url": "/a", "method": "POST", "data": {}, "form_data": {"a": "b"}}),
            "`data` and a form",
        ),
        (
            json!({"url": "/a", "method": "POST", "file_data": {"f": "x"}, "file_data_file_names": {"g": "x.txt"}}),
            "names `g`",
        ),
    ] {
        let error = stage.attempt(wrong.clone()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{wrong}: {error}");
        assert!(error.to_string().contains(named), "{error}");
    }
    assert_eq!(world.requests(), before);
}

#[tokio::test(start_paused = true)]
async fn crm_raw_request() {
    let world = World::new();
    let stage = Stage::new(&world, "crm_raw_request");
    let body = json!({"data": [{"Last_Name": "Ngo"}]});
    let made = stage
        .run(json!({"url": "/Leads", "method": "POST", "data": body}))
        .await;
    assert_eq!(made["status"], 201);
    let id = made["body"]["data"][0]["details"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let query = json!({"url": "/Leads", "method": "GET", "query_params": {"fields": "Last_Name"}});
    assert_eq!(stage.run(query).await["body"]["data"][0]["Last_Name"], "Ngo");
    let text = json!({
        "url": "/Leads", "method": "POST", "data": "not a JSON text", "headers": [{"key": "Content-Type", "value": "application/json"}],
    });
    assert_eq!(stage.attempt(text).await.unwrap_err().kind(), ErrorKind::Api);
    let attachments = format!("/Leads/{id}/Attachments");
    let file = json!({
        "url": attachments, "method": "POST", "file_data": {"file": {"base64": "AAEC"}}, "file_data_file_names": {"file": "a.bin"},
    });
    let file = stage.run(file).await["body"]["data"][0]["details"]["id"].clone();
    let link = json!({"url": attachments, "method": "POST", "form_data": {"attachmentUrl": "https://example.com", "title": "T"}});
    stage.run(link).await;
    let path = format!("{attachments}/{}", file.as_str().unwrap());
    let read = stage
        .run(json!({"url": path, "method": "GET", "response_type": "binary"}))
        .await;
    assert_eq!(read["body"]["base64"], "AAEC");
    common(&world, &stage, "/Leads?fields=Last_Name", "list_records").await;
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn books_raw_request() {
    let world = World::new();
    let stage = Stage::new(&world, "books_raw_request");
    let listed = stage.run(json!({"url": "/organizations", "method": "GET"})).await;
    assert!(!listed["body"]["organizations"].as_array().unwrap().is_empty());
    let body = json!({"contact_name": "Acme"});
    let organization = world.mock.organization_id();
    let made = stage
        .run(json!({"url": "/contacts", "method": "POST", "data": body, "organization_id": organization}))
        .await;
    let contact = made["body"]["contact"]["contact_id"].clone();
    let form = json!({"url": "/contacts", "method": "POST", "form_data": {"JSONString": "{\"contact_name\": \"Zenith\"}"}});
    assert_eq!(stage.run(form).await["body"]["contact"]["contact_name"], "Zenith");
    let query =
        json!({"url": "/contacts", "method": "GET", "query_params": {"contact_name_startswith": "Zen"}});
    assert_eq!(
        stage.run(query).await["body"]["contacts"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let bill = json!({"customer_id": contact, "line_items": [{"name": "Work", "rate": 10, "quantity": 1}]});
    let invoice = stage
        .run(json!({"url": "/invoices", "method": "POST", "data": bill}))
        .await;
    let path = format!(
        "/invoices/{}/attachment",
        invoice["body"]["invoice"]["invoice_id"].as_str().unwrap()
    );
    let file = json!({
        "url": path, "method": "POST", "file_data": {"attachment": "some text"}, "file_data_file_names": {"attachment": "a.pdf"},
    });
    stage.run(file).await;
    common(&world, &stage, "/contacts", "list_contacts").await;
    stage.done();
}
