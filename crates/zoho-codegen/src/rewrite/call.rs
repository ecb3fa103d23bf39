//! Calls: one method of the typed layer, with its parameter structure and its documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::Visit as _;
use syn::{Ident, ImplItemFn, parse_quote};
use zoho_spec::{Body, Operation, Parameter, ParameterLocation, Reply};

use super::signature::{self, Argument};
use super::{Type, docs, prose, request, types, values};
use crate::lower::{CONTENT_TYPE, known_values};
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
    /// What is passed before the structure.
    pub(crate) positional: Vec<Positional>,
    /// Types that the reply names.
    pub(crate) replies: BTreeSet<String>,
    /// Types that body and parameters name.
    pub(crate) sends: BTreeSet<String>,
    docs: String,
    arguments: TokenStream,
    output: syn::Type,
    statements: TokenStream,
    finish: TokenStream,
}

/// One argument of a call that stands alone.
#[derive(Debug)]
pub(crate) enum Positional {
    /// A path parameter, by its name on the wire.
    Path {
        /// The name.
        name: String,
        /// How it is passed.
        passed: Passed,
    },
    /// A JSON body.
    Body,
    /// A form.
    Form,
}

/// How an argument is passed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Passed {
    /// As `&str`.
    Text,
    /// By reference.
    Reference,
    /// By value.
    Value,
}

/// One field of a parameter structure.
#[derive(Debug)]
pub(crate) struct ParameterField {
    /// Its name, as progenitor spells it.
    pub(crate) name: Ident,
    /// Its name on the wire.
    pub(crate) wire: String,
    ty: syn::Type,
    docs: String,
    /// Its known values.
    values: Vec<String>,
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
    let multipart = matches!(operation.request, Body::Multipart { .. });
    let (inside, positional): (Vec<&Argument>, Vec<&Argument>) = arguments
        .iter()
        .filter(|argument| !(multipart && is_form(&argument.name)))
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
    let (output, finish) = answer(operation, &success);
    let constant = name::constant(&operation.id);
    let variable = request.variable.ok_or_else(|| fail("no request is built"))?;
    let statements = request.statements;
    let form = multipart.then(|| quote!(let (content_type, body) = typed::multipart(self.core, form);));
    Ok(Call {
        id: operation.id.clone(),
        tag: operation.tag.clone(),
        positional: standing_alone(operation, &request.path, &positional, multipart),
        defaults,
        replies,
        sends,
        docs: prose::documentation(operation, description, may_be_empty(operation)),
        arguments: arguments_list(&positional, multipart),
        output,
        statements: quote! {
            #form
            #statements
            let response = typed::exec(self.core, &operations::#constant, #variable).await?;
        },
        finish: quote!(#finish(&operations::#constant, response).await),
        fields,
    })
}

/// The arguments that are no part of the structure; `path` has the path's variables in its order.
fn standing_alone(
    operation: &Operation,
    path: &[Ident],
    positional: &[&Argument],
    multipart: bool,
) -> Vec<Positional> {
    let names = operation
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let names: BTreeMap<&Ident, &str> = path.iter().zip(names).collect();
    let alone = positional.iter().map(|argument| match names.get(&argument.name) {
        Some(name) => Positional::Path {
            name: (*name).to_owned(),
            passed: match &argument.ty {
                ty if signature::is_text(ty) => Passed::Text,
                syn::Type::Reference(_) => Passed::Reference,
                _ => Passed::Value,
            },
        },
        None => Positional::Body,
    });
    alone.chain(multipart.then_some(Positional::Form)).collect()
}

/// Whether an argument is a part of what a form stands for.
fn is_form(argument: &Ident) -> bool {
    argument == "content_type" || argument == "body"
}

fn arguments_list(positional: &[&Argument], multipart: bool) -> TokenStream {
    let arguments = positional.iter().map(|Argument { name, ty }| quote!(#name: #ty));
    let form = multipart.then(|| quote!(form: crate::Multipart));
    let all: Vec<TokenStream> = arguments.chain(form).collect();
    quote!(#(#all),*)
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
    let values = described.map(known_words).unwrap_or_default();
    if !values.is_empty() {
        let _ = write!(text, " Known values: `{}`.", values.join("`, `"));
    }
    ParameterField {
        name: argument.name.clone(),
        wire: wire.to_owned(),
        ty: signature::owned(&argument.ty),
        docs: text,
        values,
    }
}

fn known_words(parameter: &Parameter) -> Vec<String> {
    let schema = parameter.schema.as_object();
    let words = schema.and_then(known_values).unwrap_or_default();
    words.into_iter().map(str::to_owned).collect()
}

impl Call {
    /// Whether its path has parameters.
    pub(crate) fn has_path_parameters(&self) -> bool {
        let in_path = |argument: &Positional| matches!(argument, Positional::Path { .. });
        self.positional.iter().any(in_path)
    }

    /// The method, with the structure's name where there is one.
    pub(crate) fn method(&self, structure: Option<&Ident>) -> TokenStream {
        let name = name::ident(&self.id);
        let docs = docs::attributes(&self.docs);
        let Self {
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
            pub async fn #name (&self, #arguments #separator #parameter) -> #output {
                #taken
                #statements
                #finish
            }
        }
    }

    /// The parameter structure under its name; `handle` is the type whose method takes it.
    pub(crate) fn structure(&self, structure: &Ident, handle: &Ident) -> TokenStream {
        let docs = docs::attributes(&format!("Parameters of [`{handle}::{}`].", self.id));
        let fields = self.fields.iter().map(
            |ParameterField {
                 name, ty, docs: text, ..
             }| {
                let docs = docs::attributes(text);
                let name = name::field(name);
                quote!(#(#docs)* pub #name: #ty)
            },
        );
        let default = self.defaults.then(|| quote!(, Default));
        let names: Vec<String> = self.fields.iter().map(|field| field.name.to_string()).collect();
        let sets: Vec<(&str, Vec<&str>)> = names
            .iter()
            .zip(&self.fields)
            .filter(|(_, field)| !field.values.is_empty())
            .map(|(name, field)| {
                let words = field.values.iter().map(String::as_str).collect();
                (name.trim_end_matches('_'), words)
            })
            .collect();
        let constants = values::constants(&sets);
        let constants = (!sets.is_empty()).then(|| quote!(impl #structure { #constants }));
        quote! {
            #(#docs)*
            #[derive(Clone, Debug #default)]
            pub struct #structure { #(#fields),* }
            #constants
        }
    }
}
