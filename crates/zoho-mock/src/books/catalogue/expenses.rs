//! Expenses, and those that recur.

use super::{Action, Blank, FileSlot, Kind, PLAIN, Type, amount, field, flag, id, step, text};
use crate::books::hooks::{Hooks, expenses};
use crate::route::Method;

pub(crate) static EXPENSES: Type = Type {
    name: "expenses",
    path: "/expenses",
    wrapper: "expense",
    list: "expenses",
    id: "expense_id",
    noun: "Expense",
    created: "The expense has been recorded.",
    updated: "Expense information has been updated.",
    deleted: "The expense has been deleted.",
    status: "nonbillable",
    report: "Expenses",
    sort: ("date", 'D'),
    custom: true,
    fields: &[
        id("transaction_id").row().own(),
        text("transaction_type").row().own(),
        text("paid_through_account_name")
            .row()
            .from("paid_through_account_id", "chartofaccounts", "account_name")
            .searched(),
        amount("tax_amount").own(),
        flag("is_itemized_expense").row().own(),
        id("trip_id").row().own(),
        text("trip_number").row().own(),
        id("expense_item_id").row().own(),
        id("account_id")
            .row()
            .required(2, "Invalid value passed for account_id"),
        text("account_name")
            .row()
            .from("account_id", "chartofaccounts", "account_name")
            .searched(),
        field("date", Kind::Date).row().label("Date"),
        id("tax_id").row(),
        text("tax_name")
            .row()
            .from("tax_id", "taxes", "tax_name")
            .searched(),
        amount("tax_percentage").own(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        amount("sub_total").own(),
        amount("total").row().own(),
        amount("bcy_total").row().own(),
        amount("amount")
            .row()
            .required(2, "Invalid value passed for amount"),
        flag("is_inclusive_tax").row(),
        text("reference_number").row().searched(),
        text("description").row().searched(),
        flag("is_billable").row(),
        flag("is_personal").row().own(),
        id("customer_id").row().refers("contacts"),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        text("expense_receipt_name").row().searched().own(),
        text("expense_receipt_type").row().own(),
        id("invoice_id").row().own(),
        text("invoice_number").row().own(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        id("project_id").row().refers("projects"),
        text("project_name")
            .row()
            .from("project_id", "projects", "project_name")
            .searched(),
        amount("mileage_rate").row(),
        text("mileage_type").row(),
        text("expense_type").row(),
        amount("start_reading").row(),
        amount("end_reading").row(),
        field("tags", Kind::List).row(),
        field("line_item", Kind::Object).row().own(),
        amount("bcy_total_without_tax").row().own(),
        amount("total_without_tax").row().own(),
        text("mileage_unit").row(),
        field("taxes", Kind::List).row(),
        amount("bcy_surcharge_amount").row().own(),
        field("documents", Kind::List).row(),
        text("employee_email").row().own(),
        id("employee_id").row(),
        text("employee_name").row().searched().own(),
        amount("fcy_surcharge_amount").row().own(),
        field("imported_transactions", Kind::List).row().own(),
        flag("is_recurring_applicable").row().own(),
        flag("is_reimbursable").row().own(),
        flag("is_surcharge_applicable").row().own(),
        field("line_items", Kind::List).row(),
        text("location").row().own(),
        amount("markup_percent").row().own(),
        text("merchant_name").row().searched().own(),
        id("paid_through_account_id").row(),
        text("payment_mode").row().own(),
        id("report_id").row().own(),
        text("report_name").row().searched().own(),
        text("report_number").row().own(),
        text("report_status").row().own(),
        id("template_id").row().own(),
        text("template_name").row().searched().own(),
        text("user_email").row().own(),
        id("user_id").row().own(),
        text("user_name").row().searched().own(),
        id("vehicle_id").row(),
        text("vehicle_name").row().searched().own(),
        id("vendor_id").row().refers("contacts"),
        text("vendor_name")
            .row()
            .from("vendor_id", "contacts", "contact_name")
            .searched(),
        id("zcrm_potential_id").row(),
        text("zcrm_potential_name").row().searched().own(),
        amount("distance").row(),
        flag("has_attachment").row().own(),
        text("vehicle_type"),
        text("fuel_type"),
        text("engine_capacity_range"),
        id("zp_project_id"),
        text("zp_project_name").searched(),
        id("zp_client_id"),
        id("recurring_expense_id"),
        text("reason"),
    ],
    files: &[
        FileSlot {
            path: "/receipt",
            parts: &["receipt"],
            attached: "The expense receipt has been attached.",
            detached: "The attached expense receipt has been deleted.",
        },
        FileSlot {
            path: "/attachment",
            parts: &["attachment"],
            attached: "The expense attachment has been attached.",
            detached: "The attachment has been deleted.",
        },
    ],
    hooks: Hooks {
        prepare: expenses::prepare,
        settled: Hooks::NONE.settled,
        derive: Hooks::NONE.derive,
        before_delete: Hooks::NONE.before_delete,
    },
    ..PLAIN
};

pub(crate) static RECURRING_EXPENSES: Type = Type {
    name: "recurringexpenses",
    path: "/recurringexpenses",
    wrapper: "recurring_expense",
    list: "recurring_expenses",
    id: "recurring_expense_id",
    noun: "Recurring expense",
    created: "The recurring expense has been created",
    updated: "Recurring expense information has been updated",
    deleted: "The recurring expense has been deleted.",
    status: "active",
    report: "Recurring Expenses",
    sort: ("created_time", 'D'),
    custom: true,
    fields: &[
        text("recurrence_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for recurrence_name"),
        field("start_date", Kind::Date).row(),
        field("end_date", Kind::Date).row(),
        text("recurrence_frequency").row(),
        text("repeat_every").row(),
        field("last_created_date", Kind::Date).row().own(),
        field("next_expense_date", Kind::Date).row().own(),
        id("account_id")
            .row()
            .required(2, "Invalid value passed for account_id"),
        text("account_name")
            .row()
            .from("account_id", "chartofaccounts", "account_name")
            .searched(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        id("tax_id").row(),
        text("tax_name")
            .row()
            .from("tax_id", "taxes", "tax_name")
            .searched(),
        amount("tax_percentage").row().own(),
        amount("tax_amount").row().own(),
        amount("sub_total").row().own(),
        amount("total").row().own(),
        amount("bcy_total").row().own(),
        amount("amount").row(),
        text("description").row().searched().own(),
        flag("is_inclusive_tax").row(),
        flag("is_billable").row(),
        id("customer_id").row().refers("contacts"),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        id("project_id").row().refers("projects"),
        text("project_name")
            .row()
            .from("project_id", "projects", "project_name")
            .searched(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        field("tags", Kind::List).row(),
        field("line_item", Kind::Object).row().own(),
        field("line_items", Kind::List),
    ],
    steps: &[
        step(
            "/status/stop",
            "stopped",
            &["active", "stopped"],
            "The recurring expense has been stopped.",
        ),
        step(
            "/status/resume",
            "active",
            &["stopped", "active"],
            "The recurring expense has been activated.",
        ),
    ],
    more: &[(
        Method::Get,
        "/recurringexpenses/{}/expenses",
        Action::Related("expenses", "recurring_expense_id", "expensehistory"),
    )],
    ..PLAIN
};
