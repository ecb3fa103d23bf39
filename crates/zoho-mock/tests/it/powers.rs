//! The powers a test has over the mock: clock, journal, reset; and that runs repeat.

use std::time::Duration;

use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};
use zoho_mock::MockZoho;

use super::support::{Desk, Reply};

#[test]
fn the_same_powers_over_http() {
    let desk = Desk::new();
    let admin = |method: Method, path: &str, body: &Value| {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        desk.send(method, &format!("/_mock/{path}"), &[], body)
    };
    assert_eq!(admin(Method::GET, "health", &Value::Null).json()["status"], "ok");
    let change = json!({"set": "2026-03-01T00:00:00Z", "advance": 1.5, "frozen": true});
    let clock = json!({"now": "2026-03-01T00:00:01.5Z", "frozen": true});
    assert_eq!(admin(Method::POST, "clock", &change).json(), clock);
    assert_eq!(admin(Method::GET, "clock", &Value::Null).json(), clock);
    assert_eq!(desk.zoho.now().to_string(), "2026-03-01T00:00:01.5Z");
    let wrong = admin(Method::POST, "clock", &json!({"forward": 1}));
    assert_eq!(wrong.status, 400);
    let fault = json!({"operation": "get_organization", "effect": "answer", "status": 418, "times": 1});
    assert_eq!(admin(Method::POST, "faults", &fault).status, 200);
    assert_eq!(desk.call(Method::GET, "/crm/v8/org", "").status, 418);
    assert_eq!(
        admin(Method::GET, "faults", &Value::Null).json()["faults"][0]["struck"],
        1
    );
    assert_eq!(
        admin(Method::DELETE, "faults", &Value::Null).json(),
        json!({"faults": []})
    );
    let journal = admin(Method::GET, "journal?operation=get_organization", &Value::Null).json();
    assert_eq!(journal["exchanges"][0]["status"], 418);
    assert_eq!(journal["counts"]["token"], 1);
    let code = admin(Method::POST, "grant", &json!({"scopes": ["ZohoCRM.org.READ"]})).json();
    assert!(code["code"].as_str().unwrap().starts_with("1000."));
    assert_eq!(admin(Method::POST, "reset", &Value::Null).status, 200);
    assert_eq!(desk.zoho.journal().exchanges().len(), 0);
    assert_eq!(admin(Method::GET, "nothing", &Value::Null).status, 404);
    assert_eq!(admin(Method::DELETE, "health", &Value::Null).status, 405);
}

#[test]
fn what_is_wrong_with_a_wish_is_said_with_its_place() {
    let desk = Desk::new();
    let fault = |name: &str, value: Value| json!({"operation": "crm.*", "effect": "answer", name: value});
    for (path, wish, told) in [
        ("faults", fault("efect", json!("html")), "unknown field `efect`"),
        ("faults", fault("every", json!("third")), "$.every: "),
        (
            "faults",
            json!([fault("times", json!(1)), fault("times", json!(-1))]),
            "$[1].times: ",
        ),
        (
            "faults",
            fault("operation", json!("crm.list_record")),
            "no operation `crm.list_record`",
        ),
        (
            "faults",
            fault("operation", json!("crm.token")),
            "no operation `crm.token`",
        ),
        ("faults", fault("status", json!(42)), "42 is no status"),
        (
            "faults",
            fault("probability", json!(1.5)),
            "1.5 is no probability",
        ),
        (
            "faults",
            fault("headers", json!([["retry after", "1"]])),
            "`retry after`",
        ),
        ("faults", Value::Null, "expected struct Fault"),
        (
            "deliveries/faults",
            json!({"effect": "lose"}),
            "$.effect: unknown variant `lose`",
        ),
        (
            "deliveries/faults",
            json!([{"effect": "drop", "skip": 1.5}]),
            "$[0].skip: ",
        ),
        ("clock", json!({"set": "today"}), "$.set: "),
        (
            "clock",
            json!({"set": "2030-01-01T00:00:00Z", "advance": 1e300}),
            "$.advance: ",
        ),
        ("dialect", json!({"expires_in_sec": 1}), "$.expires_in_sec: "),
        ("limits", json!({"latency_ms": "long"}), "$.latency_ms: "),
        ("consent", json!({"user": 1}), "$.user: "),
        ("seed", json!({"Leads": "ten"}), "$.Leads: "),
        ("api/trigger", json!({"event": "Leads.edit", "set": 1}), "$.set: "),
    ] {
        let reply = desk.send(Method::POST, &format!("/_mock/{path}"), &[], wish.to_string());
        let answer = reply.json();
        let error = answer["error"].as_str().unwrap_or_default();
        assert_eq!(reply.status, 400, "{path} {wish}");
        assert!(error.contains(told), "{path} {wish}: {error}");
    }
    // What can not be done whole is not begun.
    assert!(desk.zoho.now() < "2030-01-01T00:00:00Z".parse().unwrap());
    let faults = |path: &str| desk.send(Method::GET, path, &[], "").json();
    assert_eq!(faults("/_mock/faults"), json!({"faults": []}));
    assert_eq!(faults("/_mock/deliveries/faults"), json!({"faults": []}));
    for operation in [
        "*",
        "unknown",
        "books.unknown",
        "accounts.*",
        "token",
        "crm.download_bulk_write",
    ] {
        let wish = json!({"operation": operation}).to_string();
        let reply = desk.send(Method::POST, "/_mock/faults", &[], wish);
        assert_eq!(reply.status, 200, "{operation}: {}", reply.json());
    }
}

#[test]
fn a_reset_world_is_a_new_world() {
    let desk = Desk::with(MockZoho::builder().frozen(true));
    let token = desk.zoho.refresh_token();
    desk.create("/contacts", "contact", &json!({"contact_name": "Ada"}));
    desk.zoho.advance(Duration::from_secs(5));
    desk.zoho.reset();
    assert_eq!(desk.zoho.refresh_token(), token);
    assert_eq!(desk.books(Method::GET, "/contacts", &Value::Null).status, 401);
    let again = desk.refresh().json();
    assert_eq!(again["access_token"], desk.token);
    assert_eq!(desk.get("/contacts")["contacts"], json!([]));
}

#[test]
fn the_journal_knows_who_asked_for_what() {
    let desk = Desk::new();
    desk.get("/items?page=2");
    desk.call(Method::GET, "/crm/v8/nowhere/at/all/x/y/z", "");
    let journal = desk.zoho.journal();
    let seen: Vec<_> = journal
        .exchanges()
        .iter()
        .map(|exchange| {
            (
                exchange.number,
                exchange.product,
                exchange.operation,
                exchange.status,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            (1, "accounts", "token", Some(200)),
            (2, "books", "list_items", Some(200)),
            (3, "crm", "unknown", Some(404))
        ]
    );
    assert_eq!(journal.count("list_items"), 1);
    assert!(journal.exchanges()[1].query.starts_with("page=2&"));
}

fn run(seed: u64, steps: &[(u8, u8)]) -> Vec<Reply> {
    let desk = Desk::with(MockZoho::builder().seed(seed).frozen(true));
    let mut replies = vec![desk.refresh()];
    let mut contact = String::new();
    for (step, number) in steps {
        desk.zoho.advance(Duration::from_secs(u64::from(*number)));
        let reply = match step % 5 {
            0 => desk.books(
                Method::POST,
                "/contacts",
                &json!({"contact_name": format!("C{number}")}),
            ),
            1 => desk.books(
                Method::POST,
                "/invoices",
                &json!({"customer_id": contact, "line_items": [{"rate": number}]}),
            ),
            2 => desk.books(Method::GET, "/contacts", &Value::Null),
            3 => desk.refresh(),
            _ => desk.call(Method::GET, "/crm/v8/org", ""),
        };
        if let Some(id) = reply.json()["contact"]["contact_id"].as_str() {
            contact = id.to_owned();
        }
        replies.push(reply);
    }
    replies
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn two_runs_give_the_same_bytes(seed in any::<u64>(), steps in prop::collection::vec(any::<(u8, u8)>(), 0..30)) {
        prop_assert_eq!(run(seed, &steps), run(seed, &steps));
    }
}

#[tokio::test]
async fn on_a_socket_it_answers_until_it_is_dropped() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let zoho = MockZoho::start().await.unwrap();
    let address = zoho.base_url().strip_prefix("http://").unwrap().to_owned();
    let ask = |address: String| async move {
        let mut stream = tokio::net::TcpStream::connect(address).await?;
        stream
            .write_all(b"GET /oauth/serverinfo HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            .await?;
        let mut reply = String::new();
        stream.read_to_string(&mut reply).await?;
        std::io::Result::Ok(reply)
    };
    let reply = ask(address.clone()).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
    assert!(reply.contains(&format!("\"us\":\"{}\"", zoho.base_url())));
    zoho.faults()
        .script(zoho_mock::Fault::on("server_info").drop_connection());
    assert_eq!(ask(address.clone()).await.unwrap_or_default(), "");
    zoho.faults().clear();
    zoho.faults()
        .script(zoho_mock::Fault::on("server_info").truncate(3));
    let reply = ask(address.clone()).await.unwrap_or_default();
    assert!(!reply.ends_with('}'), "{reply}");
    drop(zoho);
    tokio::task::yield_now().await;
    assert!(ask(address).await.is_err());
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let zoho = MockZoho::start().await.unwrap();
    let address = zoho.base_url().strip_prefix("http://").unwrap().parse().unwrap();
    let error = MockZoho::builder().address(address).start().await.unwrap_err();
    assert_eq!(error.to_string(), format!("cannot listen on {address}"));
}
