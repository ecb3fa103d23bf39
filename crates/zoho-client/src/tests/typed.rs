//! Typed calls run through the one pipeline, and their failures arrive as they were.

use serde_json::{Map, Value, json};

use crate::generated::crm::operations as op;
use crate::pipeline::request::find_operation;
use crate::pipeline::typed::{self, BASE_URL, Core};
use crate::testing::{Act, Script, refuse, say, say_text};
use crate::{ErrorKind, Region, Reply, Result};

async fn run(
    script: &Script,
    method: &str,
    path: &str,
    body: Option<Value>,
) -> Result<Reply<Option<Map<String, Value>>>> {
    let core = script.client().crm().core;
    let operation = match method {
        "POST" => &op::CREATE_RECORDS,
        _ => &op::LIST_RECORDS,
    };
    let client = Core::builder()?;
    let mut request = client.request(method.parse().unwrap(), format!("{BASE_URL}{path}"));
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = typed::exec(&core, operation, request.build()?).await?;
    typed::empty_or(operation, response).await
}

#[tokio::test(start_paused = true)]
async fn a_typed_call_is_retried_refreshed_and_answered_like_any_other() {
    let script = Script::new(|seen, before| match before {
        0 => refuse(401, "INVALID_TOKEN"),
        1 => refuse(503, "SERVICE_UNAVAILABLE"),
        2 => refuse(429, "TOO_MANY_REQUESTS").header("retry-after", "3"),
        _ => {
            assert_eq!(seen.path, "/crm/v8/Leads%20x");
            assert_eq!(seen.query("fields"), Some("id,Last Name"));
            say(200, json!({"data": []})).header("x-extra", "kept")
        }
    });
    let reply = run(&script, "GET", "/Leads%20x?fields=id%2CLast%20Name", None)
        .await
        .unwrap();
    assert_eq!(reply.headers()["x-extra"], "kept");
    assert_eq!(reply.into_inner().unwrap()["data"], json!([]));
    assert_eq!((script.calls().len(), script.mints()), (4, 2));

    for status in [204, 304] {
        let script = Script::new(move |_, _| say_text(status, ""));
        let reply = run(&script, "GET", "/Leads", None).await.unwrap();
        assert!(reply.is_none());
        assert_eq!(reply.status(), status);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_arrives_as_it_was() {
    let script = Script::new(|_, _| refuse(400, "INVALID_MODULE"));
    let error = run(&script, "GET", "/Leeds", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Api);
    assert_eq!(error.api().unwrap().code(), "INVALID_MODULE");
    assert_eq!(error.operation(), Some("list_records"));
    assert_eq!(error.status().unwrap(), 400);

    let script = Script::new(|_, _| Act::Break);
    let error = run(&script, "POST", "/Leads", Some(json!({"data": [{}]})))
        .await
        .unwrap_err();
    assert!(error.is_outcome_unknown());
    assert_eq!(script.calls().len(), 1);

    // A status that no server should send is no answer.
    let script = Script::new(|_, _| say_text(399, ""));
    assert_eq!(
        run(&script, "GET", "/Leads", None)
            .await
            .unwrap_err()
            .status()
            .unwrap(),
        399
    );
}

#[tokio::test(start_paused = true)]
async fn a_batch_refused_throughout_comes_as_207() {
    let items = json!({"data": [{"code": "INVALID_DATA", "details": {}, "message": "", "status": "error"}]});
    let script = Script::new(move |_, _| say(400, items.clone()));
    let reply = run(&script, "POST", "/Leads", Some(json!({"data": [{}]})))
        .await
        .unwrap();
    assert_eq!(reply.status(), 207);
}

#[tokio::test(start_paused = true)]
async fn paths_that_climb_are_refused_unsent() {
    let script = Script::new(|_, _| panic!("nothing may be sent"));
    for path in ["/Leads/../users/x", "/a%2Fb", "/..%2Fusers", "/a/b"] {
        let error = run(&script, "GET", path, None).await.expect_err(path);
        assert_eq!(error.kind(), ErrorKind::Config, "{path}");
    }
    assert!(script.seen().is_empty());
}

#[cfg(feature = "crm-records")]
#[tokio::test(start_paused = true)]
async fn a_generated_call_runs_through_it() {
    use crate::crm::api::records::ListRecords;

    let script = Script::new(|seen, _| match seen.query("fields") {
        Some("Last_Name") => say(
            200,
            json!({"data": [{"id": "1", "Custom": {"a": 1}}], "info": {"more_records": false}}),
        ),
        _ => refuse(400, "REQUIRED_PARAM_MISSING"),
    });
    let crm = script.client().crm();
    let asked = ListRecords {
        fields: "Last_Name".to_owned(),
        ..Default::default()
    };
    let reply = crm.api().records().list_records("Leads", &asked).await.unwrap();
    assert_eq!(
        serde_json::to_value(reply.as_ref().unwrap()).unwrap()["data"][0]["Custom"],
        json!({"a": 1})
    );
    let error = crm
        .api()
        .records()
        .list_records("Leads", &ListRecords::default())
        .await
        .unwrap_err();
    assert_eq!(error.api().unwrap().code(), "REQUIRED_PARAM_MISSING");
}

#[tokio::test(start_paused = true)]
async fn an_operation_goes_to_its_own_base_in_the_version_of_the_program() {
    let script = Script::new(|_, _| say(200, json!({}))).tokens(|_, _| {
        say(
            200,
            json!({"access_token": "1000.a", "api_domain": "https://www.zohoapis.eu", "expires_in": 3600}),
        )
    });
    let builder = script.builder_at(Region::Eu).crm_version("v9");
    let core = builder.build().unwrap().crm().core;
    for (operation, path) in [
        (&op::CREATE_BULK_WRITE, "/write"),
        (&op::UPLOAD_BULK_WRITE_FILE, "/upload"),
    ] {
        let request = Core::builder().unwrap().post(format!("{BASE_URL}{path}"));
        typed::exec(&core, operation, request.build().unwrap())
            .await
            .unwrap();
    }
    let seen: Vec<_> = script
        .calls()
        .into_iter()
        .map(|seen| (seen.host, seen.path))
        .collect();
    let at = |host: &str, path: &str| (host.to_owned(), path.to_owned());
    assert_eq!(
        seen,
        [
            at("www.zohoapis.eu", "/crm/bulk/v9/write"),
            at("content.zohoapis.eu", "/crm/v9/upload")
        ]
    );

    // A server on this machine takes uploads itself, and a raw path is one below the product's base.
    let script = Script::new(|_, _| say(200, json!({})));
    let core = script.client().crm().core;
    let request = Core::builder().unwrap().post(format!("{BASE_URL}/upload"));
    typed::exec(&core, &op::UPLOAD_BULK_WRITE_FILE, request.build().unwrap())
        .await
        .unwrap();
    assert_eq!(
        (script.calls()[0].host.as_str(), script.calls()[0].path.as_str()),
        ("127.0.0.1", "/crm/v8/upload")
    );
    let row = find_operation(op::ALL, &http::Method::GET, "/read/7").unwrap();
    assert_eq!(row.id, "get_record");
    let books = crate::generated::books::operations::ALL;
    let row = find_operation(books, &http::Method::GET, "/cm_debtor/7").unwrap();
    assert_eq!(row.id, "get_custom_module_record");
    assert!(find_operation(books, &http::Method::GET, "/reports/7").is_none());
}
