//! Estimates, which Books calls quotes, and sales orders.

use super::{
    Blank, FileSlot, Kind, Numbering, PLAIN, Transaction, Type, amount, field, flag, id, step, text,
};
use crate::books::hooks::{Hooks, transactions};

pub(crate) static ESTIMATES: Type = Type {
    name: "estimates",
    path: "/estimates",
    wrapper: "estimate",
    list: "estimates",
    id: "estimate_id",
    noun: "Estimate",
    created: "The quote has been created.",
    updated: "Quote information has been updated.",
    deleted: "The quote has been deleted.",
    status: "draft",
    report: "Quotes",
    sort: ("created_time", 'D'),
    numbering: Some(Numbering {
        field: "estimate_number",
        prefix: "EST-",
    }),
    custom: true,
    fields: &[
        text("estimate_number")
            .row()
            .searched()
            .unique(1001, "Estimate number \"{}\" already exists."),
        field("date", Kind::Date).row().label("Date"),
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
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        field("expiry_date", Kind::Date).row().label("Expiry Date"),
        text("discount").row(),
        flag("is_discount_before_tax").row().blank(Blank::True),
        text("discount_type").row().blank(Blank::Text("item_level")),
        flag("is_inclusive_tax").row(),
        text("client_viewed_time").row().own(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        amount("shipping_charge").row(),
        amount("adjustment").row(),
        text("adjustment_description").row(),
        amount("sub_total").row().own(),
        amount("total").row().own(),
        amount("tax_total").own(),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        field("taxes", Kind::List).own(),
        field("billing_address", Kind::Object).row(),
        field("shipping_address", Kind::Object).row(),
        id("template_id").row(),
        text("template_name").row().searched().own(),
        id("salesperson_id").row().own(),
        text("salesperson_name").row().searched(),
        field("project", Kind::Object).row().own(),
        field("tags", Kind::List).row(),
        field("accepted_date", Kind::Date).row().own(),
        field("declined_date", Kind::Date).row().own(),
        flag("has_attachment").row().own(),
        text("notes").row().searched(),
        text("terms").row(),
        flag("allow_partial_payments").row().own(),
        text("attachment_name").row().own(),
        amount("bcy_adjustment").row().own(),
        amount("bcy_discount_total").row().own(),
        text("bcy_rounding_mode").row().own(),
        amount("bcy_shipping_charge").row().own(),
        amount("bcy_shipping_charge_tax").row().own(),
        amount("bcy_sub_total").row().own(),
        amount("bcy_tax_total").row().own(),
        amount("bcy_total").row().own(),
        id("beat_id").row().own(),
        text("beat_number").row().own(),
        id("cart_id").row().own(),
        text("contact_category").row().own(),
        field("contact_persons", Kind::List).row().own(),
        field("contact_persons_details", Kind::List).row().own(),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        field("customer_default_billing_address", Kind::Object)
            .row()
            .own(),
        amount("discount_applied_on_amount").row().own(),
        amount("discount_percent").row().own(),
        amount("discount_total").own(),
        field("documents", Kind::List).row().own(),
        text("estimate_type").row().own(),
        text("estimate_url").row().own(),
        field("exceptions", Kind::List).row().own(),
        field("invoice_ids", Kind::List).row().own(),
        amount("invoiced_amount").row().own(),
        flag("is_converted_to_open").row().own(),
        flag("is_progressive_quote").row().own(),
        flag("is_transaction_created").row().own(),
        id("journey_plan_id").row().own(),
        field("lock_detail", Kind::Object).row().own(),
        field("lock_details", Kind::Object).row().own(),
        field("locked_actions", Kind::List).row().own(),
        field("payment_options", Kind::Object).row().own(),
        field("retainerinvoices", Kind::List).row().own(),
        text("rounding_mode").row().own(),
        amount("roundoff_value").row().own(),
        field("salesorders", Kind::List).row().own(),
        id("shipping_charge_account_id").row().own(),
        text("shipping_charge_account_name").row().searched().own(),
        amount("shipping_charge_exclusive_of_tax").row().own(),
        amount("shipping_charge_inclusive_of_tax").row().own(),
        amount("shipping_charge_tax").row().own(),
        id("shipping_charge_tax_id").row().own(),
        text("shipping_charge_tax_name").row().searched().own(),
        amount("shipping_charge_tax_percentage").row().own(),
        text("shipping_charge_tax_type").row().own(),
        field("shipping_charge_taxes", Kind::List).row().own(),
        amount("sub_total_exclusive_of_discount").row().own(),
        amount("sub_total_inclusive_of_tax").row().own(),
        text("subject_content").row().own(),
        field("subscription_ids", Kind::List).row().own(),
        text("tax_rounding").row().own(),
        text("transaction_rounding_type").row().own(),
        amount("uninvoiced_amount").row().own(),
        id("zcrm_potential_id").row().own(),
        text("zcrm_potential_name").row().searched().own(),
        text("company_name").row().searched().own(),
        flag("is_emailed").row().own(),
        text("custom_body"),
        text("custom_subject"),
        id("tax_id"),
        id("project_id").refers("projects"),
        flag("accept_retainer"),
        amount("retainer_percentage"),
    ],
    steps: &[
        step(
            "/status/sent",
            "sent",
            &["draft", "approved", "sent", "accepted", "declined", "expired"],
            "Estimate status has been changed to Sent",
        ),
        step(
            "/status/accepted",
            "accepted",
            &["sent", "accepted", "declined", "expired"],
            "Estimate status has been changed to Accepted.",
        ),
        step(
            "/status/declined",
            "declined",
            &["sent", "accepted", "declined", "expired"],
            "Estimate status has been changed to Declined.",
        ),
        step(
            "/submit",
            "pending_approval",
            &["draft", "pending_approval"],
            "The estimate has been successfully submitted for approval",
        ),
        step(
            "/approve",
            "approved",
            &["pending_approval", "approved"],
            "You have approved the estimate.",
        ),
    ],
    transaction: Some(Transaction {
        due: "expiry_date",
        whole: "total",
        taken: &[],
        open: "",
        live: "sent",
        settled: "",
        late: "expired",
        partly: "",
        at_contact: "",
        kept: (0, ""),
    }),
    printed: true,
    hooks: Hooks {
        prepare: transactions::prepare,
        settled: transactions::settled,
        derive: transactions::derive,
        before_delete: transactions::before_delete,
    },
    ..PLAIN
};

pub(crate) static SALES_ORDERS: Type = Type {
    name: "salesorders",
    path: "/salesorders",
    wrapper: "salesorder",
    list: "salesorders",
    id: "salesorder_id",
    noun: "Sales order",
    created: "Sales Order Created Successfully.",
    updated: "Sales Order Updated Successfully.",
    deleted: "Sales Order Deleted Successfully.",
    status: "draft",
    report: "Sales Orders",
    sort: ("created_time", 'D'),
    numbering: Some(Numbering {
        field: "salesorder_number",
        prefix: "SO-",
    }),
    custom: true,
    fields: &[
        id("customer_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for customer_id"),
        id("billing_address_id").row(),
        id("shipping_address_id").row(),
        id("crm_owner_id").row(),
        id("crm_custom_reference_id").row(),
        id("zcrm_potential_id").row(),
        field("contact_persons_associated", Kind::List).row(),
        text("salesorder_number")
            .row()
            .searched()
            .unique(1001, "Sales order number \"{}\" already exists."),
        text("reference_number").row().searched(),
        id("template_id").row(),
        field("date", Kind::Date).row().label("Date"),
        field("documents", Kind::List).row(),
        field("shipment_date", Kind::Date).row(),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        text("discount").row(),
        flag("is_discount_before_tax").row().blank(Blank::True),
        text("discount_type").row().blank(Blank::Text("item_level")),
        id("salesperson_id").row(),
        text("salesperson_name").row().searched(),
        text("merchant_name").row().searched().own(),
        id("estimate_id").row(),
        id("tax_id").row(),
        flag("is_inclusive_tax").row(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        id("pricebook_id").row(),
        amount("shipping_charge").row(),
        amount("adjustment").row(),
        text("adjustment_description").row(),
        text("delivery_method").row(),
        text("notes").row().searched(),
        text("notes_default").row(),
        text("terms").row(),
        text("terms_default").row(),
        field("tags", Kind::List).row(),
        text("zcrm_potential_name").row().searched(),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        field("shipment_days", Kind::Integer).row().own(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        amount("total").row().own(),
        amount("sub_total").row().own(),
        amount("bcy_total").row().own(),
        flag("is_emailed").row().own(),
        flag("has_attachment").row().own(),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        amount("discount_amount").row().own(),
        amount("discount_applied_on_amount").row().own(),
        id("delivery_method_id").row().own(),
        amount("tax_total").own(),
        field("taxes", Kind::List).own(),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        field("billing_address", Kind::Object).row(),
        field("shipping_address", Kind::Object).row(),
        text("template_name").row().searched().own(),
        text("attachment_name").row().own(),
        amount("discount_total").own(),
    ],
    steps: &[
        step(
            "/status/open",
            "open",
            &["draft", "approved", "open", "void"],
            "Sales order status has been changed to Open.",
        ),
        step(
            "/status/void",
            "void",
            &["draft", "open", "approved", "void"],
            "Sales order status has been changed to Void.",
        ),
        step(
            "/submit",
            "pending_approval",
            &["draft", "pending_approval"],
            "The Sales Order has been successfully submitted for approval.",
        ),
        step(
            "/approve",
            "approved",
            &["pending_approval", "approved"],
            "You have approved the Sales Order.",
        ),
    ],
    transaction: Some(Transaction {
        due: "",
        whole: "total",
        taken: &[],
        open: "",
        live: "open",
        settled: "",
        late: "",
        partly: "",
        at_contact: "",
        kept: (0, ""),
    }),
    files: &[FileSlot {
        path: "/attachment",
        parts: &["attachment", "doc"],
        attached: "Your file has been successfully attached to the sales order.",
        detached: "Your file is no longer attached to the sales order.",
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
