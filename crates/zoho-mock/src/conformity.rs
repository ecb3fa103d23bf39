//! Whether what the mock answers has the shape that the description gives it.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::config::Config;
use crate::front::handler;
use crate::generated::{books, crm};
use crate::route::{Product, Route};
use crate::world::World;
use crate::{routing, schema_answer};

/// The components of a product by name, as JSON Schema reads them: read once for all routes.
fn components(product: Product) -> &'static BTreeMap<&'static str, Value> {
    static CRM: OnceLock<BTreeMap<&str, Value>> = OnceLock::new();
    static BOOKS: OnceLock<BTreeMap<&str, Value>> = OnceLock::new();
    let (cell, schemas) = match product {
        Product::Crm => (&CRM, crm::SCHEMAS),
        Product::Books => (&BOOKS, books::SCHEMAS),
    };
    cell.get_or_init(|| {
        let read =
            |(name, text): &(&'static str, &str)| (*name, nullable(serde_json::from_str(text).unwrap()));
        schemas.iter().map(read).collect()
    })
}

/// A validator of a component: it knows the components that this one leads to, and no others.
fn validator(product: Product, name: &str) -> jsonschema::Validator {
    let all = components(product);
    let mut reached = Map::new();
    let mut ahead = vec![name.to_owned()];
    while let Some(name) = ahead.pop() {
        if !reached.contains_key(&name) {
            let schema = all[name.as_str()].clone();
            references(&schema, &mut ahead);
            reached.insert(name, schema);
        }
    }
    let reference = format!("#/components/schemas/{name}");
    jsonschema::validator_for(&json!({"$ref": reference, "components": {"schemas": reached}})).unwrap()
}

/// The names of the components that a schema refers to.
fn references(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(object) => {
            let name = object.get("$ref").and_then(Value::as_str);
            names.extend(
                name.and_then(|name| name.strip_prefix("#/components/schemas/"))
                    .map(str::to_owned),
            );
            object.values().for_each(|value| references(value, names));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, names)),
        _ => {}
    }
}

/// OpenAPI's `nullable` as JSON Schema spells it, and ids as the wire has them.
fn nullable(schema: Value) -> Value {
    match schema {
        Value::Object(object) => {
            let may_be_null = object.get("nullable") == Some(&Value::Bool(true));
            let mut object: Map<String, Value> = object
                .into_iter()
                .map(|(key, value)| (key, nullable(value)))
                .collect();
            if may_be_null && let Some(kind) = object.get("type").cloned() {
                object.insert("type".into(), json!([kind, "null"]));
            }
            // Books sends `""` for an id that is not there.
            if object.get("format").and_then(Value::as_str) == Some("zoho-id") {
                object.insert("pattern".into(), "^[0-9]*$".into());
            }
            object.into()
        }
        Value::Array(list) => list.into_iter().map(nullable).collect(),
        other => other,
    }
}

pub(crate) fn complaints(route: &Route, body: &Value) -> Vec<String> {
    let Some(name) = route.reply_schema else {
        return Vec::new();
    };
    let validator = validator(route.product, name);
    validator
        .iter_errors(body)
        .map(|error| format!("{}: {} at {}", route.id, error, error.instance_path()))
        .collect()
}

fn json_of(answer: &Answer) -> Option<Value> {
    serde_json::from_slice(&answer.payload.json()?).ok()
}

fn run(world: &mut World, route: &'static Route, ids: &[&str], body: &Value, from_schema: bool) -> Answer {
    let names = routing::shape(route.path).1;
    let call = Call {
        route,
        path: names
            .into_iter()
            .zip(ids.iter().map(|id| (*id).to_owned()))
            .collect(),
        query: vec![("organization_id".to_owned(), Config::default().organization_id)].into(),
        headers: &HeaderMap::new(),
        body: &Bytes::from(if body.is_null() {
            String::new()
        } else {
            body.to_string()
        }),
        base_url: "http://localhost",
        user: world.owner,
        now: Timestamp::from_second(world.clock.now().as_second()).unwrap(),
    };
    let handler = handler(route)
        .filter(|_| !from_schema)
        .unwrap_or(schema_answer::answer);
    handler(world, &call).unwrap_or_else(Refusal::into_answer)
}

#[test]
fn answers_made_from_schemas_have_their_shape() {
    let world = &mut World::for_tests();
    let mut found = Vec::new();
    for route in routing::routes() {
        let answer = run(world, route, &["1", "2", "3"], &json!({"data": [{}, {}]}), true);
        if answer.status.is_success()
            && let Some(body) = json_of(&answer)
        {
            found.extend(complaints(route, &body));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn books_records_have_the_shape_of_their_description() {
    let world = &mut World::for_tests();
    let route = |id: &str| books::ROUTES.iter().find(|route| route.id == id).expect(id);
    let mut found = Vec::new();
    let mut ask = |id: &str, ids: &[&str], body: &Value| {
        let answer = run(world, route(id), ids, body, false);
        assert!(answer.status.is_success(), "{id}: {answer:?}");
        let body = json_of(&answer).unwrap();
        found.extend(complaints(route(id), &body));
        body
    };
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let contact = json!({
        "contact_name": "Ada", "billing_address": {"city": "London"},
        "contact_persons": [{"first_name": "Ada", "email": "ada@engines.example"}],
        "custom_fields": [{"api_name": "cf_tier", "value": "gold"}],
    });
    let contact = text(&ask("create_contact", &[], &contact)["contact"]["contact_id"]);
    let item = ask("create_item", &[], &json!({"name": "Nut", "rate": 1.5}));
    let item = text(&item["item"]["item_id"]);
    let invoice = json!({
        "customer_id": contact,
        "line_items": [{"item_id": item, "quantity": 2, "tax_percentage": 10, "discount": "5%"}],
        "custom_fields": [{"label": "Tier", "value": 3}],
    });
    let invoice = text(&ask("create_invoice", &[], &invoice)["invoice"]["invoice_id"]);
    let none = Value::Null;
    for (list, ids) in [
        ("list_contacts", vec![]),
        ("list_items", vec![]),
        ("list_invoices", vec![]),
        ("list_organizations", vec![]),
        ("list_contact_persons", vec![contact.as_str()]),
        ("list_contact_addresses", vec![&contact]),
        ("list_contact_comments", vec![&contact]),
        ("list_invoice_comments", vec![&invoice]),
        ("list_invoice_payments", vec![&invoice]),
        ("list_invoice_credits_applied", vec![&invoice]),
        ("get_contact", vec![&contact]),
        ("get_item", vec![&item]),
        ("get_invoice", vec![&invoice]),
    ] {
        ask(list, &ids, &none);
    }
    ask(
        "add_contact_comment",
        &[&contact],
        &json!({"description": "called"}),
    );
    ask("add_contact_address", &[&contact], &json!({"city": "Turin"}));
    ask(
        "create_contact_person",
        &[],
        &json!({"contact_id": contact, "first_name": "Grace"}),
    );
    ask(
        "add_invoice_comment",
        &[&invoice],
        &json!({"description": "sent"}),
    );
    ask("update_invoice", &[&invoice], &json!({"notes": "thanks"}));
    ask("mark_invoice_sent", &[&invoice], &none);
    ask("email_invoice", &[&invoice], &json!({}));
    ask("get_organization", &[&Config::default().organization_id], &none);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
