//! Whether JSON is what a component of the description allows.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use zoho_conformance::decode::spec;
use zoho_spec::Product;

/// Who says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Side {
    /// The client: exactly what is described.
    Request,
    /// The server. OpenAPI 3.0 can not say of a reference that it may be null, and Zoho says null of single things
    /// that are not there; of an id that is not there Books says `""`.
    Reply,
}

/// A component, as one side says it.
type Key = (Product, Side, String);

thread_local! {
    /// Made once for each component: a test asks for the same ones again and again.
    static VALIDATORS: RefCell<HashMap<Key, Rc<Validator>>> = RefCell::default();
}

/// The first thing that is wrong with a value, and where.
pub(crate) fn check(product: Product, component: &str, side: Side, value: &Value) -> Result<(), String> {
    if value.is_null() {
        return Err(format!("there is null in the place of {component}"));
    }
    let validator = validator(product, component, side)?;
    match validator.iter_errors(value).next() {
        Some(error) => Err(format!("{} at {} ({component})", error, error.instance_path())),
        None => Ok(()),
    }
}

fn validator(product: Product, component: &str, side: Side) -> Result<Rc<Validator>, String> {
    let key = (product, side, component.to_owned());
    if let Some(known) = VALIDATORS.with_borrow(|known| known.get(&key).cloned()) {
        return Ok(known);
    }
    let schemas = spec(product).document().pointer("/components/schemas");
    let document = json!({
        "$ref": format!("#/components/schemas/{component}"),
        "components": {"schemas": reached(component, side, schemas.unwrap_or(&Value::Null))},
    });
    let made = Rc::new(jsonschema::validator_for(&document).map_err(|error| error.to_string())?);
    VALIDATORS.with_borrow_mut(|known| known.insert(key, made.clone()));
    Ok(made)
}

/// A component and all that it leads to, with OpenAPI's `nullable` as JSON Schema spells it.
fn reached(name: &str, side: Side, schemas: &Value) -> Value {
    let mut found = Map::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if !found.contains_key(&name) {
            let schema = translated(schemas.get(&name).unwrap_or(&Value::Null), side, &mut open);
            found.insert(name, schema);
        }
    }
    Value::Object(found)
}

fn translated(schema: &Value, side: Side, open: &mut Vec<String>) -> Value {
    match schema {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                open.extend(reference.rsplit('/').next().map(str::to_owned));
            }
            let mut out: Map<String, Value> = fields
                .iter()
                .map(|(key, value)| (key.clone(), translated(value, side, open)))
                .collect();
            let kind = fields.get("type");
            let may_be_null = fields.get("nullable") == Some(&Value::Bool(true))
                || side == Side::Reply && kind == Some(&json!("object"));
            if let (true, Some(kind)) = (may_be_null, kind) {
                out.insert("type".to_owned(), json!([kind, "null"]));
            }
            if side == Side::Reply && fields.get("format").and_then(Value::as_str) == Some("zoho-id") {
                out.insert("pattern".to_owned(), json!("^[0-9]*$"));
            }
            Value::Object(out)
        }
        Value::Array(items) => items.iter().map(|item| translated(item, side, open)).collect(),
        other => other.clone(),
    }
}
