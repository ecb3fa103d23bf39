//! Zoho's official Python SDK, as it is on PyPI, against the mock.
//!
//! Where there is no python3, no venv or no registry the test says that it was skipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde_json::json;
use tokio::process::Command;
use tokio::time::timeout;
use zoho_mock::MockZoho;

/// The SDK, in the version that this test was written with.
const SDK: &str = "zohocrmsdk8_0==7.0.0";

/// How long a machine under load may take for one step.
const DEADLINE: Duration = Duration::from_secs(180);

const STEPS: [&str; 6] = [
    "metadata",
    "records",
    "coql",
    "attachments",
    "notifications",
    "deletes",
];

/// Runs a program to its end; `None` where it does not exist. One that does not end is killed.
async fn run(command: &mut Command) -> Option<Output> {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .ok()?;
    let ended = timeout(DEADLINE, child.wait_with_output()).await;
    Some(ended.expect("it ends in time").unwrap())
}

/// The Python of a fresh environment that has the SDK, or why there is none.
async fn python(folder: &Path) -> Result<std::path::PathBuf, String> {
    let home = folder.join("venv");
    let made = run(Command::new("python3").args(["-m", "venv"]).arg(&home)).await;
    match made {
        Some(made) if made.status.success() => {}
        Some(made) => return Err(format!("python3 has no venv: {}", last_line(&made))),
        None => return Err("there is no python3 on the path".to_owned()),
    }
    let python = home.join("bin/python");
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--retries=1",
        "--timeout=20",
        SDK,
    ];
    let installed = run(Command::new(&python).args(pip)).await;
    match installed {
        Some(installed) if installed.status.success() => Ok(python),
        Some(installed) => Err(format!("{SDK} could not be installed: {}", last_line(&installed))),
        None => Err("the new environment has no python".to_owned()),
    }
}

fn last_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr);
    text.trim().lines().last().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn zohos_own_python_sdk_believes_the_mock() {
    let folder = tempfile::tempdir().unwrap();
    let python = match python(folder.path()).await {
        Ok(python) => python,
        Err(reason) => {
            println!("SKIPPED: {reason}, so Zoho's Python SDK was not driven");
            return;
        }
    };
    let zoho = MockZoho::start().await.unwrap();
    let ready = json!({
        "base_url": zoho.base_url(),
        "client_id": zoho.client_id(),
        "client_secret": zoho.client_secret(),
        "refresh_token": zoho.refresh_token(),
    });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python_sdk/drive.py");
    let driven = run(Command::new(python)
        .arg(script)
        .arg(ready.to_string())
        .arg(folder.path())
        .current_dir(folder.path()))
    .await
    .unwrap();
    assert!(
        driven.status.success(),
        "{}\n{:#?}",
        String::from_utf8_lossy(&driven.stderr),
        zoho.journal().exchanges().last()
    );
    let done = String::from_utf8(driven.stdout).unwrap();
    assert_eq!(done.lines().collect::<Vec<_>>(), STEPS);
}
