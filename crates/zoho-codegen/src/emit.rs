//! The tables: what client and mock know about every operation, whether its typed layer is compiled or not.

mod catalogue;
mod features;
mod operations;
mod parts;
mod proof;
mod regions;
mod routes;

use std::path::Path;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use zoho_spec::{Product, Spec};

use crate::rewrite::Rewritten;
use crate::{Error, GeneratedFile, Specs, format, name};

/// The client's generated sources.
pub(crate) const CLIENT: &str = "crates/zoho-client/src";
/// The mock's generated sources.
const MOCK: &str = "crates/zoho-mock/src";

/// What the proofs call and decode by name.
const DECODERS: &str = "crates/zoho-conformance/src";
const CALLS: &str = "crates/zoho-conformance/tests/calls";

/// All tables of all products.
pub(crate) fn tables(specs: &Specs) -> Result<Vec<GeneratedFile>, Error> {
    let client = Path::new(CLIENT);
    let mock = Path::new(MOCK);
    let room = "What the descriptions of `zoho-spec` say, as Rust.";
    let regions = "Zoho's data centres and their hosts.";
    let mut files = vec![
        format::source(client.join("generated.rs"), room, root(specs, None))?,
        format::source(
            client.join("generated/regions.rs"),
            regions,
            regions::table(&specs.regions, &quote!(crate::region)),
        )?,
        format::source(
            mock.join("generated.rs"),
            room,
            root(specs, Some(&quote!(REGIONS))),
        )?,
        format::source(
            mock.join("generated/regions.rs"),
            regions,
            regions::table(&specs.regions, &quote!(crate::route)),
        )?,
        features::block(specs),
        format::source(
            Path::new(DECODERS).join("generated.rs"),
            "The types of replies by name, so that they can be tried on any JSON.",
            proof::root(specs),
        )?,
        format::source(
            Path::new(CALLS).join("generated.rs"),
            "Every call of the typed client by name.",
            proof::root(specs),
        )?,
    ];
    for spec in &specs.products {
        files.push(operations(client, spec)?);
        files.push(routes(mock, spec)?);
    }
    if let Some(books) = specs.product(Product::Books) {
        files.push(format::source(
            client.join("generated/books/catalogue.rs"),
            "The record types of Zoho Books.",
            catalogue::table(
                books.records(),
                &quote!(crate::books::catalogue),
                &quote!(pub(crate)),
            ),
        )?);
    }
    Ok(files)
}

/// The root module of a crate's generated files. It is the only one that rustfmt sees, so its lines stand as
/// rustfmt would have them.
fn root(specs: &Specs, lifted: Option<&TokenStream>) -> TokenStream {
    let products = products(specs);
    let lifted = lifted.map(|name| quote!(pub(crate) use regions::#name;));
    quote! {
        #(#[rustfmt::skip] pub mod #products;)*
        #[rustfmt::skip]
        pub(crate) mod regions;
        #lifted
    }
}

/// The modules of the products, sorted by name.
fn products(specs: &Specs) -> Vec<Ident> {
    let mut names: Vec<&str> = specs.products.iter().map(|spec| spec.product().name()).collect();
    names.sort_unstable();
    names.into_iter().map(name::ident).collect()
}

/// What the proofs need of one product.
pub(crate) fn proof(spec: &Spec, rewritten: &Rewritten) -> Result<Vec<GeneratedFile>, Error> {
    let product = spec.product().name();
    let title = spec.product().title();
    let mut files = vec![
        format::source(
            Path::new(DECODERS).join(format!("generated/{product}.rs")),
            &format!("The types of Zoho {title}'s replies, by the name of their component."),
            proof::decoders(spec, rewritten),
        )?,
        format::source(
            Path::new(CALLS).join(format!("generated/{product}.rs")),
            &format!("Every call of Zoho {title}, by resource."),
            proof::resources(rewritten),
        )?,
    ];
    for (tag, calls) in proof::calls(spec.product(), rewritten) {
        files.push(format::source(
            Path::new(CALLS).join(format!("generated/{product}/{}.rs", name::module(tag))),
            &format!("Every call of {}.", tag.replace('_', " ")),
            calls,
        )?);
    }
    Ok(files)
}

fn operations(client: &Path, spec: &Spec) -> Result<GeneratedFile, Error> {
    let product = spec.product();
    format::source(
        client.join(format!("generated/{}/operations.rs", product.name())),
        &format!(
            "Every operation of Zoho {} {}: what the pipeline must know to send it.",
            product.title(),
            product.version()
        ),
        operations::table(spec),
    )
}

fn routes(mock: &Path, spec: &Spec) -> Result<GeneratedFile, Error> {
    let product = spec.product();
    format::source(
        mock.join(format!("generated/{}.rs", product.name())),
        &format!(
            "Zoho {} {} as the mock serves it: routes and schemas.",
            product.title(),
            product.version()
        ),
        routes::table(spec),
    )
}
