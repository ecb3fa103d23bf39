//! Lenient fields: what a reply may hold in a shape of Zoho's own making.
//!
//! Zoho sends `""` where an object, a list, a number, an id or an instant is meant. Such a field of a reply
//! holds the value or the raw JSON that came instead, so that one odd field never costs the page.

use std::collections::{BTreeMap, BTreeSet};

use syn::{Fields, GenericArgument, Item, PathArguments, Type as Ty, parse_quote};
use zoho_spec::Product;

use super::Type;
use crate::Error;

/// Makes the fields of every type in `replied` lenient.
pub(super) fn lenient(
    product: Product,
    types: &mut BTreeMap<String, Type>,
    replied: &BTreeSet<String>,
) -> Result<(), Error> {
    for (name, found) in types.iter_mut().filter(|(name, _)| replied.contains(*name)) {
        let Some(Item::Struct(item)) = found.items.first_mut() else {
            continue;
        };
        let Fields::Named(fields) = &mut item.fields else {
            continue;
        };
        for field in &mut fields.named {
            if field.attrs.iter().any(is_flattened) {
                continue;
            }
            let Some(inner) = optional(&mut field.ty) else {
                let message = "a reply must do without any of its fields, and this one is required";
                let field = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                return Err(Error::ty(product, &format!("{name}.{field}"), message));
            };
            if !is_text_or_truth(inner) {
                *inner = parse_quote!(crate::wire::Lenient<#inner>);
            }
        }
    }
    Ok(())
}

/// The type inside an `Option`.
fn optional(ty: &mut Ty) -> Option<&mut Ty> {
    let Ty::Path(path) = ty else {
        return None;
    };
    let last = path
        .path
        .segments
        .last_mut()
        .filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
        return None;
    };
    arguments.args.iter_mut().find_map(|argument| match argument {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    })
}

/// Text and truth values come as described; any JSON is lenient already.
fn is_text_or_truth(ty: &Ty) -> bool {
    match ty {
        Ty::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|last| ["String", "bool", "Value"].contains(&last.ident.to_string().as_str())),
        _ => false,
    }
}

fn is_flattened(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("serde")
        && attribute
            .meta
            .require_list()
            .is_ok_and(|list| list.tokens.to_string().contains("flatten"))
}
