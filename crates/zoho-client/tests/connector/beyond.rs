//! The actions beyond the expected ones.

use serde_json::{Value, json};
use zoho_client::ErrorKind;
use zoho_mock::Fault;

use crate::support::{Stage, World};

fn count(page: &Value) -> usize {
    page["records"].as_array().unwrap().len()
}

fn statuses(outcomes: &Value) -> String {
    let each = outcomes["outcomes"].as_array().unwrap().iter();
    each.map(|outcome| outcome["status"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join(" ")
}

#[tokio::test(start_paused = true)]
async fn batches_give_one_outcome_for_each_record() {
    let world = World::new();
    let lead = |n: usize| json!({"Last_Name": format!("L{n}"), "Email": format!("l{n}@example.com")});
    let stage = Stage::new(&world, "crm_create_records");
    let made = stage
        .run(json!({"record_type": "Leads", "records": [lead(0), {"Company": "x"}, lead(1)]}))
        .await;
    assert_eq!(statuses(&made), "success error success");
    assert_eq!(made["outcomes"][1]["json_path"], "$.data[1].Last_Name");
    world
        .mock
        .faults()
        .script(Fault::on("create_records").times(1).drop_reply());
    let inputs = json!({"record_type": "Leads", "records": [lead(2), lead(3)], "look_up_by": "Email", "check_fields": true});
    let found = stage.run(inputs).await;
    assert_eq!(found["outcomes"][0]["action"], "found");
    stage.done();

    let stage = Stage::new(&world, "crm_update_records");
    let id = made["outcomes"][0]["id"].clone();
    let records = json!([{"id": id, "City": "Oslo"}]);
    let changed = stage
        .run(json!({"record_type": "Leads", "records": records, "check_fields": true}))
        .await;
    assert_eq!(statuses(&changed), "success");
    stage.done();

    let stage = Stage::new(&world, "crm_upsert_records");
    let inputs = json!({
        "record_type": "Leads", "records": [lead(0), lead(9)], "duplicate_check_fields": ["Email"], "check_fields": true,
    });
    let done = stage.run(inputs).await;
    assert_eq!(
        (&done["outcomes"][0]["action"], &done["outcomes"][1]["action"]),
        (&json!("update"), &json!("insert"))
    );
    stage.done();

    let stage = Stage::new(&world, "crm_delete_records");
    let gone = stage
        .run(json!({"record_type": "Leads", "record_ids": [id, "999"]}))
        .await;
    assert_eq!(statuses(&gone), "success error");
    stage.done();

    let stage = Stage::new(&world, "crm_get_deleted_records");
    let leads = json!({"record_type": "Leads", "type": "recycle", "per_page": 10, "fetch_all": true});
    assert_eq!(count(&stage.run(leads).await), 1);
    stage.run(json!({"record_type": "Leads", "page": 2})).await;
    let clash = json!({"record_type": "Leads", "page": 2, "page_token": "x"});
    assert_eq!(stage.attempt(clash).await.unwrap_err().kind(), ErrorKind::Config);
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn records_are_searched() {
    let world = World::new();
    world
        .record(
            "Leads",
            json!({"Last_Name": "Ngo", "Email": "ngo@example.com", "Phone": "+4711223344"}),
        )
        .await;
    world.lead("Lee").await;
    world.mock.advance(std::time::Duration::from_secs(3_600));
    let stage = Stage::new(&world, "crm_search_records");
    for way in [
        json!({"criteria": "(Last_Name:equals:Ngo)"}),
        json!({"email": "ngo@example.com"}),
        json!({"phone": "+4711223344"}),
        json!({"word": "Ngo"}),
    ] {
        let mut inputs =
            json!({"record_type": "Leads", "fields": ["Last_Name"], "per_page": 5, "fetch_all": true});
        inputs
            .as_object_mut()
            .unwrap()
            .extend(way.as_object().unwrap().clone());
        let found = stage.run(inputs).await;
        assert_eq!(
            (count(&found), &found["records"][0]["Last_Name"]),
            (1, &json!("Ngo")),
            "{way}"
        );
    }
    assert_eq!(
        count(
            &stage
                .run(json!({"record_type": "Leads", "word": "Ngo", "page": 2}))
                .await
        ),
        0
    );
    for wrong in [
        json!({"record_type": "Leads"}),
        json!({"record_type": "Leads", "word": "a", "email": "b@c.d"}),
    ] {
        let error = stage.attempt(wrong).await.unwrap_err();
        assert!(error.to_string().contains("exactly one of"), "{error}");
    }
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn a_lead_is_converted() {
    let world = World::new();
    let lead = world.lead("Ngo").await;
    let account = world.record("Accounts", json!({"Account_Name": "Acme"})).await;
    let stage = Stage::new(&world, "crm_convert_lead");
    let inputs = json!({
        "record_id": lead, "account": {"id": account}, "contact": {"Last_Name": "Ngo"},
        "deal": {"Deal_Name": "Roof", "Stage": "Qualification", "Closing_Date": "2026-12-31"}, "overwrite": true,
        "notify_lead_owner": true, "notify_new_entity_owner": true, "move_attachments_to": "Deals",
    });
    let became = stage.run(inputs).await;
    assert_eq!(became["account"], json!(account));
    let contact = json!({"record_type": "Contacts", "record_id": became["contact"]});
    assert_eq!(world.run("crm_get_record", contact).await["Last_Name"], "Ngo");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn what_hangs_on_a_record_is_read_and_changed() {
    let world = World::new();
    let (lead, other) = (world.lead("Ngo").await, world.lead("Lee").await);
    let campaign = world
        .record("Campaigns", json!({"Campaign_Name": "Spring"}))
        .await;
    let tie = json!({"record_type": "Campaigns", "record_id": campaign, "related_list": "Leads", "related_ids": [lead, other]});
    let stage = Stage::new(&world, "crm_link_related_records");
    assert_eq!(statuses(&stage.run(tie.clone()).await), "success success");
    stage.done();
    let stage = Stage::new(&world, "crm_get_related_records");
    let mut list = json!({
        "record_type": "Campaigns", "record_id": campaign, "related_list": "Leads", "fields": ["Last_Name"], "per_page": 1,
    });
    assert_eq!(count(&stage.run(list.clone()).await), 1);
    list["fetch_all"] = json!(true);
    assert_eq!(count(&stage.run(list.clone()).await), 2);
    list["page"] = json!(2);
    assert_eq!(count(&stage.run(list).await), 1);
    stage.done();
    let stage = Stage::new(&world, "crm_delink_related_records");
    assert_eq!(statuses(&stage.run(tie).await), "success success");
    stage.done();

    let stage = Stage::new(&world, "crm_add_note");
    let note = json!({"record_type": "Leads", "record_id": lead, "title": "T", "content": "some text"});
    let note = stage.run(note).await;
    stage.done();
    let stage = Stage::new(&world, "crm_get_notes");
    let mut notes = json!({"record_type": "Leads", "record_id": lead, "per_page": 5, "fetch_all": true});
    assert_eq!(
        stage.run(notes.clone()).await["records"][0]["Note_Content"],
        "some text"
    );
    notes["page"] = json!(2);
    assert_eq!(count(&stage.run(notes).await), 0);
    stage.done();
    let stage = Stage::new(&world, "crm_delete_notes");
    let gone = json!({"record_type": "Leads", "record_id": lead, "note_ids": [note["id"]]});
    assert_eq!(statuses(&stage.run(gone).await), "success");
    stage.done();

    let stage = Stage::new(&world, "crm_add_tags");
    let tags = json!({"record_type": "Leads", "record_ids": [lead], "tags": ["hot"]});
    stage.run(tags.clone()).await;
    stage
        .run(json!({"record_type": "Leads", "record_ids": [lead], "tags": ["cold"], "over_write": true}))
        .await;
    stage.done();
    let tagged = world
        .run(
            "crm_get_record",
            json!({"record_type": "Leads", "record_id": lead}),
        )
        .await;
    assert_eq!(tagged["Tag"].as_array().unwrap().len(), 1);
    let stage = Stage::new(&world, "crm_remove_tags");
    assert_eq!(statuses(&stage.run(tags).await), "success");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn attachments_are_listed_read_and_deleted() {
    let world = World::new();
    let lead = world.lead("Ngo").await;
    let file = json!({"record_id": lead, "file": "hello", "file_name": "a.txt"});
    let file = world.run("crm_add_attachment", file).await["id"].clone();
    let stage = Stage::new(&world, "crm_get_attachments");
    let mut list = json!({"record_type": "Leads", "record_id": lead, "per_page": 5, "fetch_all": true});
    assert_eq!(stage.run(list.clone()).await["records"][0]["File_Name"], "a.txt");
    list["page"] = json!(2);
    stage.run(list).await;
    stage.done();
    let stage = Stage::new(&world, "crm_download_attachment");
    let read = stage
        .run(json!({"record_type": "Leads", "record_id": lead, "attachment_id": file}))
        .await;
    assert_eq!(read["base64"], "aGVsbG8=");
    stage.done();
    let stage = Stage::new(&world, "crm_delete_attachments");
    let gone = stage
        .run(json!({"record_type": "Leads", "record_id": lead, "attachment_ids": [file]}))
        .await;
    assert_eq!(statuses(&gone), "success");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn a_channel_is_replaced() {
    let world = World::new();
    let stage = Stage::new(&world, "crm_replace_notification");
    let channel = json!({"channel_id": 7, "events": ["Leads.all"], "notify_url": "https://example.com/zoho"});
    world.run("crm_enable_notification", channel).await;
    let end = world
        .mock
        .now()
        .checked_add(jiff::SignedDuration::from_hours(5))
        .unwrap();
    let inputs = json!({
        "channel_id": 7, "events": ["Leads.edit"], "notify_url": "https://example.com/other", "token": "t",
        "channel_expiry": jiff::Timestamp::from_second(end.as_second()).unwrap().to_string(),
        "return_affected_field_values": true, "notify_on_related_action": false, "notification_condition": ["Email"],
    });
    assert_eq!(stage.run(inputs).await["subscriptions"][0]["module"], "Leads");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn bulk_jobs_are_made_waited_for_and_read() {
    let world = World::new();
    let stage = Stage::new(&world, "crm_bulk_write");
    let records: Vec<Value> = (0..20)
        .map(|n| json!({"Last_Name": format!("L{n}"), "City": "Oslo"}))
        .collect();
    let done = stage
        .run(json!({"record_type": "Leads", "records": records}))
        .await;
    assert_eq!((&done["added"], &done["skipped"]), (&json!(20), &json!(0)));
    let read = Stage::new(&world, "crm_bulk_read");
    let criteria = json!({"field": {"api_name": "Last_Name"}, "comparator": "equal", "value": "L7"});
    let inputs = json!({"record_type": "Leads", "fields": ["Last_Name"], "criteria": criteria});
    let rows = read.run(inputs).await;
    assert_eq!(count(&rows), 1);
    read.done();
    let change = json!({"id": rows["records"][0]["id"], "City": null, "Last_Name": "Changed"});
    let inputs = json!({"record_type": "Leads", "records": [change], "operation": "update", "find_by": "id", "ignore_empty": true});
    assert_eq!(stage.run(inputs).await["updated"], 1);
    let by_nothing = json!({"record_type": "Leads", "records": [{"a": 1}], "operation": "upsert"});
    assert!(
        stage
            .attempt(by_nothing)
            .await
            .unwrap_err()
            .to_string()
            .contains("`find_by`")
    );
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn books_prints_files_and_changes_status() {
    let world = World::new();
    let organization = world.mock.organization_id();
    let contact = json!({"record_type": "contacts", "values": {"contact_name": "Acme"}});
    let contact = world.run("books_create_record", contact).await["contact_id"].clone();
    let lines = json!([{"name": "Work", "rate": 10, "quantity": 2}]);
    let invoice = json!({"record_type": "invoices", "values": {"customer_id": contact, "line_items": lines}});
    let invoice = world.run("books_create_record", invoice).await["invoice_id"].clone();
    let one = json!({"record_type": "invoices", "record_id": invoice, "organization_id": organization});
    let with = |more: Value| {
        let mut inputs = one.clone();
        inputs
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        inputs
    };

    let stage = Stage::new(&world, "books_set_status");
    stage.run(with(json!({"status": "sent"}))).await;
    assert_eq!(world.run("books_get_record", one.clone()).await["status"], "sent");
    let primary = json!({"record_type": "contact_persons", "parent_record_type": "contacts", "parent_record_id": contact});
    let mut person = primary.clone();
    person["values"] = json!({"first_name": "Ada"});
    let person = world.run("books_create_record", person).await["contact_person_id"].clone();
    let mut inputs = primary;
    inputs["record_id"] = person;
    inputs["status"] = json!("primary");
    stage.run(inputs).await;
    stage.done();

    let stage = Stage::new(&world, "books_download_pdf");
    let pdf = stage.run(one.clone()).await;
    assert!(
        pdf["content_type"]
            .as_str()
            .unwrap()
            .starts_with("application/pdf")
    );
    assert!(pdf["base64"].as_str().unwrap().starts_with("JVBERi"), "%PDF-");
    let unprinted = json!({"record_type": "contacts", "record_id": contact});
    assert_eq!(
        stage.attempt(unprinted).await.unwrap_err().kind(),
        ErrorKind::Decode
    );
    stage.done();

    let stage = Stage::new(&world, "books_add_attachment");
    stage
        .run(with(json!({"file": "paper", "file_name": "a.pdf"})))
        .await;
    stage.done();
    let stage = Stage::new(&world, "books_download_attachment");
    assert_eq!(stage.run(one.clone()).await["base64"], "cGFwZXI=");
    let delete = Stage::new(&world, "books_delete_attachment");
    assert_eq!(delete.run(one.clone()).await["status"], "success");
    delete.done();
    assert_eq!(stage.run(one).await, Value::Null);
    stage.done();
}
