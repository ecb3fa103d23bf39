//! Lowering: the description reduced to what progenitor can say.
//!
//! Progenitor knows one success type and one error type per operation, no multipart, and turns limits and
//! formats into types of its own. So a new document is built from the operations: one answer each (what else
//! may come is remembered by [`zoho_spec::Operation`] and put back by the rewrite), multipart as bytes beside
//! a `content-type` argument, and schemas that carry nothing but shape, known formats and prose.

mod schema;

pub(crate) use schema::{FORMATS, known_values};

use openapiv3::OpenAPI;
use serde_json::{Map, Value, json};
use zoho_spec::{Body, Operation, Parameter, ParameterLocation, Reply, Spec};

use crate::Error;

/// The header that a multipart body brings with it, as an argument of the call.
pub(crate) const CONTENT_TYPE: &str = "content-type";

/// The whole product, lowered.
pub(crate) fn product(spec: &Spec) -> Result<OpenAPI, Error> {
    operations(spec, spec.operations())
}

/// Some of the product's operations, with all its schemas.
pub(crate) fn operations<'a>(
    spec: &Spec,
    operations: impl IntoIterator<Item = &'a Operation>,
) -> Result<OpenAPI, Error> {
    let product = spec.product();
    let mut paths = Map::new();
    for operation in operations {
        let item = paths.entry(operation.path.clone()).or_insert_with(|| json!({}));
        item[operation.method.name().to_lowercase()] = lowered(operation)?;
    }
    let schemas: Map<String, Value> = spec
        .document()
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(name, schema)| (name.clone(), schema::lower(schema)))
        .collect();
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": product.name(), "version": product.version()},
        "paths": paths,
        "components": {"schemas": schemas},
    });
    serde_json::from_value(document)
        .map_err(|error| Error::product(product, format!("the lowered document is not OpenAPI: {error}")))
}

fn lowered(operation: &Operation) -> Result<Value, Error> {
    let mut parameters: Vec<Value> = operation.parameters.iter().map(parameter).collect();
    let body = match &operation.request {
        Body::None => None,
        Body::Json { schema, .. } => Some(("application/json", reference(schema))),
        Body::Form { .. } => {
            let message = "a form body has no typed shape; describe it as JSON or multipart";
            return Err(Error::operation(operation.product, &operation.id, message));
        }
        Body::Multipart { .. } => {
            parameters.push(json!({
                "name": CONTENT_TYPE, "in": "header", "required": true, "schema": {"type": "string"},
            }));
            Some((
                "application/octet-stream",
                json!({"type": "string", "format": "binary"}),
            ))
        }
    };
    let answer = match &operation.reply {
        Reply::Empty => json!({"description": ""}),
        Reply::Json { schema } => {
            json!({"description": "", "content": {"application/json": {"schema": reference(schema)}}})
        }
        Reply::Binary { .. } => json!({
            "description": "",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }),
    };
    let mut out = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "parameters": parameters,
        "responses": {"200": answer},
    });
    if let Some((content, schema)) = body {
        let mut media = Map::new();
        media.insert(content.to_owned(), json!({"schema": schema}));
        out["requestBody"] = json!({"required": true, "content": media});
    }
    Ok(out)
}

fn parameter(parameter: &Parameter) -> Value {
    let location = match parameter.location {
        ParameterLocation::Path => "path",
        ParameterLocation::Query => "query",
        ParameterLocation::Header => "header",
    };
    json!({
        "name": parameter.name,
        "in": location,
        "required": parameter.required,
        "schema": schema::lower(&parameter.schema),
    })
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
