//! Many files into one self-contained document.
//!
//! `common.yaml` brings the frame (`openapi`, `info`, `servers`, the security scheme) and shared components, every other
//! file the paths of one resource and the components that only it needs. A file reaches its own components with
//! `#/components/..` and those of a sibling with `sibling.yaml#/components/..`; in the bundle all of them are local,
//! which works because component names are unique within a product. Parameters and servers of a path item move into its
//! operations.

pub(crate) mod references;

use indexmap::IndexMap;

use crate::tree::{Entry, Kind, Node};
use crate::violation::{Origin, Report, rules};

rules! {
    FILE_SHAPE = "file-shape": "common.yaml holds openapi, info, servers and components; every other file holds paths and components";
    PATH_ITEM = "path-item": "a path item holds get, post, put, patch, delete, parameters and servers";
    DUPLICATE_OPERATION = "duplicate-operation": "a method of a path is described once, in one file";
    DUPLICATE_COMPONENT = "duplicate-component": "a component's name is given once per product";
}

/// The file with the frame.
const COMMON: &str = "common.yaml";

/// Methods that may stand in a path item.
pub(crate) const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One description file, read.
pub(crate) struct File {
    /// Name within its folder, such as `records.yaml`.
    pub(crate) name: String,
    pub(crate) root: Node,
}

/// Mappings that several files add to: by key, where it was first met and what stands under it.
type Sections = IndexMap<String, (Origin, Vec<Entry>)>;

/// Merges the files; what does not fit is reported and left out.
pub(crate) fn bundle(mut files: Vec<File>, report: &mut Report) -> Node {
    for file in &files {
        check_shape(file, report);
    }
    references::localise(&mut files, report);

    let mut head = Vec::new();
    let mut paths = Sections::new();
    let mut components = Sections::new();
    for file in files {
        for entry in entries(file.root) {
            match entry.key.as_str() {
                "paths" => {
                    entries(entry.value)
                        .into_iter()
                        .for_each(|path| add_path(&mut paths, path, report));
                }
                "components" => {
                    entries(entry.value)
                        .into_iter()
                        .for_each(|part| add_section(&mut components, part, report));
                }
                _ if file.name == COMMON => head.push(entry),
                _ => {}
            }
        }
    }
    let origin = head.first().map_or_else(Origin::default, |entry| entry.origin);
    for (key, value) in [("paths", paths), ("components", components)] {
        head.push(Entry {
            key: key.to_owned(),
            origin,
            value: merged(value, origin),
        });
    }
    Node::map(head, origin)
}

fn merged(sections: Sections, origin: Origin) -> Node {
    let entries = sections.into_iter().map(|(key, (origin, entries))| Entry {
        key,
        origin,
        value: Node::map(entries, origin),
    });
    Node::map(entries.collect(), origin)
}

fn check_shape(file: &File, report: &mut Report) {
    let allowed: &[&str] = if file.name == COMMON {
        &["openapi", "info", "servers", "components"]
    } else {
        &["paths", "components"]
    };
    for entry in file.root.entries() {
        if !allowed.contains(&entry.key.as_str()) {
            report.add(
                entry.origin,
                FILE_SHAPE,
                format!("`{}` has no place in {}", entry.key, file.name),
            );
        }
    }
    if file.name == COMMON {
        for key in ["openapi", "info", "servers"] {
            if file.root.get(key).is_none() {
                report.add(file.root.origin, FILE_SHAPE, format!("{COMMON} lacks `{key}`"));
            }
        }
    }
}

/// Adds the methods of a path item.
fn add_path(paths: &mut Sections, path: Entry, report: &mut Report) {
    let Entry { key, origin, value } = path;
    let (servers, rest): (Vec<_>, Vec<_>) = entries(value)
        .into_iter()
        .partition(|entry| entry.key == "servers");
    let (shared, methods): (Vec<_>, Vec<_>) = rest.into_iter().partition(|entry| entry.key == "parameters");
    let shared: Vec<Node> = shared
        .iter()
        .flat_map(|entry| entry.value.items().to_vec())
        .collect();

    let (_, known) = paths.entry(key.clone()).or_insert((origin, Vec::new()));
    for mut method in methods {
        if !METHODS.contains(&method.key.as_str()) {
            report.add(
                method.origin,
                PATH_ITEM,
                format!("`{}` has no place in a path item", method.key),
            );
        } else if known.iter().any(|other| other.key == method.key) {
            let message = format!("{} {key} is described twice", method.key.to_uppercase());
            report.add(method.origin, DUPLICATE_OPERATION, message);
        } else {
            prepend_parameters(&mut method.value, &shared);
            hand_down_servers(&mut method.value, &servers);
            known.push(method);
        }
    }
}

/// Puts a path item's parameters in front of an operation's own.
fn prepend_parameters(operation: &mut Node, shared: &[Node]) {
    let origin = operation.origin;
    let Kind::Map(fields) = &mut operation.kind else {
        return;
    };
    if shared.is_empty() {
        return;
    }
    match fields
        .iter_mut()
        .find(|field| field.key == "parameters")
        .map(|field| &mut field.value.kind)
    {
        Some(Kind::List(own)) => {
            own.splice(0..0, shared.iter().cloned());
        }
        _ => fields.push(Entry {
            key: "parameters".to_owned(),
            origin,
            value: Node {
                kind: Kind::List(shared.to_vec()),
                origin,
            },
        }),
    }
}

/// Gives an operation the path item's servers, unless it has its own.
fn hand_down_servers(operation: &mut Node, servers: &[Entry]) {
    if let Kind::Map(fields) = &mut operation.kind
        && !fields.iter().any(|field| field.key == "servers")
    {
        fields.extend_from_slice(servers);
    }
}

/// Adds components of one kind, such as schemas.
fn add_section(components: &mut Sections, section: Entry, report: &mut Report) {
    let Entry { key, origin, value } = section;
    let (_, known) = components.entry(key.clone()).or_insert((origin, Vec::new()));
    for component in entries(value) {
        if known.iter().any(|other| other.key == component.key) {
            let message = format!("components/{key}/{} is described twice", component.key);
            report.add(component.origin, DUPLICATE_COMPONENT, message);
        } else {
            known.push(component);
        }
    }
}

fn entries(node: Node) -> Vec<Entry> {
    match node.kind {
        Kind::Map(entries) => entries,
        _ => Vec::new(),
    }
}
