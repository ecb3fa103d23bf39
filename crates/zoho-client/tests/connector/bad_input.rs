//! Inputs that can not be right: all named at once, nothing sent, never a panic.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use zoho_client::ErrorKind;
use zoho_client::connector::{self, Action, Kind};

use crate::support::World;

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9_f64..1e9).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["", " ", "true", "7", "[", "{\"a\":", "a,b", "..", "/x"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{0,4}", inner, 0..4)
                .prop_map(|map| map.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

fn any_action() -> impl Strategy<Value = &'static Action> {
    prop::sample::select(connector::describe().actions)
}

/// A value that an input does not take; `None` where it takes everything.
fn wrong_for(kind: Kind) -> Option<Value> {
    Some(match kind {
        Kind::Connection | Kind::Json => return None,
        Kind::Text | Kind::Secret | Kind::Choice(_) | Kind::DateTime => json!({"a": 1}),
        Kind::Boolean => json!("perhaps"),
        Kind::Integer(..) => json!("many"),
        Kind::TextList => json!([{"a": 1}]),
        Kind::Fields | Kind::Texts | Kind::Files => json!("text"),
        Kind::Records => json!([1]),
        Kind::File => json!(7),
        _ => return None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_given_nothing_panics(action in any_action(), values in prop::collection::vec(any_json(), 16)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let world = World::new();
            let inputs: Map<String, Value> =
                action.inputs.iter().zip(values).map(|(input, value)| (input.key.to_owned(), value)).collect();
            let _ = connector::invoke(&world.zoho, action.key, Value::Object(inputs)).await;
        });
    }

    #[test]
    fn inputs_that_are_no_object_are_refused(action in any_action(), inputs in any_json()) {
        prop_assume!(!inputs.is_object() && !inputs.is_null());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let world = World::new();
            let error = connector::invoke(&world.zoho, action.key, inputs).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert_eq!(world.requests(), 0);
        });
    }
}

#[tokio::test(start_paused = true)]
async fn every_wrong_input_of_every_action_is_named_at_once() {
    let world = World::new();
    for action in connector::describe().actions {
        let mut inputs = Map::new();
        let mut named = vec!["`no such input` is no input of this action".to_owned()];
        inputs.insert("no such input".to_owned(), json!(1));
        for input in action.inputs {
            match wrong_for(input.kind) {
                Some(value) if input.key.len() % 2 == 0 || !input.required => {
                    inputs.insert(input.key.to_owned(), value);
                    named.push(format!("`{}` ", input.key));
                }
                _ if input.required => named.push(format!("`{}` is required", input.key)),
                _ => {}
            }
        }
        let error = connector::invoke(&world.zoho, action.key, Value::Object(inputs))
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.operation()),
            (ErrorKind::Config, Some(action.key))
        );
        let told = error.to_string();
        for name in named {
            assert!(
                told.contains(&name),
                "{} does not name {name}: {told}",
                action.key
            );
        }
    }
    let unknown = connector::invoke(&world.zoho, "crm_fly", json!({}))
        .await
        .unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Config);
    assert_eq!(world.requests(), 0);
}
