//! Customer payments.

use super::{Kind, Numbering, PLAIN, Type, amount, field, id, text};
use crate::books::hooks::{Hooks, payments};

pub(crate) static CUSTOMER_PAYMENTS: Type = Type {
    name: "customerpayments",
    path: "/customerpayments",
    wrapper: "payment",
    list: "customerpayments",
    id: "payment_id",
    noun: "Payment",
    created: "The payment from the customer has been recorded",
    updated: "The payment details of the customer have been updated.",
    deleted: "The payment has been deleted.",
    report: "Payments Received",
    sort: ("date", 'D'),
    numbering: Some(Numbering {
        field: "payment_number",
        prefix: "",
    }),
    custom: true,
    fields: &[
        text("payment_number").row().own(),
        id("customer_id")
            .row()
            .label("Customer")
            .required(2, "Invalid value passed for customer_id"),
        text("customer_name").row().searched().derived(),
        text("payment_mode").row(),
        amount("amount")
            .row()
            .label("Amount")
            .required(2, "Invalid value passed for Amount"),
        amount("unused_amount").row().own(),
        field("date", Kind::Date).row().label("Date"),
        text("reference_number").row().searched(),
        text("description").row(),
        field("invoices", Kind::List),
        id("account_id").row(),
        amount("bank_charges"),
    ],
    hooks: Hooks {
        prepare: payments::prepare,
        settled: payments::settled,
        derive: payments::derive,
        before_delete: Hooks::NONE.before_delete,
    },
    ..PLAIN
};
