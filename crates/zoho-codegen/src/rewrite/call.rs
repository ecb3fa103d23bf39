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
        defaults,
        replies,
        sends,
        docs: documentation(operation, &arguments),
        generics: if multipart {
            quote!(<B: Into<::bytes::Bytes>>)
        } else {
            TokenStream::new()
        },
        arguments: arguments_list(&positional),
        output,
        statements: quote! {
            #statements
            let response = typed::exec(self.core, &operations::#constant, #variable).await.map_err(typed::unsent)?;
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
    let may_be_empty = operation.success.iter().any(|status| matches!(status, 204 | 304));
    let (inner, finish): (syn::Type, _) = match &operation.reply {
        Reply::Empty => (parse_quote!(()), quote!(typed::empty)),
        Reply::Binary { .. } => (parse_quote!(::bytes::Bytes), quote!(typed::bytes)),
        Reply::Json { .. } if may_be_empty => (parse_quote!(Option<#success>), quote!(typed::empty_or)),
        Reply::Json { .. } => (success.clone(), quote!(typed::decode)),
    };
    (parse_quote!(crate::Result<crate::Reply<#inner>>), finish)
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

fn documentation(operation: &Operation, arguments: &[Argument]) -> String {
    let mut text = format!(
        "{}\n\n`{} {}`",
        docs::prose(&operation.summary),
        operation.method.name(),
        operation.path
    );
    // Writing to a string cannot fail.
    if !operation.scopes.is_empty() {
        let alternatives: Vec<String> = operation
            .scopes
            .iter()
            .map(|needed| {
                needed
                    .iter()
                    .map(|scope| format!("`{scope}`"))
                    .collect::<Vec<_>>()
                    .join(" with ")
            })
            .collect();
        let _ = write!(text, "; scope {}", alternatives.join(" or "));
    }
    text.push_str(".\n");
    for parameter in operation
        .parameters
        .iter()
        .filter(|p| p.location == ParameterLocation::Path)
    {
        if let Some(description) = &parameter.description {
            let _ = write!(text, "\n- `{}`: {}", parameter.name, docs::prose(description));
        }
    }
    if let Body::Multipart { parts } = &operation.request {
        let parts: Vec<String> = parts.iter().map(|part| format!("`{}`", part.name)).collect();
        let _ = write!(
            text,
            "\n\n`body` is a finished `multipart/form-data` body with {}, and `content_type` its content type \
             with the boundary.",
            parts.join(", "),
        );
        debug_assert!(arguments.iter().any(|argument| argument.name == "content_type"));
    }
    if matches!(operation.reply, Reply::Json { .. })
        && operation.success.iter().any(|s| matches!(s, 204 | 304))
    {
        text.push_str("\n\nThe body is `None` when Zoho answers without one (204 or 304).");
    }
    if let Some(page) = &operation.docs {
        let _ = write!(text, "\n\n[Zoho's page]({page})");
    }
    text.push_str(
        "\n\n# Errors\n\nWhen the call could not be made, or was refused: [`crate::Error`] says which.",
    );
    text
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
            let names = self.fields.iter().map(|field| &field.name);
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
