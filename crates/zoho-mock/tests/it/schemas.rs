//! Operations without a handler of their own: checked, and answered from their schema.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use super::support::Desk;

#[test]
fn what_was_sent_comes_back_in_its_place() {
    let desk = Desk::new();
    let sent = json!({"city": "Turin", "zip": 10121, "unheard_of": true});
    let reply = desk.call(Method::POST, "/books/v3/organizations/address", sent.to_string());
    let body = reply.json();
    assert!(reply.status.is_success());
    assert_eq!(body["code"], 0);
    assert_eq!(body["organization_address"]["city"], "Turin");
    assert_eq!(body["organization_address"]["zip"], "10121");
}

#[test]
fn bodies_and_parameters_are_checked_first() {
    let desk = Desk::new();
    let reply = desk.call(Method::POST, "/books/v3/organizations/address", "{");
    assert_eq!(
        reply.json(),
        json!({"code": 1038, "message": "JSON is not well formed"})
    );
}

#[test]
fn every_operation_answers() {
    let desk = Desk::with(
        zoho_mock::MockZoho::builder()
            .books_per_minute(None)
            .crm_credits(u32::MAX),
    );
    let mut answered = 0;
    for (product, id, method, path) in zoho_mock::MockZoho::routes() {
        let path = path.replace("{module}", "Leads");
        let segments: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { "1" } else { part })
            .collect();
        let target = format!(
            "{}?organization_id={}",
            segments.join("/"),
            desk.zoho.organization_id()
        );
        for body in ["", "{}", "{\"data\":[{}]}"] {
            let reply = desk.call(method.parse().unwrap(), &target, body);
            assert!(
                reply.status.as_u16() < 500,
                "{product:?} {id}: {} {:?}",
                reply.status,
                reply.body
            );
            assert!(
                reply.body.is_empty()
                    || !reply.json().is_null()
                    || reply.header("content-type") != "application/json;charset=UTF-8"
            );
            answered += 1;
        }
    }
    assert!(answered > 300, "{answered}");
}

#[test]
fn lists_of_schemas_end() {
    let desk = Desk::new();
    let contact = desk.create("/contacts", "contact", &json!({"contact_name": "Ada"}));
    let path = format!("/contacts/{}/refunds", contact["contact_id"].as_str().unwrap());
    let list = desk.get(&path);
    assert_eq!(list["page_context"]["has_more_page"], false);
    assert_ne!(list["creditnote_refunds"], Value::Null);
}

/// Every operation on a collection and its members, where all of them can be made, read, listed, changed and deleted.
#[test]
fn what_is_made_read_listed_changed_and_deleted_is_kept() {
    let mut addresses: BTreeMap<String, Vec<(&str, &str, bool)>> = BTreeMap::new();
    for (product, id, method, path) in zoho_mock::MockZoho::routes() {
        let segments = path
            .split('/')
            .map(|part| if part.starts_with('{') { "{}" } else { part });
        let shape = segments.collect::<Vec<_>>().join("/");
        let kept = zoho_mock::MockZoho::is_stateful(product, id);
        addresses.entry(shape).or_default().push((method, id, kept));
    }
    let (mut whole, mut made_up) = (0, Vec::new());
    for (collection, of_all) in &addresses {
        let Some(of_one) = addresses.get(&format!("{collection}/{{}}")) else {
            continue;
        };
        let can = |methods: &[&str], of: &[(&str, &str, bool)]| {
            of.iter().any(|(method, ..)| methods.contains(method))
        };
        let either = |methods: &[&str]| can(methods, of_all) || can(methods, of_one);
        if can(&["GET"], of_all)
            && can(&["POST"], of_all)
            && can(&["GET"], of_one)
            && either(&["PUT", "PATCH"])
            && either(&["DELETE"])
        {
            whole += 1;
            let answers = of_all.iter().chain(of_one);
            made_up.extend(answers.filter(|(.., kept)| !kept).map(|(_, id, _)| *id));
        }
    }
    assert_eq!(made_up, Vec::<&str>::new(), "of {whole} resources");
    assert!(whole >= 70, "{whole}");
}
