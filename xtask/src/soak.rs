//! Builds the soak and its workers, and starts it.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::report::Report;

/// How to soak.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// What the program is told, such as `--minutes 10`; `-- --help` lists it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "OPTIONS")]
    pub(crate) program: Vec<OsString>,
}

/// Soaks. Progress and report come from the program.
///
/// # Errors
/// What could not be built or run.
pub(crate) fn run(root: &Path, options: &Options) -> Result<Report, String> {
    let package = ["--quiet", "--package", "zoho-conformance"];
    // The soak starts the workers by itself.
    if !ends_well(cargo("build", root).args(package).arg("--bins"))? {
        return Err("the soak can not be built".to_owned());
    }
    let mut soak = cargo("run", root);
    soak.args(package).args(["--bin", "soak", "--"]);
    let holds = ends_well(soak.args(&options.program))?;
    Ok(Report {
        text: String::new(),
        stale: !holds,
    })
}

/// A command of cargo in the folder that the user is in, so that a file named there is meant there.
fn cargo(command: &str, root: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args([command, "--manifest-path"])
        .arg(root.join("Cargo.toml"));
    cargo
}

fn ends_well(command: &mut Command) -> Result<bool, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{name}: {error}"))?;
    Ok(status.success())
}
