//! Runs a target of hostile inputs over files: `hostile TARGET FILE...`, or `hostile --list`.
//!
//! It prints how much memory the process took at most, and ends by a panic when something did not hold.
#![allow(
    clippy::print_stdout,
    reason = "a program for people and tests, which read what it prints"
)]

use std::process::ExitCode;

use zoho_conformance::hostile::{TARGETS, Target};
use zoho_conformance::memory;

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
    let peak = || memory::of("self", "VmHWM").unwrap_or(0);
    println!("before {}", peak());
    for file in arguments {
        (target.run)(&std::fs::read(&file)?);
        println!("peak {} {file}", peak());
    }
    Ok(ExitCode::SUCCESS)
}
