//! A strict mock says what a careful client would not send, and answers all the same.

use http::Method;
use serde_json::json;
use zoho_mock::MockZoho;

use super::support::Desk;

const LEAD: &str = r#"{"data":[{"id":1,"Last_Name":"Ngo","Owner":{"id":"2"}}]}"#;

#[test]
fn what_is_careless_is_said_and_taken() {
    let desk = Desk::with(MockZoho::builder().strict(true));
    let lax = Desk::new();
    let said = |desk: &Desk, method: Method, target: &str, headers: &[(&str, &str)], body: &'static str| {
        let token = format!("Zoho-oauthtoken {}", desk.token);
        let mut all = vec![("authorization", token.as_str())];
        all.extend_from_slice(headers);
        let reply = desk.send(method, target, &all, body);
        let said = reply.header("x-zoho-mock-strict").to_owned();
        (reply.status.as_u16(), said)
    };
    let json = [("content-type", "application/json")];
    for (method, target, headers, body, expected) in [
        (Method::GET, "/crm/v8/Leads?fields=id", &json[..0], "", ""),
        (
            Method::GET,
            "/crm/v8/Leads/?fields=id",
            &json[..0],
            "",
            "trailing slash",
        ),
        (
            Method::GET,
            "/crm/v8/Leads?fields=id&&colour=red",
            &json[..0],
            "",
            "stray &; unknown query parameter colour",
        ),
        (
            Method::POST,
            "/crm/v8/Leads",
            &json[..0],
            r#"{"data":[]}"#,
            "missing Content-Type",
        ),
        (
            Method::POST,
            "/crm/v8/Leads",
            &json[..],
            LEAD,
            "id as a number at $.data[0].id",
        ),
        (
            Method::GET,
            "/books/v3/contacts?organization_id=10234695",
            &json[..0],
            "",
            "",
        ),
    ] {
        let (status, report) = said(&desk, method.clone(), target, headers, body);
        assert_eq!(report, expected, "{target}");
        assert_eq!(said(&lax, method, target, headers, body), (status, String::new()));
    }
    let journal = desk.zoho.journal();
    let careless: Vec<_> = journal
        .of("create_records")
        .map(|exchange| &exchange.careless)
        .collect();
    assert_eq!(
        json!(careless),
        json!([["missing Content-Type"], ["id as a number at $.data[0].id"]])
    );
    assert!(
        lax.zoho
            .journal()
            .exchanges()
            .iter()
            .all(|exchange| exchange.careless.is_empty())
    );
}

#[test]
fn the_dialect_is_switched_over_http() {
    let desk = Desk::new();
    assert!(desk.refresh().json().get("expires_in_sec").is_none());
    let switched = desk.send(Method::POST, "/_mock/dialect", &[], r#"{"expires_in_sec":true}"#);
    assert_eq!(switched.json()["expires_in_sec"], true);
    assert_eq!(switched.json()["mixed_with_200"], false);
    assert_eq!(desk.refresh().json()["expires_in_sec"], 3600);
    let wrong = desk.send(Method::POST, "/_mock/dialect", &[], r#"{"expires_in_secs":true}"#);
    assert_eq!(wrong.status, 400);
    let asked = desk.send(Method::GET, "/_mock/dialect", &[], "");
    assert_eq!(asked.json(), switched.json());
}
