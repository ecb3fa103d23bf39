//! A folder of OpenAPI files, with the references between them.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::shown;

/// OpenAPI documents by their path below the folder.
#[derive(Debug, Default)]
pub(crate) struct Files {
    documents: BTreeMap<String, Value>,
    /// References that lead nowhere, met while following them.
    broken: RefCell<BTreeSet<(String, String)>>,
}

impl Files {
    /// Reads every `.json`, `.yaml` and `.yml` file below `dir`.
    pub(crate) fn read(dir: &Path) -> Result<Self, String> {
        let mut paths = Vec::new();
        walk(dir, &mut paths)?;
        paths.sort();
        let mut files = Self::default();
        for path in paths {
            let text =
                std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", shown(&path)))?;
            let document = parse(&path, &text).map_err(|error| format!("{}: {error}", shown(&path)))?;
            let name = path.strip_prefix(dir).unwrap_or(&path);
            let name = name
                .components()
                .map(|part| part.as_os_str().to_string_lossy())
                .collect::<Vec<_>>();
            files.documents.insert(name.join("/"), document);
        }
        Ok(files)
    }

    /// One document that refers to itself only.
    pub(crate) fn one(document: Value) -> Self {
        Self {
            documents: BTreeMap::from([(String::new(), document)]),
            ..Self::default()
        }
    }

    /// The documents by name.
    pub(crate) fn documents(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.documents
            .iter()
            .map(|(name, document)| (name.as_str(), document))
    }

    /// What a value stands for: itself, or what its reference leads to, with the file that has it.
    pub(crate) fn resolve<'a>(&'a self, file: &'a str, value: &'a Value) -> (&'a str, &'a Value) {
        let (mut file, mut value) = (file, value);
        // A reference to a reference is odd, one in a circle would never end.
        for _ in 0..8 {
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return (file, value);
            };
            match self.follow(file, reference) {
                Some(found) => (file, value) = found,
                None => {
                    let place = (file.to_owned(), reference.to_owned());
                    self.broken.borrow_mut().insert(place);
                    return (file, &Value::Null);
                }
            }
        }
        (file, &Value::Null)
    }

    fn follow<'a>(&'a self, file: &'a str, reference: &str) -> Option<(&'a str, &'a Value)> {
        let (place, pointer) = reference.split_once('#')?;
        let (name, document) = match place {
            "" => self.documents.get_key_value(file)?,
            place => self.named(file, place)?,
        };
        Some((name.as_str(), document.pointer(pointer)?))
    }

    /// The file that a reference names: beside the one that refers to it, or, for an address, by its last part.
    fn named(&self, from: &str, place: &str) -> Option<(&String, &Value)> {
        let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
        for part in place.split('/') {
            match part {
                "." | "" => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let last = place.rsplit('/').next().unwrap_or(place);
        let by_name = |name: &str| name == last || name.ends_with(&format!("/{last}"));
        self.documents
            .get_key_value(&parts.join("/"))
            .or_else(|| self.documents.iter().find(|(name, _)| by_name(name)))
    }

    /// References that led nowhere: the file, and what it refers to.
    pub(crate) fn broken(&self) -> Vec<(String, String)> {
        self.broken.borrow().iter().cloned().collect()
    }
}

fn walk(dir: &Path, paths: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = std::fs::read_dir(dir).map_err(|error| format!("{}: {error}", shown(dir)))?;
    for entry in entries {
        let path = entry.map_err(|error| format!("{}: {error}", shown(dir)))?.path();
        let kind = path
            .extension()
            .and_then(|kind| kind.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            walk(&path, paths)?;
        } else if ["json", "yaml", "yml"].contains(&kind) {
            paths.push(path);
        }
    }
    Ok(())
}

fn parse(path: &Path, text: &str) -> Result<Value, String> {
    if path.extension().is_some_and(|kind| kind == "json") {
        return serde_json::from_str(text).map_err(|error| error.to_string());
    }
    // Other people's files may be large: no budget.
    let options = serde_saphyr::options! { budget: None };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| error.to_string())
}
