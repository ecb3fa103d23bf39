//! The program `decode`, as it is called.
#![allow(clippy::expect_used)]

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Output};

use serde_json::{Value, json};

fn decode(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_decode"));
    command.args(arguments).output().expect("it was built")
}

fn line(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

#[test]
fn it_prints_one_line_about_a_body() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("body.json");
    let path = file.to_str().expect("plain letters");
    fs::write(
        &file,
        r#"{"code":0,"contacts":[{"contact_id":"5","credit_limit":"","new":[1]}]}"#,
    )
    .expect("written");
    let output = decode(&["books.list_contacts", path]);
    assert!(output.status.success());
    assert_eq!(
        line(&output),
        json!({
            "operation": "books.list_contacts", "ok": true, "error": null, "lost": [], "unknown": 1, "body": "json",
        })
    );
    assert_eq!(output.stdout.iter().filter(|byte| **byte == b'\n').count(), 1);

    fs::write(&file, "[1, 2").expect("written");
    let output = decode(&["books.list_contacts", path]);
    assert!(!output.status.success());
    assert_eq!(line(&output)["ok"], false);

    let output = decode(&["books.list_nothings", path]);
    assert_eq!(
        line(&output)["error"],
        "there is no such operation; --list names all"
    );
    assert_eq!(
        decode(&["books.list_contacts", "/no/such/file"]).status.code(),
        Some(2)
    );
    assert_eq!(decode(&[]).status.code(), Some(2));
}

#[test]
fn it_lists_every_operation_once() {
    let output = decode(&["--list"]);
    let text = String::from_utf8(output.stdout).expect("text");
    let rows: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let names: BTreeSet<&str> = rows.iter().filter_map(|row| row["operation"].as_str()).collect();
    assert_eq!(names.len(), rows.len());
    let of = |product: &str| names.iter().filter(|name| name.starts_with(product)).count();
    // Five of Books are known from elsewhere than Zoho's own descriptions.
    assert_eq!((of("crm."), of("books.")), (480, 843));
    assert!(
        rows.iter()
            .all(|row| row["method"].is_string() && row["path"].is_string())
    );
}
