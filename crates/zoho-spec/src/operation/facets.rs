//! The `x-zoho-*` extensions of an operation, from tree to type.
//!
//! The rules use the same functions as the model, so that what a rule lets pass can be read.

use super::{Credits, Evidence, Paging, PagingStyle};
use crate::record::{Modified, RecordType};
use crate::tree::Node;

/// `x-zoho-credits`: `n`, `{per: n}`, `{rows: [[n, c], ..]}` or `{base: n, with: {parameter: c}}`.
pub(crate) fn credits(node: &Node) -> Option<Credits> {
    if let Some(fixed) = node.count() {
        return Some(Credits::Fixed(fixed));
    }
    match node.entries() {
        [per] if per.key == "per" => per.value.count().filter(|per| *per > 0).map(Credits::PerItems),
        [rows] if rows.key == "rows" => by_rows(&rows.value),
        [base, with] if base.key == "base" && with.key == "with" => match with.value.entries() {
            [parameter] => Some(Credits::With {
                base: base.value.count()?,
                parameter: parameter.key.clone(),
                credits: parameter.value.count()?,
            }),
            _ => None,
        },
        _ => None,
    }
}

fn by_rows(node: &Node) -> Option<Credits> {
    let steps = node
        .items()
        .iter()
        .map(|step| match step.items() {
            [rows, credits] => Some((rows.count()?, credits.count()?)),
            _ => None,
        })
        .collect::<Option<Vec<_>>>()?;
    let ascending = steps
        .iter()
        .zip(steps.iter().skip(1))
        .all(|(low, high)| low.0 < high.0);
    (!steps.is_empty() && ascending).then_some(Credits::ByRows(steps))
}

/// `x-zoho-paging`: `{style: .., items: ..}`.
pub(crate) fn paging(node: &Node) -> Option<Paging> {
    let style = match node.text_at("style")? {
        "token" => PagingStyle::Token,
        "page" => PagingStyle::Page,
        "query" => PagingStyle::Query,
        "context" => PagingStyle::Context,
        _ => return None,
    };
    let items = node
        .text_at("items")
        .filter(|items| !items.is_empty())?
        .to_owned();
    (node.entries().len() == 2).then_some(Paging { style, items })
}

/// `x-zoho-evidence`: `documented`, `recorded` or `inferred`.
pub(crate) fn evidence(node: &Node) -> Option<Evidence> {
    match node.text()? {
        "documented" => Some(Evidence::Documented),
        "recorded" => Some(Evidence::Recorded),
        "inferred" => Some(Evidence::Inferred),
        _ => None,
    }
}

/// `x-zoho-record`: `{type, wrapper, list, id, parents, modified}` and, where creates go elsewhere, `write`.
pub(crate) fn record(node: &Node, path: &str) -> Option<RecordType> {
    const KEYS: [&str; 7] = ["type", "wrapper", "list", "id", "parents", "modified", "write"];
    if node
        .entries()
        .iter()
        .any(|entry| !KEYS.contains(&entry.key.as_str()))
    {
        return None;
    }
    let text = |key: &str| {
        node.text_at(key)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    let parents = node.get("parents")?;
    if !matches!(parents.kind, crate::tree::Kind::List(_)) {
        return None;
    }
    let write_path = match node.get("write") {
        Some(write) => Some(write.text().filter(|path| path.starts_with('/'))?.to_owned()),
        None => None,
    };
    Some(RecordType {
        name: text("type")?,
        wrapper: text("wrapper")?,
        list_key: text("list")?,
        id: text("id")?,
        parents: parents
            .items()
            .iter()
            .map(|parent| parent.text().map(str::to_owned))
            .collect::<Option<_>>()?,
        path: path.to_owned(),
        write_path,
        modified: match node.text_at("modified")? {
            "none" => Modified::None,
            "sort" => Modified::Sort,
            "filter" => Modified::Filter,
            _ => return None,
        },
    })
}
