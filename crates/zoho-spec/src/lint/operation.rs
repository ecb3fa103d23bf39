//! What every operation says about itself: name, tag, summary, scopes, answers.

use std::collections::BTreeMap;

use crate::tree::Node;
use crate::view::{BODY_JSON, OperationNode, View};
use crate::violation::{Report, rules};

rules! {
    ID = "operation-id": "an operationId in snake_case, verb first and at least two words, unique within the product";
    TAG = "operation-tag": "exactly one tag: the name of the file";
    SUMMARY = "operation-summary": "a summary of one line, at most 120 characters, that ends with a full stop";
    SCOPES = "operation-scopes": "security with at least one alternative of zoho_oauth scopes such as ZohoCRM.modules.READ";
    SUCCESS = "success-status": "at least one success status: 200, 201, 202, 204, 207 or 304";
    EMPTY = "empty-status": "204 and 304 have no content";
    ONE_SUCCESS = "one-success-schema": "all success statuses with content share one content type and one schema";
    ERRORS = "shared-error": "4XX and 5XX, both the response component Error, and no other failure";
}

const SUCCESSES: [&str; 6] = ["200", "201", "202", "204", "207", "304"];
const RIGHTS: [&str; 7] = ["ALL", "READ", "CREATE", "UPDATE", "WRITE", "DELETE", "CUSTOM"];

pub(super) fn check(view: &View<'_>, files: &[String], report: &mut Report) {
    let mut ids = BTreeMap::new();
    for operation in &view.operations {
        check_id(*operation, &mut ids, report);
        check_tag(*operation, files, report);
        check_summary(*operation, report);
        check_scopes(*operation, report);
        check_success(view, *operation, report);
        check_errors(*operation, report);
    }
}

fn check_id<'a>(
    operation: OperationNode<'a>,
    ids: &mut BTreeMap<&'a str, OperationNode<'a>>,
    report: &mut Report,
) {
    let Some(node) = operation.node.get("operationId") else {
        return report.add(operation.origin, ID, "no operationId");
    };
    let id = node.text().unwrap_or_default();
    let word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if !id.starts_with(|c: char| c.is_ascii_lowercase())
        || id.split('_').count() < 2
        || !id.split('_').all(word)
    {
        return report.add(node.origin, ID, format!("`{id}` is not verb_noun in snake_case"));
    }
    if let Some(first) = ids.insert(id, operation) {
        let message = format!("`{id}` is also {} {}", first.method.to_uppercase(), first.path);
        report.add(node.origin, ID, message);
    }
}

fn check_tag(operation: OperationNode<'_>, files: &[String], report: &mut Report) {
    let file = files
        .get(operation.origin.file)
        .and_then(|name| name.strip_suffix(".yaml"))
        .unwrap_or_default();
    let tags = operation.node.get("tags");
    match tags.map(Node::items).unwrap_or_default() {
        [tag] if tag.text() == Some(file) => {}
        [tag] => report.add(
            tag.origin,
            TAG,
            format!("the tag is not `{file}`, the name of the file"),
        ),
        _ => report.add(
            tags.map_or(operation.origin, |tags| tags.origin),
            TAG,
            "not exactly one tag",
        ),
    }
}

fn check_summary(operation: OperationNode<'_>, report: &mut Report) {
    let Some(node) = operation.node.get("summary") else {
        return report.add(operation.origin, SUMMARY, "no summary");
    };
    let summary = node.text().unwrap_or_default();
    if !summary.ends_with('.') || summary.contains('\n') || summary.chars().count() > 120 {
        report.add(
            node.origin,
            SUMMARY,
            "not one line with a full stop at its end, or longer than 120 characters",
        );
    }
}

fn check_scopes(operation: OperationNode<'_>, report: &mut Report) {
    let Some(node) = operation.node.get("security") else {
        return report.add(operation.origin, SCOPES, "no security");
    };
    if node.items().is_empty() {
        return report.add(node.origin, SCOPES, "no alternative");
    }
    for alternative in node.items() {
        let scopes = alternative.get("zoho_oauth").map(Node::items).unwrap_or_default();
        if scopes.is_empty() || alternative.entries().len() != 1 {
            report.add(
                alternative.origin,
                SCOPES,
                "not of the form { zoho_oauth: [\"scope\"] }",
            );
        }
        for scope in scopes {
            if !scope.text().is_some_and(is_scope) {
                report.add(scope.origin, SCOPES, "not of the form ZohoService.group.RIGHT");
            }
        }
    }
}

fn is_scope(scope: &str) -> bool {
    let words: Vec<&str> = scope.split('.').collect();
    let [service, groups @ .., right] = words.as_slice() else {
        return false;
    };
    let word = |word: &&str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_{}".contains(c))
    };
    service.starts_with("Zoho") && !groups.is_empty() && groups.iter().all(word) && RIGHTS.contains(right)
}

fn check_success(view: &View<'_>, operation: OperationNode<'_>, report: &mut Report) {
    let responses = view.responses(operation);
    let successes: Vec<_> = responses
        .iter()
        .filter(|(status, ..)| SUCCESSES.contains(status))
        .collect();
    if successes.is_empty() {
        report.add(operation.origin, SUCCESS, "no success status");
    }
    let mut first: Option<(&str, Option<&str>)> = None;
    for (status, origin, response) in successes {
        let content = response.get("content");
        if matches!(*status, "204" | "304") {
            if content.is_some() {
                report.add(*origin, EMPTY, format!("{status} has content"));
            }
            continue;
        }
        let media = content.map(Node::entries).unwrap_or_default();
        let [media] = media else {
            let what = if media.is_empty() {
                "no content"
            } else {
                "several content types"
            };
            if !media.is_empty() || content.is_some() {
                report.add(*origin, ONE_SUCCESS, format!("{status} has {what}"));
            }
            continue;
        };
        let schema = media.value.get("schema").and_then(Node::reference);
        match first {
            None => first = Some((&media.key, schema)),
            Some(known) if known != (&media.key, schema) => {
                report.add(
                    *origin,
                    ONE_SUCCESS,
                    format!("{status} answers something else than the first success"),
                );
            }
            Some(_) => {}
        }
        if media.key == BODY_JSON && schema.is_none() {
            report.add(
                *origin,
                super::body::NAMED,
                format!("the reply of {status} is no reference to a component"),
            );
        }
    }
}

fn check_errors(operation: OperationNode<'_>, report: &mut Report) {
    let responses = operation
        .node
        .get("responses")
        .map(Node::entries)
        .unwrap_or_default();
    for wanted in ["4XX", "5XX"] {
        if !responses.iter().any(|response| response.key == wanted) {
            report.add(operation.origin, ERRORS, format!("no {wanted}"));
        }
    }
    for response in responses
        .iter()
        .filter(|response| !SUCCESSES.contains(&response.key.as_str()))
    {
        let shared = response.value.reference() == Some("#/components/responses/Error");
        if !shared || !["4XX", "5XX"].contains(&response.key.as_str()) {
            report.add(
                response.origin,
                ERRORS,
                format!("{} is not the shared Error under 4XX or 5XX", response.key),
            );
        }
    }
}
