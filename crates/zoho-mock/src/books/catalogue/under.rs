//! What lives under other records: comments, refunds, and the parts of payments and credits.

use super::{Action, Blank, Field, Kind, PLAIN, Parent, Type, amount, field, flag, id, text};
use crate::books::hooks::{Hooks, contacts, settlements};
use crate::route::Method;

/// What a comment is made of.
const COMMENT_FIELDS: &[Field] = &[
    text("description")
        .row()
        .required(2, "Invalid value passed for description"),
    text("comment_type").row().own().blank(Blank::Text("user")),
    text("commented_by").row().derived(),
    field("date", Kind::Date).row().own(),
    flag("show_comment_to_clients").row(),
];

/// The comments of a type.
const fn comments(name: &'static str, path: &'static str, of: &'static str, id: &'static str) -> Type {
    Type {
        name,
        path,
        wrapper: "comment",
        list: "comments",
        id: "comment_id",
        noun: "Comment",
        parent: Some(Parent { name: of, field: id }),
        created: "Comments added.",
        updated: "Comment has been updated.",
        deleted: "The comment has been deleted.",
        fields: COMMENT_FIELDS,
        hooks: Hooks {
            prepare: contacts::comment,
            derive: contacts::commenter,
            ..Hooks::NONE
        },
        ..PLAIN
    }
}

pub(crate) static ESTIMATE_COMMENTS: Type = comments(
    "estimate_comments",
    "/estimates/{}/comments",
    "estimates",
    "estimate_id",
);
pub(crate) static SALES_ORDER_COMMENTS: Type = comments(
    "salesorder_comments",
    "/salesorders/{}/comments",
    "salesorders",
    "salesorder_id",
);
pub(crate) static CREDIT_NOTE_COMMENTS: Type = comments(
    "creditnote_comments",
    "/creditnotes/{}/comments",
    "creditnotes",
    "creditnote_id",
);
pub(crate) static VENDOR_CREDIT_COMMENTS: Type = comments(
    "vendorcredit_comments",
    "/vendorcredits/{}/comments",
    "vendorcredits",
    "vendor_credit_id",
);
pub(crate) static BILL_COMMENTS: Type = comments("bill_comments", "/bills/{}/comments", "bills", "bill_id");
pub(crate) static PURCHASE_ORDER_COMMENTS: Type = comments(
    "purchaseorder_comments",
    "/purchaseorders/{}/comments",
    "purchaseorders",
    "purchaseorder_id",
);
pub(crate) static EXPENSE_COMMENTS: Type = comments(
    "expense_comments",
    "/expenses/{}/comments",
    "expenses",
    "expense_id",
);
pub(crate) static RECURRING_INVOICE_COMMENTS: Type = comments(
    "recurringinvoice_comments",
    "/recurringinvoices/{}/comments",
    "recurringinvoices",
    "recurring_invoice_id",
);
pub(crate) static RECURRING_BILL_COMMENTS: Type = comments(
    "recurringbill_comments",
    "/recurringbills/{}/comments",
    "recurringbills",
    "recurring_bill_id",
);
pub(crate) static RECURRING_EXPENSE_COMMENTS: Type = comments(
    "recurringexpense_comments",
    "/recurringexpenses/{}/comments",
    "recurringexpenses",
    "recurring_expense_id",
);
pub(crate) static RETAINER_INVOICE_COMMENTS: Type = comments(
    "retainerinvoice_comments",
    "/retainerinvoices/{}/comments",
    "retainerinvoices",
    "retainerinvoice_id",
);
pub(crate) static PROJECT_COMMENTS: Type = comments(
    "project_comments",
    "/projects/{}/comments",
    "projects",
    "project_id",
);
pub(crate) static JOURNAL_COMMENTS: Type = comments(
    "journal_comments",
    "/journals/{}/comments",
    "journals",
    "journal_id",
);
pub(crate) static FIXED_ASSET_COMMENTS: Type = comments(
    "fixedasset_comments",
    "/fixedassets/{}/comments",
    "fixedassets",
    "fixed_asset_id",
);
pub(crate) static TASK_COMMENTS: Type = comments("task_comments", "/tasks/{}/comments", "tasks", "task_id");

/// What a refund is made of.
const REFUND_FIELDS: &[Field] = &[
    field("date", Kind::Date).row().label("Date"),
    text("refund_mode").row(),
    text("reference_number").row(),
    amount("amount")
        .row()
        .label("Amount")
        .required(2, "Invalid value passed for Amount"),
    amount("exchange_rate").row().blank(Blank::Number(1)),
    text("description").row(),
    id("from_account_id").row(),
    id("account_id").row(),
];

/// The refunds of what came in.
const fn refunds(
    name: &'static str,
    path: &'static str,
    [wrapper, list, id]: [&'static str; 3],
    (of, of_id): (&'static str, &'static str),
    [created, updated, deleted]: [&'static str; 3],
    more: &'static [(Method, &'static str, Action)],
) -> Type {
    Type {
        name,
        path,
        wrapper,
        list,
        id,
        noun: "Refund",
        parent: Some(Parent {
            name: of,
            field: of_id,
        }),
        created,
        updated,
        deleted,
        report: "Refunds",
        more,
        fields: REFUND_FIELDS,
        hooks: Hooks {
            prepare: settlements::prepare_refund,
            settled: settlements::refunded,
            ..Hooks::NONE
        },
        ..PLAIN
    }
}

pub(crate) static CREDIT_NOTE_REFUNDS: Type = refunds(
    "creditnote_refunds",
    "/creditnotes/{}/refunds",
    ["creditnote_refund", "creditnote_refunds", "creditnote_refund_id"],
    ("creditnotes", "creditnote_id"),
    [
        "The credit note amount is refunded successfully.",
        "The credit note refund is updated successfully.",
        "The refund has been successfully deleted.",
    ],
    &[
        (Method::Get, "/creditnotes/refunds", Action::List),
        (Method::Get, "/creditnotes/refunds/{}", Action::Get),
    ],
);
pub(crate) static VENDOR_CREDIT_REFUNDS: Type = refunds(
    "vendorcredit_refunds",
    "/vendorcredits/{}/refunds",
    [
        "vendor_credit_refund",
        "vendor_credit_refunds",
        "vendor_credit_refund_id",
    ],
    ("vendorcredits", "vendor_credit_id"),
    [
        "The refund information for this vendor credit has been saved.",
        "The refund information has been saved.",
        "The refund has been deleted.",
    ],
    &[
        (Method::Get, "/vendorcredits/refunds", Action::List),
        (Method::Get, "/vendorcredits/refunds/{}", Action::Get),
    ],
);
pub(crate) static PAYMENT_REFUNDS: Type = refunds(
    "customerpayment_refunds",
    "/customerpayments/{}/refunds",
    ["payment_refunds", "payment_refunds", "payment_refund_id"],
    ("customerpayments", "payment_id"),
    [
        "The refund information for this payment has been saved.",
        "The refund information has been saved.",
        "The refund has been deleted.",
    ],
    &[],
);
pub(crate) static VENDOR_PAYMENT_REFUNDS: Type = refunds(
    "vendorpayment_refunds",
    "/vendorpayments/{}/refunds",
    [
        "vendorpayment_refund",
        "vendorpayment_refunds",
        "vendorpayment_refund_id",
    ],
    ("vendorpayments", "payment_id"),
    [
        "Vendor Payment Refunded successfully",
        "The refund information has been saved.",
        "The refund has been deleted.",
    ],
    &[],
);

const BILL: Option<Parent> = Some(Parent {
    name: "bills",
    field: "bill_id",
});

const TIED: Hooks = Hooks {
    settled: settlements::tied,
    ..Hooks::NONE
};

pub(crate) static BILL_PAYMENTS: Type = Type {
    name: "bill_payments",
    path: "/bills/{}/payments",
    wrapper: "payment",
    list: "payments",
    id: "bill_payment_id",
    noun: "Payment",
    parent: BILL,
    deleted: "The payment has been deleted.",
    fields: &[
        id("payment_id").row().own(),
        text("payment_mode")
            .row()
            .from("payment_id", "vendorpayments", "payment_mode"),
        text("reference_number")
            .row()
            .from("payment_id", "vendorpayments", "reference_number"),
        field("date", Kind::Date).row().own(),
        amount("amount").row().own(),
    ],
    hooks: TIED,
    ..PLAIN
};

/// The parts of vendor credits; they are listed under their credit.
pub(crate) static BILL_CREDITS: Type = Type {
    name: "bill_credits",
    path: "/bills/{}/vendorcredits",
    wrapper: "bill",
    list: "bills_credited",
    id: "vendor_credit_bill_id",
    noun: "Credit",
    parent: BILL,
    deleted: "Credits applied to a bill have been deleted.",
    fields: &[
        id("vendor_credit_id").row().own(),
        field("date", Kind::Date).row().own(),
        amount("amount").row().own(),
    ],
    hooks: TIED,
    ..PLAIN
};
