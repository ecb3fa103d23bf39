//! Calls: one method of the typed layer, with its parameter structure and its documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::Visit as _;
use syn::{Ident, ImplItemFn, parse_quote};
use zoho_spec::{Body, Operation, Parameter, ParameterLocation, Reply};

use super::signature::{self, Argument};
use super::{Type, docs, request, types};
use crate::lower::CONTENT_TYPE;
use crate::{Error, name};

/// One call. The names of its parameter structure and of the handle are settled when it is known which other
/// names stand in the same file.
#[derive(Debug)]
pub(crate) struct Call {
    /// The operation id.
    pub(crate) id: String,
    /// The resource.
    pub(crate) tag: String,
    /// The fields of the parameter structure; none, no structure.
    pub(crate) fields: Vec<ParameterField>,
    /// Whether all of them have a default.
    pub(crate) defaults: bool,
    /// Whether its path has parameters.
    pub(crate) in_path: bool,
    /// Types that the reply names.
    pub(crate) replies: BTreeSet<String>,
    /// Types that body and parameters name.
    pub(crate) sends: BTreeSet<String>,
    docs: String,
    generics: TokenStream,
    arguments: TokenStream,
    output: syn::Type,
    statements: TokenStream,
    finish: TokenStream,
}

/// One field of a parameter structure.
#[derive(Debug)]
pub(crate) struct ParameterField {
    name: Ident,
    ty: syn::Type,
    docs: String,
}

/// Rewrites progenitor's method.
pub(super) fn rewrite(
    operation: &Operation,
    description: Option<&str>,
    method: ImplItemFn,
    types: &BTreeMap<String, Type>,
) -> Result<Call, Error> {
    let arguments = signature::arguments(operation, &method)?;
    let success = signature::success(operation, &method)?;
    let request = request::read(operation, &arguments, method.block.stmts)?;
    let named = |location| -> Vec<&str> {
        operation
            .parameters
            .iter()
            .filter(|p| p.location == location)
            .map(|p| p.name.as_str())
            .collect()
    };
    let mut headers = named(ParameterLocation::Header);
    if matches!(operation.request, Body::Multipart { .. }) {
        headers.push(CONTENT_TYPE);
    }
    signature::check(
        operation,
        "query",
        &named(ParameterLocation::Query),
        &request.query,
    )?;
    signature::check(operation, "header", &headers, &request.headers)?;
    let fail = |message: &str| Error::operation(operation.product, &operation.id, message);
    if request.path.len() != named(ParameterLocation::Path).len() {
        return Err(fail("not every path parameter stands in the path"));
    }
    if request.body == matches!(operation.request, Body::None) {
        return Err(fail("the body is not the one described"));
    }

    let structured: BTreeMap<&Ident, &str> = request
        .query
        .iter()
        .chain(
            request
                .headers
                .iter()
                .filter(|(name, _)| name.as_str() != CONTENT_TYPE),
        )
        .map(|(wire, argument)| (argument, wire.as_str()))
        .collect();
    let (inside, positional): (Vec<&Argument>, Vec<&Argument>) = arguments
        .iter()
        .partition(|argument| structured.contains_key(&argument.name));
    if positional.iter().any(|argument| argument.name == "parameters") {
        return Err(fail("a path parameter is called `parameters`"));
    }
    let fields: Vec<ParameterField> = inside
        .iter()
        .map(|argument| {
            let wire = structured.get(&argument.name).copied().unwrap_or_default();
            field(operation, argument, wire)
        })
        .collect();
    let defaults = fields
        .iter()
        .all(|field| types::has_default(&field.ty, &BTreeSet::new()));

    let names: BTreeSet<String> = types.keys().cloned().collect();
    let replies = types::mentioned(&names, |seen| seen.visit_type(&success));
    let sends = types::mentioned(&names, |seen| {
        arguments
            .iter()
            .for_each(|argument| seen.visit_type(&argument.ty));
    });
    let multipart = matches!(operation.request, Body::Multipart { .. });
    let (output, finish) = answer(operation, &success);
    let constant = name::constant(&operation.id);
    let variable = request.variable.ok_or_else(|| fail("no request is built"))?;
    let statements = request.statements;
    Ok(Call {
        id: operation.id.clone(),
        tag: operation.tag.clone(),
        in_path: !request.path.is_empty(),
        defaults,
        replies,
        sends,
        docs: documentation(operation, description),
        generics: if multipart {
            quote!(<B: Into<::bytes::Bytes>>)
        } else {
            TokenStream::new()
        },
        arguments: arguments_list(&positional),
        output,
        statements: quote! {
            #statements
            let response = typed::exec(self.core, &operations::#constant, #variable).await?;
        },
        finish: quote!(#finish(&operations::#constant, response).await),
        fields,
    })
}

fn arguments_list(positional: &[&Argument]) -> TokenStream {
    let arguments = positional.iter().map(|Argument { name, ty }| quote!(#name: #ty));
    quote!(#(#arguments),*)
}

/// The return type and the function that makes it of a response.
fn answer(operation: &Operation, success: &syn::Type) -> (syn::Type, TokenStream) {
    let may_be_empty = may_be_empty(operation);
    let (inner, finish): (syn::Type, _) = match &operation.reply {
        Reply::Empty => (parse_quote!(()), quote!(typed::unit)),
        Reply::Binary { .. } if may_be_empty => (parse_quote!(Option<crate::Body>), quote!(typed::bytes_or)),
        Reply::Binary { .. } => (parse_quote!(crate::Body), quote!(typed::bytes)),
        Reply::Json { .. } if may_be_empty => (parse_quote!(Option<#success>), quote!(typed::empty_or)),
        Reply::Json { .. } => (success.clone(), quote!(typed::decode)),
    };
    (parse_quote!(crate::Result<crate::Reply<#inner>>), finish)
}

/// Whether one of its successes has no body.
fn may_be_empty(operation: &Operation) -> bool {
    operation.success.iter().any(|status| matches!(status, 204 | 304))
}

fn field(operation: &Operation, argument: &Argument, wire: &str) -> ParameterField {
    let described = operation
        .parameters
        .iter()
        .find(|parameter| parameter.name == wire);
    let mut text = String::new();
    if let Some(description) = described.and_then(|parameter| parameter.description.as_deref()) {
        text.push_str(&docs::prose(description));
        text.push_str("\n\n");
    }
    let place = match described.map(|parameter| parameter.location) {
        Some(ParameterLocation::Header) => "Header",
        _ => "Query parameter",
    };
    let required = if described.is_some_and(|parameter| parameter.required) {
        ", required"
    } else {
        ""
    };
    // Writing to a string cannot fail.
    let _ = write!(text, "{place} `{wire}`{required}.");
    if let Some(values) = described.and_then(known_values) {
        let _ = write!(text, " Known values: {values}.");
    }
    ParameterField {
        name: argument.name.clone(),
        ty: signature::owned(&argument.ty),
        docs: text,
    }
}

fn known_values(parameter: &Parameter) -> Option<String> {
    let values = parameter.schema.get("x-zoho-values")?.as_array()?;
    let values: Vec<String> = values
        .iter()
        .filter_map(serde_json::Value::as_str)
        .map(|value| format!("`{value}`"))
        .collect();
    Some(values.join(", "))
}

fn documentation(operation: &Operation, description: Option<&str>) -> String {
    let scopes = scopes(&operation.scopes);
    let mut paragraphs = vec![docs::prose(&operation.summary)];
    paragraphs.extend(description.map(docs::prose));
    paragraphs.push(format!(
        "`{} {}`{scopes}.",
        operation.method.name(),
        operation.path
    ));
    let described: Vec<String> = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.location == ParameterLocation::Path)
        .filter_map(|parameter| {
            let description = parameter.description.as_ref()?;
            Some(format!("- `{}`: {}", parameter.name, docs::prose(description)))
        })
        .collect();
    if !described.is_empty() {
        paragraphs.push(described.join("\n"));
    }
    if let Body::Multipart { parts } = &operation.request {
        let parts: Vec<String> = parts.iter().map(|part| format!("`{}`", part.name)).collect();
        paragraphs.push(format!(
            "`body` is a finished `multipart/form-data` body with {}; `content_type` tells its boundary.",
            parts.join(", "),
        ));
    }
    if !matches!(operation.reply, Reply::Empty) && may_be_empty(operation) {
        paragraphs.push("The body is `None` when Zoho answers without one (204 or 304).".to_owned());
    }
    paragraphs.extend(
        operation
            .docs
            .as_ref()
            .map(|page| format!("[Zoho's page]({page})")),
    );
    paragraphs.push("# Errors".to_owned());
    paragraphs
        .push("When the call could not be made, or was refused: [`crate::Error`] says which.".to_owned());
    paragraphs.join("\n\n")
}

/// The scopes in prose: what every alternative needs, then what they differ by.
fn scopes(alternatives: &[Vec<String>]) -> String {
    let quoted = |scopes: &[&String]| -> String {
        scopes
            .iter()
            .map(|scope| format!("`{scope}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let Some((first, others)) = alternatives.split_first() else {
        return String::new();
    };
    let (common, _): (Vec<&String>, Vec<&String>) = first
        .iter()
        .partition(|scope| others.iter().all(|other| other.contains(scope)));
    let rest: Vec<String> = alternatives
        .iter()
        .map(|scopes| {
            quoted(
                &scopes
                    .iter()
                    .filter(|scope| !common.contains(scope))
                    .collect::<Vec<_>>(),
            )
        })
        .filter(|scopes| !scopes.is_empty())
        .collect();
    match (common.is_empty(), rest.is_empty()) {
        (false, true) => format!("; scope {}", quoted(&common)),
        (true, false) => format!("; scope {}", rest.join(" or ")),
        (false, false) => format!("; scope {} with {}", quoted(&common), rest.join(" or ")),
        (true, true) => String::new(),
    }
}

impl Call {
    /// The method, with the structure's name where there is one.
    pub(crate) fn method(&self, structure: Option<&Ident>) -> TokenStream {
        let name = name::ident(&self.id);
        let docs = docs::attributes(&self.docs);
        let Self {
            generics,
            arguments,
            output,
            statements,
            finish,
            ..
        } = self;
        let separator = (!arguments.is_empty() && structure.is_some()).then(|| quote!(,));
        let parameter = structure.map(|structure| quote!(parameters: &#structure));
        let taken = structure.map(|structure| {
            let names = self
                .fields
                .iter()
                .map(|ParameterField { name: own, .. }| match name::field(own) {
                    field if field == *own => quote!(#own),
                    field => quote!(#field: #own),
                });
            quote!(let #structure { #(#names),* } = parameters;)
        });
        quote! {
            #(#docs)*
            pub async fn #name #generics (&self, #arguments #separator #parameter) -> #output {
                #taken
                #statements
                #finish
            }
        }
    }

    /// The parameter structure under its name; `handle` is the type whose method takes it.
    pub(crate) fn structure(&self, structure: &Ident, handle: &Ident) -> TokenStream {
        let docs = docs::attributes(&format!("Parameters of [`{handle}::{}`].", self.id));
        let fields = self.fields.iter().map(|ParameterField { name, ty, docs: text }| {
            let docs = docs::attributes(text);
            let name = name::field(name);
            quote!(#(#docs)* pub #name: #ty)
        });
        let default = self.defaults.then(|| quote!(, Default));
        quote! {
            #(#docs)*
            #[derive(Clone, Debug #default)]
            pub struct #structure { #(#fields),* }
        }
    }
}
