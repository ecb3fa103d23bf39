//! The record types of Books, in the same shape for client and mock.

use proc_macro2::TokenStream;
use quote::quote;
use zoho_spec::{Modified, RecordType};

/// The table; `home` is the module that defines the row type.
pub(super) fn table(records: &[RecordType], home: &TokenStream, visible: &TokenStream) -> TokenStream {
    let rows = records.iter().map(row);
    quote! {
        use #home::{Modified, RecordType};
        #[doc = " All record types, sorted by name."]
        #visible static RECORD_TYPES: &[RecordType] = &[#(#rows),*];
    }
}

fn row(record: &RecordType) -> TokenStream {
    let RecordType {
        name,
        path,
        wrapper,
        list_key,
        id,
        parents,
        ..
    } = record;
    let modified = match record.modified {
        Modified::None => quote!(Modified::None),
        Modified::Sort => quote!(Modified::Sort),
        Modified::Filter => quote!(Modified::Filter),
    };
    quote! {
        RecordType {
            name: #name,
            path: #path,
            wrapper: #wrapper,
            list: #list_key,
            id: #id,
            parents: &[#(#parents),*],
            modified: #modified,
        }
    }
}
