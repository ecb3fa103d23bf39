//! Two JSON values side by side, and a value beside its description.

use serde_json::{Number, Value};
use zoho_spec::Spec;

/// The paths at which two values differ: numbers by value, members in any order, absent and null apart.
pub fn lost(original: &Value, encoded: &Value) -> Vec<String> {
    let mut paths = Vec::new();
    walk(original, encoded, &mut "$".to_owned(), &mut paths);
    paths
}

fn walk(original: &Value, encoded: &Value, path: &mut String, paths: &mut Vec<String>) {
    match (original, encoded) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, value) in a {
                step(path, &member(key), |path| match b.get(key) {
                    Some(other) => walk(value, other, path, paths),
                    None => paths.push(path.clone()),
                });
            }
            for key in b.keys().filter(|key| !a.contains_key(*key)) {
                step(path, &member(key), |path| paths.push(path.clone()));
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            for (index, value) in a.iter().enumerate() {
                step(path, &format!("[{index}]"), |path| match b.get(index) {
                    Some(other) => walk(value, other, path, paths),
                    None => paths.push(path.clone()),
                });
            }
            if b.len() > a.len() {
                step(path, &format!("[{}]", a.len()), |path| paths.push(path.clone()));
            }
        }
        (Value::Number(a), Value::Number(b)) if same_number(a, b) => {}
        (a, b) if a == b => {}
        _ => paths.push(path.clone()),
    }
}

fn step(path: &mut String, part: &str, inside: impl FnOnce(&mut String)) {
    let length = path.len();
    path.push_str(part);
    inside(path);
    path.truncate(length);
}

fn member(key: &str) -> String {
    let plain = key
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$');
    match plain && !key.is_empty() {
        true => format!(".{key}"),
        false => format!("[{}]", Value::from(key)),
    }
}

fn same_number(a: &Number, b: &Number) -> bool {
    let whole = |number: &Number| {
        number
            .as_i64()
            .map(i128::from)
            .or(number.as_u64().map(i128::from))
    };
    match (whole(a), whole(b)) {
        (Some(a), Some(b)) => a == b,
        _ => a.as_f64() == b.as_f64(),
    }
}

/// How many fields of a value its component does not describe. A map, such as a record, may hold
/// anything: nothing in it is unknown.
pub fn unknown(spec: &Spec, component: &str, value: &Value) -> usize {
    spec.schema(component)
        .map_or(0, |schema| undescribed(spec, schema, value))
}

fn undescribed(spec: &Spec, schema: &Value, value: &Value) -> usize {
    let schema = resolve(spec, schema);
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| undescribed(spec, schema.get("items").unwrap_or(&Value::Null), item))
            .sum(),
        Value::Object(fields) => {
            let Some(described) = schema.get("properties").and_then(Value::as_object) else {
                return 0;
            };
            fields
                .iter()
                .map(|(name, value)| {
                    described
                        .get(name)
                        .map_or(1, |schema| undescribed(spec, schema, value))
                })
                .sum()
        }
        _ => 0,
    }
}

/// The schema that a reference leads to, or the schema itself.
pub(crate) fn resolve<'a>(spec: &'a Spec, schema: &'a Value) -> &'a Value {
    let name = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(|reference| reference.rsplit('/').next());
    name.and_then(|name| spec.schema(name)).unwrap_or(schema)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_named_and_nothing_else() {
        let original = json!({"a": null, "b": [1, 2.0, {"c d": "x"}], "e": 10, "g": 1e2});
        let check = |encoded: Value, expected: &[&str]| assert_eq!(lost(&original, &encoded), expected);
        check(
            json!({"g": 100, "e": 10.0, "b": [1, 2, {"c d": "x"}], "a": null}),
            &[],
        );
        check(
            json!({"b": [1, 2, {"c d": "y"}], "e": 10, "f": null, "g": 100}),
            &["$.a", "$.b[2][\"c d\"]", "$.f"],
        );
        check(
            json!({"a": null, "b": [1], "e": "10", "g": 100.5}),
            &["$.b[1]", "$.b[2]", "$.e", "$.g"],
        );
        check(
            json!({"a": null, "b": [1, 2, {"c d": "x"}, 4], "e": 10, "g": 100}),
            &["$.b[3]"],
        );
    }

    #[test]
    fn an_id_beyond_2_to_the_53_is_no_other() {
        assert_eq!(
            lost(
                &json!(9_007_199_254_740_993_u64),
                &json!(9_007_199_254_740_992_u64)
            ),
            ["$"]
        );
    }

    #[test]
    fn fields_that_are_not_described_are_counted_at_any_depth() {
        let crm = crate::decode::spec(zoho_spec::Product::Crm);
        let page = json!({
            "currencies": [{"id": "1", "new": 1, "created_by": {"id": "2", "shoe_size": 43}}],
            "more": true,
        });
        assert_eq!(unknown(crm, "CurrencyList", &page), 3);
        assert_eq!(
            unknown(crm, "RecordPage", &json!({"data": [{"Last_Name": "Ngo"}]})),
            0
        );
    }
}
