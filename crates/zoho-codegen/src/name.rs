//! Names: from the description's spelling to Rust's.

use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use proc_macro2::{Ident, Span};

/// `list_records` as a static: `LIST_RECORDS`.
pub(crate) fn constant(id: &str) -> Ident {
    ident(&id.to_shouty_snake_case())
}

/// `list_records` as a type: `ListRecords`.
pub(crate) fn pascal(id: &str) -> String {
    id.to_pascal_case()
}

/// A tag as a module name.
pub(crate) fn module(tag: &str) -> String {
    tag.to_snake_case()
}

/// A resource's cargo feature: `crm-records`.
pub(crate) fn feature(product: &str, tag: &str) -> String {
    format!("{product}-{}", tag.replace('_', "-"))
}

/// An identifier, raw where the word is a keyword.
pub(crate) fn ident(text: &str) -> Ident {
    if syn::parse_str::<Ident>(text).is_ok() {
        Ident::new(text, Span::call_site())
    } else {
        Ident::new_raw(text, Span::call_site())
    }
}

/// A field: `type_`, as progenitor spells a keyword, becomes `r#type`.
pub(crate) fn field(name: &Ident) -> Ident {
    let text = name.to_string();
    match text.strip_suffix('_') {
        // These four cannot be raw.
        Some("self" | "Self" | "super" | "crate") => name.clone(),
        Some(word) if syn::parse_str::<Ident>(word).is_err() => ident(word),
        _ => name.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_becomes_a_raw_identifier() {
        assert_eq!(ident("type").to_string(), "r#type");
        assert_eq!(ident("page").to_string(), "page");
    }

    #[test]
    fn a_field_is_spelled_as_on_the_wire_where_it_can_be() {
        let check = |name: &str, expected: &str| assert_eq!(field(&ident(name)).to_string(), expected);
        check("type_", "r#type");
        check("page", "page");
        check("page_", "page_");
        check("self_", "self_");
    }

    #[test]
    fn a_feature_has_hyphens() {
        assert_eq!(feature("books", "contact_persons"), "books-contact-persons");
    }
}
