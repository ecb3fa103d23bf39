//! Callbacks: what is taken, what is refused, what is counted, and that nothing of it is logged.

use http::{HeaderMap, Request, StatusCode};
use http_body_util::Full;
use proptest::prelude::*;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::webhook::{CallbackMaker, Operation, Receiver, Respond, WebhookError, WebhookService};

const TOKEN: &str = "a token of the channel";

fn receiver() -> Receiver {
    Receiver::new(TOKEN).unwrap()
}

fn callback() -> CallbackMaker {
    CallbackMaker::new("Leads", Operation::Update)
        .token(TOKEN)
        .channel("1760102639787000001")
        .query("k", "v")
        .record(4_876_876_000_000_589_001_u64, [("Company", "X")])
        .record(4_876_876_000_000_589_002_u64, [("Phone", "5")])
}

fn changed(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let (_, body) = callback().make();
    let mut body: Value = serde_json::from_slice(&body).unwrap();
    change(&mut body);
    body.to_string().into_bytes()
}

#[test]
fn a_callback_is_one_event_for_each_record() {
    let (headers, body) = callback().make();
    let told = receiver().receive(&headers, &body).unwrap();
    assert_eq!(
        (told.module.as_str(), &told.operation),
        ("Leads", &Operation::Update)
    );
    assert_eq!(told.channel_id, "1760102639787000001");
    assert_eq!(told.query_params.get("k"), Some(&json!("v")));
    assert_eq!(
        told.server_time.map(jiff::Timestamp::as_millisecond),
        Some(1_750_102_639_787)
    );
    let events: Vec<_> = told.events().collect();
    assert_eq!(events.len(), 2);
    assert_eq!(events[1].id.as_str(), "4876876000000589002");
    assert_eq!(events[1].fields, ["Phone"]);
    assert_eq!(
        events[1]
            .values
            .as_ref()
            .and_then(|values| values.get_str("Phone")),
        Some("5")
    );
}

#[test]
fn what_real_bodies_leave_out_or_spell_differently_is_taken() {
    let bodies = [
        changed(|body| {
            let body = body.as_object_mut().unwrap();
            for key in [
                "affected_values",
                "query_params",
                "resource_uri",
                "affected_fields",
                "server_time",
            ] {
                body.remove(key);
            }
        }),
        changed(|body| body["channel_id"] = json!(1_760_102_639_787_000_001_u64)),
        changed(|body| body["affected_values"] = Value::Null),
        changed(|body| body["something_new"] = json!({"a": [1]})),
        changed(|body| body["ids"] = json!([4_876_876_000_000_589_001_u64])),
    ];
    for body in bodies {
        let told = receiver().receive(&HeaderMap::new(), &body).unwrap();
        assert!(told.events().count() > 0);
    }
    let body = changed(|body| body["operation"] = json!("restore"));
    let told = receiver().receive(&HeaderMap::new(), &body).unwrap();
    assert_eq!(told.operation, Operation::Other("restore".to_owned()));
}

#[test]
fn what_is_no_callback_of_the_channel_is_refused_and_counted() {
    let receiver = receiver();
    let check = |body: Vec<u8>, expected: WebhookError, status: StatusCode| {
        let refused = receiver.receive(&HeaderMap::new(), &body).unwrap_err();
        assert_eq!((refused.status(), &refused), (status, &expected));
    };
    let without = changed(|body| body["token"] = Value::Null);
    check(without, WebhookError::TokenMissing, StatusCode::UNAUTHORIZED);
    check(
        changed(|body| body["token"] = json!("")),
        WebhookError::TokenMissing,
        StatusCode::UNAUTHORIZED,
    );
    for wrong in [
        "a token of the channe",
        "a token of the channel ",
        "A token of the channel",
    ] {
        let body = changed(|body| body["token"] = json!(wrong));
        check(body, WebhookError::TokenWrong, StatusCode::UNAUTHORIZED);
    }
    let bad = StatusCode::BAD_REQUEST;
    check(b"no JSON".to_vec(), WebhookError::Unreadable, bad);
    check(
        b"[]".to_vec(),
        WebhookError::TokenMissing,
        StatusCode::UNAUTHORIZED,
    );
    check(Vec::new(), WebhookError::Unreadable, bad);
    check(
        changed(|body| body["token"] = json!(5)),
        WebhookError::Unreadable,
        bad,
    );
    check(
        changed(|body| body["ids"] = json!("1")),
        WebhookError::Unreadable,
        bad,
    );
    for ids in [
        json!([]),
        json!(["12a"]),
        json!([""]),
        json!(["-1"]),
        json!([1.5]),
        json!([null]),
    ] {
        check(changed(|body| body["ids"] = ids), WebhookError::BadId, bad);
    }
    let counts = receiver.counts();
    assert_eq!(
        (counts.accepted, counts.unauthorized, counts.malformed),
        (0, 6, 10)
    );
}

#[test]
fn there_is_no_receiver_without_a_token() {
    assert!(Receiver::new("").is_err());
    assert!(Receiver::new("x".repeat(51)).is_err());
    assert!(receiver().also("").is_err());
    let both = receiver().also("another").unwrap();
    let (headers, body) = callback().token("another").make();
    assert!(both.receive(&headers, &body).is_ok());
}

#[test]
fn nothing_of_a_callback_shows_in_debug_or_errors() {
    let (headers, body) = callback().record(7_u64, [("Company", "secret person")]).make();
    let receiver = receiver();
    let told = receiver.receive(&headers, &body).unwrap();
    let text = format!("{told:?} {receiver:?} {:?}", told.events().collect::<Vec<_>>());
    let refused = receiver
        .receive(&headers, &changed(|body| body["token"] = json!("guess")))
        .unwrap_err();
    for secret in ["secret person", TOKEN, "guess"] {
        assert!(!text.contains(secret), "{secret} in {text}");
        assert!(!format!("{refused} {refused:?}").contains(secret));
    }
}

async fn answer(service: &WebhookService, headers: &HeaderMap, body: Vec<u8>) -> StatusCode {
    let mut request = Request::post("/zoho")
        .body(Full::new(bytes::Bytes::from(body)))
        .unwrap();
    *request.headers_mut() = headers.clone();
    service.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn a_server_never_answers_a_forgery_with_200() {
    let service = WebhookService::new(receiver().limit(4_096), |told| async move {
        match told.module.as_str() {
            "Leads" => Respond::Done,
            _ => Respond::Failed,
        }
    });
    let (headers, body) = callback().make();
    let none = HeaderMap::new();
    assert_eq!(answer(&service, &headers, body).await, 200);
    let forged = changed(|body| body["token"] = json!("guess"));
    assert_eq!(answer(&service, &none, forged).await, 401);
    assert_eq!(answer(&service, &none, b"{".to_vec()).await, 400);
    let other = changed(|body| body["module"] = json!("Deals"));
    assert_eq!(answer(&service, &none, other).await, 503);
    assert_eq!(answer(&service, &none, vec![b'['; 10_000_000]).await, 400);
}

#[tokio::test]
async fn a_hostile_body_is_read_to_the_limit_and_no_further() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    let read = Arc::new(AtomicUsize::new(0));
    let counted = read.clone();
    let chunks = futures_util::stream::iter((0..10_000).map(move |_| {
        counted.fetch_add(1_000, Ordering::Relaxed);
        Ok::<_, std::io::Error>(bytes::Bytes::from(vec![b'['; 1_000]))
    }));
    let service = WebhookService::new(receiver().limit(50_000), |_| async { Respond::Done });
    let request = Request::post("/zoho").body(crate::Body::stream(chunks)).unwrap();
    let status = service.oneshot(request).await.unwrap().status();
    assert_eq!(status, 400);
    let read = read.load(Ordering::Relaxed);
    assert!(read <= 52_000, "{read} of 10,000,000 bytes were read");
}

proptest! {
    /// Whatever comes, the receiver answers, and takes nothing without the token.
    #[test]
    fn no_bytes_get_in_without_the_token(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(receiver().receive(&HeaderMap::new(), &bytes).is_err());
    }

    #[test]
    fn a_valid_callback_is_read_as_it_was_made(
        ids in prop::collection::vec(1u64..u64::MAX, 1..60), value in "\\PC{0,20}", values: bool,
    ) {
        let mut maker = callback().values(values);
        for id in &ids {
            maker = maker.record(*id, [("Company", value.as_str())]);
        }
        let (headers, body) = maker.make();
        let told = receiver().receive(&headers, &body).unwrap();
        prop_assert_eq!(told.ids.len(), ids.len() + 2);
        for event in told.events().skip(2) {
            prop_assert_eq!(event.values.is_some(), values);
            let text = event.values.as_ref().and_then(|values| values.get_str("Company"));
            prop_assert_eq!(text, values.then_some(value.as_str()));
        }
    }

    /// A token that differs anywhere is refused.
    #[test]
    fn another_token_is_refused(token in "\\PC{1,50}") {
        prop_assume!(token != TOKEN);
        let (headers, body) = callback().token(token).make();
        prop_assert_eq!(receiver().receive(&headers, &body), Err(WebhookError::TokenWrong));
    }
}

#[test]
fn a_body_beyond_the_limit_is_refused_and_so_is_one_that_announces_it() {
    let (mut headers, body) = callback().make();
    assert!(receiver().limit(body.len()).receive(&headers, &body).is_ok());
    headers.remove("content-length");
    let tight = receiver().limit(body.len() - 1);
    assert_eq!(tight.receive(&headers, &body), Err(WebhookError::TooLarge));
    headers.insert("content-length", "1048577".parse().unwrap());
    assert_eq!(receiver().receive(&headers, &body), Err(WebhookError::TooLarge));
}

#[test]
fn values_of_a_record_that_the_callback_is_not_about_are_left_out() {
    let (headers, _) = callback().make();
    let body = changed(|body| {
        let values = json!({"record_id": "999", "values": {"Company": "stranger"}});
        body["affected_values"].as_array_mut().unwrap().push(values);
    });
    let told = receiver().receive(&headers, &body).unwrap();
    assert_eq!(told.affected_values.len(), 2);
    assert!(!format!("{:?}", told.affected_values).contains("stranger"));
}
