//! Bills and invoices that recur, and retainer invoices.

use super::{
    Action, Blank, FileSlot, Kind, Numbering, PLAIN, Transaction, Type, amount, field, flag, id, step, text,
};
use crate::books::hooks::{Hooks, payment_methods, transactions};
use crate::route::Method;

pub(crate) static RECURRING_INVOICES: Type = Type {
    name: "recurringinvoices",
    path: "/recurringinvoices",
    wrapper: "recurring_invoice",
    list: "recurring_invoices",
    id: "recurring_invoice_id",
    noun: "Recurring invoice",
    created: "The recurring invoice has been created.",
    updated: "success",
    deleted: "The recurring invoice is deleted successfully.",
    status: "active",
    report: "Recurring Invoices",
    sort: ("created_time", 'D'),
    custom: true,
    fields: &[
        text("recurrence_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for recurrence_name"),
        text("reference_number").row().searched(),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        id("customer_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for customer_id"),
        text("company_name").row().searched().own(),
        field("contact_persons_associated", Kind::List).row(),
        text("customer_email").row().own(),
        text("customer_mobile_phone").row().own(),
        text("customer_phone").row().own(),
        text("photo_url").row().own(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        field("start_date", Kind::Date).row(),
        field("end_date", Kind::Date).row(),
        field("last_sent_date", Kind::Date).row().own(),
        field("next_invoice_date", Kind::Date).row().own(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        field("tags", Kind::List).row(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        amount("paid_invoices_total").row().own(),
        amount("unpaid_invoices_balance").row().own(),
        field("billing_address", Kind::Object).row(),
        field("shipping_address", Kind::Object).row(),
        field("payment_options", Kind::Object).row(),
        flag("allow_partial_payments"),
        text("recurrence_frequency"),
        field("repeat_every", Kind::Integer),
        id("tax_id"),
        text("email"),
        id("template_id").row(),
        field("payment_terms", Kind::Integer),
        text("payment_terms_label"),
        amount("exchange_rate").blank(Blank::Number(1)),
        text("discount"),
        flag("is_discount_before_tax").blank(Blank::True),
        text("discount_type").blank(Blank::Text("item_level")),
        flag("is_inclusive_tax"),
        text("salesperson_name").searched(),
        amount("shipping_charge"),
        amount("adjustment"),
        text("adjustment_description"),
        amount("sub_total").row().own(),
        amount("tax_total").own(),
        amount("discount_total").own(),
        field("taxes", Kind::List).own(),
        amount("total").row().own(),
        id("card_id").own(),
        id("bank_account_id").own(),
        flag("is_autobill_enabled").own(),
    ],
    steps: &[
        step(
            "/status/stop",
            "stopped",
            &["active", "stopped"],
            "The recurring invoice has been stopped.",
        ),
        step(
            "/status/resume",
            "active",
            &["stopped", "active"],
            "The recurring invoice has been resumed.",
        ),
    ],
    more: &[
        (
            Method::Get,
            "/recurringinvoices/{}/invoices",
            Action::Related("invoices", "recurring_invoice_id", "invoice_history"),
        ),
        (
            Method::Post,
            "/recurringinvoices/{}/card/{}",
            Action::Own(payment_methods::set_card),
        ),
        (
            Method::Delete,
            "/recurringinvoices/{}/card",
            Action::Own(payment_methods::drop_card),
        ),
        (
            Method::Post,
            "/recurringinvoices/{}/bankaccount/{}",
            Action::Own(payment_methods::set_bank_account),
        ),
        (
            Method::Delete,
            "/recurringinvoices/{}/bankaccount",
            Action::Own(payment_methods::drop_bank_account),
        ),
        (
            Method::Post,
            "/recurringinvoices/{}/autobill/enable",
            Action::Mark("is_autobill_enabled", true, "Auto-bill has been enabled."),
        ),
        (
            Method::Post,
            "/recurringinvoices/{}/autobill/disable",
            Action::Mark("is_autobill_enabled", false, "Auto-bill has been disabled."),
        ),
    ],
    hooks: Hooks {
        prepare: transactions::prepare,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static RECURRING_BILLS: Type = Type {
    name: "recurringbills",
    path: "/recurringbills",
    wrapper: "recurring_bill",
    list: "recurringbills",
    id: "recurring_bill_id",
    noun: "Recurring bill",
    created: "success",
    updated: "Recurring Bill information has been updated.",
    deleted: "success",
    status: "active",
    report: "Recurring Bills",
    sort: ("created_time", 'D'),
    custom: true,
    fields: &[
        id("vendor_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for vendor_id"),
        text("vendor_name")
            .row()
            .from("vendor_id", "contacts", "contact_name")
            .searched(),
        text("recurrence_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for recurrence_name"),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        field("start_date", Kind::Date).row(),
        field("end_date", Kind::Date).row(),
        text("is_abn_quoted").row(),
        text("abn").row(),
        id("pricebook_id").row(),
        text("pricebook_name").row().searched(),
        flag("is_inclusive_tax").row(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        text("notes").row().searched(),
        text("terms").row(),
        field("payment_terms", Kind::Integer).row(),
        text("payment_terms_label").row(),
        text("discount").row(),
        id("discount_account_id").row(),
        flag("is_discount_before_tax").row().blank(Blank::True),
        field("tags", Kind::List).row(),
        text("repeat_every"),
        text("recurrence_frequency"),
        amount("sub_total").row().own(),
        amount("tax_total").own(),
        amount("discount_total").own(),
        field("taxes", Kind::List).own(),
        amount("total").row().own(),
    ],
    steps: &[
        step(
            "/status/stop",
            "stopped",
            &["active", "stopped"],
            "The recurring bill has been stopped.",
        ),
        step(
            "/status/resume",
            "active",
            &["stopped", "active"],
            "The recurring bill has been activated.",
        ),
    ],
    more: &[
        (Method::Get, "/recurring_bills/{}", Action::Get),
        (Method::Delete, "/recurring_bills/{}", Action::Delete),
    ],
    hooks: Hooks {
        prepare: transactions::prepare,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static RETAINER_INVOICES: Type = Type {
    name: "retainerinvoices",
    path: "/retainerinvoices",
    wrapper: "retainerinvoice",
    list: "retainerinvoices",
    id: "retainerinvoice_id",
    noun: "Retainer invoice",
    created: "The retainer invoice has been created.",
    updated: "Retainer Invoice information has been updated.",
    deleted: "The retainer invoice has been deleted.",
    status: "draft",
    report: "Retainer Invoices",
    sort: ("created_time", 'D'),
    numbering: Some(Numbering {
        field: "retainerinvoice_number",
        prefix: "RET-",
    }),
    custom: true,
    fields: &[
        text("retainerinvoice_number")
            .row()
            .searched()
            .unique(1001, "Retainer invoice number \"{}\" already exists."),
        field("date", Kind::Date).row().label("Date"),
        id("project_id").row().refers("projects"),
        text("project_name")
            .row()
            .from("project_id", "projects", "project_name")
            .searched(),
        field("last_payment_date", Kind::Date).row().own(),
        text("reference_number").row().searched(),
        id("customer_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for customer_id"),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        field("contact_persons_associated", Kind::List).row(),
        id("currency_id").row().refers("currencies").own(),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        amount("exchange_rate").row().own().blank(Blank::Number(1)),
        flag("client_viewed_time").row().own(),
        flag("is_inclusive_tax").row().own(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        field("tags", Kind::List).row(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        amount("sub_total").row().own(),
        amount("total").row().own(),
        field("taxes", Kind::List).own(),
        amount("payment_made").own(),
        amount("payment_drawn").row().own(),
        amount("balance").row().derived(),
        flag("allow_partial_payments").row().own(),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        field("payment_options", Kind::Object).row(),
        flag("is_emailed").row().own(),
        field("documents", Kind::List).row().own(),
        field("billing_address", Kind::Object),
        field("shipping_address", Kind::Object).row().own(),
        text("notes").row().searched(),
        text("terms").row(),
        id("template_id").row(),
        text("template_name").row().searched().own(),
        text("attachment_name").row().own(),
        text("invoice_url").row().own(),
        text("project_or_estimate_name").row().searched().own(),
        flag("has_attachment").row().own(),
        amount("tax_total").own(),
        amount("discount_total").own(),
    ],
    steps: &[
        step(
            "/status/sent",
            "sent",
            &["draft", "approved", "sent", "void"],
            "Retainer Invoice status has been changed to Sent.",
        ),
        step(
            "/status/void",
            "void",
            &["draft", "sent", "void"],
            "Retainer Invoice status has been changed to 'Void'.",
        ),
        step(
            "/status/draft",
            "draft",
            &["void", "draft"],
            "Status of retainer invoice changed from void to draft.",
        ),
        step(
            "/submit",
            "pending_approval",
            &["draft", "pending_approval"],
            "The Retainer Invoice has been successfully submitted for approval.",
        ),
        step(
            "/approve",
            "approved",
            &["pending_approval", "approved"],
            "You have approved the Retainer Invoice.",
        ),
    ],
    transaction: Some(Transaction {
        due: "",
        whole: "total",
        taken: &["payment_made"],
        open: "balance",
        live: "sent",
        settled: "paid",
        late: "",
        partly: "",
        at_contact: "",
        kept: (0, ""),
    }),
    files: &[FileSlot {
        path: "/attachment",
        parts: &["attachment"],
        attached: "Your file has been attached.",
        detached: "The attachment has been deleted.",
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
