//! The soak itself: a short one passes, and one that was tampered with fails.
//!
//! It runs processes and so in real time. CI runs a longer one by `cargo xtask soak`.
#![allow(clippy::expect_used, reason = "a failed expectation is the verdict of a test")]

use std::process::{Command, Output};

fn soak(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_soak"))
        .args([
            "--minutes",
            "0.15",
            "--seed",
            "7",
            "--workers",
            "2",
            "--triggers",
            "3",
        ])
        .args(arguments)
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_soak_reports_on_a_page_and_fails_when_an_invariant_is_broken() {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let file = folder.path().join("report.md");
    let good = soak(&["--report", file.to_str().expect("a path is a text")]);
    let (said, why) = (text(&good.stdout), text(&good.stderr));
    assert!(good.status.success(), "{said}{why}");
    assert!(why.contains("--seed 7"), "{why}");
    assert!(
        said.contains("seed 7") && said.contains("Every invariant held"),
        "{said}"
    );
    assert!(said.lines().count() <= 40, "{said}");
    assert_eq!(std::fs::read_to_string(file).expect("there is a report"), said);
    let bad = soak(&["--sabotage"]);
    assert_eq!(bad.status.code(), Some(1), "{}", text(&bad.stdout));
    assert!(
        text(&bad.stdout).contains("BROKEN:\n- 1 changes were not told"),
        "{}",
        text(&bad.stdout)
    );
}
