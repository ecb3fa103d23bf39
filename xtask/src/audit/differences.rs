//! Where two descriptions part.

use std::fmt;

use serde_json::{Value, json};

use super::files::Files;
use super::surface::{Body, Fields, Operation, Surface};

/// One difference, at one place of one operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    /// Method and shape of the path; the file, for a reference.
    pub(crate) operation: String,
    /// A parameter, a status, a field of request or response; empty for the operation itself.
    pub(crate) place: String,
    pub(crate) kind: Kind,
    /// The schema of ours that a field stands in, or would; empty for everything else.
    pub(crate) home: String,
}

/// What kind of difference it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// They have it, we do not.
    MissingHere,
    /// We have it, they do not.
    MissingThere,
    /// Both have it, with types that do not agree.
    Type { ours: String, theirs: String },
    /// A reference of theirs leads nowhere.
    BrokenReference,
}

impl fmt::Display for Difference {
    /// One line, as it stands in a list of known differences.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.operation)?;
        if !self.place.is_empty() {
            write!(f, " | {}", self.place)?;
        }
        write!(f, " | {}", self.said())
    }
}

impl Difference {
    /// What is said of the place.
    pub(crate) fn said(&self) -> String {
        match &self.kind {
            Kind::MissingHere => "missing here".to_owned(),
            Kind::MissingThere => "missing there".to_owned(),
            Kind::Type { ours, theirs } => format!("{ours} here, {theirs} there"),
            Kind::BrokenReference => "leads nowhere".to_owned(),
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        let (kind, ours, theirs) = match &self.kind {
            Kind::MissingHere => ("missing here", None, None),
            Kind::MissingThere => ("missing there", None, None),
            Kind::Type { ours, theirs } => ("type", Some(ours), Some(theirs)),
            Kind::BrokenReference => ("broken reference", None, None),
        };
        json!({
            "operation": self.operation, "place": self.place, "kind": kind, "ours": ours, "theirs": theirs,
            "schema": self.home,
        })
    }
}

/// All differences between two surfaces.
pub(crate) fn between(ours: &Surface, theirs: &Surface) -> Vec<Difference> {
    let mut found = Vec::new();
    for (key, here) in &ours.operations {
        match theirs.operations.get(key) {
            Some(there) => of_operation(key, here, there, &mut found),
            None => found.push(lacking(key, String::new(), Kind::MissingThere)),
        }
    }
    for key in theirs
        .operations
        .keys()
        .filter(|key| !ours.operations.contains_key(*key))
    {
        found.push(lacking(key, String::new(), Kind::MissingHere));
    }
    found
}

/// The references of theirs that lead nowhere.
pub(crate) fn broken(theirs: &Files) -> impl Iterator<Item = Difference> {
    let broken = theirs.broken().into_iter();
    broken.map(|(file, reference)| lacking(&file, reference, Kind::BrokenReference))
}

fn lacking(operation: &str, place: String, kind: Kind) -> Difference {
    Difference {
        operation: operation.to_owned(),
        place,
        kind,
        home: String::new(),
    }
}

fn of_operation(key: &str, here: &Operation, there: &Operation, found: &mut Vec<Difference>) {
    let mut sides = |place: String, ours: bool| {
        let kind = if ours {
            Kind::MissingThere
        } else {
            Kind::MissingHere
        };
        found.push(lacking(key, place, kind));
    };
    for status in here.statuses.symmetric_difference(&there.statuses) {
        sides(format!("status {status}"), here.statuses.contains(status));
    }
    for (name, _) in here
        .parameters
        .iter()
        .filter(|(name, _)| !there.parameters.contains_key(*name))
    {
        sides(name.clone(), true);
    }
    for (name, theirs) in &there.parameters {
        match here.parameters.get(name) {
            None => found.push(lacking(key, name.clone(), Kind::MissingHere)),
            Some(ours) => types(key, name.clone(), ours, theirs, found),
        }
    }
    of_fields(key, "request", &here.request, &there.request, found);
    of_fields(key, "response", &here.response, &there.response, found);
}

fn types(key: &str, place: String, ours: &str, theirs: &str, found: &mut Vec<Difference>) {
    if ours != theirs && ours != "any" && theirs != "any" {
        let kind = Kind::Type {
            ours: ours.to_owned(),
            theirs: theirs.to_owned(),
        };
        found.push(lacking(key, place, kind));
    }
}

/// Fields are compared where both sides describe what they belong to: an object that may hold anything,
/// such as a record, lacks nothing.
fn of_fields(key: &str, side: &str, here: &Body, there: &Body, found: &mut Vec<Difference>) {
    let (ours, theirs) = (&here.fields, &there.fields);
    let first = found.len();
    for (path, kind) in theirs {
        match ours.get(path) {
            Some(own) => types(key, format!("{side} {path}"), own, kind, found),
            None if is_described(ours, path) => {
                found.push(lacking(key, format!("{side} {path}"), Kind::MissingHere));
            }
            None => {}
        }
    }
    for path in ours.keys().filter(|path| !theirs.contains_key(*path)) {
        if is_described(theirs, path) {
            found.push(lacking(key, format!("{side} {path}"), Kind::MissingThere));
        }
    }
    for one in found.iter_mut().skip(first) {
        let path = one.place.split_once(' ').map_or("", |(_, path)| path);
        one.home = here.home(path).to_owned();
    }
}

/// Whether a side says what stands beside a field: the field's parent is there and has fields of its own.
fn is_described(fields: &Fields, path: &str) -> bool {
    let parent = match path.strip_suffix("[]") {
        Some(list) => {
            return fields
                .get(list)
                .is_some_and(|kind| kind == "array" && has_items(fields, list));
        }
        None => path.rsplit_once('.').map_or("", |(parent, _)| parent),
    };
    let inside = format!("{parent}.");
    fields.contains_key(parent)
        && fields
            .range(inside.clone()..)
            .next()
            .is_some_and(|(path, _)| path.starts_with(&inside))
}

fn has_items(fields: &Fields, list: &str) -> bool {
    fields.contains_key(&format!("{list}[]"))
}
