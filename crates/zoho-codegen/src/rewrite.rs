//! The rewrite: progenitor's output in the crate's own shape.
//!
//! Progenitor gives a module of types and one long `impl` of methods. Both are taken apart here, piece by
//! piece against an expected form, and put together again: types with lenient fields, constants for documented
//! sets and documentation, calls with a parameter structure that go through the one pipeline. A piece that is not as expected is an
//! [`Error`] that names the operation or type; nothing is skipped.

mod call;
mod docs;
mod fields;
mod prose;
mod request;
mod signature;
mod types;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use syn::{ImplItem, Item};
use zoho_spec::{Operation, Spec};

use crate::Error;

pub(crate) use call::{Call, Passed, Positional};
pub(crate) use docs::attributes as doc;
pub(crate) use types::Type;

/// One product's types and calls.
#[derive(Debug)]
pub(crate) struct Rewritten {
    /// By Rust name.
    pub(crate) types: BTreeMap<String, Type>,
    /// In the order of the description.
    pub(crate) calls: Vec<Call>,
}

/// Takes progenitor's file apart and rewrites what is in it.
pub(crate) fn rewrite(spec: &Spec, file: syn::File) -> Result<Rewritten, Error> {
    let product = spec.product();
    let mut module = None;
    let mut methods = BTreeMap::new();
    for item in file.items {
        match item {
            Item::Mod(found) if found.ident == "types" => module = found.content.map(|(_, items)| items),
            Item::Impl(found) if found.trait_.is_none() => {
                for item in found.items {
                    if let ImplItem::Fn(method) = item {
                        methods.insert(method.sig.ident.to_string(), method);
                    }
                }
            }
            // The rest is progenitor's client, its hooks and its exports: the pipeline takes their place.
            _ => {}
        }
    }
    // Constructors of progenitor's client, which unwrap.
    methods.remove("new");
    methods.remove("new_with_client");
    let module = module.ok_or_else(|| Error::product(product, "progenitor made no module `types`"))?;
    let mut types = types::collect(product, module)?;

    let mut calls = Vec::new();
    for operation in spec.operations() {
        let method = methods.remove(&operation.id).ok_or_else(|| {
            Error::operation(product, &operation.id, "progenitor made no method of this name")
        })?;
        calls.push(call::rewrite(
            operation,
            description(spec, operation),
            method,
            &types,
        )?);
    }
    if let Some(name) = methods.keys().next() {
        return Err(Error::product(
            product,
            format!("progenitor made a method `{name}` that no operation asks for"),
        ));
    }

    let replied = closure(&types, calls.iter().flat_map(|call| &call.replies));
    let sent = closure(&types, calls.iter().flat_map(|call| &call.sends));
    fields::lenient(product, &mut types, &replied)?;
    types::finish(&mut types, &replied, &sent);
    values::of_components(spec, &mut types)?;
    Ok(Rewritten { types, calls })
}

/// What the description says about an operation beyond its summary.
fn description<'a>(spec: &'a Spec, operation: &Operation) -> Option<&'a str> {
    let item = spec.document().get("paths")?.get(&operation.path)?;
    item.get(operation.method.name().to_lowercase())?
        .get("description")?
        .as_str()
}

/// All types that `roots` reach.
pub(crate) fn closure<'a>(
    types: &BTreeMap<String, Type>,
    roots: impl IntoIterator<Item = &'a String>,
) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<String> = roots.into_iter().cloned().collect();
    while let Some(name) = open.pop() {
        if let Some(found) = types.get(&name)
            && reached.insert(name)
        {
            open.extend(found.uses.iter().cloned());
        }
    }
    reached
}

#[cfg(test)]
mod tests;
