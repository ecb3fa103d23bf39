//! Raw requests stay on the connection's host.

use proptest::prelude::*;
use serde_json::json;

use crate::testing::{Script, say, say_text};
use crate::{ErrorKind, Method, OrganizationId};

#[tokio::test(start_paused = true)]
async fn paths_and_headers_that_could_lead_elsewhere_are_refused_unsent() {
    let script = Script::new(|_, _| panic!("nothing may be sent"));
    let crm = script.client().crm();
    for path in [
        "",
        "Leads",
        "https://evil.com/",
        "//evil.com/Leads",
        "/Leads//1",
        "/../accounts",
        "/Leads/..",
        "/Leads/%2e%2E/x",
        "/Leads/%2F..%2F",
        "/Leads/..%2f",
        "/a\\b",
        "/a%5cb",
        "/Leads\r\nHost: evil.com",
        "/Leads%0d%0aX: y",
        "/Leads#x",
        "@evil.com/",
        "/.",
        "/%ff",
    ] {
        let error = crm.raw(Method::GET, path).send().await.expect_err(path);
        assert_eq!(error.kind(), ErrorKind::Config, "{path}");
    }
    for (name, value) in [
        ("Authorization", "Zoho-oauthtoken x"),
        ("host", "evil.com"),
        ("X-A", "a\r\nX-B: c"),
        ("X A", "b"),
        ("Content-Length", "3"),
    ] {
        let error = crm
            .raw(Method::GET, "/Leads")
            .header(name, value)
            .send()
            .await
            .expect_err(name);
        assert_eq!(error.kind(), ErrorKind::Config, "{name}");
    }
    assert!(script.seen().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn whatever_the_path_the_host_stays(path in "[/.%a-zA-Z0-9:@?#\\\\ -]{0,24}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let script = Script::new(|_, _| say_text(200, "{}"));
            let _ = script.client().crm().raw(Method::GET, path).send().await;
            for call in script.calls() {
                assert_eq!(call.host, "127.0.0.1");
                assert!(call.path.starts_with("/crm/"), "{}", call.path);
                assert!(!call.path.contains(".."), "{}", call.path);
            }
        });
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_asked_for_is_what_is_sent() {
    let script = Script::new(|_, _| say_text(200, "id,name\n1,Lee\n"));
    let client = script.client();
    let reply = client
        .crm()
        .raw(Method::POST, "/Leads/actions/x?a=1")
        .query("b", "x y&z")
        .header("X-Extra", "yes")
        .json(&json!({"k": [1]}))
        .send()
        .await
        .unwrap();
    assert_eq!(reply.text(), "id,name\n1,Lee\n");
    assert_eq!(
        reply.json::<serde_json::Value>().unwrap_err().kind(),
        ErrorKind::Decode
    );
    client
        .crm()
        .raw(Method::GET, "/crm/bulk/v8/read/1")
        .send()
        .await
        .unwrap();
    client
        .books(OrganizationId::new("10234695"))
        .raw(Method::GET, "/invoices/1")
        .send()
        .await
        .unwrap();
    client
        .crm()
        .organization("zgid7")
        .raw(Method::GET, "/org")
        .send()
        .await
        .unwrap();
    client
        .crm()
        .raw(Method::POST, "/x")
        .form([("a", "b c")])
        .send()
        .await
        .unwrap();
    let calls = script.calls();
    assert_eq!(calls[0].path, "/crm/v8/Leads/actions/x");
    assert_eq!(
        (calls[0].query("a"), calls[0].query("b")),
        (Some("1"), Some("x y&z"))
    );
    assert_eq!(calls[0].headers["x-extra"], "yes");
    assert_eq!(calls[0].headers["content-type"], "application/json");
    assert_eq!(calls[0].json(), json!({"k": [1]}));
    assert_eq!(calls[1].path, "/crm/bulk/v8/read/1");
    assert_eq!(
        (calls[2].path.as_str(), calls[2].query("organization_id")),
        ("/books/v3/invoices/1", Some("10234695"))
    );
    assert_eq!(calls[3].headers["x-crm-org"], "zgid7");
    assert_eq!(calls[4].body, "a=b+c");
}

#[tokio::test(start_paused = true)]
async fn a_body_can_be_taken_as_it_comes() {
    let script = Script::new(|_, _| say(200, json!({"big": "file"})));
    let mut reply = script
        .client()
        .crm()
        .raw(Method::GET, "/x")
        .stream()
        .await
        .unwrap();
    let mut read = Vec::new();
    while let Some(chunk) = reply.chunk().await {
        read.extend_from_slice(&chunk.unwrap());
    }
    assert_eq!(read, br#"{"big":"file"}"#);
}
