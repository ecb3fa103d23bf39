//! Every record type of the catalogue: written, read, listed in pages, and deleted.

use std::collections::HashSet;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Extra, ask, call, made};
use crate::answer::Payload;
use crate::books::catalogue::named;
use crate::books::catalogue::{Kind, SETTLEMENTS, TYPES, Type};
use crate::books::handler;
use crate::generated::books::{RECORD_TYPES, ROUTES};
use crate::route::Method;
use crate::world::World;

/// Parts of payments and credits come by settling, documents with their files; what there is once, and what is
/// called by its module's name, has tests of its own.
fn comes_by_itself(ty: &Type) -> bool {
    let apart = ["documents", "custom_module_records"];
    SETTLEMENTS.iter().all(|settlement| settlement.edge != ty.name) && !ty.single && !apart.contains(&ty.name)
}

fn template(path: &str) -> String {
    format!("/books/v3{}", path.replacen("{}", "{parent}", 1))
}

/// A body with everything that a type requires.
fn sample(world: &mut World, ty: &'static Type, number: usize) -> Value {
    let mut body = Map::new();
    for field in ty.fields.iter().filter(|field| field.required.is_some()) {
        let value = match (field.name, field.kind) {
            ("line_items", _) if ty.name.ends_with("journals") => json!([
                {"account_id": "1", "debit_or_credit": "debit", "amount": 5},
                {"account_id": "2", "debit_or_credit": "credit", "amount": 5},
            ]),
            ("line_items", _) => json!([{"name": "Work", "rate": 100}]),
            ("taxes", _) => made(
                world,
                "/settings/taxes",
                &[],
                &json!({"tax_name": format!("Part {number}"), "tax_percentage": 5}),
            )
            .into(),
            (name, _) if !field.refers.is_empty() => {
                let other = named(field.refers).unwrap();
                let other_body = sample(world, other, 1_000 + number);
                let id = made(world, other.path, &[], &other_body);
                assert!(!id.is_empty(), "{name}");
                id.into()
            }
            (_, Kind::Amount) => json!(10),
            (_, Kind::Date) => json!("2026-01-01"),
            (_, Kind::Id) => json!("1"),
            (_, Kind::List) => json!([{"name": "one"}]),
            (name, _) => format!("{name} {number}").into(),
        };
        body.insert(field.name.to_owned(), value);
    }
    Value::Object(body)
}

/// The ids that lead to a type's collection.
fn above(world: &mut World, ty: &'static Type) -> Vec<String> {
    let Some(parent) = ty.parent else {
        return Vec::new();
    };
    let owner = named(parent.name).unwrap();
    let path = above(world, owner);
    let body = sample(world, owner, 500);
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let (status, reply) = call(world, Method::Post, &template(owner.path), &path, &body);
    assert_eq!(status, 201, "{}: {reply}", owner.name);
    vec![reply[owner.wrapper][owner.id].as_str().unwrap().to_owned()]
}

#[test]
fn every_type_is_written_read_listed_and_deleted() {
    let mut tried = 0;
    for ty in TYPES.iter().copied().filter(|ty| comes_by_itself(ty)) {
        let world = &mut World::for_tests();
        tried += 1;
        let above = above(world, ty);
        let above: Vec<&str> = above.iter().map(String::as_str).collect();
        let body = sample(world, ty, 1);
        let collection = template(ty.path);
        let (status, reply) = call(world, Method::Post, &collection, &above, &body);
        assert_eq!((status, &reply["code"]), (201, &json!(0)), "{}: {reply}", ty.name);
        assert_eq!(reply["message"], ty.created, "{}", ty.name);
        let id = reply[ty.wrapper][ty.id].as_str().unwrap().to_owned();
        let (status, list) = call(world, Method::Get, &collection, &above, &Value::Null);
        assert_eq!(status, 200, "{}: {list}", ty.name);
        let rows = list[ty.list].as_array().unwrap();
        assert!(rows.iter().any(|row| row[ty.id] == *id), "{}: {list}", ty.name);
        assert_eq!(
            list["page_context"].is_object(),
            !ty.report.is_empty(),
            "{}",
            ty.name
        );

        let one = format!("{collection}/{{own}}");
        let mut path = above.clone();
        path.push(&id);
        let (status, got) = call(world, Method::Get, &one, &path, &Value::Null);
        assert_eq!(status, 200, "{}: {got}", ty.name);
        assert!(!got.to_string().contains("null"), "{}: {got}", ty.name);
        for (name, value) in body.as_object().unwrap() {
            if !name.contains("line_items") && value.is_string() {
                assert_eq!(got[ty.wrapper][name], *value, "{}.{name}", ty.name);
            }
        }
        let (status, changed) = call(world, Method::Put, &one, &path, &body);
        assert_eq!(status, 200, "{}: {changed}", ty.name);
        assert_eq!(changed[ty.wrapper][ty.id], *id, "{}", ty.name);
        assert_eq!(changed["message"], ty.updated, "{}", ty.name);
        for field in ty.fields.iter().filter(|field| field.required.is_some()) {
            let mut lacking = body.clone();
            lacking.as_object_mut().unwrap().remove(field.name);
            let (status, reply) = call(world, Method::Post, &collection, &above, &lacking);
            assert_eq!(status, 400, "{}.{}: {reply}", ty.name, field.name);
        }
        let (status, reply) = call(world, Method::Delete, &one, &path, &Value::Null);
        assert_eq!(
            (status, &reply["message"]),
            (200, &json!(ty.deleted)),
            "{}",
            ty.name
        );
        let (status, reply) = call(world, Method::Get, &one, &path, &Value::Null);
        assert_eq!((status, &reply["code"]), (404, &json!(1002)), "{}", ty.name);
    }
    assert!(tried >= 50, "{tried}");
}

/// What is described but kept by no type answers from its schema.
#[test]
fn what_is_not_kept_is_known() {
    let nowhere = RECORD_TYPES.iter().filter(|known| {
        let path = format!("/books/v3{}", known.path);
        let list = ROUTES
            .iter()
            .find(|route| route.path == path && route.method == Method::Get);
        list.is_none_or(|route| handler(route).is_none())
    });
    let nowhere: Vec<&str> = nowhere.map(|known| known.path).collect();
    assert_eq!(nowhere, ["/journals/{journal_id}/credits"]);
    let kept = ROUTES.iter().filter(|route| handler(route).is_some()).count();
    assert!(kept >= 640, "{kept}");
}

/// Each step from each status either leads where it says or is refused and changes nothing.
#[test]
fn every_step_leads_where_it_says() {
    let mut taken = 0;
    for ty in TYPES.iter().copied().filter(|ty| !ty.steps.is_empty()) {
        let world = &mut World::for_tests();
        let above = above(world, ty);
        let above: Vec<&str> = above.iter().map(String::as_str).collect();
        let body = sample(world, ty, 2);
        let (_, reply) = call(world, Method::Post, &template(ty.path), &above, &body);
        let id = reply[ty.wrapper][ty.id].as_str().unwrap().to_owned();
        let mut path = above.clone();
        path.push(&id);
        let one = format!("{}/{{own}}", template(ty.path));
        let mut status = reply[ty.wrapper]["status"].as_str().unwrap().to_owned();
        assert_eq!(status, ty.status, "{}", ty.name);
        for _ in 0..2 {
            for step in ty.steps {
                let target = format!("{one}{}", step.path);
                let (code, reply) = call(world, Method::Post, &target, &path, &Value::Null);
                let allowed = step.from.contains(&status.as_str());
                assert_eq!(
                    code == 200,
                    allowed,
                    "{}{} from {status}: {reply}",
                    ty.name,
                    step.path
                );
                if allowed {
                    taken += 1;
                    assert_eq!(reply["message"], step.message);
                    status = step.to.to_owned();
                }
                let (_, got) = call(world, Method::Get, &one, &path, &Value::Null);
                assert_eq!(got[ty.wrapper]["status"], *status, "{}{}", ty.name, step.path);
            }
        }
    }
    assert!(taken >= 60, "{taken}");
}

fn paged() -> Vec<&'static Type> {
    let paged = TYPES.iter().copied();
    paged
        .filter(|ty| !ty.report.is_empty() && ty.parent.is_none() && comes_by_itself(ty))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Pages never overlap and leave nothing out, in either order.
    #[test]
    fn pages_hold_each_record_once(
        ty in prop::sample::select(paged()),
        count in 0_usize..9,
        size in 1_usize..5,
        order in prop::sample::select(vec!["A", "D"]),
    ) {
        let world = &mut World::for_tests();
        let mut wanted = HashSet::new();
        for number in 0..count {
            let body = sample(world, ty, number);
            wanted.insert(made(world, ty.path, &[], &body));
        }
        let mut seen = HashSet::new();
        for page in 1.. {
            let (page, size_text) = (page.to_string(), size.to_string());
            let extra = Extra {
                query: &[("page", &page), ("per_page", &size_text), ("sort_order", order)],
                ..Extra::default()
            };
            let answer = ask(world, (Method::Get, &template(ty.path)), &[], &Value::Null, &extra);
            let Payload::Json(text) = answer.payload else { panic!("no JSON") };
            let reply: Value = serde_json::from_slice(&text).unwrap();
            let rows = reply[ty.list].as_array().unwrap();
            for row in rows {
                prop_assert!(seen.insert(row[ty.id].as_str().unwrap().to_owned()), "{} twice", ty.name);
            }
            let more = reply["page_context"]["has_more_page"].as_bool().unwrap();
            prop_assert!(rows.len() == size || !more);
            if !more {
                break;
            }
        }
        prop_assert!(wanted.is_subset(&seen));
    }
}
