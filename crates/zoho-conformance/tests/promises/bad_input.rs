//! What nobody should send, and what nobody should have to read, from the outermost seams.
#![allow(clippy::expect_used, reason = "a failed expectation is the verdict of a test")]

use serde_json::{Value, json};
use zoho_client::{ErrorKind, Method, OAuthApp, Record, Region, Zoho};
use zoho_conformance::harness::{Harness, connect};
use zoho_mock::Fault;

#[test]
fn a_connection_that_can_not_work_is_refused_before_any_request() {
    let region = |name: &str| name.parse::<Region>().expect_err("no such region").kind();
    assert_eq!(region("atlantis"), ErrorKind::Config);
    assert_eq!(region("https://accounts.zoho.example"), ErrorKind::Config);
    for address in [
        "https://example.com",
        "http://10.0.0.1:80",
        "ftp://localhost",
        "not an address",
        "",
    ] {
        let error = Region::custom(address).expect_err(address);
        assert_eq!(error.kind(), ErrorKind::Config, "{address}");
    }
    let harness = Harness::new();
    let blank = connect(&harness.mock)
        .oauth(OAuthApp::new("", "secret"))
        .build()
        .expect_err("no client id");
    assert_eq!(blank.kind(), ErrorKind::Config);
    let anonymous = Zoho::builder(Region::Eu).build().expect_err("no application");
    assert_eq!(anonymous.kind(), ErrorKind::Config);
    assert!(harness.mock.journal().exchanges().is_empty());
}

#[test]
fn a_name_that_would_climb_is_refused_before_any_request() {
    let harness = Harness::new();
    for module in ["Leads/../users", "..", "a/b", "", ".", "Leads%2F..", "Le\nads"] {
        let error = harness
            .run(async { harness.zoho.crm().records(module).fields(["id"]).send().await })
            .expect_err(module);
        assert_eq!(error.kind(), ErrorKind::Config, "{module:?}: {error:?}");
    }
    for path in [
        "https://example.com/crm/v8/Leads",
        "//example.com/Leads",
        "/Leads/../../oauth",
        "/Leads\r\nX: y",
    ] {
        let error = harness
            .run(async { harness.zoho.crm().raw(Method::GET, path).send().await })
            .expect_err(path);
        assert_eq!(error.kind(), ErrorKind::Config, "{path:?}: {error:?}");
    }
    assert!(harness.mock.journal().exchanges().is_empty());
}

#[test]
fn an_unreadable_answer_names_status_operation_and_place() {
    let unreadable = [
        Fault::on("list_records").malformed_json(),
        Fault::on("list_records").truncate(40),
        Fault::on("list_records").html(200),
        Fault::on("list_records")
            .status(200)
            .json(json!({"data": "no list", "info": {}})),
        Fault::on("list_records").status(200).json(json!([1, 2, 3])),
    ];
    for fault in unreadable {
        let harness = Harness::new();
        harness.run(async {
            let leads = harness.zoho.crm().records("Leads");
            leads
                .create([Record::new().set("Last_Name", "Ngo")])
                .await
                .expect("fair weather");
        });
        harness.mock.faults().script(fault.clone());
        let error = harness
            .run(async { harness.zoho.crm().records("Leads").fields(["id"]).send().await })
            .expect_err("the answer is unreadable");
        assert_eq!(error.kind(), ErrorKind::Decode, "{fault:?}: {error:?}");
        assert_eq!(
            error.status().map(|status| status.as_u16()),
            Some(200),
            "{fault:?}"
        );
        assert_eq!(error.operation(), Some("list_records"), "{fault:?}");
        assert!(error.json_path().is_some(), "{fault:?}: {error:?}");
    }
}

/// The mock refuses as Zoho does; what it says arrives whole at the client.
#[test]
fn zoho_s_refusals_arrive_with_code_and_details() {
    let harness = Harness::new();
    let raw = |method: Method, path: &'static str, body: Option<&'static str>| {
        let request = harness.zoho.crm().raw(method, path);
        let request = match body {
            Some(body) => request.body("application/json", body),
            None => request,
        };
        harness.run(request.send()).expect_err("Zoho refuses")
    };
    let refused = |error: &zoho_client::Error| {
        let api = error.api().expect("Zoho said why");
        (
            error.status().map_or(0, |status| status.as_u16()),
            api.code().to_owned(),
            api.details().clone(),
        )
    };
    let (status, code, details) = refused(&raw(Method::GET, "/Unicorns?fields=id", None));
    assert_eq!((status, code.as_str()), (400, "INVALID_MODULE"));
    assert_eq!(details, json!({"resource_path_index": 0}));

    let (status, code, details) = refused(&raw(Method::POST, "/Leads", None));
    assert_eq!((status, code.as_str()), (400, "INVALID_DATA"));
    assert_eq!(details, json!({"expected_data_type": "jsonobject"}));

    let (status, ..) = refused(&raw(Method::POST, "/Leads", Some("{\"data\": [")));
    assert_eq!(status, 400);

    let (status, code, details) = refused(&raw(Method::GET, "/Leads", None));
    assert_eq!((status, code.as_str()), (400, "REQUIRED_PARAM_MISSING"));
    assert_eq!(details, json!({"param_name": "fields"}));

    let (_, code, _) = refused(&raw(Method::PATCH, "/Leads", Some("{}")));
    assert_eq!(code, "INVALID_REQUEST_METHOD");

    let (status, code, details) = refused(&raw(
        Method::POST,
        "/coql",
        Some(r#"{"select_query":"select from where"}"#),
    ));
    assert_eq!((status, code.as_str()), (400, "SYNTAX_ERROR"));
    assert!(details.get("line").and_then(Value::as_u64).is_some(), "{details}");
}
