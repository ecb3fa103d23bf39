//! Settings, custom fields and recurring documents outlive a snapshot.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use zoho_mock::{MockZoho, Snapshot};

use super::snapshots::revived;
use super::support::Desk;

fn crm(desk: &Desk, method: Method, path: &str, body: &Value) -> Value {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let reply = desk.call(method, &format!("/crm/v8{path}"), body);
    assert!(reply.status.is_success(), "{path}: {:?}", reply.body);
    reply.json()
}

/// What a reader sees of the world that the test made.
fn seen(desk: &Desk) -> Vec<Value> {
    let mut seen: Vec<Value> = [
        "/settings/roles",
        "/settings/territories",
        "/settings/fields?module=Leads",
        "/settings/modules",
        "/settings/automation/workflow_rules",
        "/Pets?fields=Name,Age",
        "/Leads?fields=Last_Name,Shoe_Size",
    ]
    .iter()
    .map(|path| crm(desk, Method::GET, path, &Value::Null))
    .collect();
    for path in [
        "/invoices",
        "/recurringinvoices",
        "/reportingtags",
        "/settings/modules",
    ] {
        let reply = desk.books(Method::GET, path, &Value::Null);
        assert_eq!(reply.status, 200, "{path}");
        seen.push(reply.json());
    }
    seen
}

#[test]
fn what_was_set_up_is_there_again() {
    let one = Desk::with(MockZoho::builder().frozen(true).books_per_minute(None));
    crm(
        &one,
        Method::POST,
        "/settings/roles",
        &json!({"roles": [{"name": "Sales"}]}),
    );
    let territory = json!({"territories": [{"name": "North", "permission_type": "read_only"}]});
    crm(&one, Method::POST, "/settings/territories", &territory);
    let field = |label: &str| json!({"fields": [{"field_label": label, "data_type": "integer"}]});
    crm(
        &one,
        Method::POST,
        "/settings/fields?module=Leads",
        &field("Shoe Size"),
    );
    let profile = crm(&one, Method::GET, "/settings/profiles", &Value::Null)["profiles"][0]["id"].clone();
    let pets = json!({"modules": [{
        "singular_label": "Pet", "plural_label": "Pets", "api_name": "Pets", "profiles": [{"id": profile}],
    }]});
    crm(&one, Method::POST, "/settings/modules", &pets);
    crm(&one, Method::POST, "/settings/fields?module=Pets", &field("Age"));
    crm(
        &one,
        Method::POST,
        "/Pets",
        &json!({"data": [{"Name": "Rex", "Age": 4}]}),
    );
    crm(
        &one,
        Method::POST,
        "/Leads",
        &json!({"data": [{"Last_Name": "Ngo", "Shoe_Size": 39}]}),
    );
    let rule = json!({"workflow_rules": [{
        "name": "Greet", "module": {"api_name": "Pets"}, "execute_when": {"type": "create"},
        "conditions": [{"sequence_number": 1, "instant_actions": {"actions": []}}],
    }]});
    crm(&one, Method::POST, "/settings/automation/workflow_rules", &rule);
    let contact = one
        .books(Method::POST, "/contacts", &json!({"contact_name": "Ada"}))
        .json();
    let profile = json!({
        "recurrence_name": "Rent", "customer_id": contact["contact"]["contact_id"], "start_date": "2026-01-05",
        "recurrence_frequency": "months", "repeat_every": 1, "line_items": [{"rate": 700}],
    });
    assert_eq!(
        one.books(Method::POST, "/recurringinvoices", &profile).status,
        201
    );
    assert_eq!(
        one.books(Method::POST, "/reportingtags", &json!({"tag_name": "Team"}))
            .status,
        201
    );
    let module = json!({"module_name": "Rooms", "plural_name": "Rooms"});
    assert_eq!(one.books(Method::POST, "/settings/modules", &module).status, 201);
    one.zoho.advance(Duration::from_secs(70 * 86_400));
    one.zoho.expire_access_tokens();
    let token = one.refresh().json()["access_token"].as_str().unwrap().to_owned();
    let one = Desk { token, ..one };
    let before = seen(&one);
    let invoices = before[7]["invoices"].as_array().unwrap();
    let days: Vec<&Value> = invoices.iter().map(|invoice| &invoice["date"]).collect();
    assert_eq!(days.len(), 3, "{days:?}");

    let text = one.zoho.snapshot().to_json();
    let other = revived(Snapshot::from_json(&text).unwrap(), &one.token);
    assert_eq!(seen(&other), before);
    assert_eq!(seen(&one), before);
    // What is written from here on gets the same ids.
    for desk in [&one, &other] {
        crm(
            desk,
            Method::POST,
            "/settings/roles",
            &json!({"roles": [{"name": "Support"}]}),
        );
        assert_eq!(
            desk.books(Method::POST, "/contacts", &json!({"contact_name": "Bob"}))
                .status,
            201
        );
    }
    assert_eq!(seen(&other), seen(&one));
    assert_eq!(other.zoho.snapshot().to_json(), one.zoho.snapshot().to_json());
}
