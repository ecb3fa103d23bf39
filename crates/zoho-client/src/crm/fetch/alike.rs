//! Whether a query shows what a list shows: by the types of the fields, and by a page of both.

use serde_json::{Map, Value};

use crate::crm::Field;
use crate::page::body;

/// Types whose values look the same in a list and in a query. Lookups, owners, rich text, several values of a picklist,
/// files and tags do not.
const ALIKE: &[&str] = &[
    "autonumber",
    "boolean",
    "currency",
    "date",
    "datetime",
    "double",
    "email",
    "integer",
    "percent",
    "phone",
    "picklist",
    "text",
    "website",
];

/// Whether all these fields look the same in a list and in a query. A field that the module does not have does not.
pub(super) fn fields(names: &[String], fields: &[Field]) -> bool {
    let alike = |name: &String| {
        name == "id"
            || fields
                .iter()
                .find(|field| field.api_name == *name)
                .is_some_and(|field| {
                    let several = field.more.get("json_type").and_then(Value::as_str);
                    let kind = field.data_type.as_deref().unwrap_or_default();
                    ALIKE.contains(&kind) && !matches!(several, Some("jsonarray" | "jsonobject"))
                })
    };
    names.iter().all(alike)
}

/// Whether the rows of a list's first page are those with which a query begins, value by value. Hidden rows of the query
/// do not count; the order of fields does not matter.
pub(super) fn pages(list: &[u8], query: &[u8], hidden: impl Fn(&str) -> bool) -> bool {
    let rows = |bytes| body::rows::<Map<String, Value>>(bytes, "data");
    let (Some(list), Some(query)) = (rows(list), rows(query)) else {
        return false;
    };
    let id = |row: &Map<String, Value>| row.get("id").and_then(Value::as_str).map(str::to_owned);
    let mut shown = query
        .into_iter()
        .filter(|row| id(row).is_none_or(|id| !hidden(&id)));
    list.into_iter().all(|row| shown.next() == Some(row))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_and_unknown_fields_are_not_alike() {
        let known: Vec<Field> = serde_json::from_value(json!([
            {"api_name": "Email", "data_type": "email", "json_type": "string"},
            {"api_name": "Tag", "data_type": "text", "json_type": "jsonarray"},
            {"api_name": "Owner", "data_type": "ownerlookup", "json_type": "jsonobject"},
            {"api_name": "Odd"},
        ]))
        .unwrap();
        let alike = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            fields(&names, &known)
        };
        assert!(alike(&["id", "Email"]));
        for other in ["Tag", "Owner", "Odd", "Gone"] {
            assert!(!alike(&["Email", other]), "{other}");
        }
    }

    #[test]
    fn pages_differ_by_value_by_row_and_by_order_but_not_by_the_order_of_fields() {
        let page = |rows: Value| json!({"data": rows, "info": {}}).to_string();
        let same =
            |list: Value, query: Value| pages(page(list).as_bytes(), page(query).as_bytes(), |id| id == "9");
        let (one, two) = (json!({"id": "1", "a": 1}), json!({"id": "2", "a": null}));
        assert!(same(
            json!([one, two]),
            json!([{"a": 1, "id": "1"}, {"id": "9"}, two, {"id": "3"}])
        ));
        assert!(!same(json!([one, two]), json!([two, one])));
        assert!(!same(json!([one, two]), json!([one])));
        assert!(!same(json!([one, two]), json!([one, {"id": "2"}])));
        assert!(!same(json!([one, two]), json!([one, {"id": "3"}, two])));
    }
}
