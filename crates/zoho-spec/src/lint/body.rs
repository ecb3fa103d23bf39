//! What operations send.

use crate::tree::Node;
use crate::view::{BODY_FORM, BODY_JSON, BODY_MULTIPART, OperationNode, View};
use crate::violation::{Report, rules};

rules! {
    NAMED = "named-body": "JSON bodies and replies are references to components; parts of multipart and form bodies stand inline";
    CONTENT = "body-content": "a body has one content type, JSON, multipart or form, and a GET has no body";
    OPTIONAL = "update-optional": "in the body of a PUT or PATCH every field is optional, apart from the array that holds the items";
}

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    for operation in &view.operations {
        check_content(view, *operation, report);
        if matches!(operation.method, "put" | "patch") {
            check_optional(view, *operation, report);
        }
    }
}

fn check_content(view: &View<'_>, operation: OperationNode<'_>, report: &mut Report) {
    let Some(entry) = operation.node.entry("requestBody") else {
        return;
    };
    if operation.method == "get" {
        report.add(entry.origin, CONTENT, "a GET has no body");
    }
    let [media] = view
        .resolve(&entry.value)
        .get("content")
        .map(Node::entries)
        .unwrap_or_default()
    else {
        return report.add(entry.origin, CONTENT, "not exactly one content type");
    };
    let schema = media.value.get("schema");
    match media.key.as_str() {
        BODY_JSON if schema.is_some_and(|schema| schema.reference().is_some()) => {}
        BODY_JSON => report.add(media.origin, NAMED, "the body is no reference to a component"),
        BODY_MULTIPART | BODY_FORM if schema.is_some_and(|schema| schema.get("properties").is_some()) => {}
        BODY_MULTIPART | BODY_FORM => report.add(
            media.origin,
            NAMED,
            "the parts do not stand inline, as properties",
        ),
        other => report.add(
            media.origin,
            CONTENT,
            format!("`{other}` is none of the three content types"),
        ),
    }
}

fn check_optional<'a>(view: &View<'a>, operation: OperationNode<'a>, report: &mut Report) {
    let Some(body) = view.json_body(operation) else {
        return;
    };
    let top = view.resolve(body);
    for schema in view.reach([body]) {
        let required = schema.get("required").map(Node::items).unwrap_or_default();
        for name in required {
            let items = name.text().and_then(|name| schema.at(&["properties", name]));
            let envelope = std::ptr::eq(schema, top)
                && items.is_some_and(|items| view.resolve(items).text_at("type") == Some("array"));
            if !envelope {
                let field = name.text().unwrap_or_default();
                report.add(
                    name.origin,
                    OPTIONAL,
                    format!("`{field}` is required in an update"),
                );
            }
        }
    }
}
