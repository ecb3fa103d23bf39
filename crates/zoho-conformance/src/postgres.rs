//! A PostgreSQL server of a test's own: a data folder that is thrown away, a socket in it, no port.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A running server, which stops when this is dropped.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    owner: Option<Owner>,
}

/// Who runs the server where the test is root, which PostgreSQL refuses to be.
#[derive(Clone, Copy, Debug)]
struct Owner {
    user: u32,
    group: u32,
}

impl Postgres {
    /// Starts a server and waits until it takes connections. `None`, with a line that says that
    /// `test` was skipped, where PostgreSQL is not installed.
    #[must_use]
    pub fn start(test: &str) -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("{test}: skipped, because PostgreSQL is not installed here");
            return None;
        };
        let folder = tempfile::tempdir().expect("a folder can be made");
        let root = folder.path().metadata().expect("the folder is there").uid() == 0;
        let owner = root.then(Owner::find);
        if let Some(owner) = owner {
            chown(folder.path(), Some(owner.user), Some(owner.group)).expect("root may give folders away");
        }
        let server = Self {
            programs,
            folder,
            owner,
        };
        server.run(
            "initdb",
            [
                "-D",
                "data",
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
            ],
        );
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync=off -c max_connections=200",
            server.folder.path().display()
        );
        let start = [
            "start",
            "-D",
            "data",
            "-w",
            "-t",
            "60",
            "-l",
            "log",
            "-o",
            options.as_str(),
        ];
        server.run("pg_ctl", start);
        Some(server)
    }

    /// Makes an empty database, and gives its address.
    #[must_use]
    pub fn database(&self, name: &str) -> String {
        let socket = self.folder.path().display().to_string();
        self.run("createdb", ["-h", socket.as_str(), "-U", "postgres", name]);
        format!(
            "postgres://postgres@localhost/{name}?host={}",
            socket.replace('/', "%2F")
        )
    }

    fn run<S: AsRef<OsStr>>(&self, program: &str, arguments: impl IntoIterator<Item = S>) {
        let status = self.command(program).args(arguments).status();
        let done = status.as_ref().is_ok_and(std::process::ExitStatus::success);
        let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        assert!(done, "{program} failed: {status:?}\n{}", log());
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        if let Some(owner) = self.owner {
            command.uid(owner.user).gid(owner.group);
        }
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let stop = ["stop", "-D", "data", "-m", "immediate", "-w"];
        if let Err(error) = self.command("pg_ctl").args(stop).status() {
            eprintln!("the server was not stopped: {error}");
        }
    }
}

impl Owner {
    /// Debian's `postgres`, else `nobody`.
    fn find() -> Self {
        let users = fs::read_to_string("/etc/passwd").expect("a machine has users");
        let entry = |name: &str| {
            let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
            let mut numbers = line.split(':').skip(2).map(str::parse);
            Some(Self {
                user: numbers.next()?.ok()?,
                group: numbers.next()?.ok()?,
            })
        };
        entry("postgres")
            .or_else(|| entry("nobody"))
            .expect("a machine has a user who is not root")
    }
}

/// The folder of the server's programs: on the path, or where Debian puts them.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<PathBuf> = debian
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    folders.sort();
    folders.reverse();
    folders.extend(std::env::split_paths(&path));
    let complete = |folder: &Path| {
        ["initdb", "pg_ctl", "createdb"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    folders.into_iter().find(|folder| complete(folder))
}
