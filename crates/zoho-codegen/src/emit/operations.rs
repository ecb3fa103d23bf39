//! The client's operation table.

use proc_macro2::TokenStream;
use quote::quote;
use zoho_spec::{Operation, Spec};

use super::parts;
use crate::name;

/// One static per operation and `ALL`, sorted by id so that a lookup may bisect.
pub(super) fn table(spec: &Spec) -> TokenStream {
    let mut operations: Vec<&Operation> = spec.operations().iter().collect();
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    let statics = operations.iter().map(|operation| row(operation));
    let names = operations.iter().map(|operation| name::constant(&operation.id));
    quote! {
        use crate::pipeline::operation::*;
        #(#statics)*
        #[doc = " All of them, sorted by id."]
        pub(crate) static ALL: &[&Operation] = &[#(&#names),*];
    }
}

fn row(operation: &Operation) -> TokenStream {
    let constant = name::constant(&operation.id);
    let doc = format!(" `{} {}`", operation.method.name(), operation.full_path);
    let Operation {
        id,
        path,
        tag,
        idempotent,
        organization,
        ..
    } = operation;
    let product = parts::product(operation.product);
    let base = parts::base(operation.base);
    let method = name::ident(operation.method.name());
    let success = parts::statuses(&operation.success);
    let scopes = parts::scopes(&operation.scopes);
    let credits = parts::credits(&operation.credits);
    let paging = parts::paging(operation.paging.as_ref());
    let batch = parts::optional(operation.batch.as_deref());
    let body = parts::body(&operation.request);
    let reply = parts::reply(&operation.reply);
    quote! {
        #[doc = #doc]
        pub(crate) static #constant: Operation = Operation {
            id: #id,
            product: #product,
            base: #base,
            method: http::Method::#method,
            path: #path,
            resource: #tag,
            success: #success,
            scopes: #scopes,
            credits: #credits,
            paging: #paging,
            idempotent: #idempotent,
            batch: #batch,
            organization: #organization,
            body: #body,
            reply: #reply,
        };
    }
}
