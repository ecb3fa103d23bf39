//! What organizations keep beside transactions: documents, tags, cards, modules and people.

use serde_json::{Value, json};

use super::{Extra, ask, call, made};
use crate::answer::Payload;
use crate::route::Method;
use crate::world::World;

pub(super) fn get(world: &mut World, path: &str, ids: &[&str]) -> Value {
    let (status, reply) = call(world, Method::Get, &format!("/books/v3{path}"), ids, &Value::Null);
    assert_eq!(status, 200, "{path}: {reply}");
    reply
}

pub(super) fn send(
    world: &mut World,
    method: Method,
    path: &str,
    ids: &[&str],
    body: &Value,
) -> (u16, Value) {
    call(world, method, &format!("/books/v3{path}"), ids, body)
}

pub(super) fn customer(world: &mut World) -> String {
    made(world, "/contacts", &[], &json!({"contact_name": "Ada"}))
}

#[test]
fn a_card_is_known_by_its_last_digits_and_stays_while_it_pays() {
    let world = &mut World::for_tests();
    let contact = customer(world);
    let card = json!({"gateway": "stripe", "card_number": "4111 1111 1111 1234", "cvv": "123", "expire_month": 4, "expire_year": 2030});
    let (status, reply) = send(world, Method::Post, "/contacts/{id}/card", &[&contact], &card);
    assert_eq!(status, 201, "{reply}");
    assert!(
        !reply.to_string().contains("41111") && !reply.to_string().contains("cvv"),
        "{reply}"
    );
    assert_eq!(reply["card"]["last_four_digits"], "1234");
    let card = reply["card"]["card_id"].as_str().unwrap().to_owned();
    let (status, _) = send(
        world,
        Method::Post,
        "/contacts/{id}/card",
        &[&contact],
        &json!({"card_number": "12x4"}),
    );
    assert_eq!(status, 400);
    let profile = json!({"recurrence_name": "Rent", "customer_id": contact, "line_items": [{"rate": 1}]});
    let profile = made(world, "/recurringinvoices", &[], &profile);
    let path = "/recurringinvoices/{id}/card/{card}";
    assert_eq!(
        send(world, Method::Post, path, &[&profile, "77"], &Value::Null).0,
        404
    );
    assert_eq!(
        send(world, Method::Post, path, &[&profile, &card], &Value::Null).0,
        200
    );
    let used = get(
        world,
        "/contacts/{id}/card/{card}/recurringinvoices",
        &[&contact, &card],
    );
    assert_eq!(used["recurring_invoices"][0]["recurring_invoice_id"], *profile);
    let one = "/contacts/{id}/card/{card}";
    assert_eq!(
        send(world, Method::Delete, one, &[&contact, &card], &Value::Null).0,
        400
    );
    let path = "/recurringinvoices/{id}/card";
    assert_eq!(
        send(world, Method::Delete, path, &[&profile], &Value::Null).0,
        200
    );
    assert_eq!(
        send(world, Method::Delete, one, &[&contact, &card], &Value::Null).0,
        200
    );
    assert_eq!(get(world, "/contacts/cardcount", &[])["card_count"], 0);
}

#[test]
fn options_of_a_tag_are_set_as_a_whole() {
    let world = &mut World::for_tests();
    let tag = made(world, "/reportingtags", &[], &json!({"tag_name": "Team"}));
    let other = made(world, "/reportingtags", &[], &json!({"tag_name": "Place"}));
    let set = |world: &mut World, options: Value| {
        send(
            world,
            Method::Put,
            "/reportingtags/{id}/options",
            &[&tag],
            &json!({"options": options}),
        )
        .0
    };
    assert_eq!(
        set(world, json!([{"option_name": "Red"}, {"option_name": "Blue"}])),
        200
    );
    let options = get(world, "/reportingtags/{id}/options/all", &[&tag]);
    let red = options["results"][0]["option_id"].clone();
    assert_eq!(
        set(world, json!([{"option_id": red, "option_name": "Crimson"}])),
        200
    );
    let options = get(world, "/reportingtags/{id}/options/all", &[&tag]);
    assert_eq!(options["results"].as_array().unwrap().len(), 1);
    assert_eq!(options["results"][0]["option_name"], "Crimson");
    assert_eq!(set(world, json!([{"option_id": "5", "option_name": "X"}])), 400);
    let red = red.as_str().unwrap();
    let path = "/reportingtags/{id}/option/{option}/inactive";
    assert_eq!(send(world, Method::Post, path, &[&tag, red], &Value::Null).0, 200);
    assert_eq!(
        send(world, Method::Post, path, &[&other, red], &Value::Null).0,
        404
    );
    let order = json!({"tag_ids": [other, tag]});
    let (status, reply) = send(world, Method::Put, "/reportingtags/reorder", &[], &order);
    assert_eq!((status, &reply["tags"][0]["tag_name"]), (200, &json!("Place")));
    let twice = json!({"tag_ids": [other, other]});
    assert_eq!(
        send(world, Method::Put, "/reportingtags/reorder", &[], &twice).0,
        400
    );
}

#[test]
fn a_file_is_a_document_until_one_of_them_goes() {
    let world = &mut World::for_tests();
    let contact = customer(world);
    let invoice = made(
        world,
        "/invoices",
        &[],
        &json!({"customer_id": contact, "line_items": [{"rate": 1}]}),
    );
    let attach = |world: &mut World, name: &str| {
        let extra = super::documents::multipart("attachment", name, b"bytes");
        let path = "/books/v3/invoices/{id}/attachment";
        assert_eq!(
            ask(world, (Method::Post, path), &[&invoice], &Value::Null, &extra).status,
            200
        );
    };
    attach(world, "a.pdf");
    attach(world, "b.pdf");
    let all = get(world, "/documents", &[]);
    assert_eq!(all["documents"].as_array().unwrap().len(), 1, "{all}");
    assert_eq!(all["documents"][0]["file_name"], "b.pdf");
    let id = all["documents"][0]["document_id"].as_str().unwrap().to_owned();
    let one = "/books/v3/invoices/{id}/documents/{document}";
    let answer = ask(
        world,
        (Method::Get, one),
        &[&invoice, &id],
        &Value::Null,
        &Extra::default(),
    );
    assert!(
        matches!(answer.payload, Payload::Bytes("application/pdf", ref data) if data.as_ref() == b"bytes")
    );
    let foreign = made(
        world,
        "/invoices",
        &[],
        &json!({"customer_id": contact, "line_items": [{"rate": 1}]}),
    );
    let path = "/invoices/{id}/documents/{document}";
    assert_eq!(
        send(world, Method::Delete, path, &[&foreign, &id], &Value::Null).0,
        404
    );
    assert_eq!(
        send(world, Method::Delete, path, &[&invoice, &id], &Value::Null).0,
        200
    );
    assert_eq!(
        get(world, "/invoices/{id}", &[&invoice])["invoice"]["has_attachment"],
        false
    );
    attach(world, "c.pdf");
    assert_eq!(
        send(world, Method::Delete, "/invoices/{id}", &[&invoice], &Value::Null).0,
        200
    );
    assert_eq!(get(world, "/documents", &[])["documents"], json!([]));
}

#[test]
fn what_is_void_is_owed_by_nobody_and_e_invoices_have_a_status_of_their_own() {
    let world = &mut World::for_tests();
    let contact = customer(world);
    let invoice = made(
        world,
        "/invoices",
        &[],
        &json!({"customer_id": contact, "line_items": [{"rate": 9}]}),
    );
    let act = |world: &mut World, method, end: &str| {
        send(
            world,
            method,
            &format!("/invoices/{{id}}{end}"),
            &[&invoice],
            &Value::Null,
        )
        .0
    };
    assert_eq!(act(world, Method::Post, "/status/sent"), 200);
    let unpaid = get(world, "/contacts/{id}/unpaidinvoices", &[&contact]);
    assert_eq!(unpaid["unpaid_invoices"].as_array().unwrap().len(), 1);
    let mail = get(world, "/invoices/{id}/email", &[&invoice]);
    assert!(
        mail["data"]["subject"].as_str().unwrap().contains("INV-"),
        "{mail}"
    );
    assert_eq!(act(world, Method::Post, "/einvoice/push"), 200);
    let listed = get(world, "/invoices/einvoice", &[]);
    assert_eq!(listed["invoices"][0]["invoice_id"], *invoice);
    assert_eq!(act(world, Method::Delete, "/einvoice/status"), 200);
    assert_eq!(get(world, "/invoices/einvoice", &[])["invoices"], json!([]));
    assert_eq!(act(world, Method::Post, "/status/void"), 200);
    assert_eq!(get(world, "/invoices/{id}", &[&invoice])["invoice"]["balance"], 0);
    let unpaid = get(world, "/contacts/{id}/unpaidinvoices", &[&contact]);
    assert_eq!(unpaid["unpaid_invoices"], json!([]));
    let templates = get(world, "/invoices/templates", &[]);
    assert_eq!(templates["templates"][0]["template_name"], "Standard Template");
}

#[test]
fn a_module_is_called_by_its_api_name_and_project_users_come_in_numbers() {
    let world = &mut World::for_tests();
    let module = json!({"module_name": "Meeting Room", "plural_name": "Meeting Rooms"});
    assert_eq!(
        send(world, Method::Post, "/settings/modules", &[], &module).0,
        201
    );
    let shown = get(world, "/settings/modules/{name}", &["cm_meeting_room"]);
    assert_eq!(shown["module"]["singular_name"], "Meeting Room");
    assert_eq!(
        send(
            world,
            Method::Get,
            "/settings/modules/{name}",
            &["cm_none"],
            &Value::Null
        )
        .0,
        404
    );
    let contact = customer(world);
    let project =
        json!({"project_name": "Bridge", "customer_id": contact, "billing_type": "fixed_cost_for_project"});
    let project = made(world, "/projects", &[], &project);
    let users = json!({"users": [{"email": "a@b.example"}, {"email": "c@d.example"}]});
    let (status, reply) = send(world, Method::Post, "/projects/{id}/users", &[&project], &users);
    assert_eq!((status, reply["users"].as_array().unwrap().len()), (201, 2));
    let (status, _) = send(
        world,
        Method::Post,
        "/projects/{id}/users",
        &[&project],
        &json!({"users": [{}]}),
    );
    assert_eq!(status, 400);
    assert_eq!(
        get(world, "/projects/{id}/users", &[&project])["users"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn several_tasks_change_together_or_not_at_all() {
    let world = &mut World::for_tests();
    let first = made(world, "/tasks", &[], &json!({"title": "Call"}));
    let second = made(world, "/tasks", &[], &json!({"title": "Write"}));
    let mut put = |body: Value, query: &[(&str, &str)]| {
        let extra = Extra {
            query,
            ..Extra::default()
        };
        ask(world, (Method::Put, "/books/v3/tasks"), &[], &body, &extra)
            .status
            .as_u16()
    };
    let bulk: &[(&str, &str)] = &[("bulk_update", "true")];
    let both = json!([{"task_id": first, "title": "Ring"}, {"task_id": second, "priority": "high"}]);
    assert_eq!(put(both.clone(), &[]), 400);
    assert_eq!(put(both, bulk), 200);
    assert_eq!(
        put(
            json!([{"task_id": first, "title": "Shout"}, {"task_id": second, "title": ""}]),
            bulk
        ),
        400
    );
    assert_eq!(put(json!([{"task_id": "5"}]), bulk), 404);
    assert_eq!(put(json!({}), bulk), 400);
    let shown = get(world, "/tasks/{id}", &[&first])["task"].clone();
    assert_eq!(
        (&shown["title"], &shown["priority"]),
        (&json!("Ring"), &json!("normal"))
    );
    let share = json!({"completion_percentage": 40});
    assert_eq!(
        send(world, Method::Post, "/tasks/{id}/percentage", &[&first], &share).0,
        200
    );
    let shown = get(world, "/tasks/{id}", &[&first]);
    assert_eq!(shown["task"]["completion_percentage"], 40);
}
