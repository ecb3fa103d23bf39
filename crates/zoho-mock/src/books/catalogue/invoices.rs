//! Invoices, and what lives under them.

use super::{
    Action, Blank, FileSlot, Kind, Numbering, PLAIN, Parent, Step, Transaction, Type, amount, field, flag,
    id, step, text,
};
use crate::books::hooks::settlements::{self, deeds};
use crate::books::hooks::transactions::{self, actions};
use crate::books::hooks::{Hooks, contacts, conversions};
use crate::route::Method;

const INVOICE: Option<Parent> = Some(Parent {
    name: "invoices",
    field: "invoice_id",
});

pub(crate) static INVOICES: Type = Type {
    name: "invoices",
    path: "/invoices",
    wrapper: "invoice",
    list: "invoices",
    id: "invoice_id",
    noun: "Invoice",
    created: "The invoice has been created.",
    updated: "Invoice information has been updated.",
    deleted: "The invoice has been deleted.",
    status: "draft",
    report: "Invoices",
    sort: ("created_time", 'D'),
    numbering: Some(Numbering {
        field: "invoice_number",
        prefix: "INV-",
    }),
    custom: true,
    fields: &[
        text("invoice_number")
            .row()
            .searched()
            .label("Invoice Number")
            .longest(100)
            .unique(1001, "Invoice number \"{}\" already exists."),
        id("customer_id")
            .row()
            .label("Customer")
            .refers("contacts")
            .required(2, "Invalid value passed for customer_id"),
        text("customer_name")
            .row()
            .searched()
            .from("customer_id", "contacts", "contact_name"),
        text("company_name")
            .row()
            .from("customer_id", "contacts", "company_name"),
        text("email").row().from("customer_id", "contacts", "email"),
        field("date", Kind::Date).row().label("Invoice Date"),
        field("due_date", Kind::Date).row().label("Due Date"),
        field("payment_terms", Kind::Integer).label("Payment Terms"),
        text("payment_terms_label"),
        text("reference_number").row().searched(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        field("price_precision", Kind::Integer)
            .own()
            .blank(Blank::Number(2)),
        amount("discount").label("Discount"),
        flag("is_discount_before_tax").blank(Blank::True),
        text("discount_type").blank(Blank::Text("item_level")),
        flag("is_inclusive_tax"),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        amount("shipping_charge").row().label("Shipping Charge"),
        amount("adjustment").row().label("Adjustment"),
        text("adjustment_description"),
        amount("sub_total").own(),
        amount("discount_total").own(),
        amount("tax_total").own(),
        field("taxes", Kind::List).own(),
        amount("total").row().own(),
        amount("payment_made").own(),
        amount("credits_applied").own(),
        amount("write_off_amount").row().own(),
        amount("balance").row().derived(),
        field("last_payment_date", Kind::Date).row().own(),
        text("notes"),
        text("terms"),
        id("salesperson_id").row(),
        text("salesperson_name").row(),
        id("template_id").row(),
        id("project_id").refers("projects"),
        text("project_name")
            .row()
            .from("project_id", "projects", "project_name"),
        id("salesorder_id").own(),
        id("estimate_id").own(),
        id("recurring_invoice_id"),
        field("contact_persons", Kind::List),
        field("billing_address", Kind::Object).row(),
        field("shipping_address", Kind::Object).row(),
        flag("allow_partial_payments"),
        field("payment_options", Kind::Object),
        field("tags", Kind::List).row(),
        flag("is_emailed").row().own(),
        flag("has_attachment").row().own(),
        text("invoice_url").row().derived(),
        text("invoice_source").row().own().blank(Blank::Text("API")),
        text("einvoice_status").own(),
        flag("payment_reminder_enabled").own().blank(Blank::True),
        flag("is_shipped").own(),
        id("pricebook_id"),
        field("tracking_details", Kind::Object),
        field("email_schedule", Kind::Object),
    ],
    einvoiced: true,
    steps: &[
        Step {
            path: "/status/sent",
            to: "sent",
            from: &[
                "draft",
                "approved",
                "sent",
                "overdue",
                "partially_paid",
                "paid",
                "void",
            ],
            message: "Invoice status has been changed to Sent.",
            otherwise: (2, ""),
        },
        Step {
            path: "/status/void",
            to: "void",
            from: &["draft", "sent", "overdue", "void"],
            message: "Invoice status has been changed to Void.",
            otherwise: (
                4001,
                "Payments have been recorded for this invoice. It cannot be voided.",
            ),
        },
        Step {
            path: "/status/draft",
            to: "draft",
            from: &["void", "draft"],
            message: "Invoice status has been changed to Draft.",
            otherwise: (4, "Only a voided invoice can be changed to draft."),
        },
        step(
            "/submit",
            "pending_approval",
            &["draft", "pending_approval"],
            "The invoice has been submitted for approval successfully.",
        ),
        step(
            "/approve",
            "approved",
            &["pending_approval", "approved"],
            "You have approved the invoice.",
        ),
        step(
            "/reject",
            "rejected",
            &["pending_approval", "rejected"],
            "The invoice has been rejected.",
        ),
    ],
    more: &[
        (Method::Post, "/invoices/{}/credits", Action::Deed(deeds::settle)),
        (
            Method::Post,
            "/invoices/fromsalesorder",
            Action::Deed(conversions::from_order),
        ),
        (
            Method::Post,
            "/invoices/fromestimates",
            Action::Deed(conversions::from_estimates),
        ),
        (
            Method::Post,
            "/invoices/{}/writeoff",
            Action::Own(actions::write_off),
        ),
        (
            Method::Post,
            "/invoices/{}/writeoff/cancel",
            Action::Own(actions::cancel_write_off),
        ),
        (
            Method::Delete,
            "/invoices/{}/lineitems/{}",
            Action::Own(actions::delete_line),
        ),
        (
            Method::Post,
            "/invoices/{}/paymentreminder/enable",
            Action::Mark("payment_reminder_enabled", true, "Reminders enabled."),
        ),
        (
            Method::Post,
            "/invoices/{}/paymentreminder/disable",
            Action::Mark("payment_reminder_enabled", false, "Reminders stopped."),
        ),
        (
            Method::Post,
            "/invoices/markasshipped",
            Action::MarkSeveral("is_shipped", true, "The invoices have been marked as shipped."),
        ),
        (
            Method::Post,
            "/invoices/unship",
            Action::MarkSeveral(
                "is_shipped",
                false,
                "The invoices have been marked as not shipped.",
            ),
        ),
        (
            Method::Put,
            "/invoices/{}/pricebooks/{}",
            Action::PathInto("pricebook_id", "The price list has been associated."),
        ),
        (
            Method::Put,
            "/invoices/{}/advancedtrackingdetails",
            Action::Take(&["tracking_details"], "The tracking details have been updated."),
        ),
        (
            Method::Get,
            "/invoices/{}/advancedtrackingdetails",
            Action::Part("", &["tracking_details"]),
        ),
        (
            Method::Post,
            "/invoices/{}/email/schedule",
            Action::Deed(actions::schedule),
        ),
        (
            Method::Delete,
            "/invoices/{}/email/schedule",
            Action::Own(actions::unschedule),
        ),
        (
            Method::Post,
            "/invoices/writeoff",
            Action::Deed(actions::write_off_several),
        ),
        (Method::Get, "/invoices/deliverynotes", Action::Print),
        (Method::Get, "/invoices/packingslips", Action::Print),
        (Method::Get, "/invoices/{}/deliverynote/print", Action::PrintOne),
        (Method::Get, "/invoices/{}/packingslip/print", Action::PrintOne),
    ],
    transaction: Some(Transaction {
        due: "due_date",
        whole: "total",
        taken: &["payment_made", "credits_applied", "write_off_amount"],
        open: "balance",
        live: "sent",
        settled: "paid",
        late: "overdue",
        partly: "partially_paid",
        at_contact: "outstanding_receivable_amount",
        kept: (
            4001,
            "Payments have been recorded for this invoice. It cannot be deleted.",
        ),
    }),
    files: &[FileSlot {
        path: "/attachment",
        parts: &["attachment"],
        attached: "Your file has been successfully attached to the invoice.",
        detached: "Your file is no longer attached to the invoice.",
    }],
    printed: true,
    hooks: Hooks {
        prepare: transactions::prepare,
        settled: transactions::settled,
        derive: transactions::derive,
        before_delete: transactions::before_delete,
    },
    ..PLAIN
};

pub(crate) static COMMENTS: Type = Type {
    name: "invoice_comments",
    path: "/invoices/{}/comments",
    wrapper: "comment",
    list: "comments",
    id: "comment_id",
    noun: "Comment",
    parent: INVOICE,
    created: "Comments added.",
    updated: "Comment has been updated.",
    deleted: "The comment has been deleted.",
    fields: &[
        text("description")
            .row()
            .required(2, "Invalid value passed for description"),
        text("comment_type").row().own().blank(Blank::Text("user")),
        text("commented_by").row().derived(),
        field("date", Kind::Date).row().own(),
        flag("show_comment_to_clients").row(),
    ],
    hooks: Hooks {
        prepare: contacts::comment,
        derive: contacts::commenter,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static PAYMENTS: Type = Type {
    name: "invoice_payments",
    path: "/invoices/{}/payments",
    wrapper: "payment",
    list: "payments",
    id: "invoice_payment_id",
    noun: "Payment",
    parent: INVOICE,
    deleted: "The payment has been deleted.",
    fields: &[
        id("payment_id").row().own(),
        text("payment_number")
            .row()
            .from("payment_id", "customerpayments", "payment_number"),
        text("payment_mode")
            .row()
            .from("payment_id", "customerpayments", "payment_mode"),
        text("reference_number")
            .row()
            .from("payment_id", "customerpayments", "reference_number"),
        field("date", Kind::Date).row().own(),
        amount("amount").row().own(),
    ],
    hooks: Hooks {
        settled: settlements::tied,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static CREDITS: Type = Type {
    name: "invoice_credits",
    path: "/invoices/{}/creditsapplied",
    wrapper: "credit",
    list: "credits",
    id: "creditnotes_invoice_id",
    noun: "Credit",
    parent: INVOICE,
    deleted: "Credits applied to the invoice have been deleted.",
    fields: &[
        id("creditnote_id").row().own(),
        text("creditnotes_number")
            .row()
            .from("creditnote_id", "creditnotes", "creditnote_number"),
        field("credited_date", Kind::Date).row().own(),
        amount("amount_applied").row().own(),
    ],
    hooks: Hooks {
        settled: settlements::tied,
        ..Hooks::NONE
    },
    ..PLAIN
};
