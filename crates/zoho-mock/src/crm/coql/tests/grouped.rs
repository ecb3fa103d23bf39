//! Groups and aggregates are those of a plain reference: gather, fold, sort, cut.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::agree::{Lead, Plain, holds, sow, sown, turned};
use super::any::expr;
use crate::crm::coql::ast::{Function, Item, Query, Sort, What};
use crate::crm::coql::error::ParseError;
use crate::crm::coql::parser::parse;

const KEYS: [&str; 6] = [
    "City",
    "Lead_Source",
    "Email_Opt_Out",
    "No_of_Employees",
    "First_Contact",
    "Score",
];

const MADE: [(Function, Option<&str>); 12] = [
    (Function::Count, None),
    (Function::Count, Some("id")),
    (Function::Count, Some("City")),
    (Function::Sum, Some("No_of_Employees")),
    (Function::Sum, Some("Score")),
    (Function::Avg, Some("No_of_Employees")),
    (Function::Avg, Some("Score")),
    (Function::Min, Some("Score")),
    (Function::Min, Some("id")),
    (Function::Min, Some("First_Contact")),
    (Function::Max, Some("No_of_Employees")),
    (Function::Max, Some("First_Contact")),
];

pub(super) fn query() -> impl Strategy<Value = Query> {
    let group = prop::sample::subsequence(KEYS.to_vec(), 0..=4);
    let made = prop::sample::subsequence(MADE.to_vec(), 1..=5);
    let sorts = prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..4);
    let cut = (prop::option::of(0..12_usize), 0..4_usize);
    (expr(), group, made, any::<[bool; 9]>(), sorts, cut).prop_map(
        |(filter, group, made, aliased, sorts, (limit, offset))| {
            let keys = group.iter().map(|name| What::Column((*name).to_owned()));
            let made = made
                .into_iter()
                .map(|(function, name)| What::Aggregate(function, name.map(str::to_owned)));
            let select: Vec<Item> = keys
                .chain(made)
                .zip(aliased)
                .enumerate()
                .map(|(at, (what, aliased))| Item {
                    what,
                    alias: aliased.then(|| format!("c_{at}")),
                })
                .collect();
            let order = sorts
                .iter()
                .map(|(index, descending)| {
                    let item = index.get(&select);
                    let alias = item.alias.clone().map(What::Column);
                    Sort {
                        by: alias.unwrap_or_else(|| item.what.clone()),
                        descending: *descending,
                    }
                })
                .collect();
            Query {
                select,
                from: "Leads".to_owned(),
                filter,
                group: group.into_iter().map(str::to_owned).collect(),
                order,
                limit,
                offset,
            }
        },
    )
}

/// A key with its letter case.
fn exact(lead: &Lead, column: &str) -> Plain {
    let text = |text: Option<&str>| text.map_or(Plain::Null, |text| Plain::Text(text.to_owned()));
    match column {
        "City" => text(lead.city),
        "Lead_Source" => text(lead.source),
        "Last_Name" => text(Some(lead.name)),
        other => lead.get(other),
    }
}

fn made(group: &[&Lead], function: Function, column: Option<&str>) -> Plain {
    let values: Vec<Plain> = group
        .iter()
        .map(|lead| column.map_or(Plain::Bool(true), |column| lead.get(column)))
        .filter(|value| *value != Plain::Null)
        .collect();
    let numbers = values.iter().map(|value| match value {
        Plain::Number(number) => *number,
        _ => 0.0,
    });
    let sum: f64 = numbers.sum();
    let extreme = |sign| {
        let better = |a: Plain, b: Plain| {
            if a.partial_cmp(&b) == Some(sign) { a } else { b }
        };
        values.clone().into_iter().reduce(better).unwrap_or(Plain::Null)
    };
    match function {
        Function::Count => Plain::Number(values.len() as f64),
        Function::Sum | Function::Avg if values.is_empty() => Plain::Null,
        Function::Sum => Plain::Number(sum),
        Function::Avg => Plain::Number(sum / values.len() as f64),
        Function::Min => extreme(std::cmp::Ordering::Less),
        Function::Max => extreme(std::cmp::Ordering::Greater),
    }
}

fn value(group: &[&Lead], query: &Query, what: &What) -> Plain {
    match what {
        What::Aggregate(function, column) => made(group, *function, column.as_deref()),
        What::Column(name) => {
            let aliased = query.select.iter().find(|item| item.alias.as_ref() == Some(name));
            match aliased.map(|item| &item.what) {
                Some(what) => value(group, query, what),
                None => group[0].get(name),
            }
        }
    }
}

/// The groups of a page, each with its leads.
pub(super) fn groups<'a>(leads: &'a [Lead], query: &Query, default: usize) -> (Vec<Vec<&'a Lead>>, bool) {
    let key = |lead: &Lead| -> Vec<Plain> { query.group.iter().map(|name| exact(lead, name)).collect() };
    let mut groups: Vec<Vec<&Lead>> = Vec::new();
    for lead in leads.iter().filter(|lead| holds(leads, lead, &query.filter)) {
        match groups.iter_mut().find(|group| key(group[0]) == key(lead)) {
            Some(group) => group.push(lead),
            None => groups.push(vec![lead]),
        }
    }
    if query.group.is_empty() && groups.is_empty() {
        groups.push(Vec::new());
    }
    groups.sort_by(|a, b| {
        for sort in &query.order {
            let (left, right) = (value(a, query, &sort.by), value(b, query, &sort.by));
            let ordering = left.partial_cmp(&right).unwrap();
            if ordering.is_ne() {
                return turned(ordering, sort.descending);
            }
        }
        for name in &query.group {
            let folded = a[0].get(name).partial_cmp(&b[0].get(name)).unwrap();
            let exact = exact(a[0], name).partial_cmp(&exact(b[0], name)).unwrap();
            if folded.then(exact).is_ne() {
                return folded.then(exact);
            }
        }
        std::cmp::Ordering::Equal
    });
    let limit = query.limit.unwrap_or(default);
    let more = groups.len() > query.offset + limit;
    (groups.into_iter().skip(query.offset).take(limit).collect(), more)
}

fn same(found: &Value, expected: &Plain) -> bool {
    match expected {
        Plain::Null => found.is_null(),
        Plain::Bool(value) => found == value,
        Plain::Whole(value) => found == value,
        Plain::Number(value) => found.as_f64().is_some_and(|found| (found - value).abs() < 1e-8),
        Plain::Id(value) => found.as_str().and_then(|id| id.parse().ok()) == Some(*value),
        Plain::Text(value) => found == value,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn groups_are_those_of_the_reference(
        sown in sown(),
        queries in prop::collection::vec(query(), 1..8),
    ) {
        let (mut kit, leads) = sow(sown);
        for query in queries {
            let text = query.to_string();
            if let Err(ParseError::Limit { .. }) = parse(&text) {
                continue;
            }
            let (groups, more) = groups(&leads, &query, 200);
            let got = kit.ask("query_records", []).json(&json!({"select_query": text})).go();
            if groups.is_empty() {
                prop_assert_eq!(got.status, 204, "{}\n{}", query, got.body);
                continue;
            }
            prop_assert_eq!(got.status, 200, "{}\n{}", query, got.body);
            prop_assert_eq!(got.at("/info"), &json!({"count": groups.len(), "more_records": more}));
            for (row, group) in got.at("/data").as_array().unwrap().iter().zip(&groups) {
                prop_assert_eq!(row.as_object().unwrap().len(), query.select.len());
                for item in &query.select {
                    let expected = match &item.what {
                        What::Column(name) => exact(group[0], name),
                        What::Aggregate(function, name) => made(group, *function, name.as_deref()),
                    };
                    let found = &row[item.key()];
                    prop_assert!(same(found, &expected), "{}: {} is no {:?}", query, found, expected);
                }
            }
        }
    }
}
