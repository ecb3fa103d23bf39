//! Exports hold what lists show, and imports become records.

mod refused;

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{KEPT, archive};
use crate::crm::testkit::{Got, Kit};

/// A CSV as maps from the first line's names.
fn rows(text: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text);
    reader.deserialize().map(Result::unwrap).collect()
}

fn schedule(kit: &mut Kit, query: &Value) -> Got {
    kit.ask("create_bulk_read", [])
        .json(&json!({"query": query}))
        .go()
}

/// Runs an export to its end.
fn export(kit: &mut Kit, query: &Value) -> Vec<BTreeMap<String, String>> {
    let got = schedule(kit, query);
    assert_eq!(got.status, 201, "{}", got.body);
    let id = got.at("/data/0/details/id").as_str().unwrap().to_owned();
    kit.now += 2;
    let got = kit.ask("download_bulk_read", [&id]).go();
    assert_eq!(got.status, 200, "{}", got.body);
    rows(&archive::unpack(&got.bytes, "records.csv").unwrap())
}

fn upload(kit: &mut Kit, name: &str, text: &str) -> Got {
    let zip = archive::pack(name, text.as_bytes().to_vec()).unwrap();
    let organization = kit.world.crm.zgid.clone();
    let mut body =
        b"--b0und\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.zip\"\r\n\r\n".to_vec();
    body.extend_from_slice(&zip);
    body.extend_from_slice(b"\r\n--b0und--\r\n");
    kit.ask("upload_bulk_write_file", [])
        .header("content-type", "multipart/form-data; boundary=b0und")
        .header("feature", "bulk-write")
        .header("x-crm-org", &organization)
        .body(body)
        .go()
}

/// Runs an import to its end: the job, and what became of each row.
fn import(
    kit: &mut Kit,
    operation: &str,
    text: &str,
    resource: &Value,
) -> (Value, Vec<BTreeMap<String, String>>) {
    let got = upload(kit, "leads.csv", text);
    assert_eq!(got.status, 200, "{}", got.body);
    let mut whole = json!({"type": "data", "module": {"api_name": "Leads"}, "file_names": ["leads.csv"],
        "file_id": got.at("/details/file_id")});
    whole
        .as_object_mut()
        .unwrap()
        .extend(resource.as_object().unwrap().clone());
    let got = kit
        .ask("create_bulk_write", [])
        .json(&json!({"operation": operation, "resource": [whole]}))
        .go();
    assert_eq!(got.status, 201, "{}", got.body);
    let id = got.at("/details/id").as_str().unwrap().to_owned();
    assert_eq!(kit.ask("get_bulk_write", [&id]).go().at("/status"), "ADDED");
    kit.now += 1;
    assert_eq!(kit.ask("get_bulk_write", [&id]).go().at("/status"), "INPROGRESS");
    kit.now += 1;
    let job = kit.ask("get_bulk_write", [&id]).go().body;
    let organization = kit.world.crm.zgid.clone();
    let got = kit.ask("download_bulk_write", [&organization, &id, "x.zip"]).go();
    let outcome = rows(&archive::unpack(&got.bytes, "Leads-leads.csv").unwrap());
    (job, outcome)
}

fn list(kit: &mut Kit, fields: &str) -> Vec<Value> {
    let got = kit
        .ask("list_records", ["Leads"])
        .query("fields", fields)
        .query("sort_by", "id")
        .query("sort_order", "asc")
        .go();
    got.at("/data").as_array().cloned().unwrap_or_default()
}

/// Text with everything that a CSV has to mind.
fn nasty() -> impl Strategy<Value = String> {
    "[a-zA-Z,;\"'\n\r\t äß漢😀=]{0,20}x"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_export_holds_what_a_list_shows(leads in prop::collection::vec((nasty(), nasty(), any::<bool>(), 0_u32..9_999), 1..12)) {
        let mut kit = Kit::new();
        let records: Vec<Value> = leads
            .iter()
            .map(|(name, text, out, employees)| json!({"Last_Name": name, "Description": text, "Email_Opt_Out": out, "No_of_Employees": employees}))
            .collect();
        kit.create("Leads", &json!(records));
        let fields = ["Last_Name", "Description", "Email_Opt_Out", "No_of_Employees", "Created_Time"];
        let exported = export(&mut kit, &json!({"module": {"api_name": "Leads"}, "fields": fields}));
        let listed = list(&mut kit, &fields.join(","));
        prop_assert_eq!(exported.len(), listed.len());
        for (row, record) in exported.iter().zip(&listed) {
            prop_assert_eq!(&row["Id"], record["id"].as_str().unwrap());
            for field in fields {
                let shown = match &record[field] {
                    Value::String(text) => text.clone(),
                    Value::Null => String::new(),
                    other => other.to_string(),
                };
                prop_assert_eq!(&row[field], &shown, "{}", field);
            }
        }
    }

    #[test]
    fn a_written_csv_lands_as_records(leads in prop::collection::vec((nasty(), nasty()), 1..12)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["Description", "Last_Name"]).unwrap();
        for (name, text) in &leads {
            writer.write_record([text, name]).unwrap();
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let mut kit = Kit::new();
        let mapping = json!({"field_mappings": [{"api_name": "Last_Name", "index": 1}, {"api_name": "Description", "index": 0}]});
        let (job, outcome) = import(&mut kit, "insert", &text, &mapping);
        prop_assert_eq!(&job["status"], "COMPLETED");
        prop_assert_eq!(&job["resource"][0]["file"]["added_count"], leads.len());
        prop_assert_eq!(&job["resource"][0]["file"]["total_count"], leads.len());
        // The same records as if they had been sent one by one.
        let mut other = Kit::new();
        let records: Vec<Value> = leads.iter().map(|(name, text)| json!({"Last_Name": name, "Description": text})).collect();
        other.create("Leads", &json!(records));
        let landed = list(&mut kit, "Last_Name,Description");
        let sent = list(&mut other, "Last_Name,Description");
        prop_assert_eq!(landed.len(), leads.len());
        for ((landed, sent), row) in landed.iter().zip(&sent).zip(&outcome) {
            prop_assert_eq!(&landed["Last_Name"], &sent["Last_Name"]);
            prop_assert_eq!(&landed["Description"], &sent["Description"]);
            prop_assert_eq!(&row["RECORD_ID"], landed["id"].as_str().unwrap());
            prop_assert_eq!(&row["STATUS"], "ADDED");
        }
    }
}

#[test]
fn an_export_moves_on_with_the_clock_and_is_kept_for_a_day() {
    let mut kit = Kit::new();
    kit.create("Leads", &json!([{"Last_Name": "Lee"}]));
    let got = schedule(&mut kit, &json!({"module": {"api_name": "Leads"}}));
    let id = got.at("/data/0/details/id").as_str().unwrap().to_owned();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let got = kit.ask("get_bulk_read", [&id]).go();
        seen.push(got.at("/data/0/state").clone());
        let down = kit.ask("download_bulk_read", [&id]).go().status;
        assert_eq!(down == 200, got.at("/data/0/state") == "COMPLETED");
        kit.now += 1;
    }
    assert_eq!(seen, ["ADDED", "IN PROGRESS", "COMPLETED"]);
    // Records that come later are not in it.
    kit.create("Leads", &json!([{"Last_Name": "Late"}]));
    let result = kit.ask("get_bulk_read", [&id]).go().at("/data/0/result").clone();
    assert_eq!(result["count"], 1);
    assert_eq!(result["more_records"], false);
    for _ in 0..9 {
        assert_eq!(kit.ask("download_bulk_read", [&id]).go().status, 200);
    }
    let got = kit.ask("download_bulk_read", [&id]).go();
    assert_eq!(
        (got.status, got.at("/code").as_str()),
        (429, Some("TOO_MANY_REQUESTS"))
    );
    kit.now += 60;
    assert_eq!(kit.ask("download_bulk_read", [&id]).go().status, 200);
    kit.now += KEPT;
    let got = kit.ask("download_bulk_read", [&id]).go();
    assert_eq!(
        (got.status, got.at("/code").as_str()),
        (404, Some("RESOURCE_NOT_FOUND"))
    );
}

#[test]
fn criteria_choose_the_records() {
    let mut kit = Kit::new();
    kit.create(
        "Leads",
        &json!([
            {"Last_Name": "Lee", "City": "Bonn", "No_of_Employees": 5},
            {"Last_Name": "Ray", "City": "Rome", "No_of_Employees": 50},
            {"Last_Name": "Kim", "No_of_Employees": 500},
        ]),
    );
    let is = |field: &str, comparator: &str, value: Value| json!({"field": {"api_name": field}, "comparator": comparator, "value": value});
    let group = |operator: &str, group: Vec<Value>| json!({"group_operator": operator, "group": group});
    for (criteria, wanted) in [
        (is("City", "equal", json!("Bonn")), vec!["Lee"]),
        (is("City", "equal", json!("${EMPTY}")), vec!["Kim"]),
        (is("City", "not_equal", json!("${EMPTY}")), vec!["Lee", "Ray"]),
        (is("Last_Name", "ends_with", json!("ee")), vec!["Lee"]),
        (
            is("No_of_Employees", "greater_equal", json!(50)),
            vec!["Ray", "Kim"],
        ),
        (
            is("No_of_Employees", "between", json!(["5", "50"])),
            vec!["Lee", "Ray"],
        ),
        (is("City", "in", json!(["Rome", "Bonn"])), vec!["Lee", "Ray"]),
        (
            group(
                "or",
                vec![
                    is("Last_Name", "starts_with", json!("K")),
                    group(
                        "and",
                        vec![
                            is("City", "contains", json!("om")),
                            is("No_of_Employees", "less_than", json!(60)),
                        ],
                    ),
                ],
            ),
            vec!["Ray", "Kim"],
        ),
    ] {
        let query = json!({"module": {"api_name": "Leads"}, "fields": ["Last_Name"], "criteria": criteria});
        let names: Vec<String> = export(&mut kit, &query)
            .iter()
            .map(|row| row["Last_Name"].clone())
            .collect();
        assert_eq!(names, wanted, "{criteria}");
    }
}

#[test]
fn the_result_shows_three_mapped_columns_and_every_fault() {
    let mut kit = Kit::new();
    let text = "Note,Surname,City,Mail,Staff\nx,,Bonn,nobody,many\nx,Lee,Rome,lee@x.example,7\n";
    let mapping = |name: &str, index: usize| json!({"api_name": name, "index": index});
    let mappings = [
        mapping("No_of_Employees", 4),
        mapping("Last_Name", 1),
        mapping("Email", 3),
        mapping("City", 2),
    ];
    let (_, outcome) = import(&mut kit, "insert", text, &json!({"field_mappings": mappings}));
    let columns: Vec<&str> = outcome[0].keys().map(String::as_str).collect();
    assert_eq!(
        columns,
        ["City", "ERRORS", "Mail", "RECORD_ID", "STATUS", "Surname"]
    );
    let (bad, good) = (&outcome[0], &outcome[1]);
    assert_eq!((&*bad["STATUS"], &*bad["City"]), ("SKIPPED", "Bonn"));
    let mut faults: Vec<&str> = bad["ERRORS"].split(':').collect();
    faults.sort_unstable();
    assert_eq!(faults, ["INVALID_DATA-Staff,Mail", "MANDATORY_NOT_FOUND-Surname"]);
    assert_eq!((&*good["STATUS"], &*good["ERRORS"]), ("ADDED", ""));
}

#[test]
fn an_import_updates_inserts_and_skips_by_row() {
    let mut kit = Kit::new();
    let ids = kit.create(
        "Leads",
        &json!([{"Last_Name": "Lee", "Email": "lee@x.example", "City": "Bonn"}]),
    );
    let text = "Last_Name,Email,City\nLeh,lee@x.example,\nRay,ray@x.example,Rome\n,no@x.example,Rome\n";
    let (job, outcome) = import(
        &mut kit,
        "upsert",
        text,
        &json!({"find_by": "Email", "ignore_empty": true}),
    );
    let file = &job["resource"][0]["file"];
    assert_eq!(
        (
            &file["added_count"],
            &file["updated_count"],
            &file["skipped_count"]
        ),
        (&json!(1), &json!(1), &json!(1)),
        "{file}"
    );
    let told: Vec<&str> = outcome.iter().map(|row| row["STATUS"].as_str()).collect();
    assert_eq!(told, ["UPDATED", "ADDED", "SKIPPED"]);
    assert_eq!(outcome[0]["RECORD_ID"], ids[0]);
    assert_eq!(outcome[2]["ERRORS"], "MANDATORY_NOT_FOUND-Last_Name");
    let listed = list(&mut kit, "Last_Name,City");
    assert_eq!(
        (&listed[0]["Last_Name"], &listed[0]["City"]),
        (&json!("Leh"), &json!("Bonn"))
    );

    let text = format!("id,City\n{},\n77,Rome\n", ids[0]);
    let (_, outcome) = import(&mut kit, "update", &text, &json!({"find_by": "id"}));
    let told: Vec<&str> = outcome.iter().map(|row| row["STATUS"].as_str()).collect();
    assert_eq!(told, ["UPDATED", "SKIPPED"]);
    assert_eq!(list(&mut kit, "City")[0]["City"], Value::Null);
}
