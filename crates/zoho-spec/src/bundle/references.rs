//! References: where they lead, and their form in the bundle.

use std::collections::BTreeSet;

use super::File;
use crate::tree::{Kind, Node};
use crate::violation::{Report, rules};

rules! {
    TARGET = "reference-target": "a $ref leads to a component of the same file (#/components/..) or of a sibling (name.yaml#/components/..)";
    ALONE = "reference-alone": "a $ref stands alone: OpenAPI 3.0 ignores whatever stands beside it";
}

/// Rewrites every reference to its form in the bundle, `#/components/<section>/<name>`.
pub(super) fn localise(files: &mut [File], report: &mut Report) {
    let known: BTreeSet<String> = files.iter().flat_map(targets).collect();
    for file in files {
        let name = file.name.clone();
        rewrite(&mut file.root, &name, &known, report);
    }
}

/// Everything in a file that can be referred to, as `name.yaml#/components/<section>/<name>`.
fn targets(file: &File) -> Vec<String> {
    let sections = file.root.get("components").map(Node::entries).unwrap_or_default();
    sections
        .iter()
        .flat_map(|section| section.value.entries().iter().map(move |entry| (section, entry)))
        .map(|(section, entry)| format!("{}#/components/{}/{}", file.name, section.key, entry.key))
        .collect()
}

fn rewrite(node: &mut Node, file: &str, known: &BTreeSet<String>, report: &mut Report) {
    let origin = node.origin;
    match &mut node.kind {
        Kind::List(items) => items
            .iter_mut()
            .for_each(|item| rewrite(item, file, known, report)),
        Kind::Map(entries) => {
            let alone = entries.len() == 1;
            for entry in entries {
                if entry.key != "$ref" {
                    rewrite(&mut entry.value, file, known, report);
                    continue;
                }
                if !alone {
                    report.add(
                        entry.origin,
                        ALONE,
                        "something stands beside this $ref and would be ignored",
                    );
                }
                let Kind::Text { text, .. } = &mut entry.value.kind else {
                    report.add(entry.origin, TARGET, "a $ref is a string");
                    continue;
                };
                let full = if text.starts_with('#') {
                    format!("{file}{text}")
                } else {
                    text.clone()
                };
                if known.contains(&full) {
                    *text = full
                        .split_once('#')
                        .map_or_else(String::new, |(_, local)| format!("#{local}"));
                } else {
                    report.add(origin, TARGET, format!("`{text}` leads nowhere"));
                }
            }
        }
        _ => {}
    }
}
