//! Records, queries and attachments of CRM.

use serde_json::{Value, json};
use zoho_client::ErrorKind;

use crate::support::{Stage, World};

#[tokio::test(start_paused = true)]
async fn crm_create_record() {
    let world = World::new();
    let stage = Stage::new(&world, "crm_create_record");
    let inputs = json!({
        "record_type": "Leads", "values": {"Last_Name": "Ngo", "Company": "Acme"},
        "dynamic_fields": {"Company": "Zenith", "City": "Oslo"}, "check_fields": true,
    });
    let made = stage.run(inputs).await;
    assert_eq!(made["status"], "success");
    let lead = world
        .run(
            "crm_get_record",
            json!({"record_type": "Leads", "record_id": made["id"]}),
        )
        .await;
    assert_eq!(
        (&lead["Company"], &lead["City"]),
        (&json!("Zenith"), &json!("Oslo")),
        "dynamic fields win"
    );

    // As a host's form has them: a list of keys and values.
    let pairs = json!([{"key": "Last_Name", "value": "Lee"}]);
    stage
        .attempt(json!({"record_type": "Leads", "values": pairs}))
        .await
        .unwrap();
    let refused = stage
        .attempt(json!({"record_type": "Leads", "values": {"Company": "Acme"}}))
        .await
        .unwrap_err();
    assert_eq!(refused.api().unwrap().code(), "MANDATORY_NOT_FOUND");
    assert_eq!(refused.json_path(), Some("$.data[0].Last_Name"));
    let unknown = json!({"record_type": "Leads", "values": {"Lastname": "x"}, "check_fields": true});
    assert_eq!(
        stage.attempt(unknown).await.unwrap_err().kind(),
        ErrorKind::Config
    );
    let nothing = stage.attempt(json!({"record_type": "Leads"})).await.unwrap_err();
    assert!(nothing.to_string().contains("`values`"), "{nothing}");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn crm_get_record() {
    let world = World::new();
    let id = world.lead("Ngo").await;
    let stage = Stage::new(&world, "crm_get_record");
    let all = stage.run(json!({"record_type": "Leads", "record_id": id})).await;
    assert!(all.as_object().unwrap().len() > 20, "all fields: {all}");
    let some = stage
        .run(json!({"record_type": "Leads", "record_id": id, "fields": ["Last_Name"]}))
        .await;
    assert_eq!((&some["Last_Name"], some.get("Company")), (&json!("Ngo"), None));
    let commas = stage
        .attempt(json!({"record_type": "Leads", "record_id": id, "fields": "Last_Name, Company"}))
        .await
        .unwrap();
    assert_eq!(commas["Company"], "Acme");
    let none = stage
        .run(json!({"record_type": "Leads", "record_id": "4000000000000000999"}))
        .await;
    assert_eq!(none, Value::Null);
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn crm_get_records() {
    let world = World::new();
    world.mock.seed_records("Leads", 450).unwrap();
    let stage = Stage::new(&world, "crm_get_records");
    let leads = |more: Value| {
        let mut inputs = json!({"record_type": "Leads", "fields": ["Last_Name"]});
        inputs
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        inputs
    };
    let count = |page: &Value| page["records"].as_array().unwrap().len();
    let first = stage.run(leads(json!({}))).await;
    assert_eq!((count(&first), &first["more_records"]), (200, &json!(true)));
    let token = first["next_page_token"].clone();
    let second = stage.run(leads(json!({"page_token": token}))).await;
    assert_eq!(count(&second), 200);
    assert_ne!(first["records"][0]["id"], second["records"][0]["id"]);
    assert_eq!(
        stage.run(leads(json!({"page": 2}))).await["records"],
        second["records"]
    );
    let last = stage.run(leads(json!({"page": 45, "per_page": 10}))).await;
    assert_eq!((count(&last), &last["more_records"]), (10, &json!(false)));
    let all = stage.run(leads(json!({"fetch_all": true}))).await;
    assert_eq!((count(&all), &all["more_records"]), (450, &json!(false)));
    let sorted = stage
        .run(leads(
            json!({"sort_by": "Created_Time", "sort_order": "asc", "per_page": 2}),
        ))
        .await;
    let turned = stage
        .run(leads(
            json!({"sort_by": "Created_Time", "sort_order": "desc", "fetch_all": true}),
        ))
        .await;
    assert_eq!(sorted["records"][0], turned["records"][449]);
    let every_field = stage.run(json!({"record_type": "Leads", "per_page": 3})).await;
    assert!(every_field["records"][0].as_object().unwrap().len() > 20);
    let both = stage
        .attempt(leads(json!({"page": 2, "page_token": token})))
        .await
        .unwrap_err();
    assert!(both.to_string().contains("`page` and `page_token`"), "{both}");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn crm_update_record() {
    let world = World::new();
    let id = world.lead("Ngo").await;
    let stage = Stage::new(&world, "crm_update_record");
    let inputs = json!({
        "record_type": "Leads", "record_id": id, "values": {"City": "Oslo", "Company": "x"},
        "dynamic_fields": {"Company": "Zenith"}, "check_fields": true,
    });
    assert_eq!(stage.run(inputs).await["id"], json!(id));
    let lead = world
        .run("crm_get_record", json!({"record_type": "Leads", "record_id": id}))
        .await;
    assert_eq!(
        (&lead["City"], &lead["Company"], &lead["Last_Name"]),
        (&json!("Oslo"), &json!("Zenith"), &json!("Ngo"))
    );
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn crm_remove_record() {
    let world = World::new();
    let id = world.lead("Ngo").await;
    let stage = Stage::new(&world, "crm_remove_record");
    let inputs = json!({"record_type": "Leads", "record_id": id});
    assert_eq!(stage.run(inputs.clone()).await["status"], "success");
    assert_eq!(world.run("crm_get_record", inputs.clone()).await, Value::Null);
    assert_eq!(stage.attempt(inputs).await.unwrap_err().kind(), ErrorKind::Api);
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn crm_coql_query() {
    let world = World::new();
    world.mock.seed_records("Leads", 2_300).unwrap();
    let stage = Stage::new(&world, "crm_coql_query");
    let query = "select id, Last_Name from Leads where id is not null";
    let page = stage.run(json!({"query": query})).await;
    assert_eq!(
        (page["records"].as_array().unwrap().len(), &page["more_records"]),
        (2_000, &json!(true))
    );
    let all = stage.run(json!({"query": query, "fetch_all": true})).await;
    assert_eq!(all["records"].as_array().unwrap().len(), 2_300);
    let limited = stage.run(json!({"query": format!("{query} limit 7")})).await;
    assert_eq!(limited["records"].as_array().unwrap().len(), 7);
    let wrong = stage.attempt(json!({"query": "select from"})).await.unwrap_err();
    assert_eq!(wrong.api().unwrap().code(), "SYNTAX_ERROR");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn crm_add_attachment() {
    let world = World::new();
    let lead = world.lead("Ngo").await;
    let stage = Stage::new(&world, "crm_add_attachment");
    // Leads are the default.
    let text = stage
        .run(json!({"record_id": lead, "file": "plain text", "file_name": "a.txt"}))
        .await;
    assert_eq!(text["status"], "success");
    let contact = world.record("Contacts", json!({"Last_Name": "Lee"})).await;
    let bytes = json!({"base64": "AAECAwQF/w=="});
    let inputs =
        json!({"record_type": "Contacts", "record_id": contact, "file": bytes, "file_name": "b.bin"});
    let added = stage.run(inputs).await;
    let read = json!({"record_type": "Contacts", "record_id": contact, "attachment_id": added["id"]});
    let read = world.run("crm_download_attachment", read).await;
    assert_eq!((&read["base64"], &read["size"]), (&bytes["base64"], &json!(7)));
    let broken = json!({"record_id": lead, "file": {"base64": "not base64"}, "file_name": "c"});
    let broken = stage.attempt(broken).await.unwrap_err();
    assert!(
        broken
            .to_string()
            .contains("`file` takes a text, or an object with `base64`"),
        "{broken}"
    );
    stage.done();
}
