//! Purchase orders.

use super::{
    Blank, FileSlot, Kind, Numbering, PLAIN, Transaction, Type, amount, field, flag, id, step, text,
};
use crate::books::hooks::{Hooks, transactions};

pub(crate) static PURCHASE_ORDERS: Type = Type {
    name: "purchaseorders",
    path: "/purchaseorders",
    wrapper: "purchaseorder",
    list: "purchaseorders",
    id: "purchaseorder_id",
    noun: "Purchase order",
    created: "Purchase Order has been added.",
    updated: "Purchase Order has been updated.",
    deleted: "The purchase order has been deleted.",
    status: "draft",
    report: "Purchase Orders",
    sort: ("created_time", 'D'),
    numbering: Some(Numbering {
        field: "purchaseorder_number",
        prefix: "PO-",
    }),
    custom: true,
    fields: &[
        field("documents", Kind::List).row(),
        id("pricebook_id").row(),
        text("pricebook_name").row().searched().own(),
        text("purchaseorder_number")
            .row()
            .searched()
            .unique(1001, "Purchase order number \"{}\" already exists."),
        field("date", Kind::Date).row().label("Date"),
        field("expected_delivery_date", Kind::Date).row().own(),
        text("discount").row(),
        id("discount_account_id").row(),
        flag("is_discount_before_tax").row().blank(Blank::True),
        text("reference_number").row().searched(),
        id("vendor_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for vendor_id"),
        text("vendor_name")
            .row()
            .from("vendor_id", "contacts", "contact_name")
            .searched(),
        id("crm_owner_id").row(),
        field("contact_persons_associated", Kind::List).row(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        field("delivery_date", Kind::Date).row(),
        flag("is_emailed").row().own(),
        flag("is_inclusive_tax").row(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        amount("sub_total").row().own(),
        amount("tax_total").own(),
        amount("total").row().own(),
        field("taxes", Kind::List).own(),
        field("billing_address", Kind::Object),
        text("notes").row().searched(),
        text("terms").row(),
        text("ship_via").row(),
        id("ship_via_id").row().own(),
        text("attention").row(),
        id("delivery_org_address_id").row(),
        id("delivery_customer_id").row(),
        field("delivery_address", Kind::Object).row().own(),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        text("attachment_name").row().own(),
        id("template_id").row(),
        text("template_name").row().searched().own(),
        field("tags", Kind::List).row(),
        flag("has_attachment").row().own(),
        amount("adjustment").row().own(),
        text("adjustment_description").row().own(),
        field("advances", Kind::List).row().own(),
        text("billed_status").row().own(),
        id("billing_address_id").row(),
        field("bills", Kind::List).row().own(),
        text("client_viewed_time").row().own(),
        text("computation_type").row().own(),
        text("contact_category").row().own(),
        field("contact_persons", Kind::List).row().own(),
        id("delivery_customer_address_id").row().own(),
        text("discount_account_name").row().searched().own(),
        amount("discount_amount").row().own(),
        amount("discount_applied_on_amount").row().own(),
        amount("discount_percent").row().own(),
        amount("discount_total").own(),
        text("discount_type").row().own().blank(Blank::Text("item_level")),
        flag("has_qty_cancelled").row().own(),
        flag("is_adv_tracking_in_receive").row().own(),
        flag("is_po_marked_as_received").row().own(),
        field("non_catalog_items_count", Kind::Integer).row().own(),
        text("order_status").row().own(),
        field("payment_terms", Kind::Integer).row().own(),
        text("payment_terms_label").row().own(),
        text("received_status").row().own(),
        field("salesorders", Kind::List).row().own(),
        amount("sub_total_inclusive_of_tax").row().own(),
        text("tax_rounding").row().own(),
        amount("total_quantity").row().own(),
        text("company_name").row().searched().own(),
        field("delivery_days", Kind::Integer).row().own(),
        field("due_by_days", Kind::Integer).row().own(),
        field("due_in_days", Kind::Integer).row().own(),
        amount("quantity_marked_as_received").row().own(),
        amount("quantity_yet_to_receive").row().own(),
        field("receives", Kind::List).row().own(),
        id("crm_custom_reference_id"),
        field("due_date", Kind::Date),
        text("notes_default"),
        text("terms_default"),
        id("salesorder_id"),
    ],
    steps: &[
        step(
            "/status/open",
            "open",
            &["draft", "approved", "open", "cancelled", "billed"],
            "The purchase order has been marked as open.",
        ),
        step(
            "/status/billed",
            "billed",
            &["open", "billed"],
            "The purchase order has been marked as billed.",
        ),
        step(
            "/status/cancelled",
            "cancelled",
            &["draft", "open", "cancelled"],
            "The purchase order has been cancelled.",
        ),
        step(
            "/submit",
            "pending_approval",
            &["draft", "pending_approval"],
            "The purchase order has been successfully submitted for approval.",
        ),
        step(
            "/approve",
            "approved",
            &["pending_approval", "approved"],
            "You have approved the Purchase Order.",
        ),
        step(
            "/reject",
            "rejected",
            &["pending_approval", "rejected"],
            "You have rejected the Purchase order successfully.",
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
        parts: &["attachment"],
        attached: "The document has been attached.",
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
