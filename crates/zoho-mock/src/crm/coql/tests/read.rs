//! Tests of reading: printed trees read back, and no text does harm.

use proptest::prelude::*;
use serde_json::json;

use super::{any, grouped};
use crate::crm::coql::error::ParseError;
use crate::crm::coql::lexer::tokens;
use crate::crm::coql::parser::{CONDITIONS, parse};
use crate::crm::testkit::Kit;

fn conditions(text: &str) -> usize {
    // Every condition of the generator has one of these, none of which a printed text holds.
    [
        " = ",
        " != ",
        " < ",
        " <= ",
        " > ",
        " >= ",
        " in (",
        " like ",
        " between ",
        " is ",
    ]
    .iter()
    .map(|mark| text.matches(mark).count())
    .sum()
}

fn words() -> impl Strategy<Value = String> {
    let words = vec![
        "select",
        "from",
        "where",
        "and",
        "or",
        "not",
        "in",
        "like",
        "is",
        "null",
        "between",
        "group",
        "order",
        "by",
        "as",
        "count(",
        "SUM",
        "asc",
        "desc",
        "limit",
        "offset",
        "Leads",
        "id",
        "Last_Name",
        "Owner.email",
        "=",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "(",
        ")",
        ",",
        ";",
        "'x'",
        "'",
        "\\",
        "1",
        "-1",
        "1.5",
        "%",
        "*",
        "é",
        "\n",
        "true",
    ];
    prop::collection::vec(prop::sample::select(words), 0..40).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn a_printed_tree_reads_back_as_the_same_tree(query in prop_oneof![any::query(), grouped::query()]) {
        let text = query.to_string();
        match parse(&text) {
            Ok(read) => prop_assert_eq!(read, query),
            Err(ParseError::Limit { clause: "where", .. }) => {
                prop_assert!(conditions(&text) > CONDITIONS || text.matches("(select ").count() > 5);
            }
            Err(error) => prop_assert!(false, "{error:?}: {text}"),
        }
    }

    #[test]
    fn a_syntax_error_stands_where_the_text_goes_wrong(
        query in prop_oneof![any::query(), grouped::query()],
        at in any::<prop::sample::Index>(),
        lines in any::<bool>(),
    ) {
        let text = query.to_string();
        prop_assume!(parse(&text).is_ok());
        let text = if lines { text.replacen(" from ", "\n from ", 9).replacen(" where", "\nwhere", 9) } else { text };
        let tokens = tokens(&text);
        let wrong = at.get(&tokens);
        let mut broken: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let line = broken[wrong.line - 1].clone();
        let before: String = line.chars().take(wrong.column - 1).collect();
        let after: String = line.chars().skip(wrong.column - 1).collect();
        broken[wrong.line - 1] = format!("{before}? {after}");
        match parse(&broken.join("\n")) {
            Err(ParseError::Syntax(syntax)) => {
                prop_assert_eq!((syntax.line, syntax.column), (wrong.line, wrong.column));
                prop_assert!(syntax.near.starts_with('?'), "{:?}", syntax);
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn any_text_is_a_query_or_an_error_with_a_place(text in prop_oneof![".{0,80}", words()]) {
        if let Err(ParseError::Syntax(syntax)) = parse(&text) {
            prop_assert!(syntax.line >= 1 && syntax.column >= 1);
            prop_assert!(syntax.line <= text.lines().count().max(1) + 1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_text_gets_an_answer_and_no_server_error(texts in prop::collection::vec(words(), 8)) {
        let mut kit = Kit::new();
        kit.create("Leads", &json!([{"Last_Name": "x"}]));
        for text in texts {
            let query = json!({"select_query": format!("select id from Leads where {text}")});
            let got = kit.ask("query_records", []).json(&query).go();
            prop_assert!(matches!(got.status, 200 | 204 | 400));
        }
    }
}

#[test]
fn hostile_nesting_is_a_syntax_error() {
    for open in ["(", "not ", "not ("] {
        let text = format!("select id from Leads where {}id = 1", open.repeat(100_000));
        assert!(matches!(parse(&text), Err(ParseError::Syntax(_))), "{open}");
    }
}

#[test]
fn keywords_are_read_in_any_case_and_limits_in_any_form() {
    for (tail, limit, offset) in [
        ("", None, 0),
        ("LIMIT 7", Some(7), 0),
        ("limit 3, 7", Some(7), 3),
        ("Limit 7 Offset 3;", Some(7), 3),
        ("offset 3", None, 3),
    ] {
        let query = parse(&format!(
            "SELECT id\nFROM Leads WHERE id IS NOT NULL Order By id DESC {tail}"
        ))
        .unwrap();
        assert_eq!((query.limit, query.offset), (limit, offset), "{tail}");
        assert!(query.order[0].descending);
    }
}
