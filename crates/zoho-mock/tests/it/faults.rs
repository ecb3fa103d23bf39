//! Scripted faults, as a client meets them.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use zoho_mock::{Broken, Fault};

use super::support::Desk;

const ITEM: &str = "{\"name\":\"Nut\"}";

fn create(desk: &Desk) -> Result<super::support::Reply, Broken> {
    let key = format!("Zoho-oauthtoken {}", desk.token);
    let target = format!("/books/v3/items?organization_id={}", desk.zoho.organization_id());
    desk.try_send(Method::POST, &target, &[("authorization", &key)], ITEM)
}

fn items(desk: &Desk) -> usize {
    desk.get("/items")["items"].as_array().unwrap().len()
}

#[test]
fn an_answer_of_its_own_keeps_the_operation_from_happening() {
    let desk = Desk::new();
    desk.zoho.faults().script(
        Fault::on("create_item")
            .status(429)
            .header("retry-after", "2")
            .times(1),
    );
    let reply = create(&desk).unwrap();
    assert_eq!((reply.status.as_u16(), reply.header("retry-after")), (429, "2"));
    assert_eq!(reply.json()["code"], 1070);
    assert_eq!(items(&desk), 0);
    assert_eq!(create(&desk).unwrap().status, 201);
    desk.zoho.faults().script(
        Fault::on("books.*")
            .status(503)
            .json(json!({"down": true}))
            .times(1),
    );
    assert_eq!(create(&desk).unwrap().json(), json!({"down": true}));
    desk.zoho
        .faults()
        .script(Fault::on("crm.list_records").status(503));
    let reply = desk.call(Method::GET, "/crm/v8/Leads?fields=id", "");
    assert_eq!(
        (reply.status.as_u16(), reply.json()["code"].as_str()),
        (503, Some("SERVICE_UNAVAILABLE"))
    );
    desk.zoho.faults().clear();
    desk.zoho.faults().script(Fault::on("accounts.token").html(502));
    let reply = desk.refresh();
    assert_eq!(
        (reply.status.as_u16(), reply.header("content-type")),
        (502, "text/html;charset=UTF-8")
    );
}

#[test]
fn connections_break_before_or_after_the_operation() {
    let desk = Desk::new();
    desk.zoho
        .faults()
        .script(Fault::on("create_item").drop_connection().times(1));
    assert!(create(&desk).is_err());
    assert_eq!(items(&desk), 0);
    desk.zoho
        .faults()
        .script(Fault::on("create_item").drop_reply().times(1));
    assert!(create(&desk).is_err());
    assert_eq!(items(&desk), 1);
    let journal = desk.zoho.journal();
    let statuses: Vec<_> = journal
        .of("create_item")
        .map(|exchange| (exchange.status, exchange.faulted))
        .collect();
    assert_eq!(statuses, [(None, true), (None, true)]);
}

#[test]
fn bodies_arrive_in_part_or_garbled() {
    let desk = Desk::new();
    desk.zoho
        .faults()
        .script(Fault::on("create_item").truncate(10).times(1));
    assert!(create(&desk).is_err());
    assert_eq!(items(&desk), 1);
    desk.zoho
        .faults()
        .script(Fault::on("list_items").malformed_json().times(1));
    let reply = desk.books(Method::GET, "/items", &Value::Null);
    assert_eq!(reply.status, 200);
    assert!(serde_json::from_slice::<Value>(&reply.body).is_err());
    assert_eq!(reply.header("content-length"), reply.body.len().to_string());
}

#[test]
fn delays_pass_by_tokios_clock_and_the_mocks() {
    let desk = Desk::new();
    desk.zoho
        .faults()
        .script(Fault::on("list_items").delay(Duration::from_secs(40)));
    // Only inside the runtime does the mock's clock see its paused time.
    let _inside = desk.runtime.enter();
    let (mock, tokio) = (
        desk.zoho.now(),
        desk.runtime.block_on(async { tokio::time::Instant::now() }),
    );
    assert_eq!(items(&desk), 0);
    let passed = desk.runtime.block_on(async { tokio.elapsed() });
    assert!(
        passed >= Duration::from_secs(40) && passed < Duration::from_secs(41),
        "{passed:?}"
    );
    assert_eq!(desk.zoho.now().duration_since(mock).as_secs(), 40);
}

#[test]
fn a_slow_body_arrives_whole_after_its_pauses() {
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    let desk = Desk::new();
    let pause = Duration::from_secs(7);
    let ask = || {
        let key = format!("Zoho-oauthtoken {}", desk.token);
        let request = http::Request::get("/crm/v8/settings/modules").header("authorization", key);
        let zoho = desk.zoho.service();
        desk.runtime.block_on(async move {
            let begun = tokio::time::Instant::now();
            let response = zoho.oneshot(request.body(String::new()).unwrap()).await.unwrap();
            let mut body = response.into_body();
            let (mut data, mut frames) = (Vec::new(), 0);
            while let Some(frame) = body.frame().await {
                data.extend_from_slice(&frame.unwrap().into_data().unwrap());
                frames += 1;
            }
            (data, frames, begun.elapsed())
        })
    };
    let (whole, frames, took) = ask();
    assert_eq!((frames, took), (1, Duration::ZERO));
    desk.zoho
        .faults()
        .script(Fault::on("crm.*").slow_body(50, pause).times(1));
    let (slow, frames, took) = ask();
    let pieces = u32::try_from(whole.len().div_ceil(50)).unwrap();
    assert_eq!((slow, frames), (whole, pieces));
    // Tokio's clock counts in whole milliseconds.
    assert_eq!(took.as_secs(), (pause * pieces).as_secs());
}

#[test]
#[should_panic(expected = "there is no operation `crm.list_record`")]
fn a_fault_that_could_never_strike_is_no_fault() {
    let desk = Desk::new();
    desk.zoho.faults().script(Fault::on("crm.list_record").html(502));
}
