//! Notification callbacks by HTTP: posted to this machine, and to no other.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use zoho_mock::{DeliveryOutcome, MockZoho};

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
