//! Notification channels of CRM.

use serde_json::{Value, json};
use zoho_client::ErrorKind;

use crate::support::{Stage, World};

/// Opens a channel on leads, edits and contacts.
async fn open(world: &World, number: i64) {
    let inputs = json!({
        "channel_id": number, "events": ["Leads.create", "Leads.edit", "Contacts.all"], "notify_url": "https://example.com/zoho",
    });
    world.run("crm_enable_notification", inputs).await;
}

async fn known(world: &World, number: i64) -> Vec<Value> {
    let details = world
        .run("crm_get_notification_details", json!({"channel_id": number}))
        .await;
    details["records"].as_array().unwrap().clone()
}

/// An instant so many hours from the mock's present.
fn hours(world: &World, hours: i64) -> String {
    let at = world
        .mock
        .now()
        .checked_add(jiff::SignedDuration::from_hours(hours))
        .unwrap();
    jiff::Timestamp::from_second(at.as_second()).unwrap().to_string()
}

#[tokio::test(start_paused = true)]
async fn crm_enable_notification() {
    let world = World::new();
    let stage = Stage::new(&world, "crm_enable_notification");
    let inputs = json!({
        "channel_id": 1_000_000_068_001_i64, "events": ["Leads.create", "Leads.edit"], "notify_url": "https://example.com/zoho",
        "token": "mine", "channel_expiry": hours(&world, 100), "return_affected_field_values": true,
        "notify_on_related_action": false, "notification_condition": ["Email", "Phone", "Company"],
    });
    let made = stage.run(inputs).await;
    assert_eq!(made["subscriptions"][0]["module"], "Leads");
    let leads = known(&world, 1_000_000_068_001).await[0].clone();
    assert_eq!(leads["token"], "mine");
    assert_eq!(leads["return_affected_field_values"], true);
    assert_eq!(leads["notify_on_related_action"], false);
    assert!(
        leads["notification_condition"].to_string().contains("Company"),
        "{leads}"
    );
    assert_eq!(
        made["subscriptions"][0]["channel_expiry"], leads["channel_expiry"],
        "the end that really holds"
    );

    // Texts as forms have them, conditions of two modules, and Zoho's defaults.
    let texts = json!({
        "channel_id": "7", "events": "Leads.all, Contacts.edit", "notify_url": "https://example.com/zoho",
        "notification_condition": "Leads.Email, Contacts.Phone",
    });
    stage.attempt(texts).await.unwrap();
    let contacts = known(&world, 7).await;
    assert!(
        contacts
            .iter()
            .all(|entry| entry["notify_on_related_action"] == true)
    );
    let bare = json!({
        "channel_id": 8, "events": ["Leads.all", "Contacts.edit"], "notify_url": "https://example.com/zoho",
        "notification_condition": ["Email"],
    });
    let bare = stage.attempt(bare).await.unwrap_err();
    assert!(
        bare.to_string()
            .contains("`notification_condition`: write Module.Field"),
        "{bare}"
    );
    let late = json!({
        "channel_id": 8, "events": ["Leads.all"], "notify_url": "https://example.com/zoho", "channel_expiry": hours(&world, 169),
    });
    let late = stage.attempt(late).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Config);
    assert!(late.to_string().contains("`channel_expiry`"), "{late}");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn crm_update_notification() {
    let world = World::new();
    open(&world, 7).await;
    let stage = Stage::new(&world, "crm_update_notification");
    let inputs = json!({
        "channel_id": 7, "events": ["Leads.delete"], "notify_url": "https://example.com/other", "token": "new",
        "channel_expiry": hours(&world, 50), "notification_condition": ["Email"],
    });
    stage.run(inputs).await;
    let leads = known(&world, 7)
        .await
        .into_iter()
        .find(|entry| entry["resource_name"] == "Leads")
        .unwrap();
    assert_eq!(
        leads["events"],
        json!(["Leads.create", "Leads.edit", "Leads.delete"])
    );
    assert_eq!(
        (&leads["token"], &leads["notify_url"]),
        (&json!("new"), &json!("https://example.com/other"))
    );
    let closed = stage
        .attempt(json!({"channel_id": 9, "token": "x"}))
        .await
        .unwrap_err();
    assert_eq!(closed.api().unwrap().code(), "NOT_SUBSCRIBED");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn crm_disable_notification() {
    let world = World::new();
    open(&world, 7).await;
    open(&world, 8).await;
    let stage = Stage::new(&world, "crm_disable_notification");
    let gone = stage.attempt(json!({"channel_ids": "7, 8"})).await.unwrap();
    let gone = gone["outcomes"].as_array().unwrap();
    assert_eq!(gone.len(), 4, "two modules each");
    assert!(gone.iter().all(|outcome| outcome["status"] == "success"));
    let again = stage.run(json!({"channel_ids": ["7"]})).await;
    assert_eq!(again["outcomes"][0]["code"], "NOT_SUBSCRIBED");
    let wrong = stage.attempt(json!({"channel_ids": "seven"})).await.unwrap_err();
    assert!(wrong.to_string().contains("`channel_ids`"), "{wrong}");
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn crm_disable_specific_notification() {
    let world = World::new();
    open(&world, 7).await;
    let stage = Stage::new(&world, "crm_disable_specific_notification");
    let inputs = json!({"channel_id": 7, "events": ["Leads.edit"], "notify_on_related_action": false});
    stage.run(inputs).await;
    let leads = known(&world, 7)
        .await
        .into_iter()
        .find(|entry| entry["resource_name"] == "Leads")
        .unwrap();
    assert_eq!(leads["events"], json!(["Leads.create"]));
    stage.done();
}

#[tokio::test(start_paused = true)]
async fn crm_get_notification_details() {
    let world = World::new();
    open(&world, 7).await;
    open(&world, 8).await;
    let stage = Stage::new(&world, "crm_get_notification_details");
    let count = |page: &Value| page["records"].as_array().unwrap().len();
    let leads = stage.run(json!({"channel_id": 7, "module": "Leads"})).await;
    assert_eq!(
        (count(&leads), &leads["records"][0]["resource_name"]),
        (1, &json!("Leads"))
    );
    let second = stage
        .run(json!({"channel_id": 7, "page": 2, "per_page": 1}))
        .await;
    assert_eq!((count(&second), &second["more_records"]), (1, &json!(false)));
    assert_eq!(
        count(
            &stage
                .run(json!({"channel_id": 7, "per_page": 1, "fetch_all": true}))
                .await
        ),
        2
    );
    assert_eq!(count(&stage.run(json!({"channel_id": 9})).await), 0);
    stage.done();
}
