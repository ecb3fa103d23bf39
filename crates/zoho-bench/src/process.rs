//! The programs under measurement: started, read from, looked at through `/proc`, and ended.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde::Deserialize;

use crate::Failure;
use crate::clock::Watch;
use crate::load::{Order, Outcome};

/// Ticks of CPU time in a second: Linux's USER_HZ, the same on all of its platforms.
const TICKS: f64 = 100.0;

/// A server that is killed when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Held open, so that the server can go on writing.
    _output: BufReader<ChildStdout>,
    /// The line that it printed when it was ready.
    pub(crate) line: String,
    /// How long that took.
    pub(crate) took: Duration,
}

impl Server {
    /// Starts a program and waits for its first line.
    pub(crate) fn start(program: &Path, arguments: &[impl AsRef<OsStr>]) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(arguments).env("ZOHO_MOCK_LOG", "error");
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let watch = Watch::start();
        let mut child = command
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let output = child.stdout.take().ok_or("the program has no output")?;
        let mut output = BufReader::new(output);
        let mut line = String::new();
        let read = output.read_line(&mut line);
        let took = watch.read();
        let server = Self {
            child,
            _output: output,
            line,
            took,
        };
        match read? {
            0 => Err(format!("{} ended before it was ready", program.display()).into()),
            _ => Ok(server),
        }
    }

    /// Resident memory in bytes.
    pub(crate) fn memory(&self) -> Result<u64, Failure> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
        let kilobytes: u64 = kilobytes.ok_or("there is no VmRSS")?.trim().parse()?;
        Ok(kilobytes * 1_024)
    }

    /// Seconds of CPU that it used so far.
    pub(crate) fn cpu(&self) -> Result<f64, Failure> {
        let stat = self.proc("stat")?;
        // What follows the name in parentheses; user and system time are the 12th and 13th of it.
        let (_, rest) = stat.rsplit_once(')').ok_or("there is no name in stat")?;
        let ticks = rest.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        let ticks: u64 = ticks.sum::<Result<u64, _>>()?;
        Ok(ticks as f64 / TICKS)
    }

    fn proc(&self, file: &str) -> Result<String, Failure> {
        let path = format!("/proc/{}/{file}", self.child.id());
        std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}").into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A child that has ended already is ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the mock says when it is ready.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Ready {
    pub(crate) base_url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) refresh_token: String,
}

impl Ready {
    /// Reads the line of a mock.
    pub(crate) fn of(server: &Server) -> Result<Self, Failure> {
        Ok(serde_json::from_str(&server.line)?)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> Result<SocketAddr, Failure> {
        let address = self
            .base_url
            .strip_prefix("http://")
            .ok_or("the mock speaks no http")?;
        Ok(address.parse()?)
    }
}

/// This program.
pub(crate) fn own() -> Result<std::path::PathBuf, Failure> {
    Ok(std::env::current_exe()?)
}

/// Carries out an order in a process of its own.
pub(crate) fn load(order: &Order, folder: &Path) -> Result<Outcome, Failure> {
    let file = folder.join("order.json");
    std::fs::write(&file, serde_json::to_vec(order)?)?;
    let output = Command::new(own()?).arg("load").arg(file).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
