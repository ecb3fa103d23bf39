//! Which operation a method and a path mean.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::generated::{books, crm};
use crate::query;
use crate::route::{Method, Product, Route};

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Found {
    /// An operation with its path parameters.
    Route(&'static Route, Vec<(&'static str, String)>),
    /// A path that exists for other methods.
    WrongMethod(Product),
    /// A path of the product that leads nowhere.
    Nothing(Product),
}

/// All operations with a path of the same shape.
#[derive(Debug, Default)]
struct Node {
    entries: Vec<(&'static Route, Vec<&'static str>)>,
}

#[derive(Debug)]
struct Router {
    shapes: matchit::Router<usize>,
    nodes: Vec<Node>,
    /// Paths that could not be told apart from others.
    refused: Vec<&'static str>,
}

static ROUTER: LazyLock<Router> = LazyLock::new(|| Router::new(answered()));

/// Every operation that the mock routes.
pub(crate) fn routes() -> impl Iterator<Item = &'static Route> {
    crm::ROUTES.iter().chain(books::ROUTES)
}

/// The same, and what is answered without being described.
pub(crate) fn answered() -> impl Iterator<Item = &'static Route> {
    routes().chain(std::iter::once(&crate::crm::bulk::DOWNLOAD))
}

/// The operation of a method and a path.
pub(crate) fn find(method: &http::Method, path: &str) -> Found {
    let product = product(path);
    let path = canonical(path);
    let Ok(found) = ROUTER.shapes.at(&path) else {
        return Found::Nothing(product);
    };
    let entry = method_of(method).and_then(|method| {
        let node = ROUTER.nodes.get(*found.value)?;
        node.entries.iter().find(|(route, _)| route.method == method)
    });
    match entry {
        Some((route, names)) => {
            let values = found.params.iter().map(|(_, value)| query::decoded_path(value));
            let values: Vec<_> = names.iter().copied().zip(values).collect();
            match values
                .iter()
                .any(|(name, value)| is_no_custom_module(name, value))
            {
                true => Found::Nothing(product),
                false => Found::Route(route, values),
            }
        }
        None => Found::WrongMethod(product),
    }
}

/// Books' records of custom modules stand right below the base, where every mistyped path would be one of
/// them; but the name of such a module begins with `cm_`.
fn is_no_custom_module(parameter: &str, value: &str) -> bool {
    parameter == "module_name" && !value.starts_with("cm_")
}

/// The product a path belongs to; CRM answers for paths that are nobody's.
pub(crate) fn product(path: &str) -> Product {
    match path.starts_with("/books/") || path.starts_with("/api/v3") {
        true => Product::Books,
        false => Product::Crm,
    }
}

/// The path without trailing slashes, and Books' older prefix as the present one.
fn canonical(path: &str) -> Cow<'_, str> {
    let path = path.trim_end_matches('/');
    match path.strip_prefix("/api/v3") {
        Some(rest) => Cow::Owned(format!("/books/v3{rest}")),
        None => Cow::Borrowed(path),
    }
}

fn method_of(method: &http::Method) -> Option<Method> {
    Some(match method.as_str() {
        "GET" => Method::Get,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "PATCH" => Method::Patch,
        "DELETE" => Method::Delete,
        _ => return None,
    })
}

/// The path with its parameters renamed by position, and their own names.
pub(crate) fn shape(path: &'static str) -> (String, Vec<&'static str>) {
    let mut names = Vec::new();
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| {
            match segment
                .strip_prefix('{')
                .and_then(|segment| segment.strip_suffix('}'))
            {
                Some(name) => {
                    names.push(name);
                    format!("{{p{}}}", names.len())
                }
                None => segment.to_owned(),
            }
        })
        .collect();
    (segments.join("/"), names)
}

impl Router {
    fn new(routes: impl Iterator<Item = &'static Route>) -> Self {
        let mut router = Self {
            shapes: matchit::Router::new(),
            nodes: Vec::new(),
            refused: Vec::new(),
        };
        let mut known = std::collections::HashMap::new();
        for route in routes {
            let (shape, names) = shape(route.path);
            let at = *known.entry(shape.clone()).or_insert_with(|| {
                router.nodes.push(Node::default());
                router.nodes.len() - 1
            });
            let Some(node) = router.nodes.get_mut(at) else {
                continue;
            };
            if node.entries.is_empty() && router.shapes.insert(shape, at).is_err() {
                router.refused.push(route.path);
            }
            if !node.entries.iter().any(|(other, _)| other.method == route.method) {
                node.entries.push((route, names));
            }
        }
        router
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_can_be_told_apart() {
        assert_eq!(ROUTER.refused, Vec::<&str>::new());
    }

    #[test]
    fn every_operation_is_found_by_its_own_path() {
        for route in routes() {
            let method = format!("{:?}", route.method).to_uppercase();
            let path = route
                .path
                .replace("{module_name}", "cm_debtor")
                .replace(['{', '}'], "1");
            match find(&method.parse().unwrap(), &format!("{path}/")) {
                Found::Route(found, values) => {
                    assert_eq!(found.path, route.path);
                    assert_eq!(values.len(), route.path.matches('{').count());
                }
                other => panic!("{method} {path}: {other:?}"),
            }
        }
    }

    #[test]
    fn literals_beat_parameters() {
        let id = |method: http::Method, path| match find(&method, path) {
            Found::Route(route, _) => route.id,
            other => panic!("{other:?}"),
        };
        assert_eq!(id(http::Method::GET, "/crm/v8/org"), "get_organization");
        assert_eq!(id(http::Method::GET, "/crm/v8/Leads"), "list_records");
        assert!(matches!(
            find(&http::Method::DELETE, "/crm/v8/org"),
            Found::WrongMethod(Product::Crm)
        ));
        for nowhere in [
            "/books/v3/nothing/at/all",
            "/books/v3/contactss",
            "/books/v3/contactss/1",
        ] {
            assert!(matches!(
                find(&http::Method::GET, nowhere),
                Found::Nothing(Product::Books)
            ));
        }
        assert_eq!(
            id(http::Method::GET, "/books/v3/cm_debtor"),
            "list_custom_module_records"
        );
    }
}
