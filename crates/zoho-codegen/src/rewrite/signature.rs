//! Arguments: path parameters stay, everything else moves into one structure.

use std::collections::BTreeMap;

use syn::visit_mut::VisitMut;
use syn::{FnArg, Ident, ImplItemFn, Pat, ReturnType, Type as Ty, parse_quote};
use zoho_spec::Operation;

use super::types::{Shorten, inside};
use crate::Error;

/// An argument of progenitor's method.
#[derive(Debug)]
pub(super) struct Argument {
    /// Its name.
    pub(super) name: Ident,
    /// Its type as an argument.
    pub(super) ty: Ty,
}

/// Arguments by name, without `self`, in order.
pub(super) fn arguments(operation: &Operation, method: &ImplItemFn) -> Result<Vec<Argument>, Error> {
    let unexpected = || Error::operation(operation.product, &operation.id, "an argument is no plain name");
    let mut out = Vec::new();
    for input in &method.sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        let Pat::Ident(pattern) = &*input.pat else {
            return Err(unexpected());
        };
        let mut ty = (*input.ty).clone();
        Shorten.visit_type_mut(&mut ty);
        Plain.visit_type_mut(&mut ty);
        out.push(Argument {
            name: pattern.ident.clone(),
            ty,
        });
    }
    Ok(out)
}

/// The `T` of `Result<ResponseValue<T>, Error<()>>`.
pub(super) fn success(operation: &Operation, method: &ImplItemFn) -> Result<Ty, Error> {
    let ReturnType::Type(_, ty) = &method.sig.output else {
        return Err(Error::operation(
            operation.product,
            &operation.id,
            "the method returns nothing",
        ));
    };
    let inner = inside(ty, "Result").and_then(|ty| inside(ty, "ResponseValue"));
    let Some(inner) = inner else {
        let message = "the method does not return `Result<ResponseValue<_>, _>`";
        return Err(Error::operation(operation.product, &operation.id, message));
    };
    let mut inner = inner.clone();
    Shorten.visit_type_mut(&mut inner);
    Ok(inner)
}

/// The type of a structure's field for an argument: owned instead of borrowed.
pub(super) fn owned(ty: &Ty) -> Ty {
    match ty {
        Ty::Reference(reference) => match &*reference.elem {
            Ty::Path(path) if path.path.is_ident("str") => parse_quote!(String),
            inner => inner.clone(),
        },
        _ => match inside(ty, "Option") {
            Some(inner) => {
                let inner = owned(inner);
                parse_quote!(Option<#inner>)
            }
            None => ty.clone(),
        },
    }
}

/// Whether an argument is text.
pub(super) fn is_text(ty: &Ty) -> bool {
    matches!(ty, Ty::Reference(reference) if matches!(&*reference.elem, Ty::Path(path) if path.path.is_ident("str")))
}

/// Checks that the names found in the body are the parameters of the description, each once.
pub(super) fn check(
    operation: &Operation,
    kind: &str,
    described: &[&str],
    found: &BTreeMap<String, Ident>,
) -> Result<(), Error> {
    let mut described: Vec<&str> = described.to_vec();
    described.sort_unstable();
    let found: Vec<&str> = found.keys().map(String::as_str).collect();
    if described == found {
        return Ok(());
    }
    let message = format!("its {kind} parameters are {described:?}, but the method sends {found:?}");
    Err(Error::operation(operation.product, &operation.id, message))
}

/// Takes the lifetimes off references.
struct Plain;

impl VisitMut for Plain {
    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        syn::visit_mut::visit_type_reference_mut(self, reference);
    }
}
