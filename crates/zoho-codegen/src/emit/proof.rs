//! What the proofs need: every call of the client and every type of a reply, by name.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;
use zoho_spec::{Product, Reply, Spec};

use crate::rewrite::{Call, Passed, Positional, Rewritten};
use crate::{Specs, name, split};

/// The root module: one module for each product.
pub(super) fn root(specs: &Specs) -> TokenStream {
    let products = super::products(specs);
    quote!(#(#[rustfmt::skip] pub(crate) mod #products;)*)
}

/// `DECODERS`: for each component that a reply is made of, the function that decodes and encodes it.
pub(super) fn decoders(spec: &Spec, rewritten: &Rewritten) -> TokenStream {
    let product = name::ident(spec.product().name());
    let homes = split::homes(rewritten);
    let schemas: BTreeSet<&str> = spec
        .operations()
        .iter()
        .filter_map(|operation| match &operation.reply {
            Reply::Json { schema } => Some(schema.as_str()),
            _ => None,
        })
        .collect();
    let rows = schemas.into_iter().map(|schema| {
        let ty = name::ident(schema);
        let path = match homes.get(schema) {
            Some(tags) if tags.len() > 1 => quote!(api::common::#ty),
            Some(tags) => {
                let tags = tags.iter().map(|tag| name::ident(&name::module(tag)));
                quote!(#(api::#tags::)*#ty)
            }
            // A type that is written by hand.
            None => quote!(zoho_client::#ty),
        };
        quote!((#schema, through::<#path>))
    });
    quote! {
        use zoho_client::#product::api;
        use crate::decode::{Decoder, through};
        #[doc = " Sorted by component."]
        pub(crate) static DECODERS: &[(&str, Decoder)] = &[#(#rows),*];
    }
}

/// The product's own module: its resources, and all their calls.
pub(super) fn resources(rewritten: &Rewritten) -> TokenStream {
    let tags: BTreeSet<&str> = rewritten.calls.iter().map(|call| call.tag.as_str()).collect();
    let modules: Vec<_> = tags
        .into_iter()
        .map(|tag| name::ident(&name::module(tag)))
        .collect();
    quote! {
        #(mod #modules;)*
        #[doc = " One list for each resource."]
        pub(crate) static CALLS: &[&[super::super::Call]] = &[#(#modules::CALLS),*];
    }
}

/// `CALLS` of each resource.
pub(super) fn calls(product: Product, rewritten: &Rewritten) -> BTreeMap<&str, TokenStream> {
    let mut tags: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
    for call in &rewritten.calls {
        tags.entry(&call.tag).or_default().push(call);
    }
    tags.into_iter()
        .map(|(tag, calls)| (tag, resource(product, tag, &calls)))
        .collect()
}

fn resource(product: Product, tag: &str, calls: &[&Call]) -> TokenStream {
    let api = name::ident(product.name());
    let module = name::ident(&name::module(tag));
    let structures: Vec<_> = calls
        .iter()
        .filter(|call| !call.fields.is_empty())
        .map(|call| name::ident(&name::pascal(&call.id)))
        .collect();
    let imports =
        (!structures.is_empty()).then(|| quote!(use zoho_client::#api::api::#module::{#(#structures),*};));
    let variant = name::ident(&name::pascal(product.name()));
    let rows = calls.iter().map(|call| {
        let id = &call.id;
        let invocation = invocation(&module, call);
        let given = match call.positional.is_empty() && call.fields.is_empty() {
            true => quote!(_),
            false => quote!(given),
        };
        quote!(#variant(#id, |api, #given| Box::pin(async move { #invocation })))
    });
    quote! {
        #imports
        use crate::Call::{self, #variant};
        pub(crate) static CALLS: &[Call] = &[#(#rows),*];
    }
}

/// The call itself, with every argument taken out of `given`.
fn invocation(module: &syn::Ident, call: &Call) -> TokenStream {
    let method = name::ident(&call.id);
    let alone = call.positional.iter().map(|argument| match argument {
        Positional::Path { name, passed } => match passed {
            Passed::Text => quote!(&given.text(#name)),
            Passed::Reference => quote!(&given.get(#name)),
            Passed::Value => quote!(given.get(#name)),
        },
        Positional::Body => quote!(&given.body()),
        Positional::Form => quote!(given.form()),
    });
    let structure = (!call.fields.is_empty()).then(|| {
        let structure = name::ident(&name::pascal(&call.id));
        let fields = call.fields.iter().map(|field| {
            let (own, wire) = (name::field(&field.name), &field.wire);
            quote!(#own: given.get(#wire))
        });
        quote!(&#structure { #(#fields),* })
    });
    let arguments = alone.chain(structure);
    quote!(api.#module().#method(#(#arguments),*).await.map(drop))
}
