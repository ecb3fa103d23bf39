//! Bank accounts, what passes through them, and the rules that sort it.

use super::{Action, Blank, Kind, PLAIN, Type, amount, field, flag, id, step, text};
use crate::books::hooks::{Hooks, banking, transactions};
use crate::route::Method;

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
        (
            Method::Get,
            "/bankaccounts/{}/balance",
            Action::Part("", &["balance", "bank_balance", "bcy_balance"]),
        ),
        (
            Method::Get,
            "/bankaccounts/{}/transactions",
            Action::Related("banktransactions", "account_id", "transactions"),
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
    status: "manually_added",
    steps: &[
        step(
            "/exclude",
            "excluded",
            &["uncategorized", "excluded"],
            "The transaction has been excluded.",
        ),
        step(
            "/restore",
            "uncategorized",
            &["excluded", "uncategorized"],
            "The excluded transaction has been restored.",
        ),
        step(
            "/uncategorize",
            "uncategorized",
            &["categorized", "uncategorized"],
            "The transaction has been uncategorized.",
        ),
        step(
            "/unmatch",
            "uncategorized",
            &["matched", "uncategorized"],
            "The transaction has been unmatched.",
        ),
    ],
    more: &[
        (Method::Post, "/bankstatements", Action::Deed(banking::import)),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/exclude",
            Action::Step(0),
        ),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/restore",
            Action::Step(1),
        ),
        (
            Method::Get,
            "/banktransactions/uncategorized/{}/match",
            Action::Deed(banking::matching),
        ),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/match",
            Action::Deed(banking::match_with),
        ),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/categorize",
            Action::Deed(banking::categorize),
        ),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/categorize/expenses",
            Action::Deed(banking::categorize),
        ),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/categorize/customerpayments",
            Action::Deed(banking::categorize),
        ),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/categorize/vendorpayments",
            Action::Deed(banking::categorize),
        ),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/categorize/creditnoterefunds",
            Action::Deed(banking::categorize),
        ),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/categorize/vendorcreditrefunds",
            Action::Deed(banking::categorize),
        ),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/categorize/paymentrefunds",
            Action::Deed(banking::categorize),
        ),
        (
            Method::Post,
            "/banktransactions/uncategorized/{}/categorize/vendorpaymentrefunds",
            Action::Deed(banking::categorize),
        ),
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
