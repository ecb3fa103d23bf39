//! Which fields must change for a channel to be told: a binary tree, as Zoho takes it.

use serde_json::{Value, json};

use crate::error::{Error, Result};

/// Zoho's bound on fields of one selection.
const FIELDS: usize = 10;

/// Fields joined by *and* and *or*.
///
/// Zoho takes two members per group and no more, so that longer groups become trees of pairs.
///
/// ```
/// use zoho_client::crm::Selection;
///
/// let contact = Selection::any(["Email", "Phone", "Mobile"]);
/// let _both = Selection::field("Company").and(contact);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection(Node);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    /// Of no field at all: refused when it is used.
    Nothing,
    Field(String),
    Pair(Join, Box<Node>, Box<Node>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Join {
    And,
    Or,
}

impl Selection {
    /// One field, by API name.
    pub fn field(name: impl Into<String>) -> Self {
        Self(Node::Field(name.into()))
    }

    /// Any of these fields.
    pub fn any<S: Into<String>>(fields: impl IntoIterator<Item = S>) -> Self {
        Self::group(Join::Or, fields)
    }

    /// All of these fields.
    pub fn all<S: Into<String>>(fields: impl IntoIterator<Item = S>) -> Self {
        Self::group(Join::And, fields)
    }

    /// Both selections.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(Node::Pair(Join::And, Box::new(self.0), Box::new(other.0)))
    }

    /// Either selection.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(Node::Pair(Join::Or, Box::new(self.0), Box::new(other.0)))
    }

    fn group<S: Into<String>>(join: Join, fields: impl IntoIterator<Item = S>) -> Self {
        Self(paired(
            join,
            fields.into_iter().map(|name| Node::Field(name.into())).collect(),
        ))
    }

    /// Refuses what Zoho does not take.
    pub(super) fn check(&self, module: &str) -> Result<()> {
        let mut fields = Vec::new();
        self.0.fields(&mut fields);
        let wrong = |what: &str| {
            let message = format!("`notification_condition`: {what} for `{}`", module.escape_debug());
            Err(Error::config(message))
        };
        match fields.len() {
            0 => wrong("name at least one field"),
            count if count > FIELDS => wrong("10 fields at most"),
            _ if module.is_empty() || fields.iter().any(|name| name.is_empty()) => wrong("a name is empty"),
            _ => Ok(()),
        }
    }

    pub(super) fn json(&self) -> Value {
        self.0.json()
    }
}

/// Pairs neighbours until one tree is left, so that it is as flat as pairs allow.
fn paired(join: Join, mut nodes: Vec<Node>) -> Node {
    while nodes.len() > 1 {
        let mut rest = nodes.into_iter();
        let mut pairs = Vec::new();
        while let Some(left) = rest.next() {
            pairs.push(match rest.next() {
                Some(right) => Node::Pair(join, Box::new(left), Box::new(right)),
                None => left,
            });
        }
        nodes = pairs;
    }
    nodes.pop().unwrap_or(Node::Nothing)
}

impl Node {
    fn fields<'a>(&'a self, into: &mut Vec<&'a str>) {
        match self {
            Self::Nothing => {}
            Self::Field(name) => into.push(name),
            Self::Pair(_, left, right) => {
                left.fields(into);
                right.fields(into);
            }
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Field(name) => json!({"field": {"api_name": name}}),
            Self::Pair(join, left, right) => {
                let operator = match join {
                    Join::And => "and",
                    Join::Or => "or",
                };
                json!({"group_operator": operator, "group": [left.json(), right.json()]})
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn widest(node: &Value) -> usize {
        let group = node["group"].as_array().map_or(&[][..], Vec::as_slice);
        group.iter().map(widest).fold(group.len(), usize::max)
    }

    #[test]
    fn any_number_of_fields_becomes_a_tree_of_pairs() {
        for count in 1..=10 {
            let names: Vec<String> = (0..count).map(|n| format!("F{n}")).collect();
            let selection = Selection::any(names.clone());
            selection.check("Leads").unwrap();
            let json = selection.json();
            assert!(widest(&json) <= 2, "{json}");
            let text = json.to_string();
            assert!(
                names.iter().all(|name| text.contains(&format!("\"{name}\""))),
                "{text}"
            );
        }
    }

    #[test]
    fn no_field_eleven_fields_and_empty_names_are_refused() {
        let none: [&str; 0] = [];
        for selection in [
            Selection::any(none),
            Selection::all((0..11).map(|n| n.to_string())),
            Selection::field(""),
            Selection::field("Email")
                .and(Selection::any(none))
                .and(Selection::field("")),
        ] {
            let error = selection.check("Leads").unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::Config, "{selection:?}");
            assert!(error.to_string().contains("notification_condition"), "{error}");
        }
    }
}
