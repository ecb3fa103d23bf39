//! What was seen in an answer, and how two of them differ.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// JSON types by path; the items of a list are `[]`.
pub(crate) type Shape = BTreeMap<String, BTreeSet<&'static str>>;

/// What one probe saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The status, and the code of a refusal; nothing where an empty list was answered.
    pub(crate) outcome: Option<String>,
    /// Other facts, by name.
    pub(crate) facts: BTreeMap<&'static str, String>,
    /// The types in the body.
    pub(crate) shape: Shape,
}

impl Seen {
    /// Whether there was nothing to see, as in an empty list.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where two answers to the same probe differ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The probe, such as `crm.list_records`.
    pub probe: String,
    /// What differs, such as `outcome` or `type of $.data[].id`.
    pub what: String,
    /// What the target has.
    pub target: String,
    /// What the mock has.
    pub mock: String,
}

/// The types in a body.
pub(crate) fn shape(value: &Value) -> Shape {
    let mut shape = Shape::new();
    note("$".to_owned(), value, &mut shape);
    shape
}

fn note(path: String, value: &Value, shape: &mut Shape) {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(items) => {
            items
                .iter()
                .for_each(|item| note(format!("{path}[]"), item, shape));
            "array"
        }
        Value::Object(members) => {
            for (name, member) in members {
                note(format!("{path}.{name}"), member, shape);
            }
            "object"
        }
    };
    shape.entry(path).or_default().insert(kind);
}

/// The path above, if there is one.
fn above(path: &str) -> Option<&str> {
    let cut = path.strip_suffix("[]");
    cut.or_else(|| path.rsplit_once('.').map(|(above, _)| above))
}

fn list(kinds: &BTreeSet<&'static str>) -> String {
    kinds.iter().copied().collect::<Vec<_>>().join(" or ")
}

/// Where the target's answer differs from the mock's. What one side did not show says nothing: an empty list, `null`.
pub(crate) fn differences(probe: &str, target: &Seen, mock: &Seen) -> Vec<Difference> {
    let mut out = Vec::new();
    let mut differs = |what: String, target: String, mock: String| {
        let probe = probe.to_owned();
        out.push(Difference {
            probe,
            what,
            target,
            mock,
        });
    };
    if let (Some(theirs), Some(ours)) = (&target.outcome, &mock.outcome)
        && theirs != ours
    {
        differs("outcome".to_owned(), theirs.clone(), ours.clone());
    }
    for (name, theirs) in &target.facts {
        if let Some(ours) = mock.facts.get(name).filter(|ours| *ours != theirs) {
            differs((*name).to_owned(), theirs.clone(), ours.clone());
        }
    }
    let paths: BTreeSet<&String> = target.shape.keys().chain(mock.shape.keys()).collect();
    for path in paths {
        let known = |shape: &Shape| {
            shape
                .get(path)
                .map(|kinds| kinds.iter().copied().filter(|kind| *kind != "null").collect())
        };
        let (theirs, ours): (Option<BTreeSet<_>>, Option<BTreeSet<_>>) =
            (known(&target.shape), known(&mock.shape));
        match (theirs, ours) {
            (Some(theirs), Some(ours)) => {
                if !theirs.is_empty() && !ours.is_empty() && theirs.is_disjoint(&ours) {
                    differs(format!("type of {path}"), list(&theirs), list(&ours));
                }
            }
            (theirs, ours) => {
                // A field that is missing from what both have.
                let has = |shape: &Shape| {
                    above(path)
                        .is_some_and(|above| shape.get(above).is_some_and(|kinds| kinds.contains("object")))
                };
                if !path.ends_with("[]") && has(&target.shape) && has(&mock.shape) {
                    let side = |kinds: Option<BTreeSet<&'static str>>| match kinds {
                        None => "absent".to_owned(),
                        Some(_) => "present".to_owned(),
                    };
                    differs(format!("presence of {path}"), side(theirs), side(ours));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn seen(outcome: &str, body: &Value) -> Seen {
        Seen {
            outcome: Some(outcome.to_owned()),
            facts: BTreeMap::new(),
            shape: shape(body),
        }
    }

    fn found(target: &Seen, mock: &Seen) -> Vec<String> {
        let found = differences("p", target, mock);
        found
            .into_iter()
            .map(|one| format!("{}: {} / {}", one.what, one.target, one.mock))
            .collect()
    }

    #[test]
    fn types_and_presence_differ_and_what_was_not_shown_says_nothing() {
        let mock = seen(
            "200",
            &json!({"data": [{"id": "1", "n": 1, "x": null, "in": {"a": 1}}], "info": {"more": false}}),
        );
        assert!(found(&mock, &mock).is_empty());
        let empty = seen("200", &json!({"data": [], "info": {"more": true}}));
        assert!(found(&empty, &mock).is_empty());
        let other = seen(
            "200",
            &json!({"data": [{"id": 1, "n": null, "x": "text", "new": true, "in": null}], "info": {}}),
        );
        assert_eq!(
            found(&other, &mock),
            [
                "type of $.data[].id: number / string",
                "presence of $.data[].new: present / absent",
                "presence of $.info.more: absent / present",
            ]
        );
        assert_eq!(
            found(&seen("400 X", &json!({})), &seen("404 Y", &json!({}))),
            ["outcome: 400 X / 404 Y"]
        );
    }
}
