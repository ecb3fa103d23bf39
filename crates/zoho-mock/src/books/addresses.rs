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
