//! Tests of refusals: code, details and place.

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
    assert_eq!(got.at("/status"), "error");
}

#[test]
fn a_query_without_end_is_not_split_to_its_end() {
    let text = format!("select id from Leads where id in ({}", "1,".repeat(1_000_000));
    assert!(super::super::lexer::tokens(&text).len() <= 20_001);
    let got = ask(&mut Kit::new(), &text);
    assert_eq!(
        (got.status, got.at("/status")),
        (400, &json!("error")),
        "{}",
        got.body
    );
}

#[test]
fn a_syntax_error_names_its_place() {
    for (text, near, line, column, clause) in [
        ("select id from Leads", "", 1, 21, "where"),
        ("select id from Leads order by id", "order", 1, 22, "where"),
        ("select * from Leads where id = 1", "*", 1, 8, "select"),
        ("select id from\n Leads where id === 1", "=", 2, 18, "where"),
        (
            "select id from Leads where id = 1 and id = 2 and id = 3",
            "and",
            1,
            46,
            "where",
        ),
        ("select id from Leads where id in ()", ")", 1, 35, "where"),
        ("select id from Leads where id = 'x", "'x", 1, 33, "where"),
        (
            "select id from Leads where id = 1 limit many",
            "many",
            1,
            41,
            "limit",
        ),
        ("select id from Leads where Last_Name like 5", "5", 1, 43, "where"),
        (
            "select id from Leads where id = 1 order by",
            "",
            1,
            43,
            "order by",
        ),
        ("update Leads set id = 1", "update", 1, 1, "select"),
    ] {
        let details = json!({"near": near, "line": line, "column": column, "clause": clause});
        refused(text, "SYNTAX_ERROR", &details);
    }
}

#[test]
fn columns_and_values_are_checked() {
    let unknown = "column given seems to be invalid";
    let value = "value given seems to be invalid for the column";
    let operator = "operator given is not supported for the column";
    for (text, column, reason) in [
        ("select Nose from Leads where id = 1", "Nose", unknown),
        ("select id from Leads where Nose = 1", "Nose", unknown),
        ("select id from Leads where id = 1 order by Nose", "Nose", unknown),
        ("select id from Leads where Owner.nose = 1", "Owner.nose", unknown),
        (
            "select id from Leads where Last_Name.id = 1",
            "Last_Name.id",
            unknown,
        ),
        (
            "select id from Leads where Modified_Time > 'yesterday'",
            "Modified_Time",
            value,
        ),
        (
            "select id from Leads where Modified_Time > '2026-05-14T10:00:00.000Z'",
            "Modified_Time",
            value,
        ),
        (
            "select id from Leads where No_of_Employees = 'many'",
            "No_of_Employees",
            value,
        ),
        ("select id from Leads where id = 'x'", "id", value),
        ("select id from Leads where Last_Name = 5", "Last_Name", value),
        (
            "select id from Leads where Last_Name > 'A'",
            "Last_Name",
            operator,
        ),
        (
            "select id from Leads where No_of_Employees like '1%'",
            "No_of_Employees",
            operator,
        ),
        (
            "select id from Leads where Description = 'x'",
            "Description",
            "column is not supported in where clause",
        ),
    ] {
        refused(
            text,
            "INVALID_QUERY",
            &json!({"column_name": column, "reason": reason}),
        );
    }
}

#[test]
fn modules_and_limits_are_checked() {
    refused(
        "select id from Lads where id = 1",
        "INVALID_MODULE",
        &json!({"module": "Lads"}),
    );
    let limit = |text: &str, clause: &str, limit: usize| {
        refused(text, "LIMIT_EXCEEDED", &json!({"limit": limit, "clause": clause}));
    };
    limit("select id from Leads where id = 1 limit 2001", "limit", 2_000);
    limit(
        "select id from Leads where id = 1 limit 100001, 1",
        "offset",
        100_000,
    );
    let in_many = format!("select id from Leads where id in ({})", vec!["1"; 51].join(","));
    limit(&in_many, "where", 50);
    let columns = format!("select {} from Leads where id = 1", vec!["id"; 501].join(","));
    limit(&columns, "select", 500);
    let mut deep = "id = 1".to_owned();
    for _ in 0..25 {
        deep = format!("({deep}) or id = 1");
    }
    limit(&format!("select id from Leads where {deep}"), "where", 25);
}

#[test]
fn a_missing_query_is_named() {
    let mut kit = Kit::new();
    for body in [
        json!({}),
        json!({"select_query": "  "}),
        json!({"select_query": null}),
    ] {
        let got = kit.ask("query_records", []).json(&body).go();
        assert_eq!(
            (got.status, got.at("/code")),
            (400, &json!("MANDATORY_NOT_FOUND"))
        );
        assert_eq!(got.at("/details/api_name"), "select_query");
    }
    let got = kit
        .ask("query_records", [])
        .json(&json!({"select_query": 5}))
        .go();
    assert_eq!(got.at("/code"), "INVALID_DATA");
    assert_eq!(kit.ask("query_records", []).body("{").go().status, 400);
}

#[test]
fn lookups_are_followed() {
    let mut kit = Kit::new();
    let accounts = kit.create(
        "Accounts",
        &json!([{"Account_Name": "Acme", "Phone": "555 1"}, {"Account_Name": "Umbrella"}]),
    );
    kit.create(
        "Contacts",
        &json!([
            {"Last_Name": "A", "Account_Name": accounts[0]},
            {"Last_Name": "B", "Account_Name": {"id": accounts[1]}},
            {"Last_Name": "C"},
        ]),
    );
    let got = ask(
        &mut kit,
        "select Last_Name, Account_Name, Account_Name.Phone, Account_Name.Owner.email, Owner.last_name \
        from Contacts where Account_Name.Account_Name like 'ac%'",
    );
    assert_eq!(got.status, 200, "{}", got.body);
    let row = got.at("/data/0");
    assert_eq!(row["Account_Name"], json!({"name": "Acme", "id": accounts[0]}));
    assert_eq!(row["Account_Name.Phone"], "555 1");
    assert_eq!(row["Account_Name.Owner.email"], "patricia@mock.example");
    assert_eq!(row["Owner.last_name"], "Boyle");
    assert_eq!(got.at("/info"), &json!({"count": 1, "more_records": false}));
    let by_id = format!(
        "select Last_Name from Contacts where Account_Name = '{}'",
        accounts[1]
    );
    assert_eq!(ask(&mut kit, &by_id).at("/data/0/Last_Name"), "B");
    let none = ask(
        &mut kit,
        "select Last_Name from Contacts where Account_Name is null",
    );
    assert_eq!(none.at("/data/0/Last_Name"), "C");
}

#[test]
fn converted_leads_are_found_by_query() {
    let mut kit = Kit::new();
    let id: u64 = kit.create("Leads", &json!([{"Last_Name": "A"}]))[0]
        .parse()
        .unwrap();
    kit.world.crm.mark_converted(0, id);
    assert_eq!(
        ask(&mut kit, "select id from Leads where id is not null").status,
        200
    );
}
