//! What is wrong with a request is said in the words of Zoho.

use serde_json::{Value, json};

use super::{schedule, upload};
use crate::crm::testkit::Kit;

#[test]
fn wrong_exports_are_refused_in_zohos_words() {
    let mut kit = Kit::new();
    let leads = json!({"api_name": "Leads"});
    let with = |criteria: Value| json!({"module": {"api_name": "Leads"}, "criteria": criteria});
    let name = json!({"api_name": "Last_Name"});
    for (query, code) in [
        (json!({"module": {"api_name": "Leeds"}}), "MODULE_NOT_AVAILABLE"),
        (
            json!({"module": leads, "fields": ["Nothing"]}),
            "FIELD_NOT_AVAILABLE",
        ),
        (json!({"module": leads, "page": 501}), "PAGE_RANGE_EXCEEDED"),
        (json!({"module": leads, "cvid": "1"}), "CVID_NOT_SUPPORTED"),
        (with(json!("x")), "INVALID_CRITERIA"),
        (with(json!({"group": [], "field": name})), "AMBIGUOUS_CRITERIA"),
        (
            with(
                json!({"group_operator": "xor", "group": [{"field": name, "comparator": "equal", "value": "x"}]}),
            ),
            "GROUP_OPERATOR_NOT_SUPPORTED",
        ),
        (
            with(json!({"field": {"api_name": "No"}, "comparator": "equal", "value": "x"})),
            "FIELD_IN_CRITERIA_NOT_AVAILABLE",
        ),
        (
            with(json!({"field": name, "comparator": "like", "value": "x"})),
            "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED",
        ),
        (
            with(json!({"field": name, "comparator": "less_than", "value": "x"})),
            "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE",
        ),
        (
            with(json!({"field": {"api_name": "No_of_Employees"}, "comparator": "equal", "value": "x"})),
            "COMPARATOR_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE",
        ),
    ] {
        let got = schedule(&mut kit, &query);
        assert_eq!(
            (got.status, got.at("/code").as_str()),
            (400, Some(code)),
            "{query}"
        );
    }
    let callback = json!({"query": {"module": leads}, "callback": {"url": "nowhere", "method": "post"}});
    let got = kit.ask("create_bulk_read", []).json(&callback).go();
    assert_eq!(got.at("/code"), "INVALID_CALLBACK_URL");
    let got = kit.ask("get_bulk_read", ["1"]).go();
    assert_eq!(
        (got.status, got.at("/code").as_str()),
        (404, Some("RESOURCE_NOT_FOUND"))
    );
}

#[test]
fn wrong_uploads_and_imports_are_refused() {
    let mut kit = Kit::new();
    let got = kit
        .ask("upload_bulk_write_file", [])
        .header("feature", "bulk-write")
        .go();
    assert_eq!(
        (got.status, got.at("/details/api_name").as_str()),
        (400, Some("X-CRM-ORG"))
    );
    let got = kit
        .ask("upload_bulk_write_file", [])
        .header("feature", "bulk-read")
        .go();
    assert_eq!(got.at("/code"), "NOT_SUPPORTED_FEATURE");
    let id = upload(&mut kit, "a.csv", "City\nBonn\n")
        .at("/details/file_id")
        .clone();
    let resource = |name: &str, extra: Value| {
        let mut resource =
            json!({"type": "data", "module": {"api_name": "Leads"}, "file_id": id, "file_names": [name]});
        resource
            .as_object_mut()
            .unwrap()
            .extend(extra.as_object().unwrap().clone());
        resource
    };
    for (operation, resource, code) in [
        ("insert", resource("b.csv", json!({})), "FILE_NOT_FOUND"),
        (
            "insert",
            resource("a.csv", json!({})),
            "MANDATORY_FIELDS_NOT_MAPPED",
        ),
        ("update", resource("a.csv", json!({})), "MANDATORY_NOT_FOUND"),
        (
            "update",
            resource("a.csv", json!({"find_by": "id"})),
            "MANDATORY_FIELDS_NOT_MAPPED",
        ),
        (
            "insert",
            resource("a.csv", json!({"module": {"api_name": "Leeds"}})),
            "MODULE_NOT_AVAILABLE",
        ),
        (
            "insert",
            resource(
                "a.csv",
                json!({"field_mappings": [{"api_name": "Nothing", "index": 0}]}),
            ),
            "INVALID_DATA",
        ),
        ("remove", resource("a.csv", json!({})), "INVALID_DATA"),
    ] {
        let body = json!({"operation": operation, "resource": [resource]});
        let got = kit.ask("create_bulk_write", []).json(&body).go();
        assert_eq!(
            (got.status, got.at("/code").as_str()),
            (400, Some(code)),
            "{body}"
        );
    }
}
