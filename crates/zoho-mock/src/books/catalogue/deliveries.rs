//! Delivery challans, and sales receipts.

use super::{
    Blank, FileSlot, Kind, Numbering, PLAIN, Transaction, Type, amount, field, flag, id, step, text,
};
use crate::books::hooks::{Hooks, transactions};

pub(crate) static DELIVERY_CHALLANS: Type = Type {
    name: "deliverychallans",
    path: "/deliverychallans",
    wrapper: "deliverychallan",
    list: "deliverychallans",
    id: "deliverychallan_id",
    noun: "Delivery challan",
    created: "The delivery challan has been created",
    updated: "The delivery challan has been updated",
    deleted: "The delivery challan has been deleted",
    status: "draft",
    report: "Delivery Challans",
    sort: ("created_time", 'D'),
    numbering: Some(Numbering {
        field: "deliverychallan_number",
        prefix: "DC-",
    }),
    custom: true,
    fields: &[
        text("deliverychallan_number")
            .row()
            .searched()
            .unique(1001, "Delivery challan number \"{}\" already exists."),
        field("date", Kind::Date).row().label("Date"),
        text("challan_type").row(),
        text("reference_number").row().searched(),
        id("customer_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for customer_id"),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        flag("is_discount_before_tax").row().blank(Blank::True),
        text("discount_type").row().blank(Blank::Text("item_level")),
        flag("is_inclusive_tax").row(),
        text("discount").row(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        amount("sub_total").row().own(),
        amount("tax_total").own(),
        amount("total").row().own(),
        amount("adjustment").row(),
        text("adjustment_description").row(),
        field("shipping_address", Kind::Object).row(),
        text("notes").row().searched(),
        text("terms").row(),
        id("template_id").row(),
        text("template_name").row().searched().own(),
        flag("has_qty_returned").row().own(),
        id("branch_id").row(),
        text("branch_name").row().searched().own(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        amount("bcy_total").row().own(),
        flag("has_attachment").row().own(),
        id("tax_id"),
        id("shipping_address_id"),
        id("pricebook_id"),
        amount("discount_total").own(),
        field("taxes", Kind::List).own(),
        text("attachment_name").row().own(),
        flag("is_emailed").row().own(),
    ],
    steps: &[
        step(
            "/status/open",
            "open",
            &["draft", "open"],
            "The delivery challan has been marked as open.",
        ),
        step(
            "/status/delivered",
            "delivered",
            &["open", "delivered", "returned"],
            "The delivery challan has been marked as delivered.",
        ),
        step(
            "/status/undelivered",
            "open",
            &["delivered", "open"],
            "The delivery challan has been marked as open.",
        ),
        step(
            "/status/returned",
            "returned",
            &["open", "delivered", "returned"],
            "The delivery challan has been marked as returned.",
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
        attached: "success",
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

pub(crate) static SALES_RECEIPTS: Type = Type {
    name: "salesreceipts",
    path: "/salesreceipts",
    wrapper: "salesreceipt",
    list: "salesreceipts",
    id: "sales_receipt_id",
    noun: "Sales receipt",
    created: "Sales Receipt Created Successfully.",
    updated: "Sales Receipt Updated Successfully.",
    deleted: "Sales Receipt Deleted Successfully.",
    status: "paid",
    report: "Sales Receipts",
    sort: ("created_time", 'D'),
    numbering: Some(Numbering {
        field: "receipt_number",
        prefix: "SR-",
    }),
    custom: true,
    fields: &[
        text("receipt_number")
            .row()
            .searched()
            .unique(1001, "Sales receipt number \"{}\" already exists."),
        field("date", Kind::Date).row().label("Date"),
        text("payment_mode").row(),
        id("customer_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for customer_id"),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        id("currency_id").row().refers("currencies").own(),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        amount("exchange_rate").row().own().blank(Blank::Number(1)),
        field("tags", Kind::List).row(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        amount("sub_total").row().own(),
        amount("tax_total").own(),
        amount("total").row().own(),
        text("notes").row().searched(),
        text("terms").row(),
        amount("discount_total").own(),
        field("taxes", Kind::List).own(),
        flag("has_attachment").row().own(),
        text("attachment_name").row().own(),
        flag("is_emailed").row().own(),
        id("template_id").row(),
    ],
    transaction: Some(Transaction {
        due: "",
        whole: "total",
        taken: &[],
        open: "",
        live: "paid",
        settled: "",
        late: "",
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
