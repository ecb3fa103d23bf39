//! No secret is printable.

use std::io::Write;
use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::json;

use crate::testing::{ACCESS_TOKEN, CLIENT_SECRET, REFRESH_TOKEN, Script, refuse, say};
use crate::{Method, Record};

#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = format!("{error} {error:?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    text
}

#[test]
fn neither_debug_nor_errors_nor_traces_hold_a_secret() {
    let sink = Sink::default();
    let writer = sink.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    let mut told = String::new();
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let script = Script::new(|seen, before| match before {
                0 => refuse(401, "INVALID_TOKEN"),
                1 => refuse(503, "SERVICE_UNAVAILABLE"),
                2 => say(200, json!({"count": 5})),
                _ => say(
                    400,
                    json!({"code": "INVALID_DATA", "message": format!("{}", seen.path), "details": {}}),
                ),
            });
            told.push_str(&format!("{:?}", script.builder()));
            let client = script.client();
            let leads = client.crm().records("Leads");
            leads.count().await.unwrap();
            let error = leads
                .create([Record::new().set("Last_Name", "secret person")])
                .await
                .unwrap_err();
            told.push_str(&chain(&error));
            told.push_str(&format!("{client:?} {leads:?} {:?}", leads.list()));
            told.push_str(&format!(
                "{:?}",
                client
                    .crm()
                    .raw(Method::GET, "/x")
                    .json(&json!({"a": "secret person"}))
            ));

            for body in [
                json!({"error": "invalid_code", "echo": REFRESH_TOKEN}),
                json!({"access_token": [ACCESS_TOKEN]}),
                json!({"access_token": format!("{ACCESS_TOKEN}\n")}),
                json!([ACCESS_TOKEN]),
            ] {
                let script =
                    Script::new(|_, _| say(200, json!({}))).tokens(move |_, _| say(200, body.clone()));
                let error = script.client().crm().records("Leads").count().await.unwrap_err();
                told.push_str(&chain(&error));
            }
        });
    });
    let traced = String::from_utf8(sink.0.lock().clone()).unwrap();
    assert!(
        traced.contains("operation=count_records") && traced.contains("attempt"),
        "{traced}"
    );
    assert!(traced.contains("path=/{module}/actions/count"), "{traced}");
    for secret in [CLIENT_SECRET, REFRESH_TOKEN, ACCESS_TOKEN, "secret person"] {
        assert!(!traced.contains(secret), "{secret} in the trace");
        assert!(!told.contains(secret), "{secret} in Debug or an error: {told}");
    }
}
