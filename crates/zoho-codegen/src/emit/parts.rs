//! Expressions that several tables share.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use zoho_spec::{Base, Body, Credits, Host, Paging, PagingStyle, Product, Reply};

/// `Product::Crm`.
pub(super) fn product(product: Product) -> TokenStream {
    match product {
        Product::Crm => quote!(Product::Crm),
        Product::Books => quote!(Product::Books),
    }
}

/// `Base { host: Host::Api, prefix: "/crm" }`.
pub(super) fn base(base: Base) -> TokenStream {
    let host = match base.host {
        Host::Api => quote!(Host::Api),
        Host::Upload => quote!(Host::Upload),
    };
    let prefix = base.prefix;
    quote!(Base { host: #host, prefix: #prefix })
}

/// Alternatives of scopes that are needed together.
pub(super) fn scopes(scopes: &[Vec<String>]) -> TokenStream {
    let alternatives = scopes.iter().map(|needed| quote!(&[#(#needed),*]));
    quote!(&[#(#alternatives),*])
}

/// Success statuses, ascending.
pub(super) fn statuses(statuses: &[u16]) -> TokenStream {
    let mut sorted = statuses.to_vec();
    sorted.sort_unstable();
    let numbers = sorted.into_iter().map(Literal::u16_unsuffixed);
    quote!(&[#(#numbers),*])
}

/// What a call costs.
pub(super) fn credits(credits: &Credits) -> TokenStream {
    let number = |n: &u32| Literal::u32_unsuffixed(*n);
    match credits {
        Credits::Fixed(n) => {
            let n = number(n);
            quote!(Credits::Fixed(#n))
        }
        Credits::PerItems(n) => {
            let n = number(n);
            quote!(Credits::PerItems(#n))
        }
        Credits::ByRows(rows) => {
            let rows = rows.iter().map(|(up_to, credits)| {
                let (up_to, credits) = (number(up_to), number(credits));
                quote!((#up_to, #credits))
            });
            quote!(Credits::ByRows(&[#(#rows),*]))
        }
        Credits::With {
            base,
            parameter,
            credits,
        } => {
            let (base, credits) = (number(base), number(credits));
            quote!(Credits::With { base: #base, parameter: #parameter, credits: #credits })
        }
    }
}

/// How a list is paged.
pub(super) fn paging(paging: Option<&Paging>) -> TokenStream {
    let Some(Paging { style, items }) = paging else {
        return quote!(None);
    };
    let style = match style {
        PagingStyle::Token => quote!(PagingStyle::Token),
        PagingStyle::Page => quote!(PagingStyle::Page),
        PagingStyle::Query => quote!(PagingStyle::Query),
        PagingStyle::Context => quote!(PagingStyle::Context),
    };
    quote!(Some(Paging { style: #style, items: #items }))
}

/// What kind of body a request carries.
pub(super) fn body(body: &Body) -> TokenStream {
    match body {
        Body::None => quote!(BodyKind::None),
        Body::Json { .. } => quote!(BodyKind::Json),
        Body::Multipart { .. } => quote!(BodyKind::Multipart),
        Body::Form { .. } => quote!(BodyKind::Form),
    }
}

/// What kind of body a reply carries.
pub(super) fn reply(reply: &Reply) -> TokenStream {
    match reply {
        Reply::Empty => quote!(ReplyKind::Empty),
        Reply::Json { .. } => quote!(ReplyKind::Json),
        Reply::Binary { .. } => quote!(ReplyKind::Binary),
    }
}

/// An optional string.
pub(super) fn optional(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}

/// A string literal that stays readable when it holds quotes.
pub(super) fn raw(text: &str) -> Literal {
    let mut hashes = String::from("#");
    while text.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{text}\"{hashes}")
        .parse()
        .unwrap_or_else(|_| Literal::string(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_raw_string_is_quoted_deeply_enough() {
        assert_eq!(raw(r#"{"a":1}"#).to_string(), r##"r#"{"a":1}"#"##);
        let nasty = "say \"# now";
        let back: syn::LitStr = syn::parse_str(&raw(nasty).to_string()).unwrap();
        assert_eq!(back.value(), nasty);
    }

    #[test]
    fn statuses_are_sorted() {
        assert_eq!(statuses(&[204, 200]).to_string(), quote!(&[200, 204]).to_string());
    }
}
