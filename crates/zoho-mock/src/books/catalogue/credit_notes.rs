//! Credit notes, and vendor credits.

use super::{
    Action, Blank, FileSlot, Kind, Numbering, PLAIN, Transaction, Type, amount, field, flag, id, step, text,
};
use crate::books::hooks::settlements::deeds;
use crate::books::hooks::{Hooks, settlements, transactions};
use crate::route::Method;

pub(crate) static CREDIT_NOTES: Type = Type {
    name: "creditnotes",
    path: "/creditnotes",
    wrapper: "creditnote",
    list: "creditnotes",
    id: "creditnote_id",
    noun: "Credit note",
    created: "The credit note has been created.",
    updated: "The credit note has been updated.",
    deleted: "The credit note has been deleted.",
    status: "open",
    report: "Credit Notes",
    sort: ("created_time", 'D'),
    numbering: Some(Numbering {
        field: "creditnote_number",
        prefix: "CN-",
    }),
    custom: true,
    fields: &[
        text("creditnote_number")
            .row()
            .searched()
            .unique(1001, "Credit note number \"{}\" already exists."),
        field("date", Kind::Date).row().label("Date"),
        id("customer_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for customer_id"),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        field("contact_persons_associated", Kind::List).row(),
        text("reference_number").row().searched(),
        text("email").row().own(),
        amount("total").row().own(),
        amount("balance").row().derived(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        field("invoices", Kind::List).derived(),
        field("taxes", Kind::List).own(),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        field("billing_address", Kind::Object).row(),
        field("shipping_address", Kind::Object).row(),
        id("template_id").row(),
        text("template_name").row().searched().own(),
        text("notes").row().searched(),
        text("terms").row(),
        field("tags", Kind::List).row(),
        id("currency_id").row().refers("currencies"),
        flag("is_emailed").row().own(),
        flag("is_draft"),
        amount("exchange_rate").blank(Blank::Number(1)),
        flag("ignore_auto_number_generation"),
        id("tax_id"),
        flag("is_inclusive_tax"),
        amount("sub_total").row().own(),
        amount("tax_total").own(),
        amount("discount_total").own(),
        flag("has_attachment").row().own(),
        text("attachment_name").row().own(),
        amount("total_credits_used").own(),
        amount("total_refunded_amount").own(),
        text("einvoice_status").own(),
    ],
    einvoiced: true,
    steps: &[
        step(
            "/status/open",
            "open",
            &["draft", "approved", "open", "void"],
            "Status of the credit note has been changed to open.",
        ),
        step(
            "/status/void",
            "void",
            &["draft", "open", "approved", "void"],
            "The credit note has been marked as void.",
        ),
        step(
            "/status/draft",
            "draft",
            &["void", "draft"],
            "The credit note has been marked as Draft.",
        ),
        step(
            "/submit",
            "pending_approval",
            &["draft", "pending_approval"],
            "The Credit Note has been successfully submitted for approval.",
        ),
        step(
            "/approve",
            "approved",
            &["pending_approval", "approved"],
            "You have approved the Credit Note.",
        ),
        step(
            "/approve/final",
            "approved",
            &["pending_approval", "approved"],
            "You have approved the Credit Note.",
        ),
        step(
            "/reject",
            "rejected",
            &["pending_approval", "rejected"],
            "The credit note has been rejected.",
        ),
    ],
    more: &[
        (Method::Get, "/creditnotes/{}/invoices", Action::Deed(deeds::list)),
        (
            Method::Post,
            "/creditnotes/{}/invoices",
            Action::Deed(deeds::apply),
        ),
        (
            Method::Delete,
            "/creditnotes/{}/invoices/{}",
            Action::Deed(deeds::take_back),
        ),
        (Method::Get, "/creditnotes/{}/mailcontent", Action::Mail("")),
    ],
    transaction: Some(Transaction {
        due: "",
        whole: "total",
        taken: &["total_credits_used", "total_refunded_amount"],
        open: "balance",
        live: "open",
        settled: "closed",
        late: "",
        partly: "",
        at_contact: "unused_credits_receivable_amount",
        kept: (
            12008,
            "Credits have been applied from this credit note. It cannot be deleted.",
        ),
    }),
    files: &[FileSlot {
        path: "/attachment",
        parts: &["attachment"],
        attached: "The document has been attached.",
        detached: "The attachment has been deleted.",
    }],
    printed: true,
    hooks: Hooks {
        prepare: settlements::prepare,
        settled: settlements::settled,
        derive: transactions::derive,
        before_delete: transactions::before_delete,
    },
    ..PLAIN
};

pub(crate) static VENDOR_CREDITS: Type = Type {
    name: "vendorcredits",
    path: "/vendorcredits",
    wrapper: "vendor_credit",
    list: "vendorcredits",
    id: "vendor_credit_id",
    noun: "Vendor credit",
    created: "Vendor credit has been created.",
    updated: "Vendor credit information has been updated.",
    deleted: "The vendor credit has been deleted.",
    status: "open",
    report: "Vendor Credits",
    sort: ("created_time", 'D'),
    numbering: Some(Numbering {
        field: "vendor_credit_number",
        prefix: "DN-",
    }),
    custom: true,
    fields: &[
        text("vendor_credit_number")
            .row()
            .searched()
            .unique(1001, "Vendor credit number \"{}\" already exists."),
        field("date", Kind::Date).row().label("Date"),
        text("reference_number").row().searched(),
        id("pricebook_id").row(),
        id("vendor_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for vendor_id"),
        text("vendor_name")
            .row()
            .from("vendor_id", "contacts", "contact_name")
            .searched(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        flag("is_inclusive_tax").row(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        field("tags", Kind::List).row(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        field("documents", Kind::List).row(),
        amount("sub_total").row().own(),
        amount("total").row().own(),
        amount("total_credits_used").own(),
        amount("total_refunded_amount").own(),
        amount("balance").row().derived(),
        text("notes").row().searched(),
        field("comments", Kind::List).row().own(),
        field("vendor_credit_refunds", Kind::List).row().own(),
        field("bills_credited", Kind::List).row().own(),
        flag("has_attachment").row().own(),
        field("taxes", Kind::List).own(),
        amount("tax_total").own(),
        amount("discount_total").own(),
        text("attachment_name").row().own(),
        flag("is_emailed").row().own(),
        id("template_id").row(),
        field("bills", Kind::List).derived(),
    ],
    steps: &[
        step(
            "/status/open",
            "open",
            &["draft", "approved", "open", "void"],
            "The status of the vendor credit has been changed to open.",
        ),
        step(
            "/status/void",
            "void",
            &["draft", "open", "approved", "void"],
            "The vendor credit has been voided.",
        ),
        step(
            "/submit",
            "pending_approval",
            &["draft", "pending_approval"],
            "The vendor credit has been submitted for approval successfully.",
        ),
        step(
            "/approve",
            "approved",
            &["pending_approval", "approved"],
            "You have approved the vendor credit.",
        ),
    ],
    more: &[
        (Method::Get, "/vendorcredits/{}/bills", Action::Deed(deeds::list)),
        (
            Method::Post,
            "/vendorcredits/{}/bills",
            Action::Deed(deeds::apply),
        ),
        (
            Method::Delete,
            "/vendorcredits/{}/bills/{}",
            Action::Deed(deeds::take_back),
        ),
    ],
    transaction: Some(Transaction {
        due: "",
        whole: "total",
        taken: &["total_credits_used", "total_refunded_amount"],
        open: "balance",
        live: "open",
        settled: "closed",
        late: "",
        partly: "",
        at_contact: "unused_credits_payable_amount",
        kept: (
            12008,
            "Credits have been applied from this vendor credit. It cannot be deleted.",
        ),
    }),
    printed: true,
    hooks: Hooks {
        prepare: settlements::prepare,
        settled: settlements::settled,
        derive: transactions::derive,
        before_delete: transactions::before_delete,
    },
    ..PLAIN
};
