//! The triggers, made from their inputs and at work.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use zoho_client::connector;
use zoho_client::triggers::{Change, Schedule, Trigger};
use zoho_client::{ErrorKind, MemoryStore};

use crate::support::World;

/// Runs a polling trigger over a record that is made after it began.
async fn tells_of(world: &World, key: &str, action: &str, record_type: &str, values: Value) {
    let inputs = json!({"connection": "the host's own name for it"});
    let feed = connector::feed(&world.zoho, key, inputs).await.unwrap();
    let schedule = Schedule::every(Duration::from_secs(60)).unwrap();
    let mut trigger = Trigger::new(key, feed, schedule, Arc::new(MemoryStore::new())).unwrap();
    trigger.begin().await.unwrap();
    tokio::time::sleep(Duration::from_secs(300)).await;
    let made = world
        .run(action, json!({"record_type": record_type, "values": values}))
        .await;
    // A run stays a little behind Zoho's clock, so that the first ones may have nothing to tell.
    let mut runs = 0;
    let batch = loop {
        let batch = trigger.next().await.unwrap();
        trigger.acknowledge(&batch).await.unwrap();
        if !batch.events().is_empty() {
            break batch;
        }
        runs += 1;
        assert!(runs < 10, "nothing was told in {runs} runs");
    };
    assert_eq!(batch.events().len(), 1, "{batch:?}");
    assert_eq!(batch.events()[0].change, Change::Created);
    let id = made
        .get("id")
        .or(made.get("contact_id"))
        .and_then(Value::as_str)
        .unwrap();
    assert!(format!("{batch:?}").contains(id));
}

#[tokio::test(start_paused = true)]
async fn crm_leads() {
    let world = World::new();
    tells_of(
        &world,
        "crm_leads",
        "crm_create_record",
        "Leads",
        json!({"Last_Name": "Ngo"}),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn crm_contacts() {
    let world = World::new();
    tells_of(
        &world,
        "crm_contacts",
        "crm_create_record",
        "Contacts",
        json!({"Last_Name": "Lee"}),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn books_contacts() {
    let world = World::new();
    tells_of(
        &world,
        "books_contacts",
        "books_create_record",
        "contacts",
        json!({"contact_name": "Acme"}),
    )
    .await;
}

#[tokio::test(start_paused = true)]
async fn crm_notifications() {
    let world = World::new();
    let end = world
        .mock
        .now()
        .checked_add(jiff::SignedDuration::from_hours(100))
        .unwrap();
    let inputs = json!({
        "connection": "the host's own name for it", "channel_id": 77, "events": "Leads.create, Leads.edit", "token": "mine",
        "channel_expiry": end.to_string(), "return_affected_field_values": true, "notify_on_related_action": false,
        "notification_condition": ["Email", "Phone", "City"],
    });
    let store = Arc::new(MemoryStore::new());
    let url = "https://example.com/hook";
    let mut watch = connector::watch(&world.zoho, store.clone(), "hook", url, inputs).unwrap();
    let deployed = watch.deploy().await.unwrap();
    assert_eq!(deployed.channel_id.to_string(), "77");
    assert_eq!(deployed.expires.as_second(), end.as_second());
    let known = world
        .run("crm_get_notification_details", json!({"channel_id": 77}))
        .await;
    let known = &known["records"][0];
    assert_eq!(
        (&known["token"], &known["notify_url"]),
        (&json!("mine"), &json!(url))
    );
    assert_eq!(known["events"], json!(["Leads.create", "Leads.edit"]));
    assert_eq!(known["return_affected_field_values"], true);
    assert_eq!(known["notify_on_related_action"], false);
    assert!(
        known["notification_condition"].to_string().contains("City"),
        "{known}"
    );
    watch.remove().await.unwrap();
    let none = world
        .run("crm_get_notification_details", json!({"channel_id": 77}))
        .await;
    assert_eq!(none["records"], json!([]));

    // Without a number and an end there are both all the same.
    let mut watch =
        connector::watch(&world.zoho, store, "other", url, json!({"events": ["Leads.all"]})).unwrap();
    assert!(watch.deploy().await.unwrap().expires > world.mock.now());
}

#[tokio::test(start_paused = true)]
async fn triggers_name_what_is_wrong_with_their_inputs() {
    let world = World::new();
    let watch = |inputs| {
        connector::watch(
            &world.zoho,
            Arc::new(MemoryStore::new()),
            "a",
            "https://example.com",
            inputs,
        )
    };
    for (inputs, named) in [
        (json!({}), "`events` is required"),
        (
            json!({"events": ["Leads.all"], "channel_id": "x"}),
            "`channel_id` takes a whole number",
        ),
        (
            json!({"events": ["Leads.all"], "channel_expiry": "2001-01-01T00:00:00Z"}),
            "`channel_expiry` is past",
        ),
        (
            json!({"events": ["Leads.all", "Deals.all"], "notification_condition": ["Email"]}),
            "write Module.Field",
        ),
        (
            json!({"events": ["Leads.all"], "evnts": 1}),
            "`evnts` is no input of this trigger",
        ),
    ] {
        let error = watch(inputs).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains(named), "{error}");
    }
    for (key, inputs) in [
        ("crm_notifications", json!({})),
        ("crm_fly", json!({})),
        ("crm_leads", json!({"a": 1})),
    ] {
        let error = connector::feed(&world.zoho, key, inputs).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{key}");
    }
    assert_eq!(world.requests(), 0);
}
