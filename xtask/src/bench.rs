//! Builds what is to be measured with `--release`, and has `zoho-bench` measure it; or measures the building.

pub(crate) mod build;

use std::path::Path;
use std::process::Command;

/// Leads of the large world, unless somebody asks for others.
pub(crate) const LEADS: usize = 1_000_000;
/// How often mock and bare handler take turns, and client and loop by hand.
pub(crate) const MOCK_ROUNDS: usize = 7;
pub(crate) const CLIENT_ROUNDS: usize = 5;

/// Measures the mock. The figures go to stdout as they come from the program.
///
/// # Errors
/// What could not be built or run.
pub(crate) fn mock(
    root: &Path,
    json: bool,
    leads: usize,
    rounds: usize,
    only: &[String],
) -> Result<(), String> {
    compile(
        root,
        &["--package", "zoho-mock", "--package", "zoho-bench", "--bins"],
    )?;
    measure(root, "mock", json, leads, rounds, only)
}

/// Measures the client, and the programs that are compared by size. The figures go to stdout as they come.
///
/// # Errors
/// What could not be built or run.
pub(crate) fn client(root: &Path, json: bool, leads: usize, rounds: usize) -> Result<(), String> {
    compile(root, &["--package", "zoho-mock", "--bins"])?;
    // On their own, so that nobody else's features are in the programs that are compared.
    compile(root, &["--package", "zoho-bench", "--bins", "--examples"])?;
    measure(root, "client", json, leads, rounds, &[])
}

fn compile(root: &Path, what: &[&str]) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(root).args(["build", "--release", "--quiet"]);
    run(build.args(what))
}

fn measure(
    root: &Path,
    what: &str,
    json: bool,
    leads: usize,
    rounds: usize,
    only: &[String],
) -> Result<(), String> {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path));
    let programs = target.join("release");
    let mut bench = Command::new(programs.join("zoho-bench"));
    bench.arg(what).arg(programs.join("zoho-mock"));
    bench.args(["--leads", &leads.to_string(), "--rounds", &rounds.to_string()]);
    if json {
        bench.arg("--json");
    }
    if !only.is_empty() {
        bench.args(["--only", &only.join(",")]);
    }
    run(&mut bench)
}

fn run(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{name} ended with {status}")),
        Err(error) => Err(format!("{name}: {error}")),
    }
}
