//! The engine over its catalogue, called without a server.

mod bookkeeping;
mod catalogue;
mod documents;
mod keeping;
mod modules;
mod settling;

use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::catalogue::TYPES;
use super::handler;
use crate::answer::{Answer, Payload, Refusal};
use crate::call::Call;
use crate::config::Config;
use crate::route::{BodyKind, Credits, Method, Product, ReplyKind, Route};
use crate::routing;
use crate::world::World;

/// What a test sends beside a JSON body.
#[derive(Default)]
struct Extra<'a> {
    query: &'a [(&'a str, &'a str)],
    headers: HeaderMap,
    raw: Option<Vec<u8>>,
}

/// Calls the handler of a path template with these path parameters.
fn call(world: &mut World, method: Method, path: &str, ids: &[&str], body: &Value) -> (u16, Value) {
    let answer = ask(world, (method, path), ids, body, &Extra::default());
    match answer.payload {
        Payload::Json(text) => (answer.status.as_u16(), serde_json::from_slice(&text).unwrap()),
        other => panic!("{other:?}"),
    }
}

fn ask(
    world: &mut World,
    (method, path): (Method, &str),
    ids: &[&str],
    body: &Value,
    extra: &Extra<'_>,
) -> Answer {
    let path: &'static str = path.to_owned().leak();
    let route: &'static Route = Box::leak(Box::new(Route {
        id: "test",
        product: Product::Books,
        method,
        path,
        tag: "test",
        scopes: &[],
        credits: Credits::Fixed(1),
        success: &[200],
        paging: None,
        batch: None,
        organization: true,
        parameters: &[],
        body: BodyKind::Json,
        reply: ReplyKind::Json,
        wrapper: None,
        request_schema: None,
        reply_schema: None,
    }));
    let names = routing::shape(path).1;
    let mut query = vec![("organization_id".to_owned(), Config::default().organization_id)];
    query.extend(
        extra
            .query
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned())),
    );
    let call = Call {
        route,
        path: names
            .into_iter()
            .zip(ids.iter().map(|id| (*id).to_owned()))
            .collect(),
        query: query.into(),
        headers: &extra.headers,
        body: &match &extra.raw {
            Some(raw) => Bytes::from(raw.clone()),
            None if body.is_null() => Bytes::new(),
            None => Bytes::from(body.to_string()),
        },
        base_url: "http://localhost",
        user: world.owner,
        now: Timestamp::from_second(world.clock.now().as_second()).unwrap(),
    };
    handler(route).expect(path)(world, &call).unwrap_or_else(Refusal::into_answer)
}

/// Creates a record and returns its id.
fn made(world: &mut World, path: &str, ids: &[&str], body: &Value) -> String {
    let (status, reply) = call(world, Method::Post, &format!("/books/v3{path}"), ids, body);
    assert_eq!(status, 201, "{path}: {reply}");
    let ty = TYPES
        .iter()
        .find(|ty| ty.path == path.replace("{id}", "{}"))
        .unwrap();
    reply[ty.wrapper][ty.id].as_str().unwrap().to_owned()
}

#[test]
fn payments_are_applied_and_taken_back() {
    let world = &mut World::for_tests();
    let (_, contact) = call(
        world,
        Method::Post,
        "/books/v3/contacts",
        &[],
        &json!({"contact_name": "Ada"}),
    );
    let customer = contact["contact"]["contact_id"].as_str().unwrap().to_owned();
    let invoice = json!({"customer_id": customer, "line_items": [{"rate": 100}]});
    let (_, invoice) = call(world, Method::Post, "/books/v3/invoices", &[], &invoice);
    let id = invoice["invoice"]["invoice_id"].as_str().unwrap().to_owned();
    let pay = |world: &mut World, amount: i64| {
        let body = json!({
            "customer_id": customer, "amount": amount, "payment_mode": "cash",
            "invoices": [{"invoice_id": id, "amount_applied": amount}],
        });
        call(world, Method::Post, "/books/v3/customerpayments", &[], &body)
    };
    let shown = |world: &mut World| {
        call(
            world,
            Method::Get,
            "/books/v3/invoices/{id}",
            &[&id],
            &Value::Null,
        )
        .1["invoice"]
            .clone()
    };
    let owed = |world: &mut World| {
        let (_, contact) = call(
            world,
            Method::Get,
            "/books/v3/contacts/{id}",
            &[&customer],
            &Value::Null,
        );
        contact["contact"]["outstanding_receivable_amount"].to_string()
    };
    let payments = |world: &mut World| {
        call(
            world,
            Method::Get,
            "/books/v3/invoices/{id}/payments",
            &[&id],
            &Value::Null,
        )
        .1["payments"]
            .clone()
    };
    assert_eq!(
        pay(world, 101).1["message"],
        "Invalid value passed for amount_applied"
    );
    assert_eq!(pay(world, 0).1["code"], 4);
    assert_eq!(pay(world, 40).0, 201);
    let partly = shown(world);
    assert_eq!(
        (partly["status"].as_str(), partly["balance"].to_string()),
        (Some("partially_paid"), "60".into())
    );
    assert_eq!(owed(world), "60");
    let rest = pay(world, 60).1["payment"]["payment_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(shown(world)["status"], "paid");
    assert_eq!(payments(world).as_array().unwrap().len(), 2);
    let void = call(
        world,
        Method::Post,
        "/books/v3/invoices/{id}/status/void",
        &[&id],
        &Value::Null,
    );
    assert_eq!((void.0, void.1["code"].as_i64()), (400, Some(4001)));
    let delete = call(
        world,
        Method::Delete,
        "/books/v3/invoices/{id}",
        &[&id],
        &Value::Null,
    );
    assert_eq!(delete.1["code"], 4001);
    let first = payments(world)[0]["invoice_payment_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = "/books/v3/invoices/{id}/payments/{payment}";
    assert_eq!(
        call(world, Method::Delete, path, &[&id, &first], &Value::Null).0,
        200
    );
    assert_eq!(owed(world), "40");
    let taken = call(
        world,
        Method::Delete,
        "/books/v3/customerpayments/{id}",
        &[&rest],
        &Value::Null,
    );
    assert_eq!(taken.0, 200);
    assert_eq!(owed(world), "100");
    assert_eq!(payments(world), json!([]));
}
