//! How contacts pay: cards and bank accounts, and what tax offices know of them.

use super::{Action, Kind, PLAIN, Parent, Type, field, flag, step, text};
use crate::books::hooks::{Hooks, payment_methods};
use crate::route::Method;

const CONTACT: Option<Parent> = Some(Parent {
    name: "contacts",
    field: "contact_id",
});

pub(crate) static CONTACT_CARDS: Type = Type {
    name: "contact_cards",
    path: "/contacts/{}/card",
    wrapper: "card",
    list: "cards",
    id: "card_id",
    noun: "Card",
    parent: CONTACT,
    created: "The card has been added.",
    updated: "The card has been updated.",
    deleted: "The card has been deleted.",
    status: "active",
    fields: &[
        text("gateway").row(),
        text("first_name").row(),
        text("last_name").row(),
        text("address").row(),
        text("city").row(),
        text("state").row(),
        text("country").row(),
        text("zip").row(),
        // The number itself is never kept.
        text("last_four_digits").row().own(),
        field("expire_month", Kind::Integer).row(),
        field("expire_year", Kind::Integer).row(),
        flag("is_primary").row(),
        flag("is_backup").row(),
    ],
    more: &[
        (Method::Get, "/contacts/{}/cards", Action::List),
        (
            Method::Get,
            "/contacts/cardcount",
            Action::Deed(payment_methods::count),
        ),
        (
            Method::Get,
            "/contacts/{}/card/{}/recurringinvoices",
            Action::Deed(payment_methods::recurring_invoices),
        ),
    ],
    hooks: Hooks {
        prepare: payment_methods::mask,
        before_delete: payment_methods::in_use,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static CONTACT_BANK_ACCOUNTS: Type = Type {
    name: "contact_bankaccounts",
    path: "/contacts/{}/bankaccount",
    wrapper: "bank_account",
    list: "bank_accounts",
    id: "bank_account_id",
    noun: "Bank account",
    parent: CONTACT,
    created: "The bank account has been added.",
    updated: "The bank account has been updated.",
    deleted: "The bank account has been deleted.",
    status: "unverified",
    fields: &[
        text("gateway").row(),
        text("account_type").row(),
        text("routing_number").row(),
        text("bank_name").row().searched(),
        text("name").row().searched(),
        text("first_name").row(),
        text("last_name").row(),
        text("beneficiary_name").row(),
        text("street").row(),
        text("city").row(),
        text("state").row(),
        text("country").row(),
        text("zip").row(),
        text("last_four_digits").row().own(),
    ],
    steps: &[
        step(
            "/verify",
            "verified",
            &["unverified", "verified"],
            "The bank account has been verified.",
        ),
        step(
            "/approve",
            "approved",
            &["unverified", "verified", "approved"],
            "The bank account has been approved.",
        ),
        step(
            "/decline",
            "declined",
            &["unverified", "verified", "declined"],
            "The bank account has been declined.",
        ),
    ],
    more: &[
        (Method::Get, "/contacts/{}/bankaccounts", Action::List),
        (Method::Get, "/contacts/bankaccounts", Action::List),
    ],
    hooks: Hooks {
        prepare: payment_methods::mask,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static CONTACT_TAX_INFO: Type = Type {
    name: "contact_tax_info",
    path: "/contacts/{}/taxinfo",
    wrapper: "tax_info",
    list: "tax_info_list",
    id: "tax_info_id",
    noun: "Tax information",
    parent: CONTACT,
    created: "The tax information has been added.",
    updated: "The tax information has been updated.",
    deleted: "The tax information has been deleted.",
    fields: &[
        text("tax_registration_no").row(),
        text("place_of_supply").row(),
        text("legal_name").row(),
        text("trader_name").row(),
        flag("is_primary").row(),
    ],
    ..PLAIN
};
