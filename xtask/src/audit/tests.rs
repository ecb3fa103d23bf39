//! Audits of small descriptions.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;

/// A description of one list whose rows stand in another file, as JSON beside YAML.
const THEIRS: &str = r##"
openapi: 3.0.0
servers: [{url: "https://zohoapis.com"}]
paths:
  /crm/v8/things/{thingId}/parts:
    get:
      parameters:
        - {name: page, in: query, schema: {type: string}}
        - {name: thingId, in: path, schema: {type: string}}
        - {name: sort, in: query, schema: {type: string}}
      responses:
        "200":
          content:
            application/json:
              schema:
                oneOf:
                  - {$ref: "https://example.com/main/shared.json#/components/schemas/PartList"}
        "304": {description: unchanged}
  /crm/v8/gone:
    delete: {responses: {}}
"##;

fn shared() -> Value {
    json!({"components": {"schemas": {
        "PartList": {"type": "object", "properties": {
            "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
        }},
        "Part": {"type": "object", "properties": {
            "id": {"type": "integer"},
            "label": {"type": ["null", "string"]},
            "parent": {"$ref": "#/components/schemas/Part"},
            "kind": {"$ref": "missing.json#/Kind"},
        }},
    }}})
}

fn ours() -> Value {
    json!({
        "servers": [{"url": "https://www.zohoapis.com/crm/v8"}],
        "paths": {
            "/things/{thing_id}/parts": {"get": {
                "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer"}}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Parts"}}}},
                    "204": {"description": "none"},
                    "4XX": {"description": "refused"},
                },
            }},
            "/fresh": {"post": {"responses": {}}},
        },
        "components": {"schemas": {
            "Parts": {"type": "object", "properties": {
                "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
            }},
            "Part": {"type": "object", "properties": {
                "id": {"type": "string"},
                "parent": {"type": "object", "additionalProperties": {}},
                "weight": {"type": "number"},
            }},
        }},
    })
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("v8")).unwrap();
    fs::write(folder.path().join("v8/things.yaml"), THEIRS).unwrap();
    fs::write(folder.path().join("v8/shared.json"), shared().to_string()).unwrap();
    fs::write(folder.path().join("README.md"), "no description").unwrap();
    folder
}

#[test]
fn operations_parameters_statuses_fields_and_types_are_compared() {
    let folder = folder();
    let files = Files::read(folder.path()).unwrap();
    let theirs = Surface::of(&files);
    let mut found = differences::between(&Surface::of(&Files::one(ours())), &theirs);
    found.extend(differences::broken(&files));
    found.sort();
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    let list = "GET /crm/v8/things/{}/parts";
    assert_eq!(
        lines,
        [
            "DELETE /crm/v8/gone | missing here".to_owned(),
            format!("{list} | query page | integer here, string there"),
            format!("{list} | query sort | missing here"),
            format!("{list} | response $.parts[].id | string here, integer there"),
            format!("{list} | response $.parts[].kind | missing here"),
            format!("{list} | response $.parts[].label | missing here"),
            format!("{list} | response $.parts[].weight | missing there"),
            format!("{list} | status 204 | missing there"),
            format!("{list} | status 304 | missing here"),
            "POST /crm/v8/fresh | missing there".to_owned(),
            "v8/shared.json | missing.json#/Kind | leads nowhere".to_owned(),
        ]
    );
    let json = found[3].to_json();
    assert_eq!(
        (&json["kind"], &json["ours"], &json["theirs"]),
        (&json!("type"), &json!("string"), &json!("integer"))
    );
}

fn options(folder: &TempDir, known: Option<&str>, record: bool) -> Options {
    Options {
        dir: Some(folder.path().to_owned()),
        recordings: None,
        known: known.map(|name| folder.path().join(name)),
        json: false,
        record,
    }
}

#[test]
fn the_list_of_known_differences_must_be_exact() {
    let folder = folder();
    let first = run(&options(&folder, Some("known.txt"), true)).unwrap();
    assert!(
        first.stale && first.text.contains("DELETE /crm/v8/gone | missing here"),
        "{}",
        first.text
    );

    let list = folder.path().join("known.txt");
    let recorded = fs::read_to_string(&list).unwrap();
    assert!(recorded.starts_with("# unexplained\n"));
    let explained = recorded.replace("# unexplained", "# Zoho has taken it back");
    fs::write(&list, &explained).unwrap();
    let second = run(&options(&folder, Some("known.txt"), false)).unwrap();
    assert!(!second.stale, "{}", second.text);
    assert!(
        second.text.contains("0 not listed, 0 listed in vain"),
        "{}",
        second.text
    );

    let vain = explained.clone() + "PUT /crm/v8/gone | missing here\n";
    fs::write(&list, vain).unwrap();
    let third = run(&options(&folder, Some("known.txt"), false)).unwrap();
    let said = "listed, and no longer so: PUT /crm/v8/gone | missing here";
    assert!(third.stale && third.text.contains(said), "{}", third.text);

    // Recording keeps reasons and drops what is in vain.
    run(&options(&folder, Some("known.txt"), true)).unwrap();
    assert_eq!(fs::read_to_string(&list).unwrap(), explained);
}

#[test]
fn json_has_counts_and_what_is_not_listed() {
    let folder = folder();
    let report = run(&Options {
        json: true,
        ..options(&folder, None, false)
    })
    .unwrap();
    let body: Value = serde_json::from_str(&report.text).unwrap();
    assert_eq!(body["operations"][0]["product"], "crm");
    assert_eq!(body["operations"][0]["theirs"], 2);
    assert_eq!(body["stale"], json!([]));
    let unlisted = body["unlisted"].as_array().unwrap();
    assert_eq!(unlisted.len(), body["differences"].as_u64().unwrap() as usize);
}

#[test]
fn bad_input_is_named() {
    let folder = TempDir::new().unwrap();
    let error = run(&options(&folder, None, false)).unwrap_err().to_string();
    assert!(error.contains("no file there describes a path"), "{error}");

    fs::write(folder.path().join("a.json"), "{").unwrap();
    let error = run(&options(&folder, None, false)).unwrap_err().to_string();
    assert!(error.contains("a.json"), "{error}");

    let folder = self::folder();
    fs::write(folder.path().join("known.txt"), "GET /crm/v8/x | missing here\n").unwrap();
    let error = run(&options(&folder, Some("known.txt"), false))
        .unwrap_err()
        .to_string();
    assert!(error.contains("known.txt:1: a difference needs"), "{error}");
}

#[test]
fn a_rule_stands_for_many_differences_and_for_no_others() {
    let folder = folder();
    let list = folder.path().join("known.txt");
    let rules = "# What this list is.\n\n# theirs is older\n~ ? | * |  | missing here\n\n# the rest\n~ ? | * | * | *\n";
    fs::write(&list, rules).unwrap();
    let uncounted = run(&options(&folder, Some("known.txt"), false)).unwrap();
    assert!(uncounted.stale, "{}", uncounted.text);
    let recorded = run(&options(&folder, Some("known.txt"), true)).unwrap();
    assert!(!recorded.stale, "{}", recorded.text);
    let text = fs::read_to_string(&list).unwrap();
    assert!(
        text.starts_with("# What this list is.\n\n# theirs is older\n~ 2 "),
        "{text}"
    );
    assert!(!text.contains('?'), "{text}");

    // Something else in the place of what was there: the number is the same, the digest is not.
    let file = folder.path().join("v8/things.yaml");
    fs::write(&file, THEIRS.replace("/crm/v8/gone", "/crm/v8/went")).unwrap();
    let drifted = run(&options(&folder, Some("known.txt"), false)).unwrap();
    let said = "recorded for 2 differences, found for 2, or for others";
    assert!(drifted.stale && drifted.text.contains(said), "{}", drifted.text);
    assert!(
        drifted.text.contains("DELETE /crm/v8/went | missing here"),
        "{}",
        drifted.text
    );

    // A rule for nothing is in vain.
    fs::write(&file, THEIRS).unwrap();
    fs::write(&list, text + "~ 1 00000000000000ff | PATCH /none | * | *\n").unwrap();
    let vain = run(&options(&folder, Some("known.txt"), false)).unwrap();
    assert!(
        vain.stale && vain.text.contains("1 listed in vain"),
        "{}",
        vain.text
    );
}

#[test]
fn a_rule_may_name_the_schema_that_a_field_stands_in() {
    let folder = folder();
    let files = Files::read(folder.path()).unwrap();
    let theirs = Surface::of(&files);
    let found = differences::between(&Surface::of(&Files::one(ours())), &theirs);
    let covered = |rule: &str| {
        let rule = rule::Rule::read(rule).unwrap();
        found.iter().filter(|one| rule.covers(one)).count()
    };
    assert_eq!(covered("? | * | response * | missing * | Part"), 3);
    assert_eq!(covered("? | * | response * | missing * | Parts"), 0);
    assert_eq!(covered("? | GET * | query * | *"), 2);
}

#[test]
fn the_lists_of_this_repository_explain_all_that_they_name() {
    let folder = crate::root().join("xtask/known");
    let mut lists = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        Known::read(&path).unwrap();
        assert!(
            !text.contains("# unexplained") && !text.contains("~ ?"),
            "{}",
            path.display()
        );
        lists += 1;
    }
    assert_eq!(lists, 1);
}
