//! The record types of Zoho Books.

use crate::books::catalogue::{Modified, RecordType};

pub(crate) static RECORD_TYPES: &[RecordType] = &[
    RecordType {
        name: "comments",
        path: "/contacts/{contact_id}/comments",
        wrapper: "comment",
        list: "contact_comments",
        id: "comment_id",
        parents: &["contacts"],
        modified: Modified::None,
    },
    RecordType {
        name: "comments",
        path: "/invoices/{invoice_id}/comments",
        wrapper: "comment",
        list: "comments",
        id: "comment_id",
        parents: &["invoices"],
        modified: Modified::None,
    },
    RecordType {
        name: "contact_persons",
        path: "/contacts/{contact_id}/contactpersons",
        wrapper: "contact_person",
        list: "contact_persons",
        id: "contact_person_id",
        parents: &["contacts"],
        modified: Modified::None,
    },
    RecordType {
        name: "contacts",
        path: "/contacts",
        wrapper: "contact",
        list: "contacts",
        id: "contact_id",
        parents: &[],
        modified: Modified::Sort,
    },
    RecordType {
        name: "invoices",
        path: "/invoices",
        wrapper: "invoice",
        list: "invoices",
        id: "invoice_id",
        parents: &[],
        modified: Modified::Filter,
    },
];
