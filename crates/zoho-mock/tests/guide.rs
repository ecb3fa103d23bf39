//! What the guide shows in other languages, as it is written there, run against the program.
//!
//! Where a runtime is missing the test says that it was skipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tokio::process::Command;
use tokio::time::timeout;
use zoho_mock::MockZoho;

const GUIDE: &str = include_str!("../../../docs/local-zoho.md");

/// How long a machine under load may take for one step.
const DEADLINE: Duration = Duration::from_secs(120);

/// The first block of that language after a heading.
fn block(heading: &str, language: &str) -> String {
    let (_, section) = GUIDE.split_once(heading).expect(heading);
    let (_, block) = section.split_once(&format!("\n```{language}\n")).expect(language);
    block.split("\n```").next().unwrap().to_owned()
}

/// The programs that are not on the path.
fn missing(programs: &[&str]) -> Vec<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |name: &str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    programs
        .iter()
        .filter(|name| !there(name))
        .map(|name| (*name).to_owned())
        .collect()
}

/// Runs a program in a folder, and gives what it printed.
async fn output(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let own = Path::new(env!("CARGO_BIN_EXE_zoho-mock"))
        .parent()
        .unwrap()
        .display()
        .to_string();
    let path = format!("{own}:{}", std::env::var("PATH").unwrap_or_default());
    let child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("PATH", path)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let done = timeout(DEADLINE, child).await.expect("it ends in time").unwrap();
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program} {arguments:?}: {complaint}");
    String::from_utf8(done.stdout).unwrap()
}

/// A mock, and a folder with the `ready.json` that its program would have printed.
async fn started() -> (MockZoho, TempDir) {
    let zoho = MockZoho::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let ready = json!({
        "base_url": zoho.base_url(),
        "client_id": zoho.client_id(),
        "client_secret": zoho.client_secret(),
        "refresh_token": zoho.refresh_token(),
        "organization_id": zoho.organization_id(),
    });
    std::fs::write(folder.path().join("ready.json"), ready.to_string()).unwrap();
    (zoho, folder)
}

/// Runs three lines that list the users.
async fn lists_users(
    language: &str,
    programs: &[&str],
    wrap: impl Fn(&str) -> (String, &'static str, String),
) {
    let lines = block("## 11. From your language", language);
    assert_eq!(lines.lines().count(), 3, "{lines}");
    let absent = missing(programs);
    if !absent.is_empty() {
        println!(
            "SKIPPED: there is no {} on the path, so the guide's {language} was not run",
            absent.join(", ")
        );
        return;
    }
    let (zoho, folder) = started().await;
    let (text, file, run) = wrap(&lines);
    std::fs::write(folder.path().join(file), text).unwrap();
    let words: Vec<&str> = run.split(' ').collect();
    let printed = output(folder.path(), words[0], &words[1..]).await;
    assert!(printed.contains("patricia@mock.example"), "{printed}");
    assert_eq!(zoho.journal().count("list_users"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn curl_needs_three_lines() {
    lists_users("bash", &["bash", "curl", "jq"], |lines| {
        (lines.to_owned(), "ask.sh", "bash ask.sh".to_owned())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn python_needs_three_lines() {
    lists_users("py", &["python3"], |lines| {
        (lines.to_owned(), "ask.py", "python3 ask.py".to_owned())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn node_needs_three_lines() {
    lists_users("js", &["node"], |lines| {
        (lines.to_owned(), "ask.js", "node ask.js".to_owned())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn go_needs_three_lines() {
    let program = |lines: &str| {
        let imports = "import (\"encoding/json\"; \"io\"; \"net/http\"; \"net/url\"; \"os\")";
        format!("package main\n\n{imports}\n\nfunc main() {{\n{lines}\n}}\n")
    };
    lists_users("go", &["go"], |lines| {
        (program(lines), "ask.go", "go run ask.go".to_owned())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_lines_start_it_in_a_job() {
    let lines = block("## 10. In a CI job", "sh");
    assert_eq!(lines.lines().count(), 2, "{lines}");
    let step = block("## 10. In a CI job", "yaml");
    let indented: String = lines.lines().map(|line| format!("\n    {line}")).collect();
    assert!(
        step.ends_with(&format!("run: |{indented}")),
        "the step runs the same lines: {step}"
    );
    let absent = missing(&["bash", "timeout", "curl", "jq"]);
    if !absent.is_empty() {
        println!(
            "SKIPPED: there is no {} on the path, so the guide's job was not run",
            absent.join(", ")
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = format!("set -e\n{lines}\ncurl -s $(jq -r .base_url ready.json)/_mock/health\nkill %1\n");
    let printed = output(folder.path(), "bash", &["-c", &script]).await;
    assert!(printed.contains("\"status\":\"ok\""), "{printed}");
}
