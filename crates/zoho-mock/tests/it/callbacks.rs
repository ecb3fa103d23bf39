//! Notification callbacks by HTTP: posted to this machine, and to no other.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zoho_mock::{DeliveryOutcome, MockZoho};

use super::support::Desk;

/// A mock on a socket that is also asked in process, and a lead made in it.
async fn on_a_socket(urls: &[&str]) -> MockZoho {
    let zoho = MockZoho::start().await.unwrap();
    let form = format!(
        "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
        zoho.client_id(),
        zoho.client_secret(),
        zoho.refresh_token()
    );
    let send = |path: &str, token: &str, body: String| {
        let request = Request::post(format!("http://localhost{path}"))
            .header("authorization", format!("Bearer {token}"))
            .body(Full::new(Bytes::from(body)))
            .unwrap();
        let service = zoho.service();
        async move {
            let answer = service.oneshot(request).await.unwrap().into_body();
            let answer = answer.collect().await.unwrap().to_bytes();
            serde_json::from_slice::<Value>(&answer).unwrap()
        }
    };
    let token = send("/oauth/v2/token", "", form).await;
    let token = token["access_token"].as_str().unwrap();
    for (number, url) in urls.iter().enumerate() {
        let watch = json!({"watch": [{"channel_id": number, "events": ["Leads.create"], "notify_url": url}]});
        let answer = send("/crm/v8/actions/watch", token, watch.to_string()).await;
        assert_eq!(answer["watch"][0]["status"], "success");
    }
    let lead = json!({"data": [{"Last_Name": "Ngo"}]});
    send("/crm/v8/Leads", token, lead.to_string()).await;
    zoho.settle_deliveries().await;
    zoho
}

#[tokio::test]
async fn on_a_socket_callbacks_are_posted_to_this_machine_only() {
    // Another mock receives: it answers 404 and notes that it was asked.
    let receiver = MockZoho::start().await.unwrap();
    let url = format!("{}/crm/v8/hook/a/b/c/d?secret=s", receiver.base_url());
    let nobody = {
        let gone = MockZoho::start().await.unwrap();
        gone.base_url().to_owned()
    };
    tokio::task::yield_now().await;
    let zoho = on_a_socket(&[
        &url,
        "http://receiver.example/hook",
        "https://localhost/hook",
        &nobody,
    ])
    .await;
    let seen: Vec<_> = zoho
        .deliveries()
        .into_iter()
        .map(|delivery| (delivery.outcome, delivery.status, delivery.reason.is_some()))
        .collect();
    assert_eq!(
        seen,
        [
            (DeliveryOutcome::Delivered, Some(404), false),
            (DeliveryOutcome::Suppressed, None, true),
            (DeliveryOutcome::Failed, None, true),
            (DeliveryOutcome::Failed, None, true),
        ]
    );
    let asked = receiver.journal();
    let [exchange] = asked.exchanges() else {
        panic!("{asked:?}")
    };
    assert_eq!(
        (exchange.method.as_str(), exchange.query.as_str()),
        ("POST", "secret=s")
    );
}

/// A desk with a channel on leads.
fn watching(desk: Desk) -> Desk {
    let watch =
        json!({"watch": [{"channel_id": 1, "events": ["Leads.all"], "notify_url": "http://localhost/"}]});
    let reply = desk.call(Method::POST, "/crm/v8/actions/watch", watch.to_string());
    assert_eq!(reply.status, 201);
    desk
}

fn lead(desk: &Desk) {
    let lead = json!({"data": [{"Last_Name": "Ngo"}]});
    let reply = desk.call(Method::POST, "/crm/v8/Leads", lead.to_string());
    assert_eq!(reply.status, 201);
}

#[test]
fn a_receiver_that_breaks_the_connection_is_noted_and_the_next_callback_comes_all_the_same() {
    let broken =
        tower::service_fn(|_: Request<Full<Bytes>>| async { Err::<Response<()>, _>("reset by peer") });
    let desk = watching(Desk::with(MockZoho::builder().deliver_to(broken)));
    lead(&desk);
    lead(&desk);
    desk.runtime.block_on(desk.zoho.settle_deliveries());
    let deliveries = desk.zoho.deliveries();
    assert_eq!(deliveries.len(), 2);
    for delivery in deliveries {
        assert_eq!(delivery.outcome, DeliveryOutcome::Failed);
        assert_eq!(delivery.reason.as_deref(), Some("reset by peer"));
    }
}

#[test]
fn a_runtime_that_ends_halfway_leaves_no_callback_in_the_air() {
    let never = tower::service_fn(|_: Request<Full<Bytes>>| async {
        std::future::pending::<()>().await;
        Ok::<_, Infallible>(Response::new(()))
    });
    let mut desk = watching(Desk::with(MockZoho::builder().deliver_to(never)));
    lead(&desk);
    desk.runtime.block_on(tokio::task::yield_now());
    assert_eq!(desk.zoho.deliveries()[0].outcome, DeliveryOutcome::Pending);
    desk.runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    desk.runtime.block_on(desk.zoho.settle_deliveries());
    assert_eq!(desk.zoho.deliveries()[0].outcome, DeliveryOutcome::Failed);
}
