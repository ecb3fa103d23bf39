//! Customer payments.

use super::{Kind, Numbering, PLAIN, Transaction, Type, amount, field, id, text};
use crate::books::hooks::{Hooks, settlements, transactions};

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
            .refers("contacts")
            .required(2, "Invalid value passed for customer_id"),
        text("customer_name")
            .row()
            .searched()
            .from("customer_id", "contacts", "contact_name"),
        text("payment_mode").row(),
        amount("amount")
            .row()
            .label("Amount")
            .required(2, "Invalid value passed for Amount"),
        amount("amount_applied").own(),
        amount("amount_refunded").own(),
        amount("unused_amount").row().derived(),
        field("date", Kind::Date).row().label("Date"),
        text("reference_number").row().searched(),
        text("description").row(),
        field("invoices", Kind::List).derived(),
        id("account_id").row(),
        amount("bank_charges"),
    ],
    transaction: Some(Transaction {
        due: "",
        whole: "amount",
        taken: &["amount_applied", "amount_refunded"],
        open: "unused_amount",
        live: "",
        settled: "",
        late: "",
        partly: "",
        at_contact: "unused_credits_receivable_amount",
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
