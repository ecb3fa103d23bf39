//! What accountants do: journals that recur, opening balances, adjustments, reconciliations, and locks.

use super::{Action, Blank, Kind, Numbering, PLAIN, Parent, Type, amount, field, flag, id, step, text};
use crate::books::hooks::{Hooks, banking, bookkeeping, journals};
use crate::route::Method;

pub(crate) static RECURRING_JOURNALS: Type = Type {
    name: "recurringjournals",
    path: "/recurringjournals",
    wrapper: "journal",
    list: "recurring_journals",
    id: "recurring_journal_id",
    noun: "Recurring journal",
    created: "The recurring journal has been created.",
    updated: "The recurring journal has been updated.",
    deleted: "The recurring journal has been deleted.",
    status: "active",
    report: "Recurring Journals",
    sort: ("created_time", 'D'),
    numbering: Some(Numbering {
        field: "entry_number",
        prefix: "RJ-",
    }),
    custom: true,
    fields: &[
        // Zoho calls the id of its profiles both ways.
        id("journal_id").row().derived(),
        text("entry_number").row().own(),
        text("reference_number").row().searched(),
        text("notes").row().searched(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        field("journal_date", Kind::Date)
            .row()
            .required(2, "Invalid value passed for journal_date"),
        text("journal_type").row(),
        field("line_items", Kind::List)
            .row()
            .required(2, "Invalid value passed for line_items"),
        id("location_id").row(),
        text("location_name").row().own(),
        amount("line_item_total").own(),
        amount("total").row().own(),
        amount("bcy_total").row().own(),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        field("taxes", Kind::List).row().own(),
        field("tags", Kind::List).row(),
        text("recurrence_frequency").row(),
        text("repeat_every").row(),
        field("end_date", Kind::Date).row(),
        field("next_journal_date", Kind::Date).row().own(),
    ],
    steps: &[
        step(
            "/status/stop",
            "stopped",
            &["active", "stopped"],
            "The recurring journal has been stopped.",
        ),
        step(
            "/status/resume",
            "active",
            &["stopped", "active"],
            "The recurring journal has been resumed.",
        ),
    ],
    more: &[(
        Method::Get,
        "/recurringjournals/{}/journals",
        Action::Related("journals", "recurring_journal_id", "journals"),
    )],
    hooks: Hooks {
        prepare: journals::prepare,
        derive: bookkeeping::own_id,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static BASE_CURRENCY_ADJUSTMENTS: Type = Type {
    name: "basecurrencyadjustment",
    path: "/basecurrencyadjustment",
    wrapper: "data",
    list: "base_currency_adjustments",
    id: "base_currency_adjustment_id",
    noun: "Base currency adjustment",
    created: "The base currency adjustment has been created.",
    updated: "The base currency adjustment has been updated.",
    deleted: "The selected base currency adjustment has been deleted.",
    report: "Base Currency Adjustments",
    sort: ("adjustment_date", 'D'),
    fields: &[
        field("adjustment_date", Kind::Date)
            .row()
            .required(2, "Invalid value passed for adjustment_date"),
        amount("exchange_rate")
            .row()
            .required(2, "Invalid value passed for exchange_rate"),
        id("currency_id")
            .row()
            .refers("currencies")
            .required(2, "Invalid value passed for currency_id"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("notes").row().searched(),
        amount("gain_or_loss").row().own(),
        field("accounts", Kind::List).own(),
    ],
    more: &[
        (
            Method::Get,
            "/basecurrencyadjustment/accounts",
            Action::Deed(bookkeeping::preview),
        ),
        (
            Method::Post,
            "/basecurrencyadjustment/{}/reevaluate",
            Action::Deed(bookkeeping::reevaluate),
        ),
    ],
    hooks: Hooks {
        prepare: bookkeeping::adjust,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static OPENING_BALANCES: Type = Type {
    name: "openingbalances",
    path: "/settings/openingbalances",
    wrapper: "opening_balance",
    list: "opening_balances",
    id: "opening_balance_id",
    noun: "Opening balance",
    single: true,
    created: "The opening balance has been created.",
    updated: "The opening balance has been updated.",
    deleted: "The opening balance has been deleted.",
    fields: &[
        field("date", Kind::Date)
            .row()
            .required(2, "Invalid value passed for date"),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        field("accounts", Kind::List)
            .row()
            .required(2, "Invalid value passed for accounts"),
        amount("total").row().own(),
    ],
    hooks: Hooks {
        prepare: bookkeeping::open,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static RECONCILIATIONS: Type = Type {
    name: "reconciliations",
    path: "/bankaccounts/{}/reconciliations",
    wrapper: "reconciliation",
    list: "reconciliations",
    id: "reconciliation_id",
    noun: "Reconciliation",
    parent: Some(Parent {
        name: "bankaccounts",
        field: "account_id",
    }),
    created: "The reconciliation has been created.",
    updated: "The reconciliation has been updated.",
    deleted: "The reconciliation has been deleted.",
    status: "reconciled",
    fields: &[
        field("start_date", Kind::Date)
            .row()
            .required(2, "Invalid value passed for start_date"),
        field("end_date", Kind::Date)
            .row()
            .required(2, "Invalid value passed for end_date"),
        amount("closing_balance").row(),
        field("transactions_to_be_reconciled", Kind::List),
        text("save_option"),
        flag("has_attachment").row().own(),
        text("attachment_name").row().own(),
    ],
    more: &[(
        Method::Put,
        "/bankaccounts/{}/reconciliations/{}/draft",
        Action::Update,
    )],
    hooks: Hooks {
        prepare: bookkeeping::period,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static BANK_STATEMENTS: Type = Type {
    name: "bankstatements",
    path: "/bankaccounts/{}/statements",
    wrapper: "statement",
    list: "statements",
    id: "statement_id",
    noun: "Statement",
    parent: Some(Parent {
        name: "bankaccounts",
        field: "account_id",
    }),
    deleted: "You have successfully deleted the last imported statement.",
    fields: &[
        field("start_date", Kind::Date).row(),
        field("end_date", Kind::Date).row(),
        text("source").row().own().blank(Blank::Text("api")),
    ],
    more: &[
        (
            Method::Get,
            "/bankaccounts/{}/statement/lastimported",
            Action::Deed(banking::last_imported),
        ),
        (Method::Delete, "/bankaccounts/{}/statement/{}", Action::Delete),
    ],
    ..PLAIN
};

pub(crate) static MATCH_FILTERS: Type = Type {
    name: "matchfilters",
    path: "/bankaccounts/matchfilters",
    wrapper: "match_filter",
    list: "match_filters",
    id: "match_filter_id",
    noun: "Match filter",
    created: "The match filter has been created.",
    updated: "The match filter has been updated.",
    deleted: "The match filter has been deleted.",
    fields: &[
        text("rule_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for rule_name"),
        field("rule_order", Kind::Integer).row(),
        text("apply_to").row(),
    ],
    ..PLAIN
};

pub(crate) static TRANSACTION_LOCKS: Type = Type {
    name: "transactionlocks",
    path: "/transactionlocks",
    wrapper: "transaction_lock",
    list: "transaction_locks",
    id: "transaction_lock_id",
    noun: "Transaction lock",
    updated: "The transaction lock has been updated.",
    report: "Transaction Locks",
    fields: &[
        text("transaction_lock_status")
            .row()
            .blank(Blank::Text("disabled")),
        text("transaction_lock_module").row(),
        field("transaction_lock_date", Kind::Date).row(),
        id("accounting_period_id").row(),
        text("reason").row(),
        text("locked_by").row().own(),
        field("user_exceptions", Kind::List).row(),
        field("account_exceptions", Kind::List).row(),
        field("partial_unlock", Kind::Object).own(),
    ],
    more: &[
        (Method::Get, "/transactionlock", Action::Deed(bookkeeping::lock)),
        (
            Method::Get,
            "/accountingperiods/transactionlock",
            Action::Deed(bookkeeping::lock),
        ),
        (
            Method::Put,
            "/transactionlock",
            Action::Deed(bookkeeping::set_lock),
        ),
        (
            Method::Delete,
            "/transactionlock",
            Action::Deed(bookkeeping::unlock),
        ),
        (
            Method::Put,
            "/transactionlock/partialunlock",
            Action::Deed(bookkeeping::unlock_partly),
        ),
    ],
    ..PLAIN
};
