//! The progenitor run: types and low-level calls of one product.

use std::panic::{self, AssertUnwindSafe};

use openapiv3::OpenAPI;
use progenitor_impl::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use quote::quote;
use schemars::schema::{InstanceType, SchemaObject};
use zoho_spec::Spec;

use crate::Error;
use crate::lower::{self, FORMATS};

/// Components that are hand-written types of the client.
const WELL_KNOWN: [(&str, &str); 2] = [
    ("ZohoId", "crate::wire::ZohoId"),
    ("Record", "crate::record::Record"),
];

/// Runs progenitor over the whole product. When it refuses, runs it per operation to name the culprit.
pub(crate) fn run(spec: &Spec) -> Result<syn::File, Error> {
    match generate(&lower::product(spec)?) {
        Ok(file) => Ok(file),
        Err(message) => Err(blame(spec, message)),
    }
}

fn blame(spec: &Spec, whole: String) -> Error {
    for operation in spec.operations() {
        let alone = lower::operations(spec, [operation]).map(|document| generate(&document));
        match alone {
            Ok(Ok(_)) => {}
            Ok(Err(message)) => return Error::operation(spec.product(), &operation.id, message),
            Err(error) => return error,
        }
    }
    Error::product(spec.product(), whole)
}

/// One run. Progenitor asserts what it cannot do, so a panic is an answer here.
fn generate(document: &OpenAPI) -> Result<syn::File, String> {
    let run = AssertUnwindSafe(|| Generator::new(&settings()).generate_tokens(document));
    let tokens = quietly(run)?.map_err(|error| format!("progenitor: {error}"))?;
    syn::parse2(tokens).map_err(|error| format!("progenitor made text that is not Rust: {error}"))
}

/// Calls `run` and turns a panic into its message.
fn quietly<T>(run: impl FnOnce() -> T + panic::UnwindSafe) -> Result<T, String> {
    panic::catch_unwind(run).map_err(|payload| {
        let text = payload
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        format!("progenitor panicked: {text}")
    })
}

fn settings() -> GenerationSettings {
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_map_type("::std::collections::BTreeMap")
        .with_inner_type(quote!(crate::pipeline::typed::Core));
    for (name, path) in WELL_KNOWN {
        settings.with_replacement(name, path, impls(name == "ZohoId"));
    }
    for (kind, format, path) in FORMATS {
        let instance = if kind == "number" {
            InstanceType::Number
        } else {
            InstanceType::String
        };
        let schema = SchemaObject {
            instance_type: Some(instance.into()),
            format: Some(format.to_owned()),
            ..SchemaObject::default()
        };
        settings.with_conversion(schema, path, impls(true));
    }
    settings
}

fn impls(text: bool) -> impl Iterator<Item = TypeImpl> {
    text.then_some([TypeImpl::Display, TypeImpl::FromStr])
        .into_iter()
        .flatten()
}
