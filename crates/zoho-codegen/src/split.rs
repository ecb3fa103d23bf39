//! The split: each resource's calls and the types that only it reaches in a file of their own, behind a
//! feature of their own; types that several resources reach in `common`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use zoho_spec::{Product, Spec};

use crate::rewrite::{Call, Rewritten, closure, doc};
use crate::{Error, GeneratedFile, format, name};

/// The files of a product's typed layer.
pub(crate) fn files(client: &Path, spec: &Spec, rewritten: &Rewritten) -> Result<Vec<GeneratedFile>, Error> {
    let product = spec.product();
    let tags: BTreeSet<&str> = rewritten.calls.iter().map(|call| call.tag.as_str()).collect();
    let homes = homes(rewritten);
    let folder = client.join("generated").join(product.name());
    let mut files = vec![
        format::source(
            client.join(format!("generated/{}.rs", product.name())),
            &root_room(product),
            root(product, &tags),
        )?,
        format::source(
            folder.join("common.rs"),
            &common_room(product),
            common(product, rewritten, &homes),
        )?,
    ];
    for tag in tags {
        if ["common", "operations", "catalogue"].contains(&tag) {
            return Err(Error::product(
                product,
                format!("a resource may not be called `{tag}`"),
            ));
        }
        let path = folder.join(format!("{}.rs", name::module(tag)));
        files.push(format::source(
            path,
            &resource_room(product, tag),
            resource(product, tag, rewritten, &homes)?,
        )?);
    }
    Ok(files)
}

/// Which resources reach a type.
pub(crate) type Homes<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The resources that reach each type: one, and it lives with it; several, and it lives in `common`.
pub(crate) fn homes(rewritten: &Rewritten) -> Homes<'_> {
    let mut homes: Homes<'_> = BTreeMap::new();
    for call in &rewritten.calls {
        let reached = closure(&rewritten.types, call.replies.iter().chain(&call.sends));
        for name in rewritten.types.keys().filter(|name| reached.contains(*name)) {
            homes.entry(name).or_default().insert(&call.tag);
        }
    }
    homes
}

fn root_room(product: Product) -> String {
    format!(
        "The typed calls of Zoho {}, one module and one cargo feature for each resource.",
        product.title()
    )
}

fn common_room(product: Product) -> String {
    format!(
        "Types of Zoho {} that more than one resource uses.",
        product.title()
    )
}

fn resource_room(product: Product, tag: &str) -> String {
    let feature = name::feature(product.name(), tag);
    let words = tag.replace('_', " ");
    format!("Zoho {}: {words}. Feature `{feature}`.", product.title())
}

/// The product's own module: its resources and the entry to them.
fn root(product: Product, tags: &BTreeSet<&str>) -> TokenStream {
    let catalogue = (product == Product::Books).then(|| {
        quote!(
            pub(crate) mod catalogue;
        )
    });
    let modules = tags.iter().map(|tag| {
        let (feature, module) = (
            name::feature(product.name(), tag),
            name::ident(&name::module(tag)),
        );
        quote!(#[cfg(feature = #feature)] pub mod #module;)
    });
    let accessors = tags.iter().map(|tag| {
        let (feature, module) = (
            name::feature(product.name(), tag),
            name::ident(&name::module(tag)),
        );
        let handle = handle(tag);
        let docs = doc(&format!(
            "The calls of {}. Feature `{feature}`.",
            tag.replace('_', " ")
        ));
        quote! {
            #(#docs)*
            #[cfg(feature = #feature)]
            #[must_use]
            pub fn #module(&self) -> #module::#handle<'a> {
                #module::#handle { core: self.core }
            }
        }
    });
    let docs = doc(&format!(
        "The typed calls of Zoho {} {}.",
        product.title(),
        product.version()
    ));
    quote! {
        #catalogue
        pub mod common;
        pub(crate) mod operations;
        #(#modules)*
        use crate::pipeline::typed::Core;
        #(#docs)*
        #[derive(Clone, Copy, Debug)]
        #[allow(dead_code)]
        pub struct Api<'a> {
            core: &'a Core,
        }
        #[allow(dead_code)]
        impl<'a> Api<'a> {
            #[doc = " The calls that go through `core`."]
            pub(crate) fn new(core: &'a Core) -> Self {
                Self { core }
            }
            #(#accessors)*
        }
    }
}

fn common(product: Product, rewritten: &Rewritten, homes: &Homes<'_>) -> TokenStream {
    let items = rewritten.types.iter().flat_map(|(name, found)| {
        let tags = homes.get(name.as_str()).filter(|tags| tags.len() > 1);
        let features: Vec<String> = tags
            .into_iter()
            .flatten()
            .map(|tag| name::feature(product.name(), tag))
            .collect();
        let shared = !features.is_empty();
        found.items.iter().filter(move |_| shared).map(move |item| {
            quote! {
                #[cfg(any(#(feature = #features),*))]
                #item
            }
        })
    });
    quote! {
        #![allow(clippy::all, clippy::pedantic)]
        #(#items)*
    }
}

fn resource(
    product: Product,
    tag: &str,
    rewritten: &Rewritten,
    homes: &Homes<'_>,
) -> Result<TokenStream, Error> {
    let calls: Vec<&Call> = rewritten.calls.iter().filter(|call| call.tag == tag).collect();
    let mut types = Vec::new();
    let mut shared = BTreeSet::new();
    for (name, found) in &rewritten.types {
        match homes.get(name.as_str()) {
            Some(tags) if tags.contains(tag) && tags.len() == 1 => {
                types.push((name, found));
                shared.extend(found.uses.iter().filter(|used| is_shared(homes, used)));
            }
            _ => {}
        }
    }
    shared.extend(
        calls
            .iter()
            .flat_map(|call| call.replies.iter().chain(&call.sends))
            .filter(|name| is_shared(homes, name)),
    );

    let mut taken: BTreeSet<String> = types.iter().map(|(name, _)| (*name).clone()).collect();
    taken.extend(shared.iter().map(|name| (*name).clone()));
    let handle = handle(tag);
    if !taken.insert(handle.to_string()) {
        let message =
            format!("resource `{tag}` and a component have the same name; call the component otherwise");
        return Err(Error::ty(product, &handle.to_string(), message));
    }
    let mut methods = Vec::new();
    let mut structures = Vec::new();
    let in_path = calls.iter().any(|call| call.has_path_parameters());
    for call in calls {
        let structure = structure_name(product, call, &mut taken)?;
        methods.push(call.method(structure.as_ref()));
        structures.extend(structure.map(|structure| call.structure(&structure, &handle)));
    }

    let imports = (!shared.is_empty()).then(|| {
        let names = shared.iter().map(|name| name::ident(name));
        quote!(use super::common::{#(#names),*};)
    });
    let segment = in_path.then(|| {
        quote!(
            use crate::pipeline::request::encode_segment;
        )
    });
    let docs = doc(&format!("The calls of {}.", tag.replace('_', " ")));
    let items = types.iter().flat_map(|(_, found)| &found.items);
    Ok(quote! {
        #![allow(clippy::all, clippy::pedantic)]
        #imports
        use super::operations;
        #segment
        use crate::pipeline::typed;
        #(#docs)*
        #[derive(Clone, Copy, Debug)]
        pub struct #handle<'a> {
            pub(super) core: &'a typed::Core,
        }
        impl #handle<'_> {
            #(#methods)*
        }
        #(#structures)*
        #(#items)*
    })
}

fn is_shared(homes: &Homes<'_>, name: &str) -> bool {
    homes.get(name).is_some_and(|tags| tags.len() > 1)
}

/// The type that has a resource's calls.
fn handle(tag: &str) -> Ident {
    name::ident(&name::pascal(tag))
}

/// `ListRecords` for the parameters of `list_records`.
fn structure_name(
    product: Product,
    call: &Call,
    taken: &mut BTreeSet<String>,
) -> Result<Option<Ident>, Error> {
    if call.fields.is_empty() {
        return Ok(None);
    }
    let structure = name::pascal(&call.id);
    if taken.insert(structure.clone()) {
        return Ok(Some(name::ident(&structure)));
    }
    Err(Error::operation(
        product,
        &call.id,
        format!("a component has the name of its parameters, `{structure}`"),
    ))
}
