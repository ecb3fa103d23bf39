//! The figures of the mock: small (start, memory, size), busy (lists, creates) and large (a million leads).

mod busy;
mod large;
mod session;
mod small;

use std::path::Path;

use crate::report::Report;
use crate::{Failure, Part};

/// Measures a zoho-mock program: these parts of it, or all.
pub(crate) fn run(program: &Path, leads: usize, rounds: usize, only: &[Part]) -> Result<Report, Failure> {
    let mut report = Report::default();
    // Requests of the measuring program itself; load comes from processes of their own.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let wanted = |part| only.is_empty() || only.contains(&part);
    if wanted(Part::Small) {
        small::measure(program, rounds, &mut report)?;
    }
    if wanted(Part::Busy) {
        busy::measure(program, rounds, &runtime, &mut report)?;
    }
    if wanted(Part::Large) {
        large::measure(program, leads, &runtime, &mut report)?;
    }
    Ok(report)
}
