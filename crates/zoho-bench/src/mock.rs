//! The figures of the mock: small (start, memory, size), busy (lists, creates) and large (a million leads).

mod busy;
mod large;
mod session;
mod small;

use std::path::Path;

use crate::Failure;
use crate::report::Report;

/// Measures a zoho-mock program.
pub(crate) fn run(program: &Path, leads: usize, rounds: usize) -> Result<Report, Failure> {
    let mut report = Report::default();
    // Requests of the measuring program itself; load comes from processes of their own.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    small::measure(program, rounds, &mut report)?;
    busy::measure(program, rounds, &runtime, &mut report)?;
    large::measure(program, leads, &runtime, &mut report)?;
    Ok(report)
}
