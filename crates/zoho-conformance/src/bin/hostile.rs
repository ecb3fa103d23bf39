//! Runs a target of hostile inputs over files: `hostile TARGET FILE...`, or `hostile --list`.
//!
//! It prints how much memory the process took at most, and ends by a panic when something did not hold.
#![allow(
    clippy::print_stdout,
    reason = "a program for people and tests, which read what it prints"
)]

use std::process::ExitCode;

use zoho_conformance::hostile::{TARGETS, Target};

fn main() -> Result<ExitCode, std::io::Error> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    if name == "--list" {
        TARGETS.iter().for_each(|target| println!("{}", target.name));
        return Ok(ExitCode::SUCCESS);
    }
    let Some(target) = Target::of(&name) else {
        eprintln!("usage: hostile TARGET FILE..., or hostile --list");
        return Ok(ExitCode::FAILURE);
    };
    // Whatever a target needs once, such as the shipped descriptions, is not counted.
    (target.run)(b"");
    (target.run)(b"xx{}");
    println!("before {}", peak().unwrap_or(0));
    for file in arguments {
        (target.run)(&std::fs::read(&file)?);
        println!("peak {} {file}", peak().unwrap_or(0));
    }
    Ok(ExitCode::SUCCESS)
}

/// The most memory that the process had, in kilobytes; `None` where there is no `/proc`.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
