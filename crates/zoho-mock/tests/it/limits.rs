//! Limits: calls at once, credits, calls per minute and day, and how to change them.

use std::time::Duration;

use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use proptest::prelude::*;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zoho_mock::{Edition, Fault, MockBuilder, MockZoho};

use super::support::Desk;

const LEADS: &str = "/crm/v8/Leads?fields=id";
const SORTED: &str = "/crm/v8/Leads?fields=id&sort_by=Modified_Time";

fn slow() -> MockBuilder {
    MockZoho::builder().latency(Duration::from_millis(200))
}

/// Sends all requests before the first of them is answered, and says what became of each.
fn at_once(desk: &Desk, requests: &[(Method, String, String)]) -> Vec<(StatusCode, Value)> {
    let token = format!("Zoho-oauthtoken {}", desk.token);
    let sent = requests.iter().map(|(method, target, body)| {
        let request = http::Request::builder()
            .method(method)
            .uri(target)
            .header("authorization", &token)
            .body(body.clone())
            .unwrap();
        let zoho = desk.zoho.service();
        async move {
            let response = zoho.oneshot(request).await.unwrap();
            let status = response.status();
            let body = response.into_body().collect().await.unwrap().to_bytes();
            (status, serde_json::from_slice(&body).unwrap_or_default())
        }
    });
    desk.runtime.block_on(async {
        let tasks: Vec<_> = sent.map(tokio::spawn).collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        answers
    })
}

fn gets(target: &str, count: usize) -> Vec<(Method, String, String)> {
    vec![(Method::GET, target.to_owned(), String::new()); count]
}

fn refused(answers: &[(StatusCode, Value)]) -> usize {
    let refused = answers.iter().filter(|(status, _)| *status == 429);
    refused.count()
}

#[test]
fn an_edition_lets_so_many_calls_of_an_application_be_under_way() {
    for edition in Edition::ALL {
        let desk = Desk::with(slow().edition(edition));
        let limit = edition.concurrency() as usize;
        let answers = at_once(&desk, &gets("/crm/v8/org", limit + 3));
        assert_eq!(refused(&answers), 3, "{edition}");
        let (_, body) = answers.last().unwrap();
        assert_eq!(
            *body,
            json!({"code": "TOO_MANY_REQUESTS", "details": {}, "message": "You have made too many requests. Please try again later.", "status": "error"})
        );
        // They have ended, and so has the crowd.
        assert_eq!(refused(&at_once(&desk, &gets("/crm/v8/org", limit))), 0);
        let org = desk.call(Method::GET, "/crm/v8/org", "").json();
        assert_eq!(org["org"][0]["license_details"]["paid_type"], edition.as_str());
    }
}

#[test]
fn heavy_calls_share_ten_slots_in_every_edition() {
    let desk = Desk::with(slow().edition(Edition::Ultimate));
    let coql = json!({"select_query": "select id from Leads where id is not null"}).to_string();
    let leads = |count: usize| json!({"data": vec![json!({"Last_Name": "Ngo"}); count]}).to_string();
    let post = |target: &str, body: &str| (Method::POST, target.to_owned(), body.to_owned());
    for heavy in [
        (Method::GET, SORTED.to_owned(), String::new()),
        (Method::GET, format!("{LEADS}&cvid=1"), String::new()),
        (
            Method::GET,
            "/crm/v8/Leads/search?word=ngo".to_owned(),
            String::new(),
        ),
        post("/crm/v8/coql", &coql),
        post("/crm/v8/Leads/1/actions/convert", "{}"),
        post("/crm/v8/Leads/1/actions/send_mail", "{}"),
        post("/crm/v8/Leads", &leads(11)),
        post("/crm/v8/Leads/upsert", &leads(11)),
        (Method::PUT, "/crm/v8/Leads".to_owned(), leads(11)),
    ] {
        let answers = at_once(&desk, &vec![heavy.clone(); 12]);
        assert_eq!(refused(&answers), 2, "{heavy:?}");
    }
    for light in [
        (Method::GET, LEADS.to_owned(), String::new()),
        post("/crm/v8/Leads", &leads(10)),
    ] {
        assert_eq!(refused(&at_once(&desk, &vec![light.clone(); 12])), 0, "{light:?}");
    }
    // The others still have their own slots: 25 less 10.
    let mut mixed = gets(SORTED, 12);
    mixed.extend(gets(LEADS, 16));
    assert_eq!(refused(&at_once(&desk, &mixed)), 2 + 1);
}

#[test]
fn a_composite_request_counts_as_five() {
    let desk = Desk::with(slow().edition(Edition::Professional));
    let inner =
        json!({"sub_request_id": "1", "method": "GET", "uri": "/crm/v8/Leads", "params": {"fields": "id"}});
    let body = json!({"__composite_requests": [inner]}).to_string();
    let composite = (Method::POST, "/crm/v8/__composite_requests".to_owned(), body);
    assert_eq!(refused(&at_once(&desk, &vec![composite; 4])), 1);
}

#[test]
fn a_crowd_is_refused_at_once_and_costs_nothing() {
    let desk = Desk::with(slow().crm_concurrency(Some(1)).crm_credits(100));
    let spent = || desk.send(Method::GET, "/_mock/limits", &[], "").json()["used"]["crm_credits"].clone();
    let took = |requests: usize| {
        let before = desk.zoho.journal().exchanges().len();
        let answers = at_once(&desk, &gets(LEADS, requests));
        (answers.len(), desk.zoho.journal().exchanges().len() - before)
    };
    assert_eq!(took(5), (5, 5));
    assert_eq!(spent(), 1);
    let statuses: Vec<_> = desk
        .zoho
        .journal()
        .of("list_records")
        .map(|exchange| exchange.status)
        .collect();
    assert_eq!(statuses, [Some(204), Some(429), Some(429), Some(429), Some(429)]);
}

#[test]
fn a_call_that_is_given_up_gives_its_slot_back() {
    let desk = Desk::with(slow().crm_concurrency(Some(1)));
    let key = format!("Zoho-oauthtoken {}", desk.token);
    let request = http::Request::get(LEADS)
        .header("authorization", key)
        .body(String::new());
    let zoho = desk.zoho.service();
    desk.runtime.block_on(async {
        let call = zoho.oneshot(request.unwrap());
        let given_up = tokio::time::timeout(Duration::from_millis(50), call).await;
        assert!(given_up.is_err());
    });
    assert_eq!(refused(&at_once(&desk, &gets(LEADS, 1))), 0);
}

#[test]
fn a_fault_that_delays_makes_calls_overlap_too() {
    let desk = Desk::with(MockZoho::builder().crm_concurrency(Some(2)));
    assert_eq!(refused(&at_once(&desk, &gets(LEADS, 50))), 0);
    desk.zoho
        .faults()
        .script(Fault::on("list_records").delay(Duration::from_secs(3)).times(2));
    // Two wait, and the third finds them under way although it would take no time itself.
    assert_eq!(refused(&at_once(&desk, &gets(LEADS, 3))), 1);
}

#[test]
fn other_forms_and_other_servers_of_the_refusal() {
    let desk = Desk::with(
        slow()
            .crm_concurrency(Some(1))
            .books_concurrency(Some(2))
            .rate_limit_exceeded(true),
    );
    let answers = at_once(&desk, &gets(LEADS, 2));
    assert_eq!(
        answers[1].1,
        json!({"code": "RATE_LIMIT_EXCEEDED", "message": "Too many requests. Please try again later.", "status": "error"})
    );
    let items = format!("/books/v3/items?organization_id={}", desk.zoho.organization_id());
    let answers = at_once(&desk, &gets(&items, 3));
    assert_eq!(answers[2].0, 429);
    assert_eq!(
        answers[2].1,
        json!({"code": 1070, "message": "You have reached the maximum number of in process requests allowed. Kindly try again after some time."})
    );
    let reply = desk.call(Method::GET, &items, "");
    // Only those that were let in were counted.
    assert_eq!(
        (
            reply.header("x-rate-limit-limit"),
            reply.header("x-rate-limit-remaining")
        ),
        ("10000", "9997")
    );
}

#[test]
fn whoever_may_not_in_takes_no_slot() {
    let desk = Desk::with(slow().crm_concurrency(Some(1)));
    let mut requests = gets("/crm/v8/org", 1);
    requests.extend(gets(LEADS, 1));
    let mut stranger = Desk::with(slow().crm_concurrency(Some(1)));
    stranger.token = "1000.nobody.knows".to_owned();
    let answers = at_once(&stranger, &requests);
    assert!(answers.iter().all(|(status, _)| *status == 401), "{answers:?}");
    assert_eq!(refused(&at_once(&desk, &requests)), 1);
}

#[test]
fn credits_end_and_are_shown_from_the_half() {
    let desk = Desk::with(MockZoho::builder().crm_credits(10));
    let mut shown = Vec::new();
    for _ in 0..12 {
        let reply = desk.call(Method::GET, LEADS, "");
        shown.push((
            reply.status.as_u16(),
            reply.header("x-api-credits-remaining").to_owned(),
        ));
    }
    let expected = |left: i32| if left > 5 { String::new() } else { left.to_string() };
    for (call, shown) in (1..).zip(&shown) {
        let status = if call <= 10 { 204 } else { 429 };
        assert_eq!(*shown, (status, expected((10 - call).max(0))));
    }
    desk.zoho.advance(Duration::from_secs(24 * 3600 - 1));
    let desk = Desk {
        token: desk.refresh().json()["access_token"].as_str().unwrap().to_owned(),
        ..desk
    };
    assert_eq!(desk.call(Method::GET, LEADS, "").status, 429);
    desk.zoho.advance(Duration::from_secs(1));
    let reply = desk.call(Method::GET, LEADS, "");
    assert_eq!(
        (reply.status.as_u16(), reply.header("x-api-credits-remaining")),
        (204, "")
    );
}

#[test]
fn books_counts_the_minute_and_the_day() {
    let desk = Desk::with(MockZoho::builder().books_per_minute(Some(3)).books_per_day(5));
    let code = |desk: &Desk| {
        let reply = desk.books(Method::GET, "/items", &Value::Null);
        (reply.status.as_u16(), reply.json()["code"].clone())
    };
    let five: Vec<_> = (0..5).map(|_| code(&desk)).collect();
    assert_eq!(five[2], (200, json!(0)));
    assert_eq!(five[3], (429, json!(44)));
    desk.zoho.advance(Duration::from_secs(60));
    assert_eq!(
        [code(&desk), code(&desk), code(&desk)].map(|(status, _)| status),
        [200, 200, 429]
    );
    let reply = desk.books(Method::GET, "/items", &Value::Null);
    assert_eq!(reply.json()["code"], 45);
    let message = reply.json()["message"].as_str().unwrap().to_owned();
    assert!(message.ends_with("maximum call rate limit of 5."), "{message}");
    assert_eq!(reply.header("x-rate-limit-remaining"), "0");
    let reset: u64 = reply.header("x-rate-limit-reset").parse().unwrap();
    desk.zoho.advance(Duration::from_secs(reset));
    let desk = Desk {
        token: desk.refresh().json()["access_token"].as_str().unwrap().to_owned(),
        ..desk
    };
    assert_eq!(code(&desk).0, 200);
}

#[test]
fn limits_change_while_it_runs_and_a_snapshot_keeps_them() {
    let desk = Desk::with(MockZoho::builder().frozen(true));
    let admin = |method: Method, body: &Value| {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        desk.send(method, "/_mock/limits", &[], body)
    };
    let change = json!({"crm_concurrency": 1, "books_per_minute": null, "latency_ms": 40, "crm_credits": 3});
    let shown = admin(Method::POST, &change).json();
    assert_eq!(shown["limits"]["crm_concurrency"], 1);
    assert_eq!(shown["limits"]["crm_sub_concurrency"], 10);
    assert_eq!(shown["limits"]["books_per_minute"], Value::Null);
    assert_eq!(refused(&at_once(&desk, &gets(LEADS, 3))), 2);
    let shown = admin(Method::GET, &Value::Null).json();
    assert_eq!(
        shown["used"],
        json!({"crm_credits": 1, "books": {}, "in_process": {"crm": {}, "books": {}}})
    );
    for (wrong, named) in [
        (json!({"crm_concurrency": "many"}), "crm_concurrency"),
        (json!({"crm_concurency": 1}), "crm_concurency"),
        (json!([1]), "map"),
    ] {
        let reply = admin(Method::POST, &wrong);
        assert_eq!(reply.status, 400);
        assert!(
            reply.json()["error"].as_str().unwrap().contains(named),
            "{reply:?}"
        );
    }
    assert_eq!(admin(Method::DELETE, &Value::Null).status, 405);

    let saved = desk.zoho.snapshot();
    let again = MockZoho::builder().snapshot(saved.clone()).in_process();
    assert_eq!(again.snapshot().to_json(), saved.to_json());
    let again = Desk::with(MockZoho::builder().snapshot(saved));
    let limits = again.send(Method::GET, "/_mock/limits", &[], "").json();
    assert_eq!(limits["limits"], shown["limits"]);
    assert_eq!(limits["used"]["crm_credits"], 1);
    desk.zoho.reset();
    assert_eq!(
        admin(Method::GET, &Value::Null).json()["limits"]["crm_concurrency"],
        20
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Whatever is asked for at once: as many are refused as there are too many.
    #[test]
    fn as_many_are_refused_as_are_too_many(limit in 1_u32..30, heavy_limit in 1_u32..12, light in 0_usize..30, heavy in 0_usize..20) {
        let desk = Desk::with(slow().crm_concurrency(Some(limit)).crm_sub_concurrency(Some(heavy_limit)));
        let mut requests = gets(SORTED, heavy);
        requests.extend(gets(LEADS, light));
        let answers = at_once(&desk, &requests);
        let heavy_in = heavy.min(heavy_limit as usize).min(limit as usize);
        let light_in = light.min(limit as usize - heavy_in);
        prop_assert_eq!(answers.len() - refused(&answers), heavy_in + light_in);
        prop_assert!(answers.iter().all(|(status, _)| [204, 429].contains(&status.as_u16())));
    }
}
