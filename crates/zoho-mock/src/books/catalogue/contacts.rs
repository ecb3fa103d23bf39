//! Contacts, and what lives under them.

use super::{Action, Blank, FileSlot, Kind, PLAIN, Parent, Step, Type, amount, field, flag, id, text};
use crate::books::hooks::{Hooks, contacts};
use crate::route::Method;

pub(crate) static CONTACTS: Type = Type {
    name: "contacts",
    path: "/contacts",
    wrapper: "contact",
    list: "contacts",
    id: "contact_id",
    noun: "Contact",
    created: "The contact has been added.",
    updated: "Contact information has been saved.",
    deleted: "The customer has been deleted.",
    status: "active",
    report: "Contacts",
    sort: ("contact_name", 'A'),
    custom: true,
    fields: &[
        text("contact_name")
            .row()
            .searched()
            .label("Contact Name")
            .longest(200)
            .required(3013, "Enter a valid Contact Name")
            .unique(
                3062,
                "The customer \"{}\" already exists. Please specify a different name.",
            ),
        text("company_name").row().searched().longest(200),
        text("contact_type").row().blank(Blank::Text("customer")),
        text("customer_sub_type").row().blank(Blank::Text("business")),
        text("first_name").row().searched().derived(),
        text("last_name").row().searched().derived(),
        text("email").row().searched().derived(),
        text("phone").row().searched().derived(),
        text("mobile").row().derived(),
        text("website").row(),
        text("language_code").row(),
        id("currency_id").row().refers("currencies"),
        text("currency_code")
            .row()
            .from("currency_id", "currencies", "currency_code"),
        text("currency_symbol").from("currency_id", "currencies", "currency_symbol"),
        field("payment_terms", Kind::Integer).row().label("Payment Terms"),
        text("payment_terms_label")
            .row()
            .blank(Blank::Text("Due on Receipt")),
        amount("credit_limit").label("Credit Limit"),
        amount("outstanding_receivable_amount").row().own(),
        amount("outstanding_payable_amount").row().own(),
        amount("unused_credits_receivable_amount").row().own(),
        amount("unused_credits_payable_amount").row().own(),
        text("tax_id"),
        text("tax_treatment"),
        flag("is_taxable").blank(Blank::True),
        flag("is_portal_enabled"),
        text("notes"),
        text("facebook").row(),
        text("twitter").row(),
        text("contact_salutation"),
        id("owner_id"),
        id("primary_contact_id").derived(),
        field("billing_address", Kind::Object),
        field("shipping_address", Kind::Object),
        field("contact_persons", Kind::List).derived(),
        field("addresses", Kind::List).derived(),
        field("default_templates", Kind::Object),
        field("tags", Kind::List).row(),
        field("documents", Kind::List).own(),
        flag("has_attachment").row().own(),
        flag("track_1099").row(),
        text("source").row().own().blank(Blank::Text("api")),
        flag("payment_reminder_enabled").own(),
        text("portal_status").row().own().blank(Blank::Text("disabled")),
        text("trn_status"),
    ],
    steps: &[
        Step {
            path: "/active",
            to: "active",
            from: &["inactive", "active"],
            message: "The contact has been marked as active.",
            otherwise: (2, ""),
        },
        Step {
            path: "/inactive",
            to: "inactive",
            from: &["active", "inactive"],
            message: "The contact has been marked as inactive.",
            otherwise: (2, ""),
        },
    ],
    filters: &[
        ("Status.Customers", "contact_type", "customer"),
        ("Status.Vendors", "contact_type", "vendor"),
    ],
    more: &[
        (
            Method::Post,
            "/contacts/{}/track1099",
            Action::Mark("track_1099", true, "success"),
        ),
        (
            Method::Post,
            "/contacts/{}/untrack1099",
            Action::Mark("track_1099", false, "success"),
        ),
        (
            Method::Post,
            "/contacts/{}/owner",
            Action::Take(&["owner_id"], "The owner of the contact has been changed."),
        ),
        (
            Method::Post,
            "/contacts/{}/portal/enable",
            Action::Put(
                "portal_status",
                "enabled",
                "Client Portal access has been enabled.",
            ),
        ),
        (
            Method::Post,
            "/contacts/{}/portal/disable",
            Action::Put(
                "portal_status",
                "disabled",
                "Client Portal access has been disabled.",
            ),
        ),
        (
            Method::Put,
            "/contacts/{}/tags",
            Action::Take(&["tags"], "The tags have been updated."),
        ),
        (
            Method::Post,
            "/contacts/{}/trnstatus",
            Action::Take(&["trn_status"], "The status has been updated."),
        ),
        (
            Method::Post,
            "/contacts/track1099",
            Action::MarkSeveral("track_1099", true, "success"),
        ),
        (
            Method::Post,
            "/contacts/{}/paymentreminder/enable",
            Action::Mark(
                "payment_reminder_enabled",
                true,
                "All reminders associated with this contact have been enabled.",
            ),
        ),
        (
            Method::Post,
            "/contacts/{}/paymentreminder/disable",
            Action::Mark(
                "payment_reminder_enabled",
                false,
                "All reminders associated with this contact have been stopped.",
            ),
        ),
        (
            Method::Get,
            "/contacts/{}/unpaidinvoices",
            Action::Deed(contacts::unpaid),
        ),
        (
            Method::Get,
            "/contacts/{}/refunds",
            Action::Deed(contacts::refunds),
        ),
        (
            Method::Get,
            "/contacts/{}/receivables/unusedcredits",
            Action::Deed(contacts::unused_credits),
        ),
    ],
    files: &[FileSlot {
        path: "/attachment",
        parts: &["attachment"],
        attached: "Your file has been successfully attached to the contact.",
        detached: "Your file is no longer attached to the contact.",
    }],
    hooks: Hooks {
        prepare: contacts::prepare,
        settled: contacts::settled,
        derive: contacts::derive,
        before_delete: contacts::before_delete,
    },
    ..PLAIN
};

pub(crate) static CONTACT_PERSONS: Type = Type {
    name: "contactpersons",
    path: "/contacts/{}/contactpersons",
    wrapper: "contact_person",
    list: "contact_persons",
    id: "contact_person_id",
    noun: "Contact person",
    parent: Some(Parent {
        name: "contacts",
        field: "contact_id",
    }),
    created: "The contact person has been added.",
    updated: "Contact person information has been saved.",
    deleted: "The contact person has been deleted.",
    report: "Contact Persons",
    fields: &[
        text("salutation").row(),
        text("first_name").row().searched().longest(100),
        text("last_name").row().searched().longest(100),
        text("email").row().searched().longest(100),
        text("phone").row().searched().longest(50),
        text("mobile").row().longest(50),
        text("department").row(),
        text("designation").row(),
        text("skype"),
        flag("is_primary_contact").row(),
        flag("enable_portal").row(),
        flag("is_sms_enabled").row().own(),
    ],
    more: &[
        (Method::Post, "/contacts/contactpersons", Action::Create),
        (Method::Get, "/contacts/contactpersons/{}", Action::Get),
        (Method::Put, "/contacts/contactpersons/{}", Action::Update),
        (Method::Delete, "/contacts/contactpersons/{}", Action::Delete),
        (
            Method::Post,
            "/contacts/contactpersons/{}/primary",
            Action::Mark(
                "is_primary_contact",
                true,
                "This contact person has been marked as your primary contact person.",
            ),
        ),
        (Method::Get, "/contacts/contactpersons", Action::List),
        (
            Method::Post,
            "/contacts/contactpersons/{}/portal/invite",
            Action::Mark("enable_portal", true, "The invitation has been sent."),
        ),
        (
            Method::Post,
            "/contacts/contactpersons/{}/portal/invite/resend",
            Action::Mark("enable_portal", true, "The invitation has been sent again."),
        ),
        (
            Method::Post,
            "/contacts/contactpersons/{}/sms/enable",
            Action::Mark("is_sms_enabled", true, "SMS notifications have been enabled."),
        ),
        (
            Method::Post,
            "/contacts/contactpersons/{}/sms/disable",
            Action::Mark("is_sms_enabled", false, "SMS notifications have been disabled."),
        ),
    ],
    hooks: Hooks {
        settled: contacts::person_settled,
        ..Hooks::NONE
    },
    ..PLAIN
};

pub(crate) static ADDRESSES: Type = Type {
    name: "addresses",
    path: "/contacts/{}/address",
    wrapper: "address_info",
    list: "addresses",
    id: "address_id",
    noun: "Address",
    parent: Some(Parent {
        name: "contacts",
        field: "contact_id",
    }),
    created: "Address has been added.",
    updated: "Address has been updated.",
    deleted: "Address has been deleted.",
    fields: &[
        text("attention").row(),
        text("address").row(),
        text("street2").row(),
        text("city").row(),
        text("state").row(),
        text("zip").row(),
        text("country").row(),
        text("phone").row(),
        text("fax").row(),
        flag("update_existing_transactions_address"),
    ],
    more: &[
        (Method::Get, "/contacts/address", Action::List),
        (
            Method::Post,
            "/contacts/{}/address/{}/markasbilling",
            Action::Deed(contacts::mark_billing),
        ),
        (
            Method::Post,
            "/contacts/{}/address/{}/markasshipping",
            Action::Deed(contacts::mark_shipping),
        ),
    ],
    ..PLAIN
};

pub(crate) static COMMENTS: Type = Type {
    name: "contact_comments",
    path: "/contacts/{}/comments",
    wrapper: "comment",
    list: "contact_comments",
    id: "comment_id",
    noun: "Comment",
    parent: Some(Parent {
        name: "contacts",
        field: "contact_id",
    }),
    created: "Comments added.",
    updated: "Comment updated.",
    deleted: "The comment has been deleted.",
    report: "Comments",
    fields: &[
        text("description")
            .row()
            .required(2, "Invalid value passed for description"),
        text("comment_type").row().own().blank(Blank::Text("user")),
        text("commented_by").row().derived(),
        field("date", Kind::Date).row().own(),
        text("operation_type").row().own().blank(Blank::Text("Added")),
    ],
    hooks: Hooks {
        prepare: contacts::comment,
        derive: contacts::commenter,
        ..Hooks::NONE
    },
    ..PLAIN
};
