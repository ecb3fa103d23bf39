//! From an operation of the bundle to the model.

use std::path::PathBuf;

use super::{Body, Evidence, Location, Method, Operation, Parameter, ParameterLocation, Part, Reply, facets};
use crate::product::{Base, Product};
use crate::tree::Node;
use crate::view::{BODY_FORM, BODY_JSON, BODY_MULTIPART, OperationNode, View};

/// Reads one operation. `None` only for one that breaks a rule of the normal form.
pub(crate) fn read(view: &View<'_>, operation: OperationNode<'_>, files: &[PathBuf]) -> Option<Operation> {
    let node = operation.node;
    let text = |key: &str| node.text_at(key).map(str::to_owned);
    let base = match node.get("servers") {
        Some(servers) => base(servers, view.product)?,
        None => view.product.base(),
    };
    Some(Operation {
        id: text("operationId")?,
        product: view.product,
        method: method(operation.method)?,
        base,
        path: operation.path.to_owned(),
        full_path: format!("{}{}", base.path(view.product), operation.path),
        tag: node.get("tags")?.items().first()?.text()?.to_owned(),
        summary: text("summary")?,
        docs: text("x-zoho-docs"),
        scopes: scopes(node)?,
        success: success(view, operation),
        credits: facets::credits(node.get("x-zoho-credits")?)?,
        paging: node.get("x-zoho-paging").and_then(facets::paging),
        idempotent: node.get("x-zoho-idempotent")?.bool()?,
        batch: text("x-zoho-batch"),
        evidence: node
            .get("x-zoho-evidence")
            .and_then(facets::evidence)
            .unwrap_or(Evidence::Inferred),
        published: node.get("x-zoho-published").and_then(Node::bool).unwrap_or(true),
        organization: view.product == Product::Books
            && node
                .get("x-zoho-organization")
                .and_then(Node::bool)
                .unwrap_or(true),
        parameters: parameters(view, operation)?,
        request: request(view, operation)?,
        reply: reply(view, operation),
        record: node
            .get("x-zoho-record")
            .and_then(|record| facets::record(record, operation.path)),
        location: Location {
            file: files.get(operation.origin.file).cloned().unwrap_or_default(),
            line: operation.origin.line,
        },
    })
}

/// The base that an operation's `servers` name.
pub(crate) fn base(servers: &Node, product: Product) -> Option<Base> {
    let [server] = servers.items() else { return None };
    let [url] = server.entries() else { return None };
    let address = url.value.text().filter(|_| url.key == "url")?;
    let mut known = product.other_bases().iter().copied();
    known.find(|base| base.address(product) == address)
}

fn method(name: &str) -> Option<Method> {
    [
        Method::Get,
        Method::Post,
        Method::Put,
        Method::Patch,
        Method::Delete,
    ]
    .into_iter()
    .find(|method| method.name().eq_ignore_ascii_case(name))
}

fn scopes(node: &Node) -> Option<Vec<Vec<String>>> {
    let alternatives = node.get("security")?.items();
    alternatives
        .iter()
        .map(|alternative| {
            let scopes = alternative.get("zoho_oauth")?.items();
            scopes
                .iter()
                .map(|scope| scope.text().map(str::to_owned))
                .collect()
        })
        .collect()
}

fn success(view: &View<'_>, operation: OperationNode<'_>) -> Vec<u16> {
    let mut found: Vec<u16> = view
        .responses(operation)
        .into_iter()
        .filter_map(|(status, ..)| status.parse().ok())
        .filter(|status| *status < 400)
        .collect();
    found.sort_unstable();
    found
}

fn parameters(view: &View<'_>, operation: OperationNode<'_>) -> Option<Vec<Parameter>> {
    view.parameters(operation)
        .into_iter()
        .map(|(_, node)| {
            Some(Parameter {
                name: node.text_at("name")?.to_owned(),
                location: match node.text_at("in")? {
                    "path" => ParameterLocation::Path,
                    "query" => ParameterLocation::Query,
                    "header" => ParameterLocation::Header,
                    _ => return None,
                },
                required: node.get("required").and_then(Node::bool).unwrap_or(false),
                schema: view.resolve(node.get("schema")?).to_json(),
                description: node.text_at("description").map(str::to_owned),
            })
        })
        .collect()
}

fn request(view: &View<'_>, operation: OperationNode<'_>) -> Option<Body> {
    let Some(body) = operation.node.get("requestBody").map(|body| view.resolve(body)) else {
        return Some(Body::None);
    };
    let content = body.get("content")?;
    if let Some(schema) = content.at(&[BODY_JSON, "schema"]) {
        return Some(Body::Json {
            schema: component(schema)?,
            required: body.get("required").and_then(Node::bool).unwrap_or(false),
        });
    }
    if let Some(schema) = content.at(&[BODY_MULTIPART, "schema"]) {
        return Some(Body::Multipart {
            parts: parts(view.resolve(schema)),
        });
    }
    let schema = content.at(&[BODY_FORM, "schema"])?;
    Some(Body::Form {
        parts: parts(view.resolve(schema)),
    })
}

fn parts(schema: &Node) -> Vec<Part> {
    let required: Vec<&str> = schema
        .get("required")
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .filter_map(Node::text)
        .collect();
    let properties = schema.get("properties").map(Node::entries).unwrap_or_default();
    properties
        .iter()
        .map(|property| Part {
            name: property.key.clone(),
            required: required.contains(&property.key.as_str()),
            file: property.value.text_at("format") == Some("binary"),
            description: property.value.text_at("description").map(str::to_owned),
        })
        .collect()
}

fn reply(view: &View<'_>, operation: OperationNode<'_>) -> Reply {
    view.responses(operation)
        .into_iter()
        .filter(|(status, ..)| status.starts_with('2'))
        .find_map(|(_, _, response)| {
            let media = response.get("content")?.entries().first()?;
            if media.key != BODY_JSON {
                return Some(Reply::Binary {
                    content_type: media.key.clone(),
                });
            }
            Some(Reply::Json {
                schema: component(media.value.get("schema")?)?,
            })
        })
        .unwrap_or(Reply::Empty)
}

/// Name of the component that a reference leads to.
fn component(schema: &Node) -> Option<String> {
    schema
        .reference()?
        .strip_prefix("#/components/schemas/")
        .map(str::to_owned)
}
