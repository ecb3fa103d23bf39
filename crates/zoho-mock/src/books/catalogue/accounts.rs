//! The chart of accounts, and journals.

use super::{Action, Blank, FileSlot, Kind, Numbering, PLAIN, Type, amount, field, flag, id, step, text};
use crate::books::hooks::{Hooks, journals};
use crate::route::Method;

pub(crate) static CHART_OF_ACCOUNTS: Type = Type {
    name: "chartofaccounts",
    path: "/chartofaccounts",
    wrapper: "chart_of_account",
    list: "chartofaccounts",
    id: "account_id",
    noun: "Account",
    created: "The account has been created.",
    updated: "The details of the account have been updated.",
    deleted: "The account has been deleted.",
    report: "List Chart Of Accounts",
    page: 5_000,
    sort: ("account_type", 'A'),
    custom: true,
    fields: &[
        text("account_name")
            .row()
            .searched()
            .unique(1001, "Account \"{}\" already exists.")
            .required(2, "Invalid value passed for account_name"),
        text("account_code").row(),
        flag("is_active").row().own().blank(Blank::True),
        text("account_type")
            .row()
            .required(2, "Invalid value passed for account_type"),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("description").row().searched(),
        flag("is_system_account").row().own(),
        flag("is_involved_in_transaction").row().own(),
        amount("closing_balance").row().own(),
        id("parent_account_id").row(),
        field("documents", Kind::List).row().own(),
        flag("is_user_created").row().own(),
        flag("is_standalone_account").row().own(),
        amount("current_balance").row().own(),
        text("parent_account_name").row().searched().own(),
        text("depth").row().own(),
        text("is_child_present").row().own(),
        text("child_count").row().own(),
        flag("show_on_dashboard"),
    ],
    filters: &[
        ("AccountType.Active", "is_active", "true"),
        ("AccountType.Inactive", "is_active", "false"),
    ],
    more: &[
        (
            Method::Post,
            "/chartofaccounts/{}/active",
            Action::Mark("is_active", true, "The account has been marked as active."),
        ),
        (
            Method::Post,
            "/chartofaccounts/{}/inactive",
            Action::Mark("is_active", false, "The account has been marked as inactive."),
        ),
        (
            Method::Post,
            "/chartofaccounts/active",
            Action::MarkSeveral("is_active", true, "The accounts have been marked as active."),
        ),
        (
            Method::Post,
            "/chartofaccounts/inactive",
            Action::MarkSeveral("is_active", false, "The accounts have been marked as inactive."),
        ),
    ],
    ..PLAIN
};

pub(crate) static JOURNALS: Type = Type {
    name: "journals",
    path: "/journals",
    wrapper: "journal",
    list: "journals",
    id: "journal_id",
    noun: "Journal",
    created: "The journal entry has been created.",
    updated: "The journal entry has been updated.",
    deleted: "The selected journal entry has been deleted.",
    status: "draft",
    report: "Manual Journals",
    sort: ("journal_date", 'D'),
    numbering: Some(Numbering {
        field: "entry_number",
        prefix: "",
    }),
    custom: true,
    fields: &[
        text("entry_number")
            .row()
            .searched()
            .unique(1001, "Journal number \"{}\" already exists."),
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
        text("location_name").row().searched().own(),
        amount("line_item_total").own(),
        amount("total").row().own(),
        amount("bcy_total").row().own(),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        field("taxes", Kind::List).row().own(),
        field("tags", Kind::List).row(),
        text("entity_type").row().own(),
        flag("has_attachment").row().own(),
        id("recurring_journal_id"),
    ],
    steps: &[
        step(
            "/status/publish",
            "published",
            &["draft", "approved", "published"],
            "Journal has been published.",
        ),
        step(
            "/submit",
            "pending_approval",
            &["draft", "pending_approval"],
            "success",
        ),
        step(
            "/approve",
            "approved",
            &["pending_approval", "approved"],
            "success",
        ),
        step(
            "/reject",
            "rejected",
            &["pending_approval", "rejected"],
            "success",
        ),
    ],
    files: &[FileSlot {
        path: "/attachment",
        parts: &["attachment", "doc"],
        attached: "Your file has been successfully attached to the journal.",
        detached: "The attachment has been deleted.",
    }],
    hooks: Hooks {
        prepare: journals::prepare,
        ..Hooks::NONE
    },
    ..PLAIN
};
