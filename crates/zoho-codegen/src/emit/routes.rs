//! The mock's tables: routes with their parameters, schemas as compact JSON, record types.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};
use zoho_spec::{Body, Method, Operation, Parameter, ParameterLocation, Product, Reply, Spec};

use super::{catalogue, parts};
use crate::lower::known_values;

/// All tables of one product.
pub(super) fn table(spec: &Spec) -> TokenStream {
    let mut operations: Vec<&Operation> = spec.operations().iter().collect();
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    let routes = operations.iter().map(|operation| route(spec, operation));
    let schemas = schemas(spec);
    let records = (spec.product() == Product::Books)
        .then(|| catalogue::table(spec.records(), &quote!(crate::route), &quote!(pub)));
    quote! {
        #![allow(unreachable_pub)]
        use crate::route::*;
        #records
        #[doc = " All routes, sorted by operation id."]
        pub static ROUTES: &[Route] = &[#(#routes),*];
        #[doc = " All schemas by component name, sorted; JSON text, parsed on demand."]
        pub static SCHEMAS: &[(&str, &str)] = &[#(#schemas),*];
    }
}

fn route(spec: &Spec, operation: &Operation) -> TokenStream {
    let Operation {
        id,
        full_path,
        tag,
        organization,
        ..
    } = operation;
    let product = parts::product(operation.product);
    let method = match operation.method {
        Method::Get => quote!(Method::Get),
        Method::Post => quote!(Method::Post),
        Method::Put => quote!(Method::Put),
        Method::Patch => quote!(Method::Patch),
        Method::Delete => quote!(Method::Delete),
    };
    let scopes = parts::scopes(&operation.scopes);
    let credits = parts::credits(&operation.credits);
    let success = parts::statuses(&operation.success);
    let paging = parts::paging(operation.paging.as_ref());
    let batch = parts::optional(operation.batch.as_deref());
    let parameters = operation.parameters.iter().map(parameter);
    let body = parts::body(&operation.request);
    let reply = parts::reply(&operation.reply);
    let wrapper = parts::optional(wrapper(spec, operation));
    let request_schema = parts::optional(match &operation.request {
        Body::Json { schema, .. } => Some(schema),
        _ => None,
    });
    let reply_schema = parts::optional(match &operation.reply {
        Reply::Json { schema } => Some(schema),
        _ => None,
    });
    quote! {
        Route {
            id: #id,
            product: #product,
            method: #method,
            path: #full_path,
            tag: #tag,
            scopes: #scopes,
            credits: #credits,
            success: #success,
            paging: #paging,
            batch: #batch,
            organization: #organization,
            parameters: &[#(#parameters),*],
            body: #body,
            reply: #reply,
            wrapper: #wrapper,
            request_schema: #request_schema,
            reply_schema: #reply_schema,
        }
    }
}

/// The key of one record in the replies of a collection and of its items.
fn wrapper<'a>(spec: &'a Spec, operation: &Operation) -> Option<&'a str> {
    let belongs = |collection: &str| {
        let rest = operation.path.strip_prefix(collection);
        rest.is_some_and(|rest| rest.is_empty() || is_one_parameter(rest))
    };
    spec.records()
        .iter()
        .find(|record| belongs(&record.path) || record.write_path.as_deref().is_some_and(belongs))
        .map(|record| record.wrapper.as_str())
}

fn is_one_parameter(rest: &str) -> bool {
    rest.strip_prefix("/{")
        .and_then(|rest| rest.strip_suffix('}'))
        .is_some_and(|name| !name.contains('/'))
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let Parameter {
        name,
        required,
        schema,
        ..
    } = parameter;
    let location = match parameter.location {
        ParameterLocation::Path => quote!(Location::Path),
        ParameterLocation::Query => quote!(Location::Query),
        ParameterLocation::Header => quote!(Location::Header),
    };
    let kind = kind(schema);
    let values = schema.as_object().and_then(known_values).unwrap_or_default();
    quote! {
        Parameter { name: #name, location: #location, required: #required, kind: #kind, values: &[#(#values),*] }
    }
}

fn kind(schema: &Value) -> TokenStream {
    let text = |key| schema.get(key).and_then(Value::as_str);
    match (text("type"), text("format")) {
        (_, Some("zoho-id")) => quote!(Kind::Id),
        (_, Some("zoho-datetime")) => quote!(Kind::DateTime),
        (_, Some("zoho-date")) => quote!(Kind::Date),
        (Some("integer"), _) => quote!(Kind::Integer),
        (Some("number"), _) => quote!(Kind::Number),
        (Some("boolean"), _) => quote!(Kind::Boolean),
        _ => quote!(Kind::String),
    }
}

fn schemas(spec: &Spec) -> Vec<TokenStream> {
    let Some(schemas) = spec
        .document()
        .pointer("/components/schemas")
        .and_then(Value::as_object)
    else {
        return Vec::new();
    };
    let mut sorted: Vec<(&String, &Value)> = schemas.iter().collect();
    sorted.sort_by_key(|(name, _)| *name);
    sorted
        .into_iter()
        .map(|(name, schema)| {
            let text = parts::raw(&bare(schema).to_string());
            quote!((#name, #text))
        })
        .collect()
}

/// The schema without its prose, which no program reads.
fn bare(schema: &Value) -> Value {
    let Value::Object(object) = schema else {
        return schema.clone();
    };
    let mut out = Map::new();
    for (key, value) in object {
        let value = match (key.as_str(), value) {
            ("description" | "title" | "example" | "externalDocs", _) => continue,
            ("properties", Value::Object(properties)) => properties
                .iter()
                .map(|(name, property)| (name.clone(), bare(property)))
                .collect(),
            ("items" | "additionalProperties", value) => bare(value),
            ("allOf", Value::Array(all)) => all.iter().map(bare).collect(),
            (_, value) => value.clone(),
        };
        out.insert(key.clone(), value);
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn prose_goes_but_a_property_called_description_stays() {
        let schema = json!({
            "type": "object",
            "description": "An item.",
            "properties": {"description": {"type": "string", "description": "What it is."}},
        });
        let expected = json!({"type": "object", "properties": {"description": {"type": "string"}}});
        assert_eq!(bare(&schema), expected);
    }

    #[test]
    fn an_item_path_is_one_parameter_long() {
        assert!(is_one_parameter("/{contact_id}"));
        assert!(!is_one_parameter("/{contact_id}/comments"));
        assert!(!is_one_parameter("/contactpersons"));
    }

    #[test]
    fn kinds_follow_format_before_type() {
        let check = |schema: Value, expected: &str| {
            assert_eq!(kind(&schema).to_string().replace(' ', ""), expected, "{schema}");
        };
        check(json!({"type": "string", "format": "zoho-id"}), "Kind::Id");
        check(json!({"type": "integer"}), "Kind::Integer");
        check(json!({"type": "string", "format": "zoho-date"}), "Kind::Date");
        check(json!({}), "Kind::String");
    }
}
