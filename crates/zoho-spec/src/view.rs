//! The bundle as rules and model look at it: operations, and schemas by what reaches them.

use std::collections::BTreeSet;

use crate::product::Product;
use crate::tree::Node;
use crate::violation::Origin;

/// Content type of a JSON body.
pub(crate) const BODY_JSON: &str = "application/json";
/// Content type of a body with files.
pub(crate) const BODY_MULTIPART: &str = "multipart/form-data";
/// Content type of a form.
pub(crate) const BODY_FORM: &str = "application/x-www-form-urlencoded";

/// The bundle and its operations.
pub(crate) struct View<'a> {
    pub(crate) product: Product,
    pub(crate) root: &'a Node,
    pub(crate) operations: Vec<OperationNode<'a>>,
}

/// An operation as it stands in the bundle.
#[derive(Clone, Copy)]
pub(crate) struct OperationNode<'a> {
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    /// Line of the method.
    pub(crate) origin: Origin,
    pub(crate) node: &'a Node,
}

impl<'a> View<'a> {
    pub(crate) fn new(product: Product, root: &'a Node) -> Self {
        let operations = root
            .get("paths")
            .map(Node::entries)
            .unwrap_or_default()
            .iter()
            .flat_map(|path| path.value.entries().iter().map(move |method| (path, method)))
            .map(|(path, method)| OperationNode {
                path: &path.key,
                method: &method.key,
                origin: method.origin,
                node: &method.value,
            })
            .collect();
        View {
            product,
            root,
            operations,
        }
    }

    /// The node that a local reference leads to.
    fn target(&self, reference: &str) -> Option<&'a Node> {
        let keys: Vec<&str> = reference.strip_prefix("#/")?.split('/').collect();
        self.root.at(&keys)
    }

    /// The node itself, or what it refers to.
    pub(crate) fn resolve(&self, node: &'a Node) -> &'a Node {
        let mut node = node;
        // Bounded, since a chain of references could be a circle.
        for _ in 0..8 {
            match node.reference().and_then(|reference| self.target(reference)) {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    /// Components of a section.
    pub(crate) fn components(&self, section: &str) -> &'a [crate::tree::Entry] {
        self.root
            .at(&["components", section])
            .map(Node::entries)
            .unwrap_or_default()
    }

    /// Parameters of an operation, resolved; each with the place where the operation names it.
    pub(crate) fn parameters(&self, operation: OperationNode<'a>) -> Vec<(Origin, &'a Node)> {
        let list = operation
            .node
            .get("parameters")
            .map(Node::items)
            .unwrap_or_default();
        list.iter()
            .map(|parameter| (parameter.origin, self.resolve(parameter)))
            .collect()
    }

    /// Responses of an operation: status, line of the status, and the response resolved.
    pub(crate) fn responses(&self, operation: OperationNode<'a>) -> Vec<(&'a str, Origin, &'a Node)> {
        let entries = operation
            .node
            .get("responses")
            .map(Node::entries)
            .unwrap_or_default();
        entries
            .iter()
            .map(|entry| (entry.key.as_str(), entry.origin, self.resolve(&entry.value)))
            .collect()
    }

    /// Schema of the JSON request body, unresolved.
    pub(crate) fn json_body(&self, operation: OperationNode<'a>) -> Option<&'a Node> {
        let body = self.resolve(operation.node.get("requestBody")?);
        body.at(&["content", BODY_JSON, "schema"])
    }

    /// Schema of the JSON reply, unresolved.
    pub(crate) fn json_reply(&self, operation: OperationNode<'a>) -> Option<&'a Node> {
        self.responses(operation)
            .into_iter()
            .filter(|(status, ..)| status.starts_with('2'))
            .find_map(|(_, _, response)| response.at(&["content", BODY_JSON, "schema"]))
    }

    /// Every schema that the given ones are made of, themselves included, each once.
    pub(crate) fn reach(&self, starts: impl IntoIterator<Item = &'a Node>) -> Vec<&'a Node> {
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        let mut open: Vec<&Node> = starts.into_iter().collect();
        open.reverse();
        while let Some(node) = open.pop() {
            if let Some(reference) = node.reference() {
                if seen.insert(reference)
                    && let Some(target) = self.target(reference)
                {
                    open.push(target);
                }
                continue;
            }
            found.push(node);
            let inside = parts(node);
            open.extend(inside.into_iter().rev());
        }
        found
    }

    /// Every schema that can appear in an answer, error answers included.
    pub(crate) fn reply_schemas(&self) -> Vec<&'a Node> {
        let starts: Vec<&Node> = self
            .operations
            .iter()
            .flat_map(|operation| self.responses(*operation))
            .flat_map(|(_, _, response)| media_schemas(response))
            .collect();
        self.reach(starts)
    }

    /// Every schema of the bundle.
    pub(crate) fn all_schemas(&self) -> Vec<&'a Node> {
        let mut starts: Vec<&Node> = self
            .components("schemas")
            .iter()
            .map(|entry| &entry.value)
            .collect();
        for operation in &self.operations {
            starts.extend(
                self.parameters(*operation)
                    .into_iter()
                    .filter_map(|(_, node)| node.get("schema")),
            );
            starts.extend(
                self.responses(*operation)
                    .into_iter()
                    .flat_map(|(_, _, response)| media_schemas(response)),
            );
            let body = operation.node.get("requestBody").map(|body| self.resolve(body));
            starts.extend(body.into_iter().flat_map(media_schemas));
        }
        let mut found = self.reach(starts);
        // A component that is reached by reference and as a component is one schema; lines tell them apart.
        let mut seen = BTreeSet::new();
        found.retain(|node| seen.insert(std::ptr::from_ref(*node)));
        found
    }
}

/// Schemas of a body or response.
fn media_schemas(holder: &Node) -> impl Iterator<Item = &Node> {
    let content = holder.get("content").map(Node::entries).unwrap_or_default();
    content.iter().filter_map(|media| media.value.get("schema"))
}

/// Schemas directly inside a schema.
fn parts(schema: &Node) -> Vec<&Node> {
    let mut parts = Vec::new();
    if let Some(properties) = schema.get("properties") {
        parts.extend(properties.entries().iter().map(|property| &property.value));
    }
    parts.extend(
        ["items", "additionalProperties", "not"]
            .iter()
            .filter_map(|key| schema.get(key))
            .filter(|n| n.is_map()),
    );
    for key in ["allOf", "oneOf", "anyOf"] {
        parts.extend(schema.get(key).map(Node::items).unwrap_or_default());
    }
    parts
}
