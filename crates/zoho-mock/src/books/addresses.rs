//! Which address does what with which record type.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::catalogue::{Action, TYPES, Type};
use super::tweaks;
use crate::route::{Method, Route};
use crate::routing;

type Actions = HashMap<(Method, String), (&'static Type, Action)>;

/// Every address of every record type, in the shape of [`routing::shape`].
static ACTIONS: LazyLock<Actions> = LazyLock::new(|| {
    let mut actions = Actions::new();
    for &ty in TYPES {
        let one = format!("{}/{{}}", ty.path);
        let usual = [
            (Method::Get, ty.path, Action::List),
            (Method::Post, ty.path, Action::Create),
            (Method::Put, ty.path, Action::Upsert),
            (Method::Delete, ty.path, Action::DeleteSeveral),
            (Method::Get, &one, Action::Get),
            (Method::Put, &one, Action::Update),
            (Method::Delete, &one, Action::Delete),
        ];
        // A child is upserted and deleted by its own address only.
        let has = |action: &Action| {
            ty.parent.is_none() || !matches!(action, Action::Upsert | Action::DeleteSeveral)
        };
        if ty.single {
            for (method, action) in SINGLE {
                actions.insert((*method, shape(ty.path)), (ty, *action));
            }
            continue;
        }
        for (method, path, action) in usual.into_iter().filter(|(_, _, action)| has(action)) {
            actions.insert((method, shape(path)), (ty, action));
        }
        for (method, path, action) in beside(ty) {
            actions.entry((method, shape(&path))).or_insert((ty, action));
        }
        for (method, path, action) in ty.more {
            actions.insert((*method, shape(path)), (ty, *action));
        }
    }
    actions
});

/// What is done with the only record of its type.
const SINGLE: &[(Method, Action)] = &[
    (Method::Get, Action::Get),
    (Method::Post, Action::Create),
    (Method::Put, Action::Update),
    (Method::Delete, Action::Delete),
];

/// What is done with an e-invoice of one record, after its own address.
const EINVOICE: &[(Method, &str, Action)] = &[
    (
        Method::Post,
        "/einvoice/push",
        pushed("pushed", "The e-invoice has been pushed."),
    ),
    (
        Method::Post,
        "/einvoice/cancel",
        pushed("cancelled", "The e-invoice has been cancelled."),
    ),
    (
        Method::Post,
        "/einvoice/fetch",
        pushed("pushed", "The e-invoice details have been fetched."),
    ),
    (
        Method::Post,
        "/einvoice/status/push",
        pushed("pushed", "The e-invoice has been marked as pushed."),
    ),
    (
        Method::Post,
        "/einvoice/status/cancel",
        pushed("cancelled", "The e-invoice has been marked as cancelled."),
    ),
    (
        Method::Post,
        "/einvoice/status/recall",
        pushed("yet_to_be_pushed", "The e-invoice status has been recalled."),
    ),
    (
        Method::Delete,
        "/einvoice/status",
        pushed("", "The e-invoice status has been removed."),
    ),
    (
        Method::Post,
        "/status/readytopush",
        pushed(
            "yet_to_be_pushed",
            "The transaction has been marked as ready to push.",
        ),
    ),
    (
        Method::Get,
        "/einvoice",
        Action::Part("einvoice_details", &["einvoice_status"]),
    ),
];

const fn pushed(status: &'static str, message: &'static str) -> Action {
    Action::Put("einvoice_status", status, message)
}

/// The addresses that follow from what a type is.
fn beside(ty: &'static Type) -> Vec<(Method, String, Action)> {
    let path = ty.path;
    let one = format!("{path}/{{}}");
    let mut beside = Vec::new();
    for (at, step) in ty.steps.iter().enumerate() {
        beside.push((Method::Post, format!("{one}{}", step.path), Action::Step(at)));
        beside.push((
            Method::Post,
            format!("{path}{}", step.path),
            Action::StepSeveral(at),
        ));
    }
    for (at, slot) in ty.files.iter().enumerate() {
        let at_slot = format!("{one}{}", slot.path);
        beside.push((Method::Post, at_slot.clone(), Action::Attach(at)));
        beside.push((Method::Get, at_slot.clone(), Action::Attached(at)));
        beside.push((Method::Delete, at_slot, Action::Detach(at)));
    }
    for (end, field, text) in [
        ("/address/billing", "billing_address", "Billing address updated"),
        (
            "/address/shipping",
            "shipping_address",
            "Shipping address updated",
        ),
    ] {
        if ty.parent.is_none() && ty.field(field).is_some() {
            beside.push((Method::Put, format!("{one}{end}"), Action::Address(field, text)));
        }
    }
    if ty.einvoiced {
        let one_of_all = EINVOICE
            .iter()
            .map(|(method, end, action)| (*method, format!("{one}{end}"), *action));
        beside.extend(one_of_all);
        let several = |status, message| Action::PutSeveral("einvoice_status", status, message);
        beside.push((
            Method::Post,
            format!("{path}/einvoice/push"),
            several("pushed", "The e-invoices have been pushed."),
        ));
        let cancelled = "The e-invoices have been cancelled.";
        beside.push((
            Method::Post,
            format!("{path}/einvoice/cancel"),
            several("cancelled", cancelled),
        ));
        beside.push((
            Method::Post,
            format!("/einvoices{one}/cancel"),
            pushed("cancelled", "The e-invoice has been cancelled."),
        ));
        beside.push((
            Method::Get,
            format!("{path}/einvoice"),
            Action::Deed(tweaks::einvoices),
        ));
    }
    if !ty.files.is_empty() {
        let document = format!("{one}/documents/{{}}");
        beside.push((Method::Get, document.clone(), Action::Document));
        beside.push((Method::Put, document.clone(), Action::OrderDocument));
        beside.push((Method::Delete, document, Action::DropDocument));
    }
    if ty.field("template_id").is_some() || ty.printed {
        beside.push((Method::Get, format!("{path}/templates"), Action::Templates));
    }
    if ty.field("template_id").is_some() {
        beside.push((Method::Put, format!("{one}/templates/{{}}"), Action::Template));
    }
    if ty.custom {
        let singular = path.strip_suffix('s').unwrap_or(path);
        beside.push((
            Method::Put,
            format!("{singular}/{{}}/customfields"),
            Action::CustomFields,
        ));
        beside.push((Method::Post, format!("{one}/customfields"), Action::CustomFields));
    }
    if ty.printed {
        beside.push((Method::Get, format!("{path}/pdf"), Action::Print));
        beside.push((Method::Get, format!("{path}/print"), Action::Print));
        beside.push((Method::Post, format!("{one}/email"), Action::Deed(tweaks::email)));
        beside.push((
            Method::Post,
            format!("{path}/email"),
            Action::Deed(tweaks::email_several),
        ));
        beside.push((Method::Get, format!("{one}/email"), Action::Mail("data")));
    }
    if ty.parent.is_none() {
        beside.push((
            Method::Delete,
            format!("{path}/bulkdelete"),
            Action::DeleteSeveral,
        ));
    }
    beside
}

/// A catalogue path as the router shapes it.
fn shape(path: &str) -> String {
    let mut pieces = path.split("{}");
    let mut shape = format!("/books/v3{}", pieces.next().unwrap_or_default());
    for (piece, number) in pieces.zip(1..) {
        shape.push_str(&format!("{{p{number}}}{piece}"));
    }
    shape
}

/// What a route's address does.
pub(super) fn action(route: &'static Route) -> Option<(&'static Type, Action)> {
    ACTIONS
        .get(&(route.method, routing::shape(route.path).0))
        .copied()
}
