//! How large the program is, how long it takes to start, and what it needs when nobody asks.

use std::path::Path;

use crate::Failure;
use crate::process::Server;
use crate::report::{Report, Target, median};

const MEGABYTE: f64 = 1_000_000.0;

/// Measures size, start and idle memory.
pub(super) fn measure(program: &Path, rounds: usize, report: &mut Report) -> Result<(), Failure> {
    let size = std::fs::metadata(program)?.len();
    report.add("binary", size as f64 / MEGABYTE, "MB", Target::AtMost(25.0));
    let mut times = Vec::new();
    let mut memory = Vec::new();
    // Starting is cheap, and the first of them reads the program from disk.
    for _ in 0..rounds.max(1) * 3 {
        let server = Server::start(program, &["serve", "--port", "0", "--ready-json"])?;
        times.push(server.took.as_secs_f64() * 1_000.0);
        memory.push(server.memory()? as f64 / MEGABYTE);
    }
    report.add("start to ready line", median(times), "ms", Target::AtMost(100.0));
    report.add("idle resident memory", median(memory), "MB", Target::AtMost(30.0));
    Ok(())
}
