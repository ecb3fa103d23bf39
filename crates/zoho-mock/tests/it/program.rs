//! The program: its ready line, its exit codes.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use serde_json::Value;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zoho-mock"));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

#[test]
fn it_says_when_it_is_ready_and_stops_when_told_to() {
    let mut child = program()
        .args(["serve", "--port", "0", "--ready-json", "--random-seed", "7"])
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let keys: Vec<&String> = ready.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "base_url",
            "client_id",
            "client_secret",
            "refresh_token",
            "organization_id"
        ]
    );
    let library = zoho_mock::MockZoho::builder().seed(7).in_process();
    assert_eq!(ready["client_id"], library.client_id());
    assert_eq!(ready["refresh_token"], library.refresh_token());

    // The port comes from the environment this time, and is taken.
    let port = ready["base_url"].as_str().unwrap().rsplit(':').next().unwrap();
    let second = program()
        .arg("serve")
        .env("ZOHO_MOCK_PORT", port)
        .output()
        .unwrap();
    assert_eq!(second.status.code(), Some(2));
    let complaint = String::from_utf8(second.stderr).unwrap();
    assert!(
        complaint.contains(&format!("cannot listen on 127.0.0.1:{port}")),
        "{complaint}"
    );
    assert!(second.stdout.is_empty());

    let told = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert!(log.contains("stopped"), "{log}");
}

#[test]
fn its_help_names_every_flag_and_variable() {
    let help = String::from_utf8(program().args(["serve", "--help"]).output().unwrap().stdout).unwrap();
    let flags = help
        .lines()
        .filter(|line| line.trim_start().starts_with("--"))
        .count();
    let variables = help.matches("[env: ZOHO_MOCK_").count();
    assert_eq!(flags, variables, "{help}");
    assert!(flags >= 12);
    let wrong = program()
        .args(["serve", "--start", "yesterday"])
        .output()
        .unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}
