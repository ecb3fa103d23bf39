//! Taxes, their groups, authorities and exemptions, and currencies.

use super::{Blank, Kind, PLAIN, Parent, Type, amount, field, flag, id, text};
use crate::books::hooks::{Hooks, currencies, taxes};

pub(crate) static TAXES: Type = Type {
    name: "taxes",
    path: "/settings/taxes",
    wrapper: "tax",
    list: "taxes",
    id: "tax_id",
    noun: "Tax",
    created: "The tax has been added.",
    updated: "Tax information has been saved.",
    deleted: "The record has been deleted.",
    report: "Taxes",
    sort: ("tax_name", 'A'),
    fields: &[
        text("tax_name")
            .row()
            .searched()
            .unique(1001, "Tax \"{}\" already exists.")
            .required(2, "Invalid value passed for tax_name"),
        amount("tax_percentage").row(),
        text("tax_type").row(),
        text("tax_factor").row(),
        flag("is_value_added").row(),
        text("tax_specific_type").row(),
        text("country").row().own(),
        text("country_code").row(),
        id("purchase_tax_expense_account_id").row(),
        flag("is_default_tax").row().own(),
        flag("is_editable").row(),
        text("output_tax_account_name").row().searched().own(),
        text("purchase_tax_account_name").row().searched().own(),
        id("tax_account_id").row().own(),
        id("purchase_tax_account_id").row().own(),
        flag("update_recurring_invoice"),
        flag("update_recurring_expense"),
        flag("update_draft_invoice"),
        flag("update_recurring_bills"),
        flag("update_draft_so"),
        flag("update_subscription"),
        flag("update_project"),
    ],
    ..PLAIN
};

pub(crate) static TAX_GROUPS: Type = Type {
    name: "taxgroups",
    path: "/settings/taxgroups",
    wrapper: "tax_group",
    list: "tax_groups",
    id: "tax_group_id",
    noun: "Tax group",
    created: "success",
    updated: "success",
    deleted: "The tax group has been deleted.",
    fields: &[
        text("tax_group_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for tax_group_name"),
        amount("tax_group_percentage").derived(),
        text("taxes").required(2, "Invalid value passed for taxes"),
    ],
    hooks: Hooks {
        prepare: taxes::prepare,
        derive: taxes::derive,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static TAX_AUTHORITIES: Type = Type {
    name: "taxauthorities",
    path: "/settings/taxauthorities",
    wrapper: "tax_authority",
    list: "tax_authorities",
    id: "tax_authority_id",
    noun: "Tax authority",
    created: "Tax Authority has been added.",
    updated: "Tax Authority information has been updated.",
    deleted: "Tax authority has been deleted.",
    fields: &[
        text("tax_authority_name")
            .row()
            .searched()
            .required(2, "Invalid value passed for tax_authority_name"),
        text("description").row().searched(),
        text("registration_number").row(),
        text("registration_number_label").row(),
    ],
    ..PLAIN
};

pub(crate) static TAX_EXEMPTIONS: Type = Type {
    name: "taxexemptions",
    path: "/settings/taxexemptions",
    wrapper: "tax_exemption",
    list: "tax_exemptions",
    id: "tax_exemption_id",
    noun: "Tax exemption",
    created: "Tax Exemption has been added.",
    updated: "Tax Exemption has been updated.",
    deleted: "Tax exemption has been deleted successfully.",
    fields: &[
        text("tax_exemption_code")
            .row()
            .required(2, "Invalid value passed for tax_exemption_code"),
        text("description").row().searched(),
        text("type").row(),
    ],
    ..PLAIN
};

pub(crate) static CURRENCIES: Type = Type {
    name: "currencies",
    path: "/settings/currencies",
    wrapper: "currency",
    list: "currencies",
    id: "currency_id",
    noun: "Currency",
    created: "The currency has been added.",
    updated: "Currency information has been saved.",
    deleted: "The currency has been deleted.",
    report: "Currencies",
    sort: ("created_time", 'A'),
    fields: &[
        text("currency_code")
            .row()
            .unique(1001, "Currency \"{}\" already exists.")
            .required(2, "Invalid value passed for currency_code"),
        text("currency_name").row().searched().own(),
        text("currency_symbol").row(),
        field("price_precision", Kind::Integer)
            .row()
            .blank(Blank::Number(2)),
        text("currency_format").row(),
        flag("is_base_currency").row().own(),
        amount("exchange_rate").row().derived(),
        field("effective_date", Kind::Date).row().derived(),
        flag("auto_exchange_rate_enabled").row().own(),
    ],
    hooks: Hooks {
        derive: currencies::derive,
        before_delete: taxes::keep_base,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static EXCHANGE_RATES: Type = Type {
    name: "exchangerates",
    path: "/settings/currencies/{}/exchangerates",
    wrapper: "exchange_rate",
    list: "exchange_rates",
    id: "exchange_rate_id",
    noun: "Exchange rate",
    parent: Some(Parent {
        name: "currencies",
        field: "currency_id",
    }),
    created: "The exchange rate has been added.",
    updated: "The exchange rate has been updated.",
    deleted: "Exchange rate successfully deleted",
    fields: &[
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        field("effective_date", Kind::Date)
            .row()
            .required(2, "Invalid value passed for effective_date"),
        amount("rate").row().required(2, "Invalid value passed for rate"),
    ],
    ..PLAIN
};
