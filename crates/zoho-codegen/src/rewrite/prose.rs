//! The documentation of a call.

use zoho_spec::{Body, Operation, ParameterLocation, Part, Reply};

use super::docs;

/// Its text: summary, path and scopes, path parameters, parts of a form, Zoho's page, errors.
pub(super) fn documentation(operation: &Operation, description: Option<&str>, may_be_empty: bool) -> String {
    let scopes = scopes(&operation.scopes);
    let mut paragraphs = vec![docs::prose(&operation.summary)];
    paragraphs.extend(description.map(docs::prose));
    paragraphs.push(format!(
        "`{} {}`{scopes}.",
        operation.method.name(),
        operation.path
    ));
    let described: Vec<String> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == ParameterLocation::Path)
        .filter_map(|parameter| {
            let description = parameter.description.as_ref()?;
            Some(format!("- `{}`: {}", parameter.name, docs::prose(description)))
        })
        .collect();
    if !described.is_empty() {
        paragraphs.push(described.join("\n"));
    }
    if let Body::Multipart { parts } = &operation.request {
        let parts: Vec<String> = parts.iter().map(part).collect();
        paragraphs.push(format!("The parts of `form`:\n\n{}", parts.join("\n")));
    }
    if !matches!(operation.reply, Reply::Empty) && may_be_empty {
        paragraphs.push("The body is `None` when Zoho answers without one (204 or 304).".to_owned());
    }
    paragraphs.extend(
        operation
            .docs
            .as_ref()
            .map(|page| format!("[Zoho's page]({page})")),
    );
    paragraphs.push("# Errors".to_owned());
    paragraphs
        .push("When the call could not be made, or was refused: [`crate::Error`] says which.".to_owned());
    paragraphs.join("\n\n")
}

/// A part of a form as an item of a list.
fn part(part: &Part) -> String {
    let kind = if part.file { "a file" } else { "text" };
    let required = if part.required { ", required" } else { "" };
    let description = part.description.as_deref().map(docs::prose).unwrap_or_default();
    format!("- `{}`, {kind}{required}. {description}", part.name)
        .trim_end()
        .to_owned()
}

/// So many alternatives are told in prose; the operation table has them all.
const MOST_SCOPES: usize = 4;

/// The scopes in prose: what every alternative needs, then what they differ by.
fn scopes(alternatives: &[Vec<String>]) -> String {
    let quoted = |scopes: &[&String]| -> String {
        scopes
            .iter()
            .map(|scope| format!("`{scope}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let Some((first, others)) = alternatives.split_first() else {
        return String::new();
    };
    let (common, _): (Vec<&String>, Vec<&String>) = first
        .iter()
        .partition(|scope| others.iter().all(|other| other.contains(scope)));
    let rest: Vec<String> = alternatives
        .iter()
        .map(|scopes| {
            quoted(
                &scopes
                    .iter()
                    .filter(|scope| !common.contains(scope))
                    .collect::<Vec<_>>(),
            )
        })
        .filter(|scopes| !scopes.is_empty())
        .collect();
    let shown = match rest.as_slice() {
        few if few.len() <= MOST_SCOPES => rest.join(" or "),
        many => {
            let (shown, others) = many.split_at(MOST_SCOPES - 1);
            format!("{} or one of {} others", shown.join(" or "), others.len())
        }
    };
    match (common.is_empty(), rest.is_empty()) {
        (false, true) => format!("; scope {}", quoted(&common)),
        (true, false) => format!("; scope {}", shown),
        (false, false) => format!("; scope {} with {}", quoted(&common), shown),
        (true, true) => String::new(),
    }
}
