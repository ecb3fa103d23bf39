//! Which operation does what with which resource: by the shape of its path, so that a description that gains an
//! operation gains its behaviour too.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::catalogue::{Action, RESOURCES, Resource, Wrap};
use crate::generated::crm::ROUTES;
use crate::route::Method;
use crate::routing;

type Actions = HashMap<&'static str, (&'static Resource, Action)>;

/// What every operation of the description does that belongs to a resource.
static ACTIONS: LazyLock<Actions> = LazyLock::new(|| {
    let mut shapes = HashMap::new();
    for &resource in RESOURCES {
        for (method, path, action) in usual(resource) {
            shapes.insert((method, shape(&path)), (resource, action));
        }
    }
    // What a resource says itself wins over what is usual of another.
    for &resource in RESOURCES {
        for (method, end, action) in resource.more {
            // A path from the version's root is written with its slash.
            let path = match end.strip_prefix("//") {
                Some(rest) => format!("/{rest}"),
                None => format!("{}{end}", resource.path),
            };
            shapes.insert((*method, shape(&path)), (resource, *action));
        }
    }
    let known = ROUTES.iter().filter_map(|route| {
        let found = shapes.get(&(route.method, routing::shape(route.path).0))?;
        Some((route.id, *found))
    });
    known.collect()
});

/// The addresses that every resource has, if the description knows them.
fn usual(resource: &Resource) -> Vec<(Method, String, Action)> {
    let all = resource.path.to_owned();
    let one = format!("{all}/{{}}");
    match resource.wrap {
        Wrap::List => vec![
            (Method::Get, all.clone(), Action::List),
            (Method::Post, all.clone(), Action::Create),
            (Method::Put, all.clone(), Action::UpdateSeveral),
            (Method::Patch, all.clone(), Action::UpdateSeveral),
            (Method::Delete, all, Action::DeleteSeveral),
            (Method::Get, one.clone(), Action::Get),
            (Method::Put, one.clone(), Action::Update),
            (Method::Patch, one.clone(), Action::Update),
            (Method::Delete, one, Action::Delete),
        ],
        Wrap::Always | Wrap::Once => vec![
            (Method::Get, all.clone(), Action::Get),
            (Method::Post, all.clone(), Action::Create),
            (Method::Put, all.clone(), Action::Update),
            (Method::Delete, all, Action::Delete),
        ],
    }
}

/// A catalogue path as the router shapes it.
fn shape(path: &str) -> String {
    let mut pieces = path.split("{}");
    let mut shape = format!("/crm/v8{}", pieces.next().unwrap_or_default());
    for (piece, number) in pieces.zip(1..) {
        shape.push_str(&format!("{{p{number}}}{piece}"));
    }
    shape
}

/// What an operation does.
pub(super) fn action(operation_id: &str) -> Option<(&'static Resource, Action)> {
    ACTIONS.get(operation_id).copied()
}
