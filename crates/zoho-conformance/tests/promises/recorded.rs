//! The types that recorded answers of Zoho Books had are the ones that are described, and all of them decode.
#![allow(clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use zoho_conformance::decode::{decode, operations, spec};
use zoho_spec::{Product, Reply, Spec};

/// Component, path and types: distilled from answers, without any value of them.
const RECORDED: &str = include_str!("recorded/books.tsv");

/// Types by path, by component.
fn recorded() -> BTreeMap<&'static str, Vec<(&'static str, Vec<&'static str>)>> {
    let mut components: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for line in RECORDED.lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('\t');
        let mut cell = || cells.next().expect("three cells");
        let (component, path, types) = (cell(), cell(), cell());
        components
            .entry(component)
            .or_default()
            .push((path, types.split(' ').collect()));
    }
    components
}

/// `a[].b` as `a`, `[]`, `b`.
fn steps(path: &str) -> Vec<&str> {
    path.split('.')
        .flat_map(|part| match part.strip_suffix("[]") {
            Some(list) => vec![list, "[]"],
            None => vec![part],
        })
        .collect()
}

enum Described<'a> {
    As(&'a Value),
    /// It may be anything.
    Open,
    Not,
}

fn described<'a>(books: &'a Spec, component: &str, path: &str) -> Described<'a> {
    let resolve = |schema: &'a Value| {
        let name = schema["$ref"].as_str().and_then(|name| name.rsplit('/').next());
        name.and_then(|name| books.schema(name)).unwrap_or(schema)
    };
    let Some(mut schema) = books.schema(component) else {
        return Described::Not;
    };
    for step in steps(path) {
        let inside = match step {
            "[]" => schema.get("items"),
            _ if schema.get("properties").is_none() => return Described::Open,
            name => schema["properties"].get(name),
        };
        let Some(inside) = inside else {
            return Described::Not;
        };
        schema = resolve(inside);
        if schema.as_object().is_some_and(Map::is_empty) {
            return Described::Open;
        }
    }
    Described::As(schema)
}

fn agrees(schema: &Value, kind: &str) -> bool {
    let described = schema["type"].as_str().unwrap_or_default();
    match kind {
        "empty" | "null" => true,
        "integer" => ["integer", "number"].contains(&described),
        kind => kind == described,
    }
}

#[test]
fn the_recorded_types_are_the_described_ones() {
    let books = spec(Product::Books);
    let mut compared = 0;
    for (component, rows) in recorded() {
        for (path, kinds) in rows {
            match described(books, component, path) {
                Described::Open => {}
                Described::Not => panic!("{component}: {path} is not described"),
                Described::As(schema) => {
                    for kind in kinds {
                        assert!(
                            agrees(schema, kind),
                            "{component}: {path} came as {kind}, not {schema}"
                        );
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(compared > 1_500, "{compared}");
}

/// Puts a value of the `turn`th recorded type at a path.
fn put(at: &mut Value, steps: &[&str], value: &Value) {
    match steps {
        [] => {
            if !(at.is_object() && value == &json!({}) || at.is_array() && value == &json!([])) {
                *at = value.clone();
            }
        }
        ["[]", rest @ ..] => {
            if !at.is_array() {
                *at = json!([]);
            }
            if let Some(items) = at.as_array_mut() {
                if items.is_empty() {
                    items.push(Value::Null);
                }
                put(&mut items[0], rest, value);
            }
        }
        [name, rest @ ..] => {
            if !at.is_object() {
                *at = json!({});
            }
            put(&mut at[*name], rest, value);
        }
    }
}

fn sample(kind: &str) -> Value {
    match kind {
        "empty" => json!(""),
        "integer" => json!(7),
        "number" => json!(12.5),
        "string" => json!("460000000026049"),
        "boolean" => json!(true),
        "array" => json!([]),
        "object" => json!({}),
        "null" => Value::Null,
        other => panic!("`{other}` is no type"),
    }
}

#[test]
fn an_answer_of_every_recorded_type_keeps_all_of_it() {
    let recorded = recorded();
    let mut tried = 0;
    for (name, operation) in operations() {
        let Reply::Json { schema } = &operation.reply else {
            continue;
        };
        let Some(rows) = recorded
            .get(schema.as_str())
            .filter(|_| name.starts_with("books."))
        else {
            continue;
        };
        for turn in 0..3 {
            let mut body = json!({});
            for (path, kinds) in rows {
                put(&mut body, &steps(path), &sample(kinds[turn % kinds.len()]));
            }
            let report = decode(&name, body.to_string().as_bytes());
            assert!(report.ok && report.lost.is_empty(), "{report}\n{body}");
        }
        tried += 1;
    }
    assert!(tried >= recorded.len(), "{tried}");
}
