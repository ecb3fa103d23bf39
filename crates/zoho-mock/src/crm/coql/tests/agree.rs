//! The mock's answer to a random query is that of a plain reference: test every row, sort, cut.

use std::cmp::Ordering;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::any::{CITIES, DAYS, NAMES, SOURCES, query};
use crate::crm::coql::ast::{Ask, Condition, Expr, Literal, Logic, Query};
use crate::crm::coql::error::ParseError;
use crate::crm::coql::parser::parse;
use crate::crm::filter::Comparison;
use crate::crm::testkit::Kit;

/// A lead as the reference knows it.
#[derive(Clone, Debug)]
pub(super) struct Lead {
    pub(super) id: u64,
    pub(super) created: i64,
    modified: i64,
    pub(super) name: &'static str,
    pub(super) city: Option<&'static str>,
    pub(super) source: Option<&'static str>,
    employees: Option<i64>,
    score: Option<f64>,
    day: Option<&'static str>,
    opt_out: bool,
}

#[derive(Clone, Debug, PartialEq, PartialOrd)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    Whole(i64),
    Number(f64),
    Id(u64),
    Text(String),
}

impl Lead {
    pub(super) fn get(&self, column: &str) -> Plain {
        let text = |text: Option<&str>| text.map_or(Plain::Null, |text| Plain::Text(text.to_lowercase()));
        match column {
            "id" => Plain::Id(self.id),
            "Created_Time" => Plain::Whole(self.created),
            "Modified_Time" => Plain::Whole(self.modified),
            "Last_Name" | "Full_Name" | "who" => text(Some(self.name)),
            "City" => text(self.city),
            "Lead_Source" => text(self.source),
            "No_of_Employees" => self.employees.map_or(Plain::Null, |n| Plain::Number(n as f64)),
            "Score" => self.score.map_or(Plain::Null, Plain::Number),
            "First_Contact" => text(self.day),
            "Email_Opt_Out" => Plain::Bool(self.opt_out),
            other => unreachable!("{other}"),
        }
    }
}

fn plain(column: &str, literal: &Literal) -> Plain {
    match (column, literal) {
        (_, Literal::Bool(value)) => Plain::Bool(*value),
        ("id", Literal::Text(text) | Literal::Number(text)) => Plain::Id(text.parse().unwrap()),
        ("Created_Time" | "Modified_Time", Literal::Text(text)) => {
            Plain::Whole(text.parse::<jiff::Timestamp>().unwrap().as_second())
        }
        (_, Literal::Number(text)) => Plain::Number(text.parse().unwrap()),
        (_, Literal::Text(text)) => Plain::Text(text.to_lowercase()),
    }
}

fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('%', rest)) => (0..=text.len()).any(|at| like(rest, &text[at..])),
        Some((c, rest)) => text.first() == Some(c) && like(rest, &text[1..]),
    }
}

fn asked(leads: &[Lead], lead: &Lead, condition: &Condition) -> bool {
    let column = condition.column.as_str();
    let value = lead.get(column);
    let literal = |literal: &Literal| plain(column, literal);
    let holds = match &condition.ask {
        Ask::Null => return (value == Plain::Null) != condition.negated,
        _ if value == Plain::Null => return false,
        Ask::Compare(Comparison::Equal, to) => value == literal(to),
        Ask::Compare(Comparison::NotEqual, to) => value != literal(to),
        Ask::Compare(Comparison::Less, to) => value < literal(to),
        Ask::Compare(Comparison::LessEqual, to) => value <= literal(to),
        Ask::Compare(Comparison::Greater, to) => value > literal(to),
        Ask::Compare(Comparison::GreaterEqual, to) => value >= literal(to),
        Ask::In(list) => list.iter().any(|to| value == literal(to)),
        Ask::Between(low, high) => value >= literal(low) && value <= literal(high),
        Ask::Within(inner) => among(leads, &inner.query).contains(&value),
        Ask::Like(pattern) => match &value {
            Plain::Text(text) => {
                let letters = |text: &str| text.chars().collect::<Vec<_>>();
                like(&letters(&pattern.to_lowercase()), &letters(text))
            }
            _ => false,
        },
    };
    holds != condition.negated
}

/// The values of the one column of a query.
fn among(leads: &[Lead], query: &Query) -> Vec<Plain> {
    let column = query.select[0].key();
    if query.group.is_empty() {
        let (rows, _) = rows(leads, query, 100);
        return rows.iter().map(|lead| lead.get(&column)).collect();
    }
    let (groups, _) = super::grouped::groups(leads, query, 100);
    groups.iter().map(|group| group[0].get(&column)).collect()
}

pub(super) fn holds(leads: &[Lead], lead: &Lead, expr: &Expr) -> bool {
    match expr {
        Expr::Both(left, Logic::And, right) => holds(leads, lead, left) && holds(leads, lead, right),
        Expr::Both(left, Logic::Or, right) => holds(leads, lead, left) || holds(leads, lead, right),
        Expr::Not(inner) => !holds(leads, lead, inner),
        Expr::Condition(condition) => asked(leads, lead, condition),
    }
}

pub(super) fn turned(ordering: Ordering, descending: bool) -> Ordering {
    if descending { ordering.reverse() } else { ordering }
}

fn rows<'a>(leads: &'a [Lead], query: &Query, default: usize) -> (Vec<&'a Lead>, bool) {
    let mut found: Vec<&Lead> = leads
        .iter()
        .filter(|lead| holds(leads, lead, &query.filter))
        .collect();
    let last = query.order.last().is_some_and(|sort| sort.descending);
    found.sort_by(|a, b| {
        for sort in &query.order {
            let ordering = a.get(&sort.by.key()).partial_cmp(&b.get(&sort.by.key())).unwrap();
            if ordering.is_ne() {
                return turned(ordering, sort.descending);
            }
        }
        turned(a.id.cmp(&b.id), last)
    });
    let limit = query.limit.unwrap_or(default);
    let more = found.len() > query.offset + limit;
    (found.into_iter().skip(query.offset).take(limit).collect(), more)
}

#[derive(Clone, Debug)]
pub(super) struct Sown {
    pause: i64,
    touched: bool,
    lead: Lead,
}

pub(super) fn sown() -> impl Strategy<Value = Vec<Sown>> {
    let pick = |list: &'static [&'static str]| prop::option::of(prop::sample::select(list));
    let lead = (
        prop::sample::select(&NAMES[..]),
        pick(&CITIES),
        pick(&SOURCES),
        prop::option::of(-2..4_i64),
        prop::option::of(prop::sample::select(vec![0.5, 1.0, 2.0, -1.25])),
        pick(&DAYS),
        any::<bool>(),
    );
    let lead = lead.prop_map(|(name, city, source, employees, score, day, opt_out)| Lead {
        id: 0,
        created: 0,
        modified: 0,
        name,
        city,
        source,
        employees,
        score,
        day,
        opt_out,
    });
    let sown = (prop_oneof![Just(0), 0..3_i64], prop::bool::weighted(0.3), lead)
        .prop_map(|(pause, touched, lead)| Sown { pause, touched, lead });
    prop::collection::vec(sown, 0..30)
}

/// A world with these leads, and the leads as they then are.
pub(super) fn sow(sown: Vec<Sown>) -> (Kit, Vec<Lead>) {
    let mut kit = Kit::new();
    let mut leads = Vec::new();
    let mut touched = Vec::new();
    for Sown {
        pause,
        touched: touch,
        mut lead,
    } in sown
    {
        kit.now += pause;
        let record = json!({
            "Last_Name": lead.name, "City": lead.city, "Lead_Source": lead.source,
            "No_of_Employees": lead.employees, "Score": lead.score, "First_Contact": lead.day,
            "Email_Opt_Out": lead.opt_out,
        });
        lead.id = kit.create("Leads", &json!([record])).remove(0).parse().unwrap();
        (lead.created, lead.modified) = (kit.now, kit.now);
        if touch {
            touched.push(leads.len());
        }
        leads.push(lead);
    }
    for index in touched {
        kit.now += 1;
        let lead: &mut Lead = &mut leads[index];
        lead.modified = kit.now;
        let got = kit
            .ask("update_record", ["Leads", &lead.id.to_string()])
            .json(&json!({"data": [{"Phone": "555 1234"}]}))
            .go();
        assert_eq!(got.status, 200);
    }
    (kit, leads)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_query_finds_what_the_reference_finds(
        sown in sown(),
        queries in prop::collection::vec(query(), 1..8),
    ) {
        let (mut kit, leads) = sow(sown);
        for query in queries {
            let text = query.to_string();
            if let Err(ParseError::Limit { .. }) = parse(&text) {
                continue;
            }
            let (rows, more) = rows(&leads, &query, 200);
            let ids: Vec<String> = rows.iter().map(|lead| lead.id.to_string()).collect();
            let got = kit.ask("query_records", []).json(&json!({"select_query": text})).go();
            if ids.is_empty() {
                prop_assert_eq!(got.status, 204, "{}\n{}", query, got.body);
                continue;
            }
            prop_assert_eq!(got.status, 200, "{}\n{}", query, got.body);
            let rows = got.at("/data").as_array().unwrap();
            let found: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
            prop_assert_eq!(&found, &ids, "{}", query);
            prop_assert_eq!(got.at("/info"), &json!({"count": ids.len(), "more_records": more}));
            for (row, id) in rows.iter().zip(&ids) {
                let lead = leads.iter().find(|lead| lead.id.to_string() == *id).unwrap();
                prop_assert_eq!(&row[query.select[0].key()], &Value::from(lead.name));
                prop_assert_eq!(&row["City"], &lead.city.map_or(Value::Null, Value::from));
            }
        }
    }
}
