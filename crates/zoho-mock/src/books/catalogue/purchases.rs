//! Bills, and payments to vendors.

use super::{
    Action, Blank, FileSlot, Kind, Numbering, PLAIN, Transaction, Type, amount, field, flag, id, step, text,
};
use crate::books::hooks::settlements::deeds;
use crate::books::hooks::{Hooks, settlements, transactions};
use crate::route::Method;

pub(crate) static BILLS: Type = Type {
    name: "bills",
    path: "/bills",
    wrapper: "bill",
    list: "bills",
    id: "bill_id",
    noun: "Bill",
    created: "The bill has been created.",
    updated: "Bill information has been updated.",
    deleted: "The bill has been deleted.",
    status: "open",
    report: "Bills",
    sort: ("created_time", 'D'),
    custom: true,
    fields: &[
        field("purchaseorder_ids", Kind::List).row(),
        id("vendor_id")
            .row()
            .refers("contacts")
            .required(2, "Invalid value passed for vendor_id"),
        text("vendor_name")
            .row()
            .from("vendor_id", "contacts", "contact_name")
            .searched(),
        id("pricebook_id").row(),
        text("pricebook_name").row().searched().own(),
        amount("unused_credits_payable_amount").row().own(),
        text("bill_number")
            .row()
            .required(2, "Invalid value passed for bill_number"),
        field("date", Kind::Date).row().label("Date"),
        field("due_date", Kind::Date).row().label("Due Date"),
        field("payment_terms", Kind::Integer).row(),
        text("payment_terms_label").row(),
        field("payment_expected_date", Kind::Date).row().own(),
        text("reference_number").row().searched(),
        id("recurring_bill_id").row(),
        text("due_by_days").row().own(),
        field("due_in_days", Kind::Integer).row().own(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        field("documents", Kind::List).row(),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        amount("adjustment").row(),
        text("adjustment_description").row(),
        field("tags", Kind::List).row(),
        flag("is_inclusive_tax").row(),
        text("is_abn_quoted").row().own(),
        field("line_items", Kind::List)
            .label("Line Items")
            .required(2, "Invalid value passed for line_items"),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        amount("sub_total").row().own(),
        amount("tax_total").own(),
        amount("total").row().own(),
        amount("payment_made").own(),
        amount("vendor_credits_applied").own(),
        flag("is_line_item_invoiced").row().own(),
        field("purchaseorders", Kind::List).row().own(),
        field("taxes", Kind::List).own(),
        amount("balance").row().derived(),
        field("billing_address", Kind::Object),
        field("payments", Kind::List).row().own(),
        field("vendor_credits", Kind::List).row().own(),
        id("reference_id").row().own(),
        text("notes").row().searched(),
        text("terms").row(),
        text("attachment_name").row().own(),
        field("open_purchaseorders_count", Kind::Integer).row().own(),
        text("due_days").row().own(),
        flag("has_attachment").row().own(),
        amount("discount_total").own(),
        flag("is_emailed").row().own(),
        id("template_id").row(),
        field("last_payment_date", Kind::Date).own(),
    ],
    steps: &[
        step(
            "/status/open",
            "open",
            &["draft", "approved", "open", "overdue", "void"],
            "The status of the bill has been chaged to open.",
        ),
        step(
            "/status/void",
            "void",
            &["draft", "open", "overdue", "approved", "void"],
            "The bill has been marked as void.",
        ),
        step(
            "/submit",
            "pending_approval",
            &["draft", "open", "pending_approval"],
            "The bill has been submitted for approval successfully.",
        ),
        step(
            "/approve",
            "approved",
            &["pending_approval", "approved"],
            "success",
        ),
    ],
    more: &[(Method::Post, "/bills/{}/credits", Action::Deed(deeds::settle))],
    transaction: Some(Transaction {
        due: "due_date",
        whole: "total",
        taken: &["payment_made", "vendor_credits_applied"],
        open: "balance",
        live: "open",
        settled: "paid",
        late: "overdue",
        partly: "partially_paid",
        at_contact: "outstanding_payable_amount",
        kept: (
            4001,
            "Payments have been recorded for this bill. It cannot be deleted.",
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
        prepare: transactions::prepare,
        settled: transactions::settled,
        derive: transactions::derive,
        before_delete: transactions::before_delete,
    },
    ..PLAIN
};

pub(crate) static VENDOR_PAYMENTS: Type = Type {
    name: "vendorpayments",
    path: "/vendorpayments",
    wrapper: "vendorpayment",
    list: "vendorpayments",
    id: "payment_id",
    noun: "Payment",
    created: "The payment made to the vendor has been recorded",
    updated: "The details of the payment made to the vendor have been updated",
    deleted: "The payment has been deleted.",
    report: "Payments Made",
    sort: ("date", 'D'),
    numbering: Some(Numbering {
        field: "payment_number",
        prefix: "",
    }),
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
        text("payment_mode").row(),
        text("payment_number").row().own(),
        text("description").row().searched(),
        field("date", Kind::Date).row().label("Date"),
        text("reference_number").row().searched(),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        text("tax_account_name").row().searched().own(),
        amount("tax_amount_withheld").row().own(),
        amount("amount")
            .row()
            .required(2, "Invalid value passed for amount"),
        amount("balance").row().derived(),
        id("currency_id").row().refers("currencies").own(),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        id("paid_through_account_id").row(),
        text("paid_through_account_name")
            .row()
            .from("paid_through_account_id", "chartofaccounts", "account_name")
            .searched(),
        text("paid_through_account_type").row().own(),
        flag("is_paid_via_print_check").row(),
        flag("is_ach_payment").row().own(),
        field("check_details", Kind::List).row(),
        field("billing_address", Kind::Object).row().own(),
        text("comments").row().own(),
        field("vendorpayment_refunds", Kind::List).row().own(),
        field("bills", Kind::List).derived(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        field("documents", Kind::List).row().own(),
        field("tags", Kind::List).row(),
        text("bill_numbers").row().own(),
        amount("bcy_amount").row().own(),
        amount("bcy_balance").row().own(),
        field("imported_transactions", Kind::List).row().own(),
        amount("amount_applied").own(),
        amount("amount_refunded").own(),
    ],
    transaction: Some(Transaction {
        due: "",
        whole: "amount",
        taken: &["amount_applied", "amount_refunded"],
        open: "balance",
        live: "",
        settled: "",
        late: "",
        partly: "",
        at_contact: "unused_credits_payable_amount",
        kept: (0, ""),
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
