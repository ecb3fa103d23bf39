//! Builds the soak and its workers, and starts it.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

/// How to soak.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How long faults are thrown, in minutes
    #[arg(long, default_value_t = 2.0)]
    minutes: f64,
    /// Throw what another run threw; it is printed at the start and in the report
    #[arg(long)]
    seed: Option<u64>,
    /// How many processes run triggers
    #[arg(long, default_value_t = 4)]
    workers: usize,
    /// How many triggers they share
    #[arg(long, default_value_t = 20)]
    triggers: usize,
    /// Write the report to a file too
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl Options {
    /// The same as arguments of the program.
    fn arguments(&self) -> Vec<String> {
        let mut out = vec![
            format!("--minutes={}", self.minutes),
            format!("--workers={}", self.workers),
            format!("--triggers={}", self.triggers),
        ];
        out.extend(self.seed.map(|seed| format!("--seed={seed}")));
        out.extend(
            self.report
                .as_ref()
                .map(|file| format!("--report={}", file.display())),
        );
        out
    }
}

/// Soaks; whether every invariant held. Progress and report come from the program.
///
/// # Errors
/// What could not be built or run.
pub(crate) fn run(root: &Path, options: &Options) -> Result<bool, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(root);
    build.args(["build", "--quiet", "--package", "zoho-conformance", "--bins"]);
    if !ends_well(&mut build)? {
        return Err("the soak can not be built".to_owned());
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |path| root.join(path));
    let program = target
        .join("debug")
        .join(format!("soak{}", std::env::consts::EXE_SUFFIX));
    ends_well(Command::new(program).args(options.arguments()))
}

fn ends_well(command: &mut Command) -> Result<bool, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{name}: {error}"))?;
    Ok(status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_told_what_was_asked_for() {
        let options = Options {
            minutes: 0.5,
            seed: Some(7),
            workers: 4,
            triggers: 20,
            report: None,
        };
        assert_eq!(
            options.arguments(),
            ["--minutes=0.5", "--workers=4", "--triggers=20", "--seed=7"]
        );
    }
}
