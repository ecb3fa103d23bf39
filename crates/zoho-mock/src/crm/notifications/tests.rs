//! Tests of channels.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::channel::Channels;
use crate::crm::change::Event;
use crate::crm::testkit::{Got, Kit, START, berlin};

const WEEK: i64 = 7 * 86_400;

fn channel(expiry: Option<&str>) -> Value {
    json!({"channel_id": "1000000068001", "events": ["Leads.create", "Leads.edit", "Contacts.all"],
           "channel_expiry": expiry, "token": "tok", "notify_url": "https://x.example/hook?k=v"})
}

fn send(kit: &mut Kit, operation: &'static str, channel: &Value) -> Got {
    kit.ask(operation, []).json(&json!({"watch": [channel]})).go()
}

fn expiries(kit: &mut Kit) -> Vec<(String, String)> {
    let got = kit.ask("get_notification_details", []).go();
    let watch = got.body["watch"].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    watch
        .iter()
        .map(|entry| (text(&entry["resource_name"]), text(&entry["channel_expiry"])))
        .collect()
}

proptest! {
    #[test]
    fn a_channel_lives_as_long_as_asked_up_to_a_week_and_an_hour_otherwise(asked in prop::option::of(1..2 * WEEK)) {
        let mut kit = Kit::new();
        let text = asked.map(|after| berlin().text(START + after));
        let got = send(&mut kit, "enable_notifications", &channel(text.as_deref()));
        prop_assert_eq!(got.status, 201);
        let life = asked.filter(|asked| *asked <= WEEK).unwrap_or(3_600);
        let end = berlin().text(START + life);
        prop_assert_eq!(got.at("/watch/0/details/events/0/channel_expiry"), &json!(end));
        kit.now = START + life - 1;
        prop_assert_eq!(expiries(&mut kit).len(), 2);
        let again = json!({"channel_id": "1000000068001", "token": "new"});
        prop_assert_eq!(send(&mut kit, "patch_notifications", &again).status, 200);
        kit.now += 1;
        let late = send(&mut kit, "patch_notifications", &again);
        prop_assert_eq!((late.status, late.at("/watch/0/code")), (400, &json!("NOT_SUBSCRIBED")));
        prop_assert_eq!(kit.ask("get_notification_details", []).go().status, 204);
    }
}

#[test]
fn the_expiry_rule_at_its_edges() {
    assert_eq!(Channels::effective_expiry(Some(WEEK), 0), WEEK);
    assert_eq!(Channels::effective_expiry(Some(WEEK + 1), 0), 3_600);
    assert_eq!(Channels::effective_expiry(None, 0), 3_600);
}

#[test]
fn enabling_answers_with_one_event_for_each_module() {
    let mut kit = Kit::new();
    let got = send(&mut kit, "enable_notifications", &channel(None));
    let event = got.at("/watch/0/details/events/0");
    assert_eq!(event["resource_uri"], "http://127.0.0.1:4000/crm/v2/Leads");
    assert_eq!(event["resource_name"], "Leads");
    assert_eq!(event["channel_id"], "1000000068001");
    assert_eq!(event["channel_expiry"], "2026-05-14T13:00:00+02:00");
    assert_eq!(got.at("/watch/0/details/events").as_array().unwrap().len(), 2);
    let details = kit
        .ask("get_notification_details", [])
        .query("module", "Leads")
        .go();
    let shown = details.at("/watch/0");
    assert_eq!(shown["events"], json!(["Leads.create", "Leads.edit"]));
    assert_eq!(shown["notify_on_related_action"], true);
    assert_eq!(shown["return_affected_field_values"], false);
    assert_eq!(
        (&shown["fields"], &shown["notification_condition"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(details.at("/info/count"), 1);
    kit.user += 1;
    assert_eq!(
        kit.ask("get_notification_details", []).go().status,
        204,
        "channels are the caller's own"
    );
}

#[test]
fn put_replaces_and_patch_merges() {
    let mut kit = Kit::new();
    send(&mut kit, "enable_notifications", &channel(None));
    let merge = json!({"channel_id": 1_000_000_068_001_i64, "events": ["Leads.delete", "Deals.create"]});
    assert_eq!(send(&mut kit, "patch_notifications", &merge).status, 200);
    let got = kit.ask("get_notification_details", []).go();
    let names: Vec<&Value> = got.body["watch"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["events"])
        .collect();
    assert_eq!(
        names,
        [
            &json!(["Leads.create", "Leads.edit", "Leads.delete"]),
            &json!(["Contacts.all"]),
            &json!(["Deals.create"])
        ]
    );
    assert_eq!(got.at("/watch/2/token"), "tok");

    let less = json!({"channel_id": "1000000068001", "events": ["Leads.edit", "Contacts.all"], "_delete_events": true});
    assert_eq!(send(&mut kit, "patch_notifications", &less).status, 200);
    let got = kit.ask("get_notification_details", []).go();
    assert_eq!(
        got.at("/watch/0/events"),
        &json!(["Leads.create", "Leads.delete"])
    );
    assert_eq!(got.at("/watch/1/resource_name"), "Deals");

    let whole =
        json!({"channel_id": "1000000068001", "events": ["Tasks.all"], "notify_url": "https://y.example"});
    let got = send(&mut kit, "update_notifications", &whole);
    assert_eq!(
        got.at("/watch/0/message"),
        "Successfully updated the subscribe details"
    );
    let got = kit.ask("get_notification_details", []).go();
    assert_eq!(
        (got.at("/info/count"), got.at("/watch/0/token")),
        (&json!(1), &Value::Null)
    );

    let gone = kit
        .ask("disable_notifications", [])
        .query("channel_ids", "1000000068001,5")
        .go();
    assert_eq!(gone.status, 207);
    assert_eq!(
        gone.at("/watch/0/message"),
        "Successfully un-subscribed from actions-watch"
    );
    assert_eq!(gone.at("/watch/1/code"), "NOT_SUBSCRIBED");
    assert_eq!(
        send(&mut kit, "update_notifications", &whole).at("/watch/0/code"),
        "NOT_SUBSCRIBED"
    );
    assert_eq!(
        kit.ask("disable_notifications", []).go().at("/code"),
        "REQUIRED_PARAM_MISSING"
    );
}

#[test]
fn what_a_channel_lacks_is_named() {
    let mut kit = Kit::new();
    let with = |key: &str, value: Value| {
        let mut channel = channel(None);
        channel[key] = value;
        channel
    };
    let field = json!({"field": {"api_name": "Email"}});
    let condition = |selection: Value| json!([{"type": "field_selection", "module": {"api_name": "Leads"}, "field_selection": selection}]);
    let mut wide = field.clone();
    for _ in 0..10 {
        wide = json!({"group_operator": "or", "group": [wide, field]});
    }
    let at = "notification_condition[0]";
    for (channel, code, path) in [
        (
            with("channel_id", Value::Null),
            "MANDATORY_NOT_FOUND",
            "channel_id".to_owned(),
        ),
        (
            with("channel_id", json!("x")),
            "INVALID_DATA",
            "channel_id".into(),
        ),
        (
            with("events", Value::Null),
            "MANDATORY_NOT_FOUND",
            "events".into(),
        ),
        (
            with("events", json!(["Lads.create"])),
            "INVALID_DATA",
            "events".into(),
        ),
        (
            with("events", json!(["Notes.create"])),
            "INVALID_DATA",
            "events".into(),
        ),
        (
            with("events", json!(["Leads.insert"])),
            "INVALID_DATA",
            "events".into(),
        ),
        (
            with("notify_url", Value::Null),
            "MANDATORY_NOT_FOUND",
            "notify_url".into(),
        ),
        (
            with("notify_url", json!("x".repeat(256))),
            "INVALID_DATA",
            "notify_url".into(),
        ),
        (
            with("token", json!("x".repeat(51))),
            "INVALID_DATA",
            "token".into(),
        ),
        (
            with("channel_expiry", json!("2026-05-14T13:00:00.000Z")),
            "INVALID_DATA",
            "channel_expiry".into(),
        ),
        (
            with("channel_expiry", json!("2026-05-14T12:00:00+02:00")),
            "INVALID_DATA",
            "channel_expiry".into(),
        ),
        (
            with("notification_condition", condition(json!({"group": []}))),
            "MANDATORY_NOT_FOUND",
            format!("{at}.field_selection.group_operator"),
        ),
        (
            with(
                "notification_condition",
                condition(json!({"group_operator": "xor", "group": []})),
            ),
            "INVALID_DATA",
            format!("{at}.field_selection.group_operator"),
        ),
        (
            with(
                "notification_condition",
                condition(json!({"group_operator": "or", "group": [field, field, field]})),
            ),
            "INVALID_DATA",
            format!("{at}.field_selection.group"),
        ),
        (
            with("notification_condition", condition(wide)),
            "INVALID_DATA",
            format!("{at}.field_selection"),
        ),
    ] {
        let got = send(&mut kit, "enable_notifications", &channel);
        assert_eq!(
            (got.status, got.at("/watch/0/code")),
            (400, &json!(code)),
            "{channel}"
        );
        assert_eq!(
            got.at("/watch/0/details/json_path"),
            &json!(format!("$.watch[0].{path}")),
            "{channel}"
        );
    }
    let untyped = json!([{"module": {"api_name": "Leads"}, "field_selection": field}]);
    let got = send(
        &mut kit,
        "enable_notifications",
        &with("notification_condition", untyped),
    );
    assert_eq!(got.at("/watch/0/code"), "DEPENDENT_FIELD_MISSING");
    let unnamed = condition(json!({"field": {}}));
    let got = send(
        &mut kit,
        "enable_notifications",
        &with("notification_condition", unnamed),
    );
    assert_eq!(got.at("/watch/0/code"), "EXPECTED_FIELD_MISSING");
    let good = condition(
        json!({"group_operator": "or", "group": [field, {"group_operator": "and", "group": [field, field]}]}),
    );
    assert_eq!(
        send(
            &mut kit,
            "enable_notifications",
            &with("notification_condition", good)
        )
        .status,
        201
    );
    assert_eq!(kit.ask("enable_notifications", []).go().at("/message"), "body");
    assert_eq!(
        kit.ask("enable_notifications", [])
            .json(&json!({}))
            .go()
            .at("/details/api_name"),
        "watch"
    );
}

#[test]
fn a_change_is_heard_by_the_channels_that_listen_for_it() {
    let mut kit = Kit::new();
    send(&mut kit, "enable_notifications", &channel(None));
    let heard = |kit: &Kit, module: &str, event| {
        let index = kit.world.crm.schema.find(module).unwrap();
        kit.world.crm.channels.hearing(index, event, kit.now).count()
    };
    assert_eq!(heard(&kit, "Leads", Event::Insert), 1);
    assert_eq!(heard(&kit, "Leads", Event::Delete), 0);
    assert_eq!(heard(&kit, "Contacts", Event::Delete), 1);
    assert_eq!(heard(&kit, "Deals", Event::Insert), 0);
    kit.now += 3_600;
    assert_eq!(heard(&kit, "Leads", Event::Insert), 0);
}
