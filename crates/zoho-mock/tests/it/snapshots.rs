//! A world goes into a file and comes out of it the same.

use std::process::{Command, Stdio};

use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};
use zoho_mock::{MockZoho, Snapshot, SnapshotError};

use super::support::{Desk, Reply};

/// One thing that a test may do to a world.
#[derive(Clone, Debug)]
enum Act {
    Create(&'static str, Value),
    Update(usize, Value),
    Delete(usize),
    Upsert(Value),
    Contact(String),
    List(&'static str),
    Query,
    Attach(usize, Vec<u8>),
    Watch(u8),
    Refresh,
    Grant,
    Seed(&'static str, usize),
    Advance(u64),
    Expire,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let lead = prop_oneof![
        "[A-Za-zäöü' ]{0,12}".prop_map(|name| json!({"Last_Name": name, "Email": "a@b.example"})),
        Just(json!({"Last_Name": "Ngo", "Lead_Source": "Chat", "Tag": [{"name": "new"}]})),
        Just(json!({"Company": "nobody"})),
    ];
    let act = prop_oneof![
        4 => lead.clone().prop_map(|lead| Act::Create("Leads", lead)),
        1 => "[a-z]{1,6}".prop_map(|name| Act::Create("Accounts", json!({"Account_Name": name}))),
        2 => (0..4_usize, lead.clone()).prop_map(|(at, lead)| Act::Update(at, lead)),
        2 => (0..4_usize).prop_map(Act::Delete),
        2 => lead.prop_map(Act::Upsert),
        2 => "[a-z]{0,3}".prop_map(Act::Contact),
        2 => prop::sample::select(vec!["Leads", "Accounts", "Nonsense"]).prop_map(Act::List),
        1 => Just(Act::Query),
        1 => (0..4_usize, prop::collection::vec(any::<u8>(), 0..20)).prop_map(|(at, data)| Act::Attach(at, data)),
        1 => any::<u8>().prop_map(Act::Watch),
        1 => Just(Act::Refresh),
        1 => Just(Act::Grant),
        1 => (prop::sample::select(vec!["Contacts", "Accounts"]), 0..4_usize)
            .prop_map(|(module, count)| Act::Seed(module, count)),
        2 => (0..4_000_u64).prop_map(Act::Advance),
        1 => Just(Act::Expire),
    ];
    prop::collection::vec(act, 0..25)
}

/// Does it, with the ids of the leads that were made so far.
fn take(desk: &mut Desk, leads: &mut Vec<String>, act: &Act) -> Option<Reply> {
    let known = |leads: &Vec<String>, at: usize| leads.get(at).cloned().unwrap_or_else(|| "1".to_owned());
    let reply = match act {
        Act::Create(module, record) => {
            let body = json!({"data": [record]}).to_string();
            let reply = desk.call(Method::POST, &format!("/crm/v8/{module}"), body);
            if *module == "Leads"
                && let Some(id) = reply.json()["data"][0]["details"]["id"].as_str()
            {
                leads.push(id.to_owned());
            }
            reply
        }
        Act::Update(at, record) => {
            let body = json!({"data": [record]}).to_string();
            desk.call(Method::PUT, &format!("/crm/v8/Leads/{}", known(leads, *at)), body)
        }
        Act::Delete(at) => desk.call(
            Method::DELETE,
            &format!("/crm/v8/Leads/{}", known(leads, *at)),
            "",
        ),
        Act::Upsert(record) => {
            let body = json!({"data": [record], "duplicate_check_fields": ["Email"]}).to_string();
            desk.call(Method::POST, "/crm/v8/Leads/upsert", body)
        }
        Act::Contact(name) => desk.books(Method::POST, "/contacts", &json!({"contact_name": name})),
        Act::List(module) => {
            let target = format!("/crm/v8/{module}?fields=id,Modified_Time,Owner");
            desk.call(Method::GET, &target, "")
        }
        Act::Query => {
            let body = json!({"select_query": "select Last_Name from Leads where id is not null limit 50"});
            desk.call(Method::POST, "/crm/v8/coql", body.to_string())
        }
        Act::Attach(at, data) => {
            let mut body =
                b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n".to_vec();
            body.extend_from_slice(data);
            body.extend_from_slice(b"\r\n--x--\r\n");
            let token = format!("Zoho-oauthtoken {}", desk.token);
            let headers = [
                ("authorization", token.as_str()),
                ("content-type", "multipart/form-data; boundary=x"),
            ];
            let target = format!("/crm/v8/Leads/{}/Attachments", known(leads, *at));
            desk.send(Method::POST, &target, &headers, body)
        }
        Act::Watch(number) => {
            let channel = json!({
                "channel_id": number.to_string(), "events": ["Leads.all"], "notify_url": "http://127.0.0.1:9/",
            });
            desk.call(
                Method::POST,
                "/crm/v8/actions/watch",
                json!({"watch": [channel]}).to_string(),
            )
        }
        Act::Refresh => {
            let reply = desk.refresh();
            if let Some(token) = reply.json()["access_token"].as_str() {
                desk.token = token.to_owned();
            }
            reply
        }
        Act::Grant => {
            desk.zoho.grant_code(["ZohoCRM.org.READ"]);
            return None;
        }
        Act::Seed(module, count) => {
            desk.zoho.seed_records(module, *count).unwrap();
            return None;
        }
        Act::Advance(seconds) => {
            desk.zoho.advance(std::time::Duration::from_secs(*seconds));
            return None;
        }
        Act::Expire => {
            desk.zoho.expire_access_tokens();
            return None;
        }
    };
    Some(reply)
}

/// A mock that lives on from a snapshot, with the token of before.
fn revived(snapshot: Snapshot, token: &str) -> Desk {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let zoho = runtime.block_on(async { MockZoho::builder().snapshot(snapshot).in_process() });
    Desk {
        zoho,
        runtime,
        token: token.to_owned(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_restored_world_is_the_world(before in acts(), after in acts(), seed in 0..3_u64) {
        let mut one = Desk::with(MockZoho::builder().seed(seed).frozen(true).records("Leads", 2).unwrap());
        let mut leads = Vec::new();
        for act in &before {
            take(&mut one, &mut leads, act);
        }
        let text = one.zoho.snapshot().to_json();
        let mut other = revived(Snapshot::from_json(&text).unwrap(), &one.token);
        prop_assert_eq!(other.zoho.snapshot().to_json(), text);

        let mut others = leads.clone();
        for act in &after {
            let (expected, got) = (take(&mut one, &mut leads, act), take(&mut other, &mut others, act));
            prop_assert_eq!(expected, got);
        }
        prop_assert_eq!(one.zoho.snapshot().to_json(), other.zoho.snapshot().to_json());
    }
}

#[test]
fn a_snapshot_goes_through_the_mocks_own_addresses() {
    let desk = Desk::with(MockZoho::builder().frozen(true));
    let taken = desk.send(Method::GET, "/_mock/snapshot", &[], "");
    let seeded = desk.send(Method::POST, "/_mock/seed", &[], r#"{"Leads": 3}"#);
    assert_eq!(seeded.json(), json!({"seeded": {"Leads": 3}}));
    let count = || desk.call(Method::GET, "/crm/v8/Leads/actions/count", "").json()["count"].clone();
    assert_eq!(count(), 3);
    let put = desk.send(Method::PUT, "/_mock/snapshot", &[], taken.body.clone());
    assert_eq!(put.status, 200, "{:?}", put.body);
    assert_eq!(count(), 0);

    let broken = desk.send(
        Method::PUT,
        "/_mock/snapshot",
        &[],
        r#"{"format":1,"history":[{"at":"x"}]}"#,
    );
    assert_eq!(broken.status, 400);
    let said = broken.json()["error"].as_str().unwrap().to_owned();
    assert!(said.starts_with("at $.history[0].at: "), "{said}");
    let unknown = desk.send(Method::POST, "/_mock/seed", &[], r#"{"Leafs": 3}"#);
    assert_eq!(unknown.json()["error"], "there is no module Leafs");
}

#[test]
fn a_snapshot_of_another_configuration_is_refused() {
    let snapshot = MockZoho::builder().seed(2).in_process().snapshot();
    let refused = MockZoho::in_process().restore(&snapshot).unwrap_err();
    assert!(matches!(refused, SnapshotError::OtherConfiguration));
}

#[test]
fn an_unreadable_seed_file_starts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let check = |name: &str, content: Option<&str>, expected: &str| {
        let file = folder.path().join(name);
        if let Some(content) = content {
            std::fs::write(&file, content).unwrap();
        }
        let run = Command::new(env!("CARGO_BIN_EXE_zoho-mock"))
            .args(["serve", "--port", "0", "--ready-json", "--seed"])
            .arg(&file)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(2));
        assert!(run.stdout.is_empty());
        let said = String::from_utf8(run.stderr).unwrap();
        assert!(said.contains(name) && said.contains(expected), "{said}");
    };
    check("missing.json", None, "No such file");
    check("empty.json", Some(""), "at $");
    check("other.json", Some(r#"{"format": 2}"#), "at $.format: ");
    check(
        "typo.json",
        Some(r#"{"format": 1, "config": {"sead": 1}}"#),
        "at $.config.sead: ",
    );
    let request = r#"{"format":1,"history":[{"at":"2026-01-01T00:00:00Z","step":{"request":{"method":"A B","target":"/"}}}]}"#;
    check("request.json", Some(request), "at $.history[0].step.request: ");
    check(
        "module.json",
        Some(r#"{"format": 1, "config": {"records": [["Leads", 1], ["Leafs", 2]]}}"#),
        "at $.config.records[1]: there is no module Leafs",
    );
    check(
        "many.json",
        Some(r#"{"format": 1, "config": {"records": [["Leads", 10000001]]}}"#),
        "at $.config.records[0]: 10000001 records are too many",
    );
}
