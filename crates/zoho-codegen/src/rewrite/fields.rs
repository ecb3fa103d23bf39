//! Lenient fields: what a reply may hold in a shape of Zoho's own making.
//!
//! Zoho sends `""` where an object, a list, a number, an id or an instant is meant, and tells `null` from
//! what is not there. A field of a reply holds all of that, so that one odd field never costs the page.

use std::collections::{BTreeMap, BTreeSet};

use quote::quote;
use syn::{Fields, Item, parse_quote};
use zoho_spec::Product;

use super::{Type, types};
use crate::Error;

/// Makes the fields of every type in `replied` lenient.
pub(super) fn lenient(
    product: Product,
    found: &mut BTreeMap<String, Type>,
    replied: &BTreeSet<String>,
) -> Result<(), Error> {
    for (name, found) in found.iter_mut().filter(|(name, _)| replied.contains(*name)) {
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
            let Some(inner) = types::inside(&field.ty, "Option").cloned() else {
                let message = "a reply must do without any of its fields, and this one is required";
                let field = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                return Err(Error::ty(product, &format!("{name}.{field}"), message));
            };
            field.ty = parse_quote!(crate::wire::Lenient<#inner>);
            types::replace_serde(
                &mut field.attrs,
                &quote!(default, skip_serializing_if = "crate::wire::Lenient::is_absent"),
            );
        }
    }
    Ok(())
}

fn is_flattened(attribute: &syn::Attribute) -> bool {
    attribute.path().is_ident("serde")
        && attribute
            .meta
            .require_list()
            .is_ok_and(|list| list.tokens.to_string().contains("flatten"))
}
