//! Types: what is kept of progenitor's, documented, with the prelude's names instead of full paths.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, Fields, Ident, Item, ItemImpl, Path, parse_quote};
use zoho_spec::Product;

use super::docs;
use crate::{Error, name};

/// A type and the items that belong to it.
#[derive(Debug)]
pub(crate) struct Type {
    /// The definition first, then its implementations.
    pub(crate) items: Vec<Item>,
    /// Names of the generated types that it mentions.
    pub(crate) uses: BTreeSet<String>,
}

/// Names that generated code takes from the prelude, so that no component may have them.
const PRELUDE: [&str; 9] = [
    "Option", "Vec", "String", "Result", "Ok", "Err", "Some", "None", "Box",
];

/// Takes the module of types apart.
pub(super) fn collect(product: Product, items: Vec<Item>) -> Result<BTreeMap<String, Type>, Error> {
    let mut types: BTreeMap<String, Type> = BTreeMap::new();
    let mut implementations = Vec::new();
    for item in items {
        let name = match &item {
            Item::Struct(found) => found.ident.to_string(),
            Item::Enum(found) => {
                return Err(Error::ty(
                    product,
                    &found.ident.to_string(),
                    "is a choice between shapes; describe one object",
                ));
            }
            Item::Impl(_) => {
                implementations.push(item);
                continue;
            }
            // Errors of conversions that are not kept.
            Item::Mod(found) if found.ident == "error" => continue,
            Item::Mod(found) => {
                let message = format!("progenitor made a module `types::{}`", found.ident);
                return Err(Error::product(product, message));
            }
            _ => {
                return Err(Error::product(
                    product,
                    "progenitor made an item in `types` that is no type",
                ));
            }
        };
        if PRELUDE.contains(&name.as_str()) {
            return Err(Error::ty(product, &name, "has a name of Rust's prelude"));
        }
        types.insert(
            name,
            Type {
                items: vec![item],
                uses: BTreeSet::new(),
            },
        );
    }
    for item in implementations {
        let Item::Impl(found) = &item else { continue };
        if let Some(name) = kept(product, &types, found)?
            && let Some(owner) = types.get_mut(&name)
        {
            owner.items.push(item);
        }
    }
    let names: BTreeSet<String> = types.keys().cloned().collect();
    for (name, found) in &mut types {
        for item in &mut found.items {
            Shorten.visit_item_mut(item);
        }
        found.uses = mentioned(&names, |seen| {
            found.items.iter().for_each(|item| seen.visit_item(item));
        });
        found.uses.remove(name);
    }
    Ok(types)
}

/// The type that an implementation belongs to, unless it is one that nobody needs.
fn kept(product: Product, types: &BTreeMap<String, Type>, found: &ItemImpl) -> Result<Option<String>, Error> {
    let owner = match &*found.self_ty {
        syn::Type::Path(path) => path.path.get_ident().map(Ident::to_string),
        _ => None,
    };
    let owner = owner.filter(|name| types.contains_key(name));
    let kind = found
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last())
        .map(|last| last.ident.to_string());
    match (kind.as_deref(), owner) {
        // A conversion out of a generated type into a foreign one; `Deref` serves.
        (Some("From"), None) | (Some("FromStr" | "TryFrom"), _) => Ok(None),
        (Some("From" | "Deref" | "Display" | "Default"), Some(owner)) => Ok(Some(owner)),
        (kind, owner) => {
            let owner = owner.unwrap_or_else(|| "?".to_owned());
            Err(Error::ty(
                product,
                &owner,
                format!("progenitor made an unknown implementation ({kind:?})"),
            ))
        }
    }
}

/// Names out of `names` that a visit meets.
pub(super) fn mentioned(names: &BTreeSet<String>, walk: impl FnOnce(&mut Mentions<'_>)) -> BTreeSet<String> {
    let mut seen = Mentions {
        names,
        seen: BTreeSet::new(),
    };
    walk(&mut seen);
    seen.seen
}

/// Collects the generated types that syntax mentions.
pub(super) struct Mentions<'a> {
    names: &'a BTreeSet<String>,
    seen: BTreeSet<String>,
}

impl<'ast> Visit<'ast> for Mentions<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        if let Some(name) = path.get_ident().map(Ident::to_string)
            && self.names.contains(&name)
        {
            self.seen.insert(name);
        }
        visit::visit_path(self, path);
    }
}

/// The `T` of a type `name<T, ..>`.
pub(super) fn inside<'a>(ty: &'a syn::Type, name: &str) -> Option<&'a syn::Type> {
    let syn::Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// Replaces `types::Name` by `Name`, and full paths by the prelude's names.
pub(super) struct Shorten;

impl VisitMut for Shorten {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let short = matches!(
            names.as_slice(),
            ["std", "option", "Option"]
                | ["std", "vec", "Vec"]
                | ["std", "string", "String"]
                | ["std", "boxed", "Box"]
                | ["types", _]
        );
        if short && let Some(last) = path.segments.pop() {
            *path = Path::from(last);
        }
    }

    /// A type that holds itself comes as `Option<Box<T>>` or as `Box<Option<T>>`, by where the walk began.
    fn visit_field_mut(&mut self, field: &mut Field) {
        visit_mut::visit_field_mut(self, field);
        let inner = inside(&field.ty, "Box").and_then(|inner| inside(inner, "Option"));
        let Some(inner) = inner else {
            return;
        };
        field.ty = parse_quote!(Option<Box<#inner>>);
        replace_serde(&mut field.attrs, &quote!(skip_serializing_if = "Option::is_none"));
    }

    fn visit_attribute_mut(&mut self, attribute: &mut Attribute) {
        if attribute.path().is_ident("serde")
            && let Ok(list) = attribute.meta.require_list()
        {
            let text = list
                .tokens
                .to_string()
                .replace("::std::option::Option::is_none", "Option::is_none");
            if let Ok(tokens) = text.parse::<TokenStream>() {
                *attribute = parse_quote!(#[serde(#tokens)]);
            }
        }
    }
}

/// Documents every type and field, and gives `Default` to what can have it.
pub(super) fn finish(
    types: &mut BTreeMap<String, Type>,
    replied: &BTreeSet<String>,
    sent: &BTreeSet<String>,
) {
    let defaults = defaults(types);
    for (name, found) in types {
        for item in &mut found.items {
            let Item::Struct(item) = item else { continue };
            let own = docs::text(&item.attrs).filter(|text| text != &format!("`{name}`"));
            let fallback = format!("`{name}`, as Zoho {}.", role(name, replied, sent));
            let default = defaults.contains(name).then(|| quote!(Default,));
            let derive =
                parse_quote!(#[derive(Clone, Debug, #default ::serde::Deserialize, ::serde::Serialize)]);
            replace_derive(&mut item.attrs, derive);
            document(&mut item.attrs, own.as_deref(), &fallback);
            if replied.contains(name) && !sent.contains(name) && matches!(item.fields, Fields::Named(_)) {
                item.attrs.push(parse_quote!(#[non_exhaustive]));
            }
            item.fields.iter_mut().for_each(document_field);
        }
    }
}

/// Puts one list of derived traits in place of progenitor's.
fn replace_derive(attributes: &mut Vec<Attribute>, derive: Attribute) {
    attributes.retain(|attribute| !attribute.path().is_ident("derive"));
    attributes.insert(0, derive);
}

fn role(name: &str, replied: &BTreeSet<String>, sent: &BTreeSet<String>) -> &'static str {
    match (replied.contains(name), sent.contains(name)) {
        (true, true) => "sends and takes it",
        (false, true) => "takes it",
        _ => "sends it",
    }
}

fn document_field(field: &mut Field) {
    let Some(ident) = field.ident.clone() else {
        return;
    };
    let own = docs::text(&field.attrs);
    let fallback = if ident == "extra" {
        "Everything else that came, by its name.".to_owned()
    } else {
        let wire = wire_name(&field.attrs).unwrap_or_else(|| ident.to_string());
        format!("`{wire}`")
    };
    document(&mut field.attrs, own.as_deref(), &fallback);
    field.ident = Some(name::field(&ident));
}

/// Replaces the documentation by `own`, or by `fallback`, which is ready as it stands.
fn document(attributes: &mut Vec<Attribute>, own: Option<&str>, fallback: &str) {
    attributes.retain(|attribute| !attribute.path().is_ident("doc"));
    let text = own.map_or_else(|| fallback.to_owned(), docs::prose);
    attributes.splice(0..0, docs::attributes(&text));
}

/// Puts one `#[serde(..)]` in place of a field's own ones, of which only the name on the wire stays.
pub(super) fn replace_serde(attributes: &mut Vec<Attribute>, rest: &TokenStream) {
    let rename = wire_name(attributes).map(|wire| quote!(rename = #wire,));
    attributes.retain(|attribute| !attribute.path().is_ident("serde"));
    attributes.push(parse_quote!(#[serde(#rename #rest)]));
}

/// The name that `#[serde(rename = "..")]` gives.
fn wire_name(attributes: &[Attribute]) -> Option<String> {
    let mut found = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // Whatever else the attribute says is not asked for here.
        let _ = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                found = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Lit>()?;
            }
            Ok(())
        });
    }
    found
}

/// The structures all of whose fields have a default, by taking away those that have one without.
fn defaults(types: &BTreeMap<String, Type>) -> BTreeSet<String> {
    let has_own = |found: &Type| {
        found.items.iter().any(|item| {
            matches!(item, Item::Impl(item) if item.trait_.as_ref().is_some_and(|(path, _)| path.is_ident("Default")))
        })
    };
    let mut set: BTreeSet<String> = types
        .iter()
        .filter(|(_, found)| matches!(found.items.first(), Some(Item::Struct(_))) && !has_own(found))
        .map(|(name, _)| name.clone())
        .collect();
    loop {
        let without: Vec<String> = set
            .iter()
            .filter(
                |name| match types.get(*name).and_then(|found| found.items.first()) {
                    Some(Item::Struct(item)) => !item.fields.iter().all(|field| has_default(&field.ty, &set)),
                    _ => true,
                },
            )
            .cloned()
            .collect();
        if without.is_empty() {
            return set;
        }
        for name in without {
            set.remove(&name);
        }
    }
}

/// Whether a type has a default that generated code may rely on.
pub(super) fn has_default(ty: &syn::Type, structures: &BTreeSet<String>) -> bool {
    let syn::Type::Path(path) = ty else {
        return false;
    };
    let Some(last) = path.path.segments.last() else {
        return false;
    };
    let name = last.ident.to_string();
    let well_known = [
        "Option", "Vec", "String", "bool", "i64", "Map", "BTreeMap", "Value", "Lenient",
    ]
    .contains(&name.as_str());
    well_known || structures.contains(&name)
}
