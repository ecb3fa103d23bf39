//! The commands that work with a running mock: trigger, listen, snapshot; and routes, completions, help.

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;
use tokio::time::timeout;
use tower::ServiceExt as _;
use zoho_mock::route::Product;
use zoho_mock::{DeliveryOutcome, MockZoho};

/// How long a machine under load may take for one step.
const DEADLINE: Duration = Duration::from_secs(60);

pub(super) fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zoho-mock"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// Runs the program to its end.
async fn run(arguments: &[&str]) -> Output {
    let ended = timeout(DEADLINE, program(arguments).output()).await;
    ended.expect("it ends in time").unwrap()
}

/// What it says on stdout, or on stderr where it fails, and its exit code.
async fn said(arguments: &[&str]) -> (i32, String) {
    let output = run(arguments).await;
    let code = output.status.code().unwrap();
    let text = if code == 0 { output.stdout } else { output.stderr };
    (code, String::from_utf8(text).unwrap())
}

/// The next line of JSON that a child prints.
pub(super) async fn line(lines: &mut tokio::io::Lines<BufReader<tokio::process::ChildStdout>>) -> Value {
    let line = timeout(DEADLINE, lines.next_line())
        .await
        .expect("a line comes in time");
    serde_json::from_str(&line.unwrap().expect("it goes on")).unwrap()
}

/// Tells a child to stop, as Ctrl-C does, and gives its exit code.
pub(super) async fn stop(child: &mut tokio::process::Child) -> Option<i32> {
    let id = child.id().unwrap().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .await
            .unwrap()
            .success()
    );
    timeout(DEADLINE, child.wait())
        .await
        .expect("it stops in time")
        .unwrap()
        .code()
}

/// How many records and channels there are.
async fn world(zoho: &MockZoho) -> Value {
    let request = http::Request::get("/_mock/api/overview")
        .body(String::new())
        .unwrap();
    let body = zoho.service().oneshot(request).await.unwrap().into_body();
    let overview: Value = serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap();
    json!([overview["crm"], overview["channels"]])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_triggered_and_heard_by_a_listener_that_forwards_it() {
    // Another mock receives what is forwarded: it answers 404 and notes that it was asked.
    let receiver = MockZoho::start().await.unwrap();
    let zoho = MockZoho::start().await.unwrap();
    let url = zoho.base_url();
    let onward = format!("{}/crm/v8/hook/a/b/c/d", receiver.base_url());
    let arguments = [
        "listen",
        "--url",
        url,
        "--events",
        "Leads.create,Leads.edit",
        "--forward-to",
        &onward,
        "--json",
    ];
    let mut listener = program(&arguments).spawn().unwrap();
    let mut lines = BufReader::new(listener.stdout.take().unwrap()).lines();
    assert_eq!(
        line(&mut lines).await["events"],
        json!(["Leads.create", "Leads.edit"])
    );

    let (code, created) = said(&[
        "trigger",
        "Leads.create",
        "--set",
        "Last_Name=Ngo",
        "--url",
        url,
        "--json",
    ])
    .await;
    assert_eq!(code, 0, "{created}");
    let created: Value = serde_json::from_str(&created).unwrap();
    assert_eq!(created["callbacks"].as_array().unwrap().len(), 1);
    let heard = line(&mut lines).await;
    assert_eq!(
        (&heard["payload"]["operation"], &heard["status"]),
        (&json!("insert"), &json!(404))
    );
    assert_eq!(heard["payload"]["ids"], json!([created["id"]]));
    let id = created["id"].as_str().unwrap();
    let (_, edited) = said(&[
        "trigger",
        "Leads.edit",
        "--id",
        id,
        "--set",
        "Company=Acme",
        "--url",
        url,
    ])
    .await;
    assert!(
        edited.starts_with(&format!("Leads.edit {id}\n  channel ")),
        "{edited}"
    );
    assert_eq!(line(&mut lines).await["payload"]["operation"], "update");
    let (_, deleted) = said(&["trigger", "Leads.delete", "--url", url]).await;
    assert!(deleted.contains("no channel listens"), "{deleted}");
    zoho.settle_deliveries().await;
    let told: Vec<_> = zoho
        .deliveries()
        .iter()
        .map(|one| (one.outcome, one.status))
        .collect();
    assert_eq!(told, [(DeliveryOutcome::Delivered, Some(404)); 2]);
    assert_eq!(receiver.journal().exchanges().len(), 2);

    assert_eq!(stop(&mut listener).await, Some(0));
    let (_, edited) = said(&["trigger", "Leads.create", "--url", url]).await;
    assert!(
        edited.contains("no channel listens"),
        "the channel is gone: {edited}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_wish_ends_with_2_and_a_mock_that_is_not_there_with_1() {
    let zoho = MockZoho::builder()
        .records("Leads", 1)
        .unwrap()
        .start()
        .await
        .unwrap();
    let url = zoho.base_url();
    let before = world(&zoho).await;
    for (arguments, told) in [
        (
            vec!["trigger", "Leads.approve", "--url", url],
            "approve is no event of Leads",
        ),
        (
            vec!["trigger", "Nope.edit", "--url", url],
            "there is no module Nope",
        ),
        (
            vec!["trigger", "Leads.edit", "--set", "Colour=red", "--url", url],
            "has no field Colour",
        ),
        (
            vec!["trigger", "Leads.edit", "--set", "Colour", "--url", url],
            "it is written Company=Acme",
        ),
        (
            vec!["listen", "--events", "Leads.approve", "--url", url],
            "the mock does not take Leads.approve",
        ),
        (
            vec!["listen", "--forward-to", "https://a.example", "--url", url],
            "no address such as http://",
        ),
        (
            vec!["record", "--target", "https://evil.example", "--out", "never"],
            "neither Zoho's nor of this machine",
        ),
        (
            vec!["snapshot", "load", "/nowhere/world.json", "--url", url],
            "/nowhere/world.json",
        ),
        (vec!["serve", "--replay", "/nowhere"], "/nowhere"),
        (vec!["dance"], "unrecognized subcommand"),
    ] {
        let (code, text) = said(&arguments).await;
        assert_eq!(code, 2, "{arguments:?}: {text}");
        assert!(text.contains(told), "{arguments:?}: {text}");
    }
    assert!(!Path::new("never").exists());
    assert_eq!(world(&zoho).await, before);

    let gone = url.to_owned();
    drop(zoho);
    let (code, text) = said(&["trigger", "Leads.edit", "--url", &gone]).await;
    assert_eq!(code, 1);
    assert!(text.contains("does not answer"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_world_is_saved_and_loaded() {
    let zoho = MockZoho::builder()
        .records("Leads", 1)
        .unwrap()
        .start()
        .await
        .unwrap();
    let (url, folder) = (zoho.base_url(), tempfile::tempdir().unwrap());
    let file = folder.path().join("world.json").display().to_string();
    said(&["trigger", "Leads.create", "--set", "Last_Name=Kept", "--url", url]).await;
    let (code, text) = said(&["snapshot", "save", &file, "--url", url]).await;
    assert_eq!((code, text), (0, format!("saved {file}\n")));
    zoho.reset();
    let (code, text) = said(&["snapshot", "load", &file, "--url", url, "--json"]).await;
    assert_eq!(code, 0);
    assert_eq!(
        serde_json::from_str::<Value>(&text).unwrap(),
        json!({"status": "loaded", "file": file})
    );
    assert!(zoho.snapshot().to_json().contains("Kept"));

    let before = zoho.snapshot().to_json();
    std::fs::write(&file, "{\"format\": 1, \"history\": [{\"at\": 7}]}").unwrap();
    let (code, text) = said(&["snapshot", "load", &file, "--url", url]).await;
    assert_eq!(code, 2);
    assert!(text.contains(&file) && text.contains("$.history[0].at"), "{text}");
    assert!(before.contains("Kept") && zoho.snapshot().to_json().contains("Kept"));
}

#[tokio::test]
async fn routes_names_every_operation_with_its_coverage() {
    let (_, text) = said(&["routes", "--json"]).await;
    let rows: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), MockZoho::routes().count());
    for (row, (product, operation, method, path)) in rows.iter().zip(MockZoho::routes()) {
        let expected = json!({
            "product": product.name(), "operation": operation, "method": method, "path": path,
            "stateful": MockZoho::is_stateful(product, operation),
        });
        assert_eq!(*row, expected);
    }
    let (_, text) = said(&["routes", "--product", "books", "--stateful", "list_contacts"]).await;
    assert!(
        text.starts_with("books state  GET    /books/v3/contacts "),
        "{text}"
    );
    assert!(MockZoho::is_stateful(Product::Books, "list_contacts"));
}

#[tokio::test]
async fn every_command_explains_itself_with_examples() {
    let (_, help) = said(&["--help"]).await;
    for command in [
        "serve",
        "routes",
        "trigger",
        "listen",
        "record",
        "snapshot",
        "completions",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
        let (_, help) = said(&[command, "--help"]).await;
        assert!(help.contains("Examples:\n  zoho-mock "), "{help}");
    }
    for shell in ["bash", "zsh", "fish"] {
        let (_, script) = said(&["completions", shell]).await;
        assert!(
            script.contains("zoho-mock") && script.contains("trigger"),
            "{shell}"
        );
    }
    assert_eq!(said(&["completions", "abacus"]).await.0, 2);
}
