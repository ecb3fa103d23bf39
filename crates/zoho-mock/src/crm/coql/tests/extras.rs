//! Tests of aliases, aggregates, joins, queries within queries and `include_meta`, by example.

use serde_json::{Value, json};

use crate::crm::testkit::{Got, Kit};

fn ask(kit: &mut Kit, text: &str) -> Got {
    kit.ask("query_records", [])
        .json(&json!({"select_query": text}))
        .go()
}

fn refused(text: &str, code: &str, details: &Value) {
    let got = ask(&mut Kit::new(), text);
    assert_eq!(got.status, 400, "{text}: {}", got.body);
    assert_eq!(
        (got.at("/code"), got.at("/details")),
        (&json!(code), details),
        "{text}"
    );
}

fn leads() -> Kit {
    let mut kit = Kit::new();
    kit.create(
        "Leads",
        &json!([
            {"Last_Name": "A", "City": "Bonn", "No_of_Employees": 3},
            {"Last_Name": "B", "City": "Rome", "No_of_Employees": 4},
            {"Last_Name": "C", "City": "Bonn", "No_of_Employees": 4},
        ]),
    );
    kit
}

#[test]
fn aggregates_are_keyed_by_alias_or_in_capitals() {
    let got = ask(
        &mut leads(),
        "select City, count(id), sum(No_of_Employees) as total from Leads where id is not null \
         group by City order by total desc",
    );
    assert_eq!(
        got.at("/data"),
        &json!([
            {"City": "Bonn", "COUNT(id)": 2, "total": 7},
            {"City": "Rome", "COUNT(id)": 1, "total": 4},
        ])
    );
}

#[test]
fn nothing_found_is_a_count_of_zero() {
    let got = ask(
        &mut leads(),
        "select count(*), max(No_of_Employees) from Leads where City = 'Oslo'",
    );
    assert_eq!(
        got.at("/data"),
        &json!([{"COUNT(*)": 0, "MAX(No_of_Employees)": null}])
    );
    let none = "select City, count(*) from Leads where City = 'Oslo' group by City";
    assert_eq!(ask(&mut leads(), none).status, 204);
}

#[test]
fn rows_may_be_grouped_by_what_a_lookup_leads_to() {
    let mut kit = Kit::new();
    let accounts = kit.create(
        "Accounts",
        &json!([{"Account_Name": "Acme", "Phone": "555 1"}, {"Account_Name": "Umbrella"}]),
    );
    kit.create(
        "Contacts",
        &json!([
            {"Last_Name": "A", "Account_Name": accounts[0]},
            {"Last_Name": "B", "Account_Name": accounts[0]},
            {"Last_Name": "C", "Account_Name": accounts[1]},
        ]),
    );
    let got = ask(
        &mut kit,
        "select Account_Name, count(id) as n from Contacts where id is not null group by Account_Name \
         order by n desc limit 1",
    );
    assert_eq!(
        got.at("/data"),
        &json!([{"Account_Name": {"name": "Acme", "id": accounts[0]}, "n": 2}])
    );
    assert_eq!(got.at("/info/more_records"), true);
    let got = ask(
        &mut kit,
        "select Last_Name from Contacts where Account_Name in \
         (select id from Accounts where Phone is null) order by Account_Name.Account_Name",
    );
    assert_eq!(got.at("/data/0/Last_Name"), "C");
    assert_eq!(got.at("/info/count"), 1);
}

#[test]
fn names_are_checked() {
    let from = "from Leads where id is not null";
    for (text, code, details) in [
        (
            "select City as a, Last_Name as a",
            "DUPLICATE_ALIAS",
            json!({"alias": "a", "referred_columns": ["City", "Last_Name"]}),
        ),
        (
            "select City as Last_Name",
            "INVALID_ALIAS",
            json!({"column_name": "City"}),
        ),
        (
            "select City as a.b",
            "INVALID_ALIAS",
            json!({"column_name": "City"}),
        ),
        (
            "select City as ''",
            "INVALID_ALIAS",
            json!({"column_name": "City"}),
        ),
        (
            "select City, City",
            "DUPLICATE_DATA",
            json!({"column_name": "City"}),
        ),
        (
            "select count(id), count(id)",
            "DUPLICATE_DATA",
            json!({"column_name": "id", "aggregate": "COUNT"}),
        ),
        (
            "select City, count(id)",
            "INVALID_QUERY",
            json!({"column_name": "City", "clause": "group by"}),
        ),
        (
            "select sum(City)",
            "INVALID_QUERY",
            json!({
            "column_name": "City", "reason": "aggregate function given is not supported for the column"}),
        ),
        (
            "select sum(*)",
            "SYNTAX_ERROR",
            json!({"near": "*", "line": 1, "column": 12, "clause": "select"}),
        ),
    ] {
        refused(&format!("{text} {from}"), code, &details);
    }
    for (tail, code, details) in [
        (
            "order by count(id)",
            "INVALID_QUERY",
            json!({"column_name": "COUNT(id)", "clause": "order by"}),
        ),
        (
            "group by Description",
            "INVALID_QUERY",
            json!({"column_name": "Description", "clause": "group by"}),
        ),
        (
            "group by City, City",
            "DUPLICATE_DATA",
            json!({"column_name": "City"}),
        ),
        (
            "group City",
            "SYNTAX_ERROR",
            json!({"near": "City", "line": 1, "column": 51, "clause": "group by"}),
        ),
    ] {
        refused(&format!("select City {from} {tail}"), code, &details);
    }
}

#[test]
fn queries_within_are_checked() {
    let ask = |condition: &str| format!("select id from Leads where {condition}");
    refused(
        &ask("id in (select id, City from Leads where id = 1)"),
        "INVALID_QUERY",
        &json!({"sub_query_sequence": 1, "column_name": ["id", "City"]}),
    );
    refused(
        &ask("id >= (select id from Leads where id = 1)"),
        "INVALID_QUERY",
        &json!({"sub_query_sequence": 1, "operator": ">="}),
    );
    refused(
        &ask("City in (select id from Leads where id = 1)"),
        "INVALID_QUERY",
        &json!({"column_name": "City", "reason": "value given seems to be invalid for the column"}),
    );
    refused(
        &ask("id in (select id from Leads where id = 1 limit 101)"),
        "LIMIT_EXCEEDED",
        &json!({"limit": 100, "clause": "limit"}),
    );
    let mut six = "id in (select id from Leads where id = 1)".to_owned();
    for _ in 0..5 {
        six = format!("({six}) or id in (select id from Leads where id = 1)");
    }
    refused(
        &ask(&six),
        "LIMIT_EXCEEDED",
        &json!({"limit": 5, "clause": "where"}),
    );
}

#[test]
fn limits_of_aggregates_groups_and_joins_hold() {
    let limit = |text: &str, clause: &str, limit: usize| {
        refused(text, "LIMIT_EXCEEDED", &json!({"limit": limit, "clause": clause}));
    };
    let six = "count(id), count(City), min(id), max(id), sum(Score), avg(Score)";
    limit(&format!("select {six} from Leads where id = 1"), "select", 5);
    limit(
        "select City from Leads where id = 1 group by City, State, Zip_Code, Street, Country",
        "group by",
        4,
    );
    let joined = |text: &str, clause: &str, limit: usize| {
        refused(
            text,
            "JOIN_LIMIT_EXCEEDED",
            &json!({"limit": limit, "clause": clause}),
        );
    };
    joined("select a.b.c.d from Leads where id = 1", "select", 2);
    joined("select id from Leads where a.b.c.d = 1", "where", 2);
    joined(
        "select id from Leads where a.x = 1 order by b.x, c.x, d.x, e.x, f.x",
        "where",
        5,
    );
    let columns: Vec<String> = (0..16).map(|n| format!("l{n}.x")).collect();
    joined(
        &format!("select {} from Leads where id = 1", columns.join(", ")),
        "select",
        15,
    );
}

#[test]
fn fields_are_described_on_request() {
    let mut kit = leads();
    let text = "select Last_Name as who, Owner.email, count(id) from Leads where id is not null \
                group by Last_Name, Owner.email";
    let mut ask = |meta: Value| {
        kit.ask("query_records", [])
            .json(&json!({"select_query": text, "include_meta": meta}))
            .go()
    };
    let got = ask(json!(["fields"]));
    assert_eq!(got.at("/fields/who/api_name"), "Last_Name");
    assert_eq!(got.at("/fields/who/data_type"), "text");
    assert_eq!(got.at("/fields").as_object().unwrap().len(), 1);
    assert_eq!(ask(Value::Null).at("/fields"), &Value::Null);
    let got = ask(json!(["fields", "layouts"]));
    assert_eq!((got.status, got.at("/code")), (400, &json!("INVALID_DATA")));
    assert_eq!(got.at("/details/json_path"), "$.include_meta[1]");
    assert_eq!(
        ask(json!("fields")).at("/details/expected_data_type"),
        "jsonarray"
    );
}
