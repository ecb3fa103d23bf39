//! The tables: what client and mock know about every operation, whether its typed layer is compiled or not.

mod catalogue;
mod features;
mod operations;
mod parts;
mod regions;
mod routes;

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;
use zoho_spec::{Product, Spec};

use crate::{Error, GeneratedFile, Specs, format, name};

/// The client's generated sources.
pub(crate) const CLIENT: &str = "crates/zoho-client/src";
/// The mock's generated sources.
const MOCK: &str = "crates/zoho-mock/src";

/// All tables of all products.
pub(crate) fn tables(specs: &Specs) -> Result<Vec<GeneratedFile>, Error> {
    let client = Path::new(CLIENT);
    let mock = Path::new(MOCK);
    let mut files = vec![
        format::source(
            client.join("generated.rs"),
            "What `zoho-spec` says, as Rust.",
            client_root(specs),
        )?,
        format::source(
            client.join("generated/regions.rs"),
            "Zoho's data centres and their hosts.",
            regions::table(&specs.regions, &quote!(crate::region)),
        )?,
        format::source(
            mock.join("generated.rs"),
            "What `zoho-spec` says, as the mock's tables.",
            mock_root(specs),
        )?,
        features::block(specs),
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

fn client_root(specs: &Specs) -> TokenStream {
    let products = specs.products.iter().map(|spec| {
        let module = name::ident(spec.product().name());
        quote!(pub mod #module;)
    });
    quote! {
        #(#products)*
        pub(crate) mod regions;
    }
}

fn mock_root(specs: &Specs) -> TokenStream {
    let products = specs.products.iter().map(|spec| {
        let module = name::ident(spec.product().name());
        quote!(pub mod #module;)
    });
    let regions = regions::table(&specs.regions, &quote!(crate::route));
    quote! {
        #![allow(unreachable_pub)]
        #(#products)*
        #regions
    }
}

fn operations(client: &Path, spec: &Spec) -> Result<GeneratedFile, Error> {
    let product = spec.product();
    format::source(
        client.join(format!("generated/{}/operations.rs", product.name())),
        &format!(
            "Every operation of Zoho {} {}: what the pipeline must know to send it.",
            title(product),
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
            title(product),
            product.version()
        ),
        routes::table(spec),
    )
}

/// The product's name in prose.
pub(crate) fn title(product: Product) -> &'static str {
    match product {
        Product::Crm => "CRM",
        Product::Books => "Books",
    }
}
