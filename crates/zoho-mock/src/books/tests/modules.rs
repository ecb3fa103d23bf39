//! Records of custom modules, by the paths that the modules give them.

use serde_json::{Value, json};

use super::keeping::{get, send};
use super::{Extra, ask, call};
use crate::answer::Payload;
use crate::conformity::complaints;
use crate::generated::books::ROUTES;
use crate::route::Method;
use crate::world::World;

const ALL: &str = "/{module_name}";
const ONE: &str = "/{module_name}/{module_id}";

/// A module, and the word that its records are found under.
fn module(world: &mut World, name: &str) -> String {
    let module = json!({"module_name": name, "plural_name": format!("{name}s")});
    let (status, reply) = send(world, Method::Post, "/settings/modules", &[], &module);
    assert_eq!(status, 201, "{reply}");
    reply["module"]["module_api_name"].as_str().unwrap().to_owned()
}

fn record(world: &mut World, module: &str, body: &Value) -> String {
    let (status, reply) = send(world, Method::Post, ALL, &[module], body);
    assert_eq!(status, 201, "{reply}");
    reply["module_record"][0]["module_record_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn listed(world: &mut World, module: &str, query: &[(&str, &str)]) -> Value {
    let extra = Extra {
        query,
        ..Extra::default()
    };
    let path = "/books/v3/{module_name}";
    match ask(world, (Method::Get, path), &[module], &Value::Null, &extra).payload {
        Payload::Json(text) => serde_json::from_slice(&text).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn fits(operation: &str, reply: &Value) {
    let route = ROUTES.iter().find(|route| route.id == operation).unwrap();
    let found = complaints(route, reply);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_record_is_made_read_listed_changed_and_deleted() {
    let world = &mut World::for_tests();
    let debtor = module(world, "Debtor");
    let sent = json!({"record_name": "Ada", "cf_debt_amount": 12.5, "cf_city": "Turin", "unheard_of": 1});
    let (status, reply) = send(world, Method::Post, ALL, &[&debtor], &sent);
    assert_eq!(
        (status, &reply["message"]),
        (201, &json!("Debtor is created successfully"))
    );
    fits("create_custom_module_record", &reply);
    let id = reply["module_record"][0]["module_record_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let shown = get(world, ONE, &[&debtor, &id]);
    fits("get_custom_module_record", &shown);
    assert_eq!(shown["module_record"]["module_plural_name"], "Debtors");
    let fields = shown["module_record"]["module_fields"].as_array().unwrap();
    let amount = fields
        .iter()
        .find(|field| field["api_name"] == "cf_debt_amount")
        .unwrap();
    assert_eq!(
        (&amount["value"], &amount["data_type"]),
        (&json!(12.5), &json!("decimal"))
    );
    assert_eq!(shown["module_record_hash"]["cf_city_formatted"], "Turin");
    assert!(!shown.to_string().contains("unheard_of"), "{shown}");
    let change = json!({"cf_city": "Milan"});
    let (status, reply) = send(world, Method::Put, ONE, &[&debtor, &id], &change);
    assert_eq!(status, 200, "{reply}");
    fits("update_custom_module_record", &reply);
    let by_name = json!({"module_record_id": id, "record_name": "Ada L."});
    let (status, reply) = send(world, Method::Put, ALL, &[&debtor], &by_name);
    assert_eq!(status, 200, "{reply}");
    fits("update_custom_module_records", &reply);
    let list = listed(world, &debtor, &[]);
    fits("list_custom_module_records", &list);
    let row = &list["module_record"][0];
    assert_eq!(
        (&row["record_name"], &row["cf_city"]),
        (&json!("Ada L."), &json!("Milan"))
    );
    assert_eq!(row["cf_debt_amount"], 12.5);
    assert_eq!(
        send(world, Method::Delete, ONE, &[&debtor, &id], &Value::Null).0,
        200
    );
    assert_eq!(
        send(world, Method::Get, ONE, &[&debtor, &id], &Value::Null).0,
        404
    );
    assert_eq!(listed(world, &debtor, &[])["module_record"], json!([]));
}

#[test]
fn a_module_has_its_own_records_and_takes_them_along() {
    let world = &mut World::for_tests();
    let (debtor, room) = (module(world, "Debtor"), module(world, "Room"));
    let ada = record(world, &debtor, &json!({"record_name": "Ada"}));
    let red = record(world, &room, &json!({"record_name": "Red"}));
    for method in [Method::Get, Method::Delete] {
        assert_eq!(send(world, method, ONE, &[&room, &ada], &Value::Null).0, 404);
    }
    assert_eq!(
        listed(world, &room, &[])["module_record"][0]["module_record_id"],
        *red
    );
    assert_eq!(
        send(
            world,
            Method::Delete,
            "/settings/modules/{name}",
            &[&room],
            &Value::Null
        )
        .0,
        200
    );
    let (status, reply) = send(world, Method::Get, ALL, &[&room], &Value::Null);
    assert_eq!((status, &reply["code"]), (404, &json!(5)));
    assert_eq!(
        listed(world, &debtor, &[])["module_record"][0]["record_name"],
        "Ada"
    );
    let other = send(
        world,
        Method::Post,
        ALL,
        &["anything"],
        &json!({"record_name": "X"}),
    );
    assert_eq!(other.0, 404);
}

#[test]
fn records_are_searched_sorted_and_cut_into_pages_of_ten() {
    let world = &mut World::for_tests();
    let debtor = module(world, "Debtor");
    for number in 0..12 {
        let body = json!({"record_name": format!("Debtor {number:02}"), "cf_rank": 100 - number});
        record(world, &debtor, &body);
    }
    let names = |list: &Value| -> Vec<String> {
        let rows = list["module_record"].as_array().unwrap().iter();
        rows.map(|row| row["record_name"].as_str().unwrap().to_owned())
            .collect()
    };
    let first = listed(world, &debtor, &[]);
    assert_eq!(
        (names(&first).len(), &first["page_context"]["has_more_page"]),
        (10, &json!(true))
    );
    let second = listed(world, &debtor, &[("page", "2")]);
    assert_eq!(names(&second), ["Debtor 10", "Debtor 11"]);
    let by_rank = listed(world, &debtor, &[("sort_column", "cf_rank"), ("per_page", "200")]);
    assert_eq!(names(&by_rank)[0], "Debtor 11");
    let found = listed(world, &debtor, &[("search_text", "07")]);
    assert_eq!(names(&found), ["Debtor 07"]);
    let none = listed(world, &debtor, &[("filter_by", "Status.Inactive")]);
    assert_eq!(names(&none), Vec::<String>::new());
}

#[test]
fn several_records_go_together_or_not_at_all() {
    let world = &mut World::for_tests();
    let debtor = module(world, "Debtor");
    let ids = ["Ada", "Bea"].map(|name| record(world, &debtor, &json!({"record_name": name})));
    let mut delete = |ids: &str| {
        let query = [("record_ids", ids)];
        let extra = Extra {
            query: &query,
            ..Extra::default()
        };
        let path = "/books/v3/{module_name}";
        ask(world, (Method::Delete, path), &[&debtor], &Value::Null, &extra)
            .status
            .as_u16()
    };
    assert_eq!(delete(""), 400);
    assert_eq!(delete(&format!("{},7", ids[0])), 404);
    assert_eq!(delete(&ids.join(",")), 200);
    assert_eq!(listed(world, &debtor, &[])["module_record"], json!([]));
}

#[test]
fn a_record_needs_its_name_and_an_update_its_record() {
    let world = &mut World::for_tests();
    let debtor = module(world, "Debtor");
    let nameless = send(world, Method::Post, ALL, &[&debtor], &json!({"cf_city": "Turin"}));
    assert_eq!((nameless.0, &nameless.1["code"]), (400, &json!(2)));
    let unnamed = call(
        world,
        Method::Put,
        "/books/v3/{module_name}",
        &[&debtor],
        &json!({"record_name": "Ada"}),
    );
    assert_eq!((unnamed.0, &unnamed.1["code"]), (400, &json!(2)));
}
