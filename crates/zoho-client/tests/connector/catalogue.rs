//! The catalogue is held against the list of entries, inputs and defaults that everybody expects.

use std::collections::HashSet;

use serde_json::{Value, json};
use zoho_client::connector::{self, Input};

use crate::support::entries;

/// Compares an entry with what is expected of it. Inputs beyond the list are marked as such.
fn compare(expected: &serde_json::Map<String, Value>, key: &str, label: &str, inputs: &[Input]) {
    assert_eq!(
        (
            expected["key"].as_str().unwrap(),
            expected["label"].as_str().unwrap()
        ),
        (key, label)
    );
    let own: Vec<Value> = inputs
        .iter()
        .filter(|input| !input.beyond)
        .map(|input| json!({"key": input.key, "label": input.label, "default": input.default.json()}))
        .collect();
    assert_eq!(&expected["inputs"], &Value::Array(own), "{key}");
    for input in inputs {
        assert!(!input.help.is_empty(), "{key}.{} has no help", input.key);
        assert!(
            !(input.required && input.default.json() != Value::Null),
            "{key}.{}",
            input.key
        );
    }
}

#[test]
fn it_has_every_expected_entry_with_its_inputs_and_defaults() {
    let catalogue = connector::describe();
    let connections = entries("connections");
    assert_eq!((connections.len(), catalogue.connections.len()), (2, 2));
    for (expected, own) in connections.iter().zip(&catalogue.connections) {
        compare(expected, own.key, own.label, own.inputs);
    }
    let triggers = entries("triggers");
    assert_eq!((triggers.len(), catalogue.triggers.len()), (4, 4));
    for (expected, own) in triggers.iter().zip(&catalogue.triggers) {
        compare(expected, own.key, own.label, own.inputs);
    }
    let actions = entries("actions");
    let usual: Vec<_> = catalogue.actions.iter().filter(|action| !action.beyond).collect();
    assert_eq!((actions.len(), usual.len()), (19, 19));
    for expected in &actions {
        let own = usual
            .iter()
            .find(|action| Some(action.key) == expected["key"].as_str());
        let own = own.unwrap_or_else(|| panic!("no action {}", expected["key"]));
        compare(expected, own.key, own.label, own.inputs);
    }
}

#[test]
fn keys_are_unique_and_every_entry_says_what_it_is() {
    let catalogue = connector::describe();
    let mut keys = HashSet::new();
    for action in &catalogue.actions {
        assert!(keys.insert(action.key), "{} twice", action.key);
        assert!(
            !action.description.is_empty() && !action.returns.is_empty(),
            "{}",
            action.key
        );
        let mut inputs = HashSet::new();
        assert!(
            action.inputs.iter().all(|input| inputs.insert(input.key)),
            "{}",
            action.key
        );
        assert_eq!(connector::action(action.key).unwrap().label, action.label);
    }
    let beyond = catalogue.actions.iter().filter(|action| action.beyond).count();
    assert!(beyond >= 27, "{beyond}");
}

#[test]
fn it_serializes_and_every_schema_is_one() {
    let catalogue = connector::describe();
    let json = serde_json::to_value(&catalogue).unwrap();
    assert_eq!(json["actions"].as_array().unwrap().len(), catalogue.actions.len());
    assert_eq!(json["connections"][0]["inputs"][3]["type"], "secret");
    let schemas = (catalogue.connections.iter().map(|entry| entry.schema()))
        .chain(catalogue.triggers.iter().map(|entry| entry.schema()))
        .chain(catalogue.actions.iter().map(|entry| entry.schema()));
    for schema in schemas {
        assert!(jsonschema::meta::is_valid(&schema), "{schema}");
        jsonschema::validator_for(&schema).unwrap();
    }
}

/// Each entry names the test that covers it; the tests of this binary are here.
#[test]
fn every_expected_entry_has_its_test() {
    let files = [
        ("books", include_str!("books.rs")),
        ("channels", include_str!("channels.rs")),
        ("connections", include_str!("connections.rs")),
        ("crm", include_str!("crm.rs")),
        ("raw", include_str!("raw.rs")),
        ("triggers", include_str!("triggers.rs")),
    ];
    for entry in ["connections", "triggers", "actions"]
        .iter()
        .flat_map(|group| entries(group))
    {
        let test = &entry["test"];
        assert_eq!(
            (&test["package"], &test["target"]),
            (&json!("zoho-client"), &json!("connector"))
        );
        let (module, name) = test["name"].as_str().unwrap().split_once("::").unwrap();
        let (_, text) = files.iter().find(|(known, _)| *known == module).unwrap();
        assert!(text.contains(&format!("async fn {name}(")), "{module}::{name}");
    }
}
