//! No secret is printable: not by `Debug`, not by an error or its causes, not in a trace.
//!
//! It is alone in its file because a trace is only complete when no other test runs beside it.
#![allow(clippy::unwrap_used)]

use std::convert::Infallible;
use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::{Request, Response};
use serde_json::{Value, json};
use std::sync::Mutex;
use zoho_client::{
    Body, ErrorKind, Method, OAuthApp, OrganizationId, Record, Region, ServiceTransport, Zoho, ZohoBuilder,
};

const CLIENT_SECRET: &str = "very-secret-client-secret";
const REFRESH_TOKEN: &str = "1000.very-secret-refresh-token";
const ACCESS_TOKEN: &str = "1000.very-secret-access-token";
const PERSON: &str = "secret person";

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = format!("{error} {error:?} ");
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(text, "{error} {error:?} ").unwrap();
        cause = error.source();
    }
    text
}

/// A client of a service that answers the nth API call by a list, and token requests by one body.
fn client(token: Value, answers: Vec<(u16, Value)>) -> ZohoBuilder {
    let calls = Arc::new(AtomicUsize::new(0));
    let service = tower::service_fn(move |request: Request<Body>| {
        let (status, body) = if request.uri().path() == "/oauth/v2/token" {
            (200, token.clone())
        } else {
            let call = calls.fetch_add(1, Ordering::Relaxed);
            answers[call.min(answers.len() - 1)].clone()
        };
        async move {
            let response = Response::builder()
                .status(status)
                .body(Body::from(body.to_string()));
            Ok::<_, Infallible>(response.unwrap())
        }
    });
    Zoho::builder(Region::custom("http://127.0.0.1:9").unwrap())
        .oauth(OAuthApp::new("1000.CLIENT", CLIENT_SECRET))
        .refresh_token(REFRESH_TOKEN)
        .transport(ServiceTransport::new(service))
        .seed(1)
}

async fn talk() -> String {
    let token = json!({"access_token": ACCESS_TOKEN, "expires_in": 3600});
    let refused = |code: &str| json!({"code": code, "details": {}, "message": "no", "status": "error"});
    let builder = client(
        token,
        vec![
            (401, refused("INVALID_TOKEN")),
            (503, refused("SERVICE_UNAVAILABLE")),
            (200, json!({"count": 5})),
            (400, refused("INVALID_DATA")),
        ],
    );
    let mut told = format!("{builder:?}");
    let zoho = builder.books_per_minute(1).build().unwrap();
    let leads = zoho.crm().records("Leads");
    assert_eq!(leads.count().await.unwrap(), 5);
    let books = zoho.books(OrganizationId::new("1"));
    for _ in 0..2 {
        // The second waits for its minute.
        let refused = books.raw(Method::GET, "/invoices").send().await.unwrap_err();
        told.push_str(&chain(&refused));
    }
    let person = || Record::new().set("Last_Name", PERSON);
    let error = leads.create([person()]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    let raw = || {
        zoho.crm()
            .raw(Method::POST, "/x")
            .json(&person())
            .header("x-key", ACCESS_TOKEN)
    };
    told.push_str(&chain(&error));
    write!(
        told,
        "{zoho:?} {leads:?} {:?} {:?} {:?}",
        leads.list(),
        leads.create([person()]),
        raw()
    )
    .unwrap();
    told.push_str(&chain(
        &raw()
            .header("x-bad", &format!("{ACCESS_TOKEN}\n"))
            .send()
            .await
            .unwrap_err(),
    ));

    for token in [
        json!({"error": "invalid_code", "echo": REFRESH_TOKEN}),
        json!({"access_token": [ACCESS_TOKEN]}),
        json!({"access_token": format!("{ACCESS_TOKEN}\n")}),
        json!([ACCESS_TOKEN]),
    ] {
        let zoho = client(token, vec![(200, json!({}))]).build().unwrap();
        told.push_str(&chain(&zoho.crm().records("Leads").count().await.unwrap_err()));
    }
    told
}

#[test]
fn neither_debug_nor_errors_nor_traces_hold_a_secret() {
    let sink = Sink::default();
    let writer = sink.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    let told = tracing::subscriber::with_default(subscriber, || {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap()
            .block_on(talk())
    });
    let traced = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
    for expected in [
        "operation=count_records",
        "path=/{module}/actions/count",
        "status=200",
        "attempts=2",
        "accounts server answered",
        "trying again",
        "reason=\"calls per minute\" waited_ms=60000",
    ] {
        assert!(traced.contains(expected), "{expected} is not in {traced}");
    }
    for secret in [CLIENT_SECRET, REFRESH_TOKEN, ACCESS_TOKEN, PERSON] {
        assert!(!traced.contains(secret), "{secret} in the trace: {traced}");
        assert!(!told.contains(secret), "{secret} in Debug or an error: {told}");
    }
}
