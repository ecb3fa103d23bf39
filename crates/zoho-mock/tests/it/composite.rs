//! Composite requests through the front: whose token it is, and what they cost.

use http::Method;
use serde_json::{Value, json};

use super::support::Desk;

const TARGET: &str = "/crm/v8/__composite_requests";

fn create(record: &Value) -> Value {
    json!({"method": "POST", "uri": "/crm/v8/Leads", "body": {"data": [record]}})
}

#[test]
fn each_request_needs_its_own_scopes() {
    let mut desk = Desk::new();
    let scopes = ["ZohoCRM.composite_requests.CUSTOM", "ZohoCRM.modules.Leads.READ"];
    let (id, secret) = (desk.zoho.client_id(), desk.zoho.client_secret());
    let code = desk.zoho.grant_code(scopes);
    let form = format!("grant_type=authorization_code&client_id={id}&client_secret={secret}&code={code}");
    desk.token = desk.token_call(&form).json()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let read = json!({"method": "GET", "uri": "/crm/v8/Leads", "params": {"fields": "id"}});
    let body = json!({"__composite_requests": [read, create(&json!({"Last_Name": "A"}))]});
    let reply = desk.call(Method::POST, TARGET, body.to_string()).json();
    let response = |at: usize| &reply["__composite_requests"][at]["details"]["response"];
    assert_eq!(response(0)["status_code"], 204, "{reply}");
    assert_eq!(response(1)["status_code"], 401, "{reply}");
    assert_eq!(response(1)["body"]["code"], "OAUTH_SCOPE_MISMATCH");
}

#[test]
fn many_requests_cost_one_credit_and_a_rollback_another() {
    let desk = Desk::with(zoho_mock::MockZoho::builder().crm_credits(4));
    let (good, bad) = (create(&json!({"Last_Name": "A"})), create(&json!({})));
    let mut left = Vec::new();
    for (requests, rollback) in [
        ([&good, &good], true),
        ([&good, &bad], false),
        ([&good, &bad], true),
    ] {
        let body = json!({"rollback_on_fail": rollback, "__composite_requests": requests});
        let reply = desk.call(Method::POST, TARGET, body.to_string());
        left.push(reply.header("x-api-credits-remaining").to_owned());
    }
    assert_eq!(left, ["", "2", "0"]);
}
