//! The chart of accounts, bank accounts and what passes through them, and journals.

use super::{Action, Blank, FileSlot, Kind, Numbering, PLAIN, Type, amount, field, flag, id, step, text};
use crate::books::hooks::{Hooks, journals, transactions};
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
    ],
    ..PLAIN
};

pub(crate) static BANK_ACCOUNTS: Type = Type {
    name: "bankaccounts",
    path: "/bankaccounts",
    wrapper: "bankaccount",
    list: "bankaccounts",
    id: "account_id",
    noun: "Bank account",
    created: "The account has been created.",
    updated: "The details of the account have been updated.",
    deleted: "The account has been deleted.",
    report: "Bank Accounts",
    sort: ("account_name", 'A'),
    fields: &[
        text("account_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for account_name"),
        text("account_code").row(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        text("account_type")
            .row()
            .required(2, "Invalid value passed for account_type"),
        text("account_number").row(),
        field("uncategorized_transactions", Kind::Integer).row().own(),
        amount("total_unprinted_checks").row().own(),
        flag("is_active").row().own().blank(Blank::True),
        flag("is_feeds_subscribed").row().own(),
        flag("is_feeds_active").row().own(),
        amount("balance").row().own(),
        amount("bank_balance").row().own(),
        amount("bcy_balance").row().own(),
        text("bank_name").row().searched(),
        text("routing_number").row(),
        flag("is_primary_account").row(),
        flag("is_paypal_account").row(),
        text("description").row().searched(),
        text("refresh_status_code").row().own(),
        field("feeds_last_refresh_date", Kind::Date).row().own(),
        id("service_id").row().own(),
        flag("is_system_account").row().own(),
        flag("is_show_warning_for_feeds_refresh").row().own(),
        text("account_code_prefix").row().own(),
        text("account_sub_type").row().own(),
        field("consent_info", Kind::Object).row().own(),
        text("feed_status").row().own(),
        text("generation_number").row().own(),
        id("institution_id").row().own(),
        text("institution_name").row().searched().own(),
        flag("is_beta_feed").row().own(),
        flag("is_direct_paypal").row().own(),
        flag("is_feeds_owner").row().own(),
        flag("is_pdf_password_stored").row().own(),
        flag("is_rule_update_required").row().own(),
        flag("is_undeposited_funds").row().own(),
        flag("is_zlabs_supported").row().own(),
        field("last_import_duplicate_count", Kind::Integer).row().own(),
        field("latest_transaction_date", Kind::Date).row().own(),
        flag("mfa_required").row().own(),
        text("migrate_to_partner_bank").row().own(),
        text("partner_bank_source").row().own(),
        text("payout_bank_name").row().searched().own(),
        text("sub_corporate_cards_count").row().own(),
        text("paypal_type"),
        text("paypal_email_address"),
    ],
    more: &[
        (
            Method::Post,
            "/bankaccounts/{}/active",
            Action::Mark("is_active", true, "The account has been marked as active."),
        ),
        (
            Method::Post,
            "/bankaccounts/{}/inactive",
            Action::Mark("is_active", false, "The account has been marked as inactive."),
        ),
    ],
    ..PLAIN
};

pub(crate) static BANK_TRANSACTIONS: Type = Type {
    name: "banktransactions",
    path: "/banktransactions",
    wrapper: "banktransaction",
    list: "banktransactions",
    id: "transaction_id",
    noun: "Bank transaction",
    created: "The bank transaction has been recorded.",
    updated: "The bank transaction has been updated.",
    deleted: "The transaction has been deleted.",
    report: "Bank Transactions",
    sort: ("date", 'D'),
    fields: &[
        id("from_account_id").row(),
        text("from_account_name").row().searched().own(),
        id("to_account_id").row(),
        text("to_account_name").row().searched().own(),
        text("transaction_type")
            .row()
            .required(2, "Invalid value passed for transaction_type"),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("payment_mode").row(),
        amount("exchange_rate").row().blank(Blank::Number(1)),
        field("date", Kind::Date).row().label("Date"),
        id("customer_id").row().refers("contacts"),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        id("vendor_id").row().refers("contacts").own(),
        text("vendor_name")
            .row()
            .from("vendor_id", "contacts", "contact_name")
            .searched(),
        text("reference_number").row().searched(),
        text("description").row().searched(),
        amount("bank_charges").row(),
        id("tax_id").row(),
        field("documents", Kind::List).row(),
        flag("is_inclusive_tax").row(),
        text("tax_name")
            .row()
            .from("tax_id", "taxes", "tax_name")
            .searched(),
        amount("tax_percentage").row().own(),
        amount("tax_amount").row().own(),
        amount("sub_total").row().own(),
        amount("total").row().own(),
        amount("bcy_total").row().own(),
        amount("amount")
            .row()
            .required(2, "Invalid value passed for amount"),
        field("imported_transactions", Kind::List).row().own(),
        field("tags", Kind::List).row(),
        field("line_items", Kind::List).row(),
        text("source").row().own(),
        id("account_id").row().own(),
        text("account_name")
            .row()
            .from("account_id", "chartofaccounts", "account_name")
            .searched(),
        text("account_type").row().own(),
        field("price_precision", Kind::Integer)
            .row()
            .own()
            .blank(Blank::Number(2)),
        text("payee").row().own(),
        flag("is_paid_via_print_check").row().own(),
        text("currency_symbol")
            .row()
            .from("currency_id", "currencies", "currency_symbol"),
        text("debit_or_credit").row().own(),
        text("offset_account_name").row().searched().own(),
        flag("is_offsetaccount_matched").row().own(),
        id("imported_transaction_id").row().own(),
        flag("is_rule_exist").row().own(),
        field("rule_details", Kind::List).row().own(),
        field("from_account_tags", Kind::List),
        field("to_account_tags", Kind::List),
        id("user_id"),
    ],
    hooks: Hooks {
        prepare: transactions::prepare,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static BANK_RULES: Type = Type {
    name: "rules",
    path: "/bankaccounts/rules",
    wrapper: "rule",
    list: "rules",
    id: "rule_id",
    noun: "Rule",
    created: "The bank rule has been created.",
    updated: "The bank rule has been updated.",
    deleted: "The rule has been deleted.",
    fields: &[
        text("rule_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for rule_name"),
        field("rule_order", Kind::Integer).row().own(),
        text("rule_category").row(),
        field("target_accounts", Kind::List).row().own(),
        field("accounts", Kind::List).row().own(),
        field("target_accounts_count", Kind::Integer).row().own(),
        text("apply_to").row(),
        text("criteria_type").row(),
        text("auto_categorize").row(),
        id("location_id").row(),
        text("location_name").row().searched().own(),
        field("criterion", Kind::List).row(),
        text("record_as").row(),
        id("account_id").row(),
        text("account_name")
            .row()
            .from("account_id", "chartofaccounts", "account_name")
            .searched(),
        id("tax_id").row(),
        id("customer_id").row().refers("contacts"),
        text("customer_name")
            .row()
            .from("customer_id", "contacts", "contact_name")
            .searched(),
        text("reference_number").row().searched(),
        text("payment_mode").row().own(),
        text("account_ids"),
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
