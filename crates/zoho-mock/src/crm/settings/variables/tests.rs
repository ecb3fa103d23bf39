//! Tests of variables and of what else is read from settings: roles, profiles, layouts.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::conformity::complaints;
use crate::crm::testkit::{Got, Kit};
use crate::generated::crm::ROUTES;

/// An answer that has the shape of its description, where only references may be null instead: OpenAPI 3.0
/// cannot say that of them.
fn shaped(operation: &str, got: Got) -> Got {
    let route = ROUTES.iter().find(|route| route.id == operation).unwrap();
    let mut found = complaints(route, &got.body);
    found.retain(|complaint| !complaint.contains("null is not of type"));
    assert!(found.is_empty(), "{}", found.join("\n"));
    got
}

fn get<const N: usize>(kit: &mut Kit, operation: &'static str, path: [&str; N]) -> Got {
    let got = kit.ask(operation, path).go();
    shaped(operation, got)
}

fn write<const N: usize>(kit: &mut Kit, operation: &'static str, path: [&str; N], variables: &Value) -> Got {
    let got = kit
        .ask(operation, path)
        .json(&json!({"variables": variables}))
        .go();
    shaped(operation, got)
}

fn variable(api_name: &str) -> Value {
    json!({"api_name": api_name, "name": "Rate", "type": "float", "value": 1.5, "variable_group": {"api_name": "General"}})
}

#[test]
fn a_variable_lives_until_it_is_deleted() {
    let mut kit = Kit::new();
    assert_eq!(kit.ask("list_variables", []).go().status, 204);
    let made = write(
        &mut kit,
        "create_variables",
        [],
        &json!([variable("rate"), variable("other")]),
    );
    assert_eq!(made.status, 201);
    let id = made.at("/variables/0/details/id").as_str().unwrap().to_owned();
    let shown = get(&mut kit, "get_variable", [&id]);
    assert_eq!(shown.at("/variables/0/value"), "1.5");
    assert_eq!(shown.at("/variables/0/variable_group/api_name"), "General");
    let by_name = kit.ask("get_variable", ["rate"]).query("group", "General").go();
    assert_eq!(by_name.body, shown.body);
    assert_eq!(
        kit.ask("get_variable", ["rate"]).go().at("/code"),
        "REQUIRED_PARAM_MISSING"
    );
    assert_eq!(
        get(&mut kit, "list_variables", []).body["variables"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let other_group = kit.ask("list_variables", []).query("group", "Integrations").go();
    assert_eq!(other_group.status, 204);

    assert_eq!(
        write(&mut kit, "update_variable", [&id], &json!([{"value": "2"}])).status,
        200
    );
    let some =
        json!([{"id": id, "description": "per hour"}, {"id": "5", "value": "1"}, {"id": id}, {"value": "1"}]);
    let got = write(&mut kit, "update_variables", [], &some);
    assert_eq!(got.status, 207);
    let codes: Vec<&Value> = got.body["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["code"])
        .collect();
    assert_eq!(
        codes,
        ["SUCCESS", "INVALID_DATA", "INVALID_DATA", "MANDATORY_NOT_FOUND"]
    );
    let shown = get(&mut kit, "get_variable", [&id]);
    assert_eq!(
        (
            shown.at("/variables/0/value"),
            shown.at("/variables/0/description")
        ),
        (&json!("2"), &json!("per hour"))
    );

    assert_eq!(get(&mut kit, "delete_variable", [&id]).status, 200);
    assert_eq!(kit.ask("get_variable", [&id]).go().status, 400);
    let gone = kit
        .ask("delete_variables", [])
        .query("ids", format!("{id},7"))
        .go();
    assert_eq!(
        (gone.status, gone.at("/variables/0/message")),
        (400, &json!("variable not deleted"))
    );
    assert_eq!(
        kit.ask("delete_variables", []).go().at("/details/param_name"),
        "ids"
    );
}

#[test]
fn what_a_variable_lacks_is_named() {
    let mut kit = Kit::new();
    write(&mut kit, "create_variables", [], &json!([variable("taken")]));
    for (key, value, code) in [
        ("api_name", Value::Null, "MANDATORY_NOT_FOUND"),
        ("api_name", json!("1x"), "INVALID_DATA"),
        ("api_name", json!("x".repeat(101)), "INVALID_DATA"),
        ("api_name", json!("taken"), "DUPLICATE_DATA"),
        ("name", Value::Null, "MANDATORY_NOT_FOUND"),
        ("name", json!("x".repeat(51)), "INVALID_DATA"),
        ("name", json!(5), "INVALID_DATA"),
        ("type", Value::Null, "MANDATORY_NOT_FOUND"),
        ("type", json!("picklist"), "INVALID_DATA"),
        ("value", json!("much"), "INVALID_DATA"),
        ("value", json!([]), "INVALID_DATA"),
        ("variable_group", Value::Null, "MANDATORY_NOT_FOUND"),
    ] {
        let mut wrong = variable("fresh");
        wrong[key] = value;
        let got = write(&mut kit, "create_variables", [], &json!([wrong]));
        assert_eq!(
            (got.status, got.at("/variables/0/code")),
            (400, &json!(code)),
            "{wrong}"
        );
        let path = format!("$.variables[0].{key}");
        assert_eq!(got.at("/variables/0/details/json_path"), &json!(path), "{wrong}");
    }
    let mut wrong = variable("fresh");
    wrong["variable_group"] = json!({"id": "5"});
    let got = write(&mut kit, "create_variables", [], &json!([wrong]));
    assert_eq!(
        got.at("/variables/0/details/json_path"),
        "$.variables[0].variable_group.id"
    );
    wrong["variable_group"] = json!({"api_name": "Integrations"});
    wrong["api_name"] = json!("taken");
    let got = write(&mut kit, "create_variables", [], &json!([wrong]));
    assert_eq!(got.status, 201, "another group has names of its own");
}

#[test]
fn groups_can_be_renamed_unless_they_are_the_systems() {
    let mut kit = Kit::new();
    let groups = get(&mut kit, "list_variable_groups", []).body["variable_groups"].clone();
    let id = |at: usize| groups[at]["id"].as_str().unwrap().to_owned();
    let change = json!({"variable_groups": [{"id": id(1), "name": "Bridge"}, {"id": id(0), "name": "Mine"}]});
    let got = kit.ask("update_variable_groups", []).json(&change).go();
    let got = shaped("update_variable_groups", got);
    assert_eq!(
        (got.status, got.at("/variable_groups/1/code")),
        (207, &json!("CANNOT_PERFORM_ACTION"))
    );
    let got = get(&mut kit, "get_variable_group", ["Integrations"]);
    assert_eq!(got.at("/variable_groups/0/name"), "Bridge");
    let change = json!({"variable_groups": [{"description": "d"}]});
    let got = kit.ask("update_variable_group", [&id(1)]).json(&change).go();
    assert_eq!(got.status, 200);
    let got = get(&mut kit, "get_variable_group", [&id(1)]);
    assert_eq!(got.at("/variable_groups/0/description"), "d");
    assert_eq!(
        kit.ask("get_variable_group", ["5"]).go().at("/message"),
        "Invalid ID"
    );
}

#[test]
fn roles_and_profiles_are_those_that_users_have() {
    let mut kit = Kit::new();
    let users = kit.ask("list_users", []).query("type", "AllUsers").go().body["users"].clone();
    for user in users.as_array().unwrap() {
        for (list, one, key) in [
            ("list_roles", "get_role", "role"),
            ("list_profiles", "get_profile", "profile"),
        ] {
            let id = user[key]["id"].as_str().unwrap();
            let plural = format!("{key}s");
            let got = get(&mut kit, one, [id]);
            assert_eq!(got.body[&plural][0]["name"], user[key]["name"]);
            let all = get(&mut kit, list, []);
            let all = all.body[&plural].as_array().unwrap();
            assert!(all.iter().any(|shown| shown["id"] == id));
        }
    }
    assert_eq!(kit.ask("get_role", ["5"]).go().status, 204);
    assert_eq!(kit.ask("get_profile", ["x"]).go().status, 400);
}

#[test]
fn a_layout_shows_every_field_of_its_module() {
    let mut kit = Kit::new();
    for module in ["Leads", "Deals", "Visits_Log"] {
        let got = kit.ask("list_layouts", []).query("module", module).go();
        let got = shaped("list_layouts", got);
        let layout = &got.body["layouts"][0];
        let fields = kit.ask("list_fields", []).query("module", module).go();
        let names = |fields: &Value| -> Vec<Value> {
            let fields = fields.as_array().unwrap();
            fields.iter().map(|field| field["api_name"].clone()).collect()
        };
        assert_eq!(
            names(&layout["sections"][0]["fields"]),
            names(&fields.body["fields"])
        );
        let id = layout["id"].as_str().unwrap();
        let one = kit.ask("get_layout", [id]).query("module", module).go();
        assert_eq!(one.body, got.body);
    }
    let got = kit.ask("get_layout", ["5"]).query("module", "Leads").go();
    assert_eq!(got.status, 204);
    assert_eq!(
        kit.ask("list_layouts", []).go().at("/details/param_name"),
        "module"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_value_is_taken_if_it_is_of_its_kind_and_comes_back_as_its_text(number in any::<i32>(), text in "[a-z]{1,20}") {
        let mut kit = Kit::new();
        for (kind, value, expected) in [
            ("integer", json!(number), Some(number.to_string())),
            ("long", json!(number.to_string()), Some(number.to_string())),
            ("integer", json!(text), None),
            ("text", json!(text), Some(text.clone())),
            ("boolean", json!(number > 0), Some((number > 0).to_string())),
            ("date", json!(text), None),
        ] {
            let mut record = variable("v");
            record["type"] = json!(kind);
            record["value"] = value;
            let got = kit.ask("create_variables", []).json(&json!({"variables": [record]})).go();
            prop_assert_eq!(got.status, if expected.is_some() { 201 } else { 400 });
            if let Some(expected) = expected {
                let id = got.at("/variables/0/details/id").as_str().unwrap().to_owned();
                let shown = kit.ask("get_variable", [&id]).go();
                prop_assert_eq!(shown.at("/variables/0/value"), &json!(expected));
                kit.ask("delete_variable", [&id]).go();
            }
        }
    }
}
