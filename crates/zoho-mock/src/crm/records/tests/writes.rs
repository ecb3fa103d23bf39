//! Tests of inserts, updates, upserts and deletions.

use serde_json::json;

use crate::crm::testkit::Kit;

#[test]
fn a_batch_has_one_outcome_for_each_record_in_order() {
    let mut kit = Kit::new();
    let got = kit
        .ask("create_records", ["Leads"])
        .json(&json!({"data": [
            {"Last_Name": "Ngo", "Email": "ngo@example.com", "Unheard_Of": 1, "Created_Time": "x"},
            {"Email": "a@b.co"},
            {"Last_Name": "Lee", "Email": "nobody"},
            {"Last_Name": "Lee", "No_of_Employees": "many"},
            {"Last_Name": "ü".repeat(81)},
            {"Last_Name": "ü".repeat(80)},
        ], "trigger": []}))
        .go();
    assert_eq!(got.status, 207);
    assert_eq!(got.at("/data/0/code"), "SUCCESS");
    assert_eq!(got.at("/data/0/message"), "record added");
    assert_eq!(
        got.at("/data/0/details/Created_Time"),
        "2026-05-14T12:00:00+02:00"
    );
    assert_eq!(got.at("/data/0/details/id").as_str().unwrap().len(), 19);
    assert!(got.at("/data/0/details/Created_By").get("email").is_none());
    assert_eq!(
        *got.at("/data/1"),
        json!({"code": "MANDATORY_NOT_FOUND", "message": "required field not found", "status": "error",
               "details": {"api_name": "Last_Name", "json_path": "$.data[1].Last_Name"}})
    );
    assert_eq!(
        *got.at("/data/2/details"),
        json!({"expected_data_type": "email", "api_name": "Email", "json_path": "$.data[2].Email"})
    );
    assert_eq!(got.at("/data/3/details/expected_data_type"), "integer");
    assert_eq!(got.at("/data/4/details/maximum_length"), 80);
    assert_eq!(got.at("/data/5/code"), "SUCCESS");
}

#[test]
fn the_status_sums_a_batch_up() {
    let mut kit = Kit::new();
    let good = json!({"Last_Name": "A"});
    let bad = json!({"Last_Name": null});
    for (data, status) in [
        (json!([good]), 201),
        (json!([good, bad]), 207),
        (json!([bad, bad]), 400),
    ] {
        let got = kit
            .ask("create_records", ["Leads"])
            .json(&json!({"data": data}))
            .go();
        assert_eq!(got.status, status);
        assert_eq!(
            got.at("/data").as_array().unwrap().len(),
            data.as_array().unwrap().len()
        );
    }
}

#[test]
fn what_was_written_is_read_back() {
    let mut kit = Kit::new();
    let account = kit
        .create("Accounts", &json!([{"Account_Name": "Acme \"Ü\" \\ \u{1}"}]))
        .remove(0);
    let id = kit
        .create(
            "Contacts",
            &json!([{
                "First_Name": "Ana", "Last_Name": "Souza\n", "Account_Name": {"id": account},
                "Date_of_Birth": "1990-02-28", "Email_Opt_Out": true, "Tag": [{"name": "hot"}],
                "Lead_Source": "Cold Call", "Salutation": "-None-",
            }]),
        )
        .remove(0);
    let got = kit.ask("get_record", ["Contacts", &id]).go();
    assert_eq!(got.status, 200);
    let row = got.at("/data/0");
    assert_eq!(row["Full_Name"], "Ana Souza\n");
    assert_eq!(
        row["Account_Name"],
        json!({"name": "Acme \"Ü\" \\ \u{1}", "id": account})
    );
    assert_eq!(row["Date_of_Birth"], "1990-02-28");
    assert_eq!(row["Email_Opt_Out"], true);
    assert_eq!(row["Lead_Source"], "Cold Call");
    assert_eq!(row["Tag"][0]["name"], "hot");
    assert_eq!(row["id"], json!(id));
    assert_eq!(row["Owner"]["email"], "patricia@mock.example");
    for absent in ["Salutation", "Phone", "Reporting_To", "Last_Activity_Time"] {
        assert_eq!(row.get(absent), Some(&serde_json::Value::Null), "{absent}");
    }
    let got = kit
        .ask("get_record", ["Contacts", &id])
        .query("fields", "Phone, Nonsense")
        .go();
    assert_eq!(*got.at("/data/0"), json!({"Phone": null, "id": id}));
}

#[test]
fn ids_may_come_as_numbers() {
    let mut kit = Kit::new();
    let id = kit.create("Leads", &json!([{"Last_Name": "A"}])).remove(0);
    let number: u64 = id.parse().unwrap();
    let owner = kit.user + 1;
    let got = kit
        .ask("update_records", ["Leads"])
        .json(&json!({"data": [{"id": number, "City": "Porto", "Owner": {"id": owner}}]}))
        .go();
    assert_eq!(got.status, 200);
    assert_eq!(got.at("/data/0/message"), "record updated");
    assert!(got.at("/data/0/details/$approval_state").is_null());
    let got = kit
        .ask("get_record", ["Leads", &id])
        .query("fields", "City,Owner")
        .go();
    assert_eq!(got.at("/data/0/City"), "Porto");
    assert_eq!(got.at("/data/0/Owner/id"), &json!(owner.to_string()));
}

#[test]
fn updates_touch_times_and_respect_if_unmodified_since() {
    let mut kit = Kit::new();
    let id = kit.create("Leads", &json!([{"Last_Name": "A"}])).remove(0);
    kit.now += 60;
    let update = json!({"data": [{"Last_Name": "B"}]});
    let got = kit
        .ask("update_record", ["Leads", &id])
        .header("if-unmodified-since", "2026-05-14T12:00:00+02:00")
        .json(&update)
        .go();
    assert_eq!(
        (got.status, got.at("/data/0/details/Modified_Time")),
        (200, &json!("2026-05-14T12:01:00+02:00"))
    );
    assert_eq!(
        got.at("/data/0/details/Created_Time"),
        "2026-05-14T12:00:00+02:00"
    );
    let got = kit
        .ask("update_record", ["Leads", &id])
        .header("if-unmodified-since", "2026-05-14T12:00:00+02:00")
        .json(&update)
        .go();
    assert_eq!(
        (got.status, got.at("/data/0/code")),
        (412, &json!("ALREADY_MODIFIED"))
    );
}

#[test]
fn a_mandatory_field_cannot_be_emptied_and_an_unknown_id_is_named() {
    let mut kit = Kit::new();
    let id = kit
        .create("Leads", &json!([{"Last_Name": "A", "City": "Rome"}]))
        .remove(0);
    let got = kit
        .ask("update_records", ["Leads"])
        .json(&json!({"data": [{"id": id, "Last_Name": ""}, {"id": "77"}, {"City": "x"}, {"id": id, "City": null}]}))
        .go();
    assert_eq!(got.status, 207);
    assert_eq!(got.at("/data/0/code"), "MANDATORY_NOT_FOUND");
    assert_eq!(got.at("/data/1/message"), "the id given seems to be invalid");
    assert_eq!(got.at("/data/2/details/json_path"), "$.data[2].id");
    assert_eq!(got.at("/data/3/code"), "SUCCESS");
    let got = kit.ask("get_record", ["Leads", &id]).query("fields", "City").go();
    assert!(got.at("/data/0/City").is_null());
}

#[test]
fn upsert_inserts_once_and_then_updates() {
    let mut kit = Kit::new();
    let body = json!({"data": [
        {"Last_Name": "A", "Email": "Same@Example.com"},
        {"Last_Name": "B", "Email": "same@example.com "},
        {"Email": "other@example.com"},
    ], "duplicate_check_fields": ["Email", "Mobile"]});
    let got = kit.ask("upsert_records", ["Leads"]).json(&body).go();
    // The second address has a blank, which is no address; so correct it and send again.
    assert_eq!(got.at("/data/1/details/expected_data_type"), "email");
    let body = json!({"data": [
        {"Last_Name": "B", "Email": "same@example.com"},
        {"Last_Name": "C", "Email": "SAME@example.com"},
        {"Email": "other@example.com"},
    ], "duplicate_check_fields": ["Email", "Mobile"]});
    let again = kit.ask("upsert_records", ["Leads"]).json(&body).go();
    assert_eq!(got.at("/data/0/action"), "insert");
    assert!(got.at("/data/0/duplicate_field").is_null());
    assert_eq!(got.at("/data/0/details/$approval_state"), "approved");
    assert_eq!(again.status, 207);
    for item in ["/data/0", "/data/1"] {
        assert_eq!(again.at(&format!("{item}/action")), "update");
        assert_eq!(again.at(&format!("{item}/duplicate_field")), "Email");
        assert_eq!(
            again.at(&format!("{item}/details/id")),
            got.at("/data/0/details/id")
        );
    }
    let failed = again.at("/data/2");
    assert_eq!(failed["code"], "MANDATORY_NOT_FOUND");
    assert!(failed.get("action").is_none() && failed.get("duplicate_field").is_none());
    let all = kit
        .ask("upsert_records", ["Leads"])
        .json(&json!({"data": [{"Last_Name": "N"}]}))
        .go();
    assert_eq!(all.status, 200);
}

#[test]
fn a_unique_value_belongs_to_one_record() {
    let mut kit = Kit::new();
    let first = kit
        .create("Leads", &json!([{"Last_Name": "A", "Reference_Code": "R-1"}]))
        .remove(0);
    let second = kit.create("Leads", &json!([{"Last_Name": "B"}])).remove(0);
    let got = kit
        .ask("create_records", ["Leads"])
        .json(&json!({"data": [{"Last_Name": "C", "Reference_Code": "r-1"}]}))
        .go();
    assert_eq!(got.status, 400);
    assert_eq!(got.at("/data/0/code"), "DUPLICATE_DATA");
    assert_eq!(got.at("/data/0/details/id"), &json!(first));
    assert_eq!(
        got.at("/data/0/details/duplicate_record/module/api_name"),
        "Leads"
    );
    let take =
        json!({"data": [{"id": second, "Reference_Code": "R-1"}, {"id": first, "Reference_Code": "R-1"}]});
    let got = kit.ask("update_records", ["Leads"]).json(&take).go();
    assert_eq!(got.at("/data/0/code"), "DUPLICATE_DATA");
    assert_eq!(got.at("/data/1/code"), "SUCCESS");
}

#[test]
fn deletions_show_in_the_feed_until_they_are_forgotten() {
    let mut kit = Kit::new();
    let ids = kit.create(
        "Leads",
        &json!([{"Last_Name": "A"}, {"Last_Name": "B"}, {"Last_Name": "C"}]),
    );
    kit.now += 10;
    let got = kit
        .ask("delete_records", ["Leads"])
        .query("ids", format!("{},999,{}", ids[0], ids[1]))
        .go();
    assert_eq!(got.status, 207);
    assert_eq!(
        *got.at("/data/1"),
        json!({"code": "INVALID_DATA", "details": {"id": "999"},
        "message": "record not deleted", "status": "error"})
    );
    assert_eq!(kit.ask("delete_record", ["Leads", &ids[2]]).go().status, 200);
    assert_eq!(kit.ask("delete_record", ["Leads", &ids[2]]).go().status, 400);
    assert_eq!(kit.ask("get_record", ["Leads", &ids[0]]).go().status, 204);
    let feed = |kit: &mut Kit, kind: &str| {
        let got = kit
            .ask("list_deleted_records", ["Leads"])
            .query("type", kind)
            .query("per_page", "2")
            .go();
        (
            got.status,
            got.at("/info/count").as_u64(),
            got.at("/info/more_records").as_bool(),
        )
    };
    assert_eq!(feed(&mut kit, "all"), (200, Some(2), Some(true)));
    assert_eq!(feed(&mut kit, "permanent"), (204, None, None));
    let got = kit
        .ask("list_deleted_records", ["Leads"])
        .query("page", "2")
        .query("per_page", "2")
        .go();
    assert_eq!(got.at("/data/0/display_name"), "C");
    assert_eq!(got.at("/data/0/type"), "recycle");
    let newer = kit
        .ask("list_deleted_records", ["Leads"])
        .header("if-modified-since", "2026-05-14T12:00:10+02:00")
        .go();
    assert_eq!(newer.status, 304);
    kit.now += 61 * 86_400;
    assert_eq!(feed(&mut kit, "recycle"), (204, None, None));
    assert_eq!(feed(&mut kit, "permanent").1, Some(2));
    kit.now += 60 * 86_400;
    assert_eq!(feed(&mut kit, "all"), (204, None, None));
}

#[test]
fn every_write_that_a_channel_hears_is_noted_once() {
    use crate::crm::change::Event;
    let mut kit = Kit::new();
    kit.create("Leads", &json!([{"Last_Name": "before anyone listened"}]));
    let watch =
        json!({"watch": [{"channel_id": 7, "events": ["Leads.all"], "notify_url": "https://x.example"}]});
    assert_eq!(kit.ask("enable_notifications", []).json(&watch).go().status, 201);
    kit.create("Accounts", &json!([{"Account_Name": "nobody listens"}]));
    let id = kit.create("Leads", &json!([{"Last_Name": "A"}])).remove(0);
    kit.ask("update_record", ["Leads", &id])
        .json(&json!({"data": [{"City": "Bonn", "Nothing": 1}]}))
        .go();
    kit.ask("update_record", ["Leads", &id])
        .json(&json!({"data": [{"Email": "?"}]}))
        .go();
    kit.ask("delete_record", ["Leads", &id]).go();
    let noted = kit.world.crm.changes.take();
    let events: Vec<Event> = noted.iter().map(|change| change.event).collect();
    assert_eq!(events, [Event::Insert, Event::Update, Event::Delete]);
    assert_eq!(noted[1].fields, ["City"]);
    assert!(
        noted
            .iter()
            .all(|change| change.id.to_string() == id && change.by == kit.user)
    );
    assert!(kit.world.crm.changes.take().is_empty());
}
