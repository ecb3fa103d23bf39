//! A copy of the workspace to put bugs into, and its tests as processes.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::clock::Stopwatch;

/// What came of a test run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Passed,
    Failed,
    /// It did not end in time.
    Hung,
    /// It did not compile.
    Broken,
}

impl Verdict {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "caught",
            Self::Hung => "caught-hung",
            Self::Broken => "broken",
        }
    }
}

/// The copy.
pub(super) struct Tree {
    sources: PathBuf,
    build: PathBuf,
}

impl Tree {
    /// Copies what git tracks, or brings an older copy up to date. Files keep their times, so that what did not change
    /// is not built again.
    pub(super) fn copy(root: &Path, folder: &Path) -> Result<Self, String> {
        let listed = Command::new("git")
            .args(["ls-files", "-z"])
            .current_dir(root)
            .output();
        let listed = listed.map_err(|error| format!("git ls-files: {error}"))?;
        let names = String::from_utf8(listed.stdout).map_err(|error| format!("git ls-files: {error}"))?;
        let tree = Self {
            sources: folder.join("tree"),
            build: folder.join("build"),
        };
        for name in names.split('\0').filter(|name| !name.is_empty()) {
            let (from, to) = (root.join(name), tree.sources.join(name));
            if from.is_file() {
                copy_one(&from, &to).map_err(|error| format!("{}: {error}", to.display()))?;
            }
        }
        Ok(tree)
    }

    pub(super) fn read(&self, path: &str) -> Result<String, String> {
        fs::read_to_string(self.sources.join(path)).map_err(|error| format!("{path}: {error}"))
    }

    pub(super) fn write(&self, path: &str, text: &str) -> Result<(), String> {
        fs::write(self.sources.join(path), text).map_err(|error| format!("{path}: {error}"))
    }

    /// Where the output of the last test is.
    pub(super) fn log(&self) -> String {
        self.sources.with_file_name("log.txt").display().to_string()
    }

    /// Builds and runs a test.
    pub(super) fn test(&self, arguments: &[&str], limit: Duration) -> Result<Verdict, String> {
        let of_cargo = arguments.iter().take_while(|argument| **argument != "--");
        let building: Vec<&str> = of_cargo.copied().chain(["--no-run"]).collect();
        // What the compiler needs is not what a test hangs in.
        match self.cargo(&building, limit * 10)? {
            Verdict::Passed => self.cargo(arguments, limit),
            _ => Ok(Verdict::Broken),
        }
    }

    /// Whether the runner has told of a test that failed.
    fn has_a_failure(&self) -> bool {
        fs::read_to_string(self.log()).is_ok_and(|log| log.lines().any(is_a_failure))
    }

    fn cargo(&self, arguments: &[&str], limit: Duration) -> Result<Verdict, String> {
        let failed = |error: std::io::Error| format!("cargo {}: {error}", arguments.join(" "));
        let log = File::create(self.log()).map_err(failed)?;
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(arguments)
            .current_dir(&self.sources)
            .env("CARGO_TARGET_DIR", &self.build)
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(failed)?)
            .stderr(log);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(failed)?;
        let started = Stopwatch::start();
        loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                return Ok(if status.success() {
                    Verdict::Passed
                } else {
                    Verdict::Failed
                });
            }
            // One test that fails is enough; the others need not be waited for.
            let caught = self.has_a_failure();
            if caught || started.passed() > limit {
                // The group: the test is a child of cargo's.
                let group = format!("-{}", child.id());
                let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
                child.wait().map_err(failed)?;
                return Ok(if caught { Verdict::Failed } else { Verdict::Hung });
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

/// A line of a test runner that says that a test failed: `test a::b ... FAILED`.
fn is_a_failure(line: &str) -> bool {
    line.starts_with("test ") && line.ends_with(" ... FAILED")
}

/// Copies a file unless it is the same already. A new file keeps its time, and what is built of it its worth; one that
/// was other is to be built again, however old what takes its place.
fn copy_one(from: &Path, to: &Path) -> std::io::Result<()> {
    let text = fs::read(from)?;
    let text = match to.ends_with("crates/zoho-client/Cargo.toml") {
        true => without_itself(&text),
        false => text,
    };
    let known = fs::read(to).ok();
    if known.as_ref() == Some(&text) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(to, text)?;
    if known.is_none() {
        let modified = fs::metadata(from)?.modified()?;
        File::options().write(true).open(to)?.set_modified(modified)?;
    }
    Ok(())
}

/// The client's manifest without its dependency on itself, which only its examples need: with it each bug is built twice.
fn without_itself(manifest: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(manifest);
    let lines = text.split_inclusive('\n');
    lines
        .filter(|line| !line.starts_with("zoho-client = {"))
        .collect::<String>()
        .into_bytes()
}
