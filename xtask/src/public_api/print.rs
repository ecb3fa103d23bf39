//! Items as a user sees them: signatures without bodies, structs without private fields, what is implemented.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proc_macro2::{Ident, Span};
use syn::{
    Attribute, Field, Fields, File, ImplItem, Item, ItemImpl, TraitItem, Type, Visibility, parse_quote,
};

use super::krate::{ItemPath, Krate, Target, is_public};
use super::reach::Reached;

/// The snapshot of a crate.
pub(crate) fn print(krate: &Krate, name: &str, reached: &Reached) -> String {
    let impls = impls(krate);
    let mut out = format!("# The public surface of {name}, written by `cargo xtask public-api`.\n");
    for (module, offer) in reached {
        if offer.items.is_empty() && offer.aliases.is_empty() {
            continue;
        }
        let path: Vec<&str> = std::iter::once(name)
            .chain(module.iter().map(String::as_str))
            .collect();
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n## {}\n", path.join("::"));
        for alias in &offer.aliases {
            let _ = writeln!(out, "use {alias}");
        }
        for (shown, path) in &offer.items {
            let Some(item) = krate.item(path) else { continue };
            if *shown != path.1 {
                let _ = writeln!(out, "// here as `{shown}`");
            }
            let mut items = vec![bare(item.clone())];
            items.extend(impls.get(path).into_iter().flatten().cloned());
            out.push_str(&text(&file(items)));
        }
    }
    out
}

/// What is implemented, by the item that it is implemented for.
fn impls(krate: &Krate) -> BTreeMap<ItemPath, Vec<Item>> {
    let mut out: BTreeMap<ItemPath, Vec<Item>> = BTreeMap::new();
    for (path, module) in &krate.modules {
        for item in &module.items {
            let Item::Impl(found) = item else { continue };
            let Some(written) = self_path(&found.self_ty) else {
                continue;
            };
            let Target::Item(target) = krate.resolve(path, &written) else {
                continue;
            };
            if let Some(shown) = shown(found) {
                out.entry(target).or_default().push(Item::Impl(shown));
            }
        }
    }
    for found in out.values_mut() {
        found.sort_by_key(|item| match item {
            Item::Impl(found) => (
                found.trait_.is_some(),
                prettyplease::unparse(&file(vec![item.clone()])),
            ),
            _ => (false, String::new()),
        });
    }
    out
}

fn file(items: Vec<Item>) -> File {
    File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items,
    }
}

/// The path of the type that something is implemented for.
fn self_path(ty: &Type) -> Option<Vec<String>> {
    match ty {
        Type::Path(path) => Some(
            path.path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect(),
        ),
        Type::Reference(reference) => self_path(&reference.elem),
        _ => None,
    }
}

/// The part of an implementation that a user sees.
fn shown(found: &ItemImpl) -> Option<ItemImpl> {
    let mut found = found.clone();
    keep_what_matters(&mut found.attrs);
    let of_trait = found.trait_.is_some();
    found.items.retain_mut(|item| match item {
        ImplItem::Fn(inner) => {
            keep_what_matters(&mut inner.attrs);
            inner.block.stmts.clear();
            is_public(&inner.vis)
        }
        ImplItem::Const(inner) => {
            keep_what_matters(&mut inner.attrs);
            is_public(&inner.vis)
        }
        ImplItem::Type(inner) => {
            keep_what_matters(&mut inner.attrs);
            of_trait
        }
        _ => false,
    });
    (of_trait || !found.items.is_empty()).then_some(found)
}

/// An item without its documentation, bodies and private fields.
fn bare(mut item: Item) -> Item {
    match &mut item {
        Item::Fn(found) => {
            keep_what_matters(&mut found.attrs);
            found.block.stmts.clear();
        }
        Item::Struct(found) => {
            keep_what_matters(&mut found.attrs);
            fields(&mut found.fields);
        }
        Item::Enum(found) => {
            keep_what_matters(&mut found.attrs);
            for variant in &mut found.variants {
                keep_what_matters(&mut variant.attrs);
                for field in &mut variant.fields {
                    keep_what_matters(&mut field.attrs);
                }
            }
        }
        Item::Trait(found) => {
            keep_what_matters(&mut found.attrs);
            for item in &mut found.items {
                match item {
                    TraitItem::Fn(inner) => {
                        keep_what_matters(&mut inner.attrs);
                        if let Some(body) = &mut inner.default {
                            body.stmts.clear();
                        }
                    }
                    TraitItem::Type(inner) => keep_what_matters(&mut inner.attrs),
                    TraitItem::Const(inner) => keep_what_matters(&mut inner.attrs),
                    _ => {}
                }
            }
        }
        Item::Const(found) => keep_what_matters(&mut found.attrs),
        Item::Static(found) => keep_what_matters(&mut found.attrs),
        Item::Type(found) => keep_what_matters(&mut found.attrs),
        _ => {}
    }
    item
}

/// Stands for fields that do not show, until the text says `..`.
const REST: &str = "__rest";

/// Public fields stay; a mark says whether there are others, since nobody else can then make such a value.
fn fields(fields: &mut Fields) {
    let (all, named) = match fields {
        Fields::Named(named) => (&mut named.named, true),
        Fields::Unnamed(tuple) => (&mut tuple.unnamed, false),
        Fields::Unit => return,
    };
    let (mut kept, hidden): (Vec<Field>, Vec<Field>) =
        all.iter().cloned().partition(|field| is_public(&field.vis));
    if let Some(mut rest) = hidden.into_iter().next() {
        let name = Ident::new(REST, Span::call_site());
        rest.attrs.clear();
        rest.vis = Visibility::Inherited;
        rest.ty = parse_quote!(#name);
        rest.ident = named.then_some(name);
        kept.push(rest);
    }
    kept.iter_mut()
        .for_each(|field| keep_what_matters(&mut field.attrs));
    *all = kept.into_iter().collect();
}

/// The text of an item: a signature ends with `;` where its body was.
fn text(file: &File) -> String {
    let marked = prettyplease::unparse(file)
        .replace(&format!("{REST}: {REST},"), "..")
        .replace(REST, "..");
    let mut out = String::new();
    for line in marked.lines() {
        match line.strip_suffix(" {}") {
            _ if line.trim() == "{}" => continue,
            Some(signature) if !line.starts_with("pub ") || line.contains("fn ") => {
                out.push_str(signature);
                out.push(';');
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// Attributes that a user notices: conditions, derived traits, what may grow.
fn keep_what_matters(attrs: &mut Vec<Attribute>) {
    const WANTED: [&str; 5] = ["cfg", "deprecated", "derive", "must_use", "non_exhaustive"];
    attrs.retain(|attr| WANTED.iter().any(|wanted| attr.path().is_ident(wanted)));
}
