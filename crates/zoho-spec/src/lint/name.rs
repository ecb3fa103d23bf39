//! Names that generated code would give twice.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};

use crate::tree::{Entry, Node};
use crate::view::View;
use crate::violation::{Report, rules};

rules! {
    COMPONENT = "component-name": "schema components are named in PascalCase, not like another one, a resource, an operation's parameters or a type of the client";
    PROPERTY = "property-collision": "no two properties of a schema meet in snake_case";
    PARAMETER = "parameter-collision": "no two parameters of an operation meet in snake_case, and none is called body";
    UNUSED = "unused-component": "every component is reached from an operation";
}

/// Types that generated code finds in scope.
const RESERVED: [&str; 16] = [
    "Api", "Client", "Error", "Reply", "Result", "Option", "Vec", "String", "Box", "Some", "None", "Ok",
    "Err", "Lenient", "Decimal", "Core",
];

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    check_components(view, report);
    for schema in view.all_schemas() {
        let properties = schema.get("properties").map(Node::entries).unwrap_or_default();
        let mut seen = BTreeMap::new();
        for property in properties {
            if let Some(first) = seen.insert(property.key.to_snake_case(), &property.key) {
                let message = format!("`{}` and `{first}` are one name in Rust", property.key);
                report.add(property.origin, PROPERTY, message);
            }
        }
    }
    for operation in &view.operations {
        let mut seen = BTreeMap::from([("body".to_owned(), "the request body")]);
        for (origin, parameter) in view.parameters(*operation) {
            let name = parameter.text_at("name").unwrap_or_default();
            if let Some(first) = seen.insert(name.to_snake_case(), name)
                && first != name
            {
                report.add(
                    origin,
                    PARAMETER,
                    format!("`{name}` and `{first}` are one name in Rust"),
                );
            }
        }
    }
    check_unused(view, report);
}

fn check_components(view: &View<'_>, report: &mut Report) {
    let mut taken: BTreeMap<String, String> = RESERVED
        .iter()
        .map(|name| ((*name).to_owned(), "a type of the client".to_owned()))
        .collect();
    for operation in &view.operations {
        if let Some(id) = operation.node.text_at("operationId") {
            taken.insert(id.to_pascal_case(), format!("the parameters of {id}"));
        }
        for tag in operation.node.get("tags").map(Node::items).unwrap_or_default() {
            let tag = tag.text().unwrap_or_default();
            taken.insert(tag.to_pascal_case(), format!("the resource {tag}"));
        }
    }
    for Entry { key, origin, .. } in view.components("schemas") {
        let pascal = key.to_pascal_case();
        if pascal != *key {
            report.add(
                *origin,
                COMPONENT,
                format!("`{key}` is not PascalCase; `{pascal}` is"),
            );
        }
        if let Some(other) = taken.insert(pascal, format!("the component {key}")) {
            report.add(*origin, COMPONENT, format!("`{key}` is also {other}"));
        }
    }
}

fn check_unused(view: &View<'_>, report: &mut Report) {
    let mut used = BTreeSet::new();
    let mut open: Vec<&Node> = view.root.get("paths").into_iter().collect();
    while let Some(node) = open.pop() {
        if let Some(reference) = node.reference()
            && used.insert(reference)
        {
            let keys: Vec<&str> = reference.trim_start_matches("#/").split('/').collect();
            open.extend(view.root.at(&keys));
        }
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    for section in view.root.get("components").map(Node::entries).unwrap_or_default() {
        if section.key == "securitySchemes" {
            continue;
        }
        for component in section.value.entries() {
            if !used.contains(format!("#/components/{}/{}", section.key, component.key).as_str()) {
                report.add(
                    component.origin,
                    UNUSED,
                    format!("nothing uses {}/{}", section.key, component.key),
                );
            }
        }
    }
}
