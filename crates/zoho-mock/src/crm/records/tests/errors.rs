//! Tests of refusals: the right code, details and status for what cannot be done.

use serde_json::{Value, json};

use crate::crm::testkit::Kit;

#[test]
fn an_unknown_module_is_refused_everywhere() {
    let mut kit = Kit::new();
    for operation in [
        "list_records",
        "create_records",
        "update_records",
        "upsert_records",
        "delete_records",
        "list_deleted_records",
        "count_records",
    ] {
        let got = kit.ask(operation, ["Lads"]).go();
        assert_eq!(got.status, 400);
        assert_eq!(
            got.body,
            json!({"code": "INVALID_MODULE", "details": {"resource_path_index": 0},
                   "message": "the module name given seems to be invalid", "status": "error"})
        );
    }
}

#[test]
fn bodies_that_are_no_envelope_are_refused() {
    let mut kit = Kit::new();
    let many: Vec<Value> = (0..101).map(|_| json!({"Last_Name": "A"})).collect();
    let many = json!({"data": many}).to_string();
    for (body, code, details) in [
        ("", "INVALID_DATA", json!({"expected_data_type": "jsonobject"})),
        ("[]", "INVALID_DATA", json!({"expected_data_type": "jsonobject"})),
        ("{\"data\":", "UNABLE_TO_PARSE_DATA_TYPE", json!({})),
        (
            "{}",
            "MANDATORY_NOT_FOUND",
            json!({"api_name": "data", "json_path": "$.data"}),
        ),
        (
            "{\"data\":7}",
            "INVALID_DATA",
            json!({"expected_data_type": "jsonarray", "api_name": "data", "json_path": "$.data"}),
        ),
        (
            many.as_str(),
            "LIMIT_EXCEEDED",
            json!({"maximum_length": 100, "api_name": "data", "json_path": "$.data"}),
        ),
    ] {
        let got = kit.ask("create_records", ["Leads"]).body(body.to_owned()).go();
        assert_eq!((got.status, got.at("/code")), (400, &json!(code)), "{body}");
        assert_eq!(*got.at("/details"), details);
    }
    let empty = kit.ask("create_records", ["Leads"]).go();
    assert_eq!(empty.at("/message"), "body");
}

#[test]
fn list_parameters_are_checked() {
    let mut kit = Kit::new();
    kit.create("Leads", &json!([{"Last_Name": "A"}]));
    let fifty_one = vec!["City"; 51].join(",");
    for (query, code, details) in [
        (vec![], "REQUIRED_PARAM_MISSING", json!({"param_name": "fields"})),
        (
            vec![("fields", fifty_one.as_str())],
            "LIMIT_EXCEEDED",
            json!({"limit": 50, "param_name": "fields"}),
        ),
        (
            vec![("fields", "id"), ("per_page", "201")],
            "LIMIT_EXCEEDED",
            json!({"limit": 200, "param_name": "per_page"}),
        ),
        (
            vec![("fields", "id"), ("page", "0")],
            "PATTERN_NOT_MATCHED",
            json!({"param_name": "page"}),
        ),
        (
            vec![("fields", "id"), ("page", "11")],
            "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
            json!({"limit": 2000}),
        ),
        (
            vec![("fields", "id"), ("sort_by", "City")],
            "INVALID_DATA",
            json!({"param_name": "sort_by", "supported_values": ["id", "Created_Time", "Modified_Time"]}),
        ),
        (
            vec![("fields", "id"), ("page_token", "0f")],
            "TOKEN_BOUND_DATA_MISMATCH",
            json!({"param_name": "page_token"}),
        ),
        (
            vec![("fields", "id"), ("page_token", "0f"), ("page", "1")],
            "AMBIGUITY_DURING_PROCESSING",
            json!({"ambiguity_due_to": [{"param_name": "page"}, {"param_name": "page_token"}]}),
        ),
    ] {
        let mut ask = kit.ask("list_records", ["Leads"]);
        for (name, value) in &query {
            ask = ask.query(name, *value);
        }
        let got = ask.go();
        assert_eq!((got.status, got.at("/code")), (400, &json!(code)), "{query:?}");
        assert_eq!(*got.at("/details"), details);
    }
}

#[test]
fn lookups_and_owners_must_exist() {
    let mut kit = Kit::new();
    for (field, value) in [
        ("Account_Name", json!({"id": "12"})),
        ("Account_Name", json!({"name": "Nobody Ltd"})),
        ("Owner", json!({"id": 5})),
        ("Account_Name", json!(true)),
    ] {
        let got = kit
            .ask("create_records", ["Contacts"])
            .json(&json!({"data": [{"Last_Name": "A", field: value}]}))
            .go();
        assert_eq!(
            (got.status, got.at("/data/0/code")),
            (400, &json!("INVALID_DATA")),
            "{field} {value}"
        );
        assert_eq!(got.at("/data/0/details/api_name"), field);
    }
}

#[test]
fn a_closed_picklist_takes_only_its_values_and_an_open_one_takes_any() {
    let mut kit = Kit::new();
    let deal = |stage: &str| json!({"data": [{"Deal_Name": "D", "Stage": stage, "Type": "Barter"}]});
    assert_eq!(
        kit.ask("create_records", ["Deals"])
            .json(&deal("Dreaming"))
            .go()
            .status,
        400
    );
    assert_eq!(
        kit.ask("create_records", ["Deals"])
            .json(&deal("Qualification"))
            .go()
            .status,
        201
    );
}

#[test]
fn a_dialect_names_all_faults_of_a_record() {
    let record = json!({"Company": 5, "Email": "nobody", "City": "Bonn"});
    let mut kit = Kit::new();
    let first = kit
        .ask("create_records", ["Leads"])
        .json(&json!({"data": [record]}))
        .go();
    assert_eq!(first.at("/data/0/code"), "MANDATORY_NOT_FOUND");
    kit.world.dialect.multiple_errors = true;
    for operation in ["create_records", "upsert_records"] {
        let all = kit
            .ask(operation, ["Leads"])
            .json(&json!({"data": [record]}))
            .go();
        assert_eq!(
            (all.status, all.at("/data/0/code")),
            (400, &json!("MULTIPLE_OR_MULTI_ERRORS"))
        );
        let errors = all.at("/data/0/details/errors").as_array().unwrap();
        let paths: Vec<&Value> = errors
            .iter()
            .map(|error| &error["details"]["json_path"])
            .collect();
        assert_eq!(
            paths,
            ["$.data[0].Last_Name", "$.data[0].Company", "$.data[0].Email"]
        );
    }
    // One fault is told as ever.
    let one = kit
        .ask("create_records", ["Leads"])
        .json(&json!({"data": [{"City": "Bonn"}]}))
        .go();
    assert_eq!(one.body["data"], json!([first.body["data"][0]]));
    let id = kit.create("Leads", &json!([{"Last_Name": "Ngo"}])).remove(0);
    let change = json!({"data": [{"id": id, "Last_Name": "", "Email": "nobody"}]});
    let both = kit.ask("update_records", ["Leads"]).json(&change).go();
    assert_eq!(both.at("/data/0/details/errors/1/details/api_name"), "Email");
}
