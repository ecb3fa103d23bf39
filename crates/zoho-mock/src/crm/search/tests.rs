//! Tests of search.

use std::fmt;

use proptest::prelude::*;
use serde_json::json;

use super::criteria::{Criteria, Is, parse};
use crate::crm::testkit::{Got, Kit};

impl fmt::Display for Criteria {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |parts: &[Self], word: &str| {
            let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
            parts.join(word)
        };
        match self {
            Self::All(parts) => write!(f, "({})", joined(parts, "and")),
            Self::Any(parts) => write!(f, "({})", joined(parts, " OR ")),
            Self::Is(is) => {
                let escaped = |value: &String| {
                    let mut text = String::new();
                    for c in value.chars() {
                        if matches!(c, '(' | ')' | ',' | '\\') {
                            text.push('\\');
                        }
                        text.push(c);
                    }
                    text
                };
                let values: Vec<String> = is.values.iter().map(escaped).collect();
                write!(f, "({}:{}:{})", is.field, is.operator, values.join(","))
            }
        }
    }
}

fn criteria() -> impl Strategy<Value = Criteria> {
    let one = (
        "[A-Z][a-z_]{0,5}",
        prop::sample::select(vec!["equals", "starts_with", "less_than"]),
        ".{0,6}",
    )
        .prop_map(|(field, operator, value)| (field, operator, vec![value]));
    let several = (
        "[A-Z][a-z_]{0,5}",
        prop::sample::select(vec!["in", "between"]),
        prop::collection::vec(".{0,6}", 1..4),
    );
    let leaf = prop_oneof![one, several].prop_map(|(field, operator, values)| {
        Criteria::Is(Is {
            field,
            operator: operator.to_owned(),
            values,
        })
    });
    leaf.prop_recursive(4, 12, 3, |inner| {
        let parts = prop::collection::vec(inner, 2..4);
        prop_oneof![
            parts.clone().prop_map(Criteria::All),
            parts.prop_map(Criteria::Any)
        ]
    })
}

proptest! {
    #[test]
    fn printed_criteria_read_back_as_the_same(criteria in criteria()) {
        let text = criteria.to_string();
        prop_assert_eq!(parse(&text), Some(criteria), "{}", text);
    }

    #[test]
    fn any_text_is_read_without_harm(text in prop_oneof![".{0,60}", "[()a:,\\\\ndor]{0,60}"]) {
        parse(&text);
    }
}

#[test]
fn hostile_nesting_is_no_criteria() {
    assert_eq!(parse(&"(".repeat(100_000)), None);
}

#[test]
fn and_binds_tighter_than_or() {
    let is = |field: &str| {
        Criteria::Is(Is {
            field: field.to_owned(),
            operator: "equals".to_owned(),
            values: vec!["1".to_owned()],
        })
    };
    assert_eq!(
        parse("(A:equals:1) and (B:equals:1)or (C:equals:1)"),
        Some(Criteria::Any(vec![
            Criteria::All(vec![is("A"), is("B")]),
            is("C")
        ]))
    );
}

fn people() -> Kit {
    let mut kit = Kit::new();
    kit.create("Leads", &json!([
        {"Last_Name": "Lee", "Email": "lee@example.com", "Phone": "+49 30 123-45", "No_of_Employees": 5, "Lead_Source": "Chat"},
        {"Last_Name": "Greenlee", "Secondary_Email": "LEE@example.com", "Mobile": "0151 99", "No_of_Employees": 50},
        {"Last_Name": "Smith, (Jo)", "Company": "Leeward \\ Sons", "No_of_Employees": 500, "Lead_Source": "Cold Call"},
    ]));
    kit
}

fn find(kit: &mut Kit, name: &str, value: &str) -> Got {
    kit.ask("search_records", ["Leads"])
        .query("fields", "Last_Name")
        .query(name, value)
        .go()
}

fn names(got: &Got) -> Vec<&str> {
    let rows = got.body["data"].as_array().map_or(&[][..], Vec::as_slice);
    rows.iter()
        .map(|row| row["Last_Name"].as_str().unwrap())
        .collect()
}

#[test]
fn criteria_find_rows_by_type() {
    let mut kit = people();
    let mut found = |criteria: &str| names(&find(&mut kit, "criteria", criteria)).join("|");
    assert_eq!(
        found("(Last_Name:equals:lee)"),
        "Greenlee|Lee",
        "equals on text contains"
    );
    assert_eq!(found("(Last_Name:starts_with:lee)"), "Lee");
    assert_eq!(found("(Last_Name:equals:Smith\\, \\(Jo\\))"), "Smith, (Jo)");
    assert_eq!(
        found("((No_of_Employees:greater_equal:50) and (Lead_Source:equals:Cold Call))"),
        "Smith, (Jo)"
    );
    assert_eq!(found("(No_of_Employees:between:5,50)"), "Greenlee|Lee");
    assert_eq!(
        found("((Lead_Source:in:Chat,Cold Call)or(No_of_Employees:less_than:5))"),
        "Smith, (Jo)|Lee"
    );
    assert_eq!(
        found("(Created_Time:greater_equal:2026-05-14T10:00:00+00:00)"),
        "Smith, (Jo)|Greenlee|Lee"
    );
    assert_eq!(found("(Created_Time:greater_than:2026-05-14T12:00:00+02:00)"), "");
}

#[test]
fn addresses_numbers_and_words_are_found() {
    let mut kit = people();
    assert_eq!(
        names(&find(&mut kit, "email", "Lee@Example.com")),
        ["Greenlee", "Lee"]
    );
    assert_eq!(names(&find(&mut kit, "phone", "3012345")), ["Lee"]);
    assert_eq!(names(&find(&mut kit, "word", "leeward")), ["Smith, (Jo)"]);
    assert_eq!(find(&mut kit, "word", "nowhere").status, 204);
    let got = find(&mut kit, "email", "lee@example.com");
    assert_eq!(
        got.at("/info"),
        &json!({"per_page": 200, "count": 2, "page": 1, "more_records": false})
    );
    let count = kit
        .ask("count_records", ["Leads"])
        .query("criteria", "(Last_Name:equals:lee)")
        .go();
    assert_eq!(count.body, json!({"count": 2}));
}

#[test]
fn what_cannot_be_searched_is_refused() {
    let mut kit = people();
    let got = kit.ask("search_records", ["Leads"]).go();
    assert_eq!(
        (got.status, got.at("/code")),
        (400, &json!("EXPECTED_PARAM_MISSING"))
    );
    for (criteria, key) in [
        ("(Nose:equals:1)", "/details/operator"),
        ("(No_of_Employees:starts_with:1)", "/details/operator"),
        ("(No_of_Employees:equals:many)", "/details/value"),
        ("(Created_Time:between:2026-05-14T10:00:00Z)", "/details/value"),
        ("Last_Name:equals:Lee", "/details/param_name"),
    ] {
        let got = find(&mut kit, "criteria", criteria);
        assert_eq!(
            (got.status, got.at("/code")),
            (400, &json!("INVALID_QUERY")),
            "{criteria}"
        );
        assert!(got.at(key).is_string(), "{}", got.body);
    }
    let eleven = ["(City:equals:x)"; 11].join("and");
    assert_eq!(find(&mut kit, "criteria", &eleven).at("/code"), "LIMIT_EXCEEDED");
    let deep = kit
        .ask("search_records", ["Leads"])
        .query("word", "lee")
        .query("page", "11")
        .go();
    assert_eq!((deep.status, deep.at("/code")), (400, &json!("LIMIT_REACHED")));
}
