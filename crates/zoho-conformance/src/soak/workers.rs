//! The processes that run triggers, and what their triggers were told.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::ledger::Millis;

/// How long a lease lasts, and how often a trigger runs.
const TERM: Duration = Duration::from_secs(8);
const INTERVAL: Duration = Duration::from_secs(4);

/// Where the workers find what they need.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) program: PathBuf,
    pub(crate) store: String,
    pub(crate) folder: PathBuf,
    pub(crate) triggers: usize,
    /// Names and values of the environment: the connection.
    pub(crate) environment: Vec<(&'static str, String)>,
}

/// The processes.
#[derive(Debug)]
pub(crate) struct Workers {
    site: Site,
    running: Vec<Child>,
    pub(crate) kills: usize,
}

impl Workers {
    pub(crate) fn start(site: Site, count: usize) -> io::Result<Self> {
        let running = (0..count).map(|_| worker(&site)).collect::<io::Result<_>>()?;
        Ok(Self {
            site,
            running,
            kills: 0,
        })
    }

    /// Kills one and starts another.
    pub(crate) fn replace(&mut self, which: usize) -> io::Result<()> {
        if let Some(child) = self.running.get_mut(which) {
            child.kill()?;
            child.wait()?;
            *child = worker(&self.site)?;
            self.kills += 1;
        }
        Ok(())
    }

    /// What is wrong: workers that ended by themselves.
    pub(crate) fn wrong(&mut self) -> io::Result<Vec<String>> {
        let mut wrong = Vec::new();
        for child in &mut self.running {
            if let Some(status) = child.try_wait()? {
                wrong.push(format!("worker {} ended by itself with {status}", child.id()));
            }
        }
        Ok(wrong)
    }

    /// The memory of the largest, in kilobytes; nothing where there is no `/proc`.
    pub(crate) fn memory(&self) -> u64 {
        let sizes = self.running.iter().map(|child| memory(&child.id().to_string()));
        sizes.max().unwrap_or(0)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for child in &mut self.running {
            // It may have ended before.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn worker(site: &Site) -> io::Result<Child> {
    Command::new(&site.program)
        .arg(&site.store)
        .arg(&site.folder)
        .args([
            site.triggers.to_string(),
            TERM.as_millis().to_string(),
            INTERVAL.as_millis().to_string(),
        ])
        .envs(site.environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(
            File::options()
                .create(true)
                .append(true)
                .open(site.folder.join("errors"))?,
        )
        .spawn()
}

/// The memory of a process, in kilobytes; nothing where there is no `/proc`.
pub(crate) fn memory(process: &str) -> u64 {
    crate::memory::of(process, "VmRSS").unwrap_or(0)
}

/// What one trigger was told, read on from where it was read before.
#[derive(Debug, Default)]
pub(crate) struct Told {
    read: u64,
    rest: String,
    /// When it was told of each lead for the last time.
    pub(crate) last: BTreeMap<String, Millis>,
    /// Times that it ran twice at once.
    pub(crate) twice: usize,
    /// How many leads it was told of, with those that it was told of again.
    pub(crate) events: usize,
}

impl Told {
    /// Reads what was written since.
    pub(crate) fn go_on(&mut self, folder: &Path, trigger: usize) -> io::Result<()> {
        let Ok(mut file) = File::open(folder.join(trigger.to_string())) else {
            return Ok(());
        };
        file.seek(SeekFrom::Start(self.read))?;
        let mut bytes = Vec::new();
        io::copy(&mut file, &mut bytes)?;
        self.read += bytes.len() as u64;
        self.rest.push_str(&String::from_utf8_lossy(&bytes));
        while let Some((line, rest)) = self.rest.split_once('\n') {
            let (line, rest) = (line.to_owned(), rest.to_owned());
            self.line(&line);
            self.rest = rest;
        }
        Ok(())
    }

    fn line(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("twice") => self.twice += 1,
            Some(time) => {
                let at: Millis = time.parse().unwrap_or(0);
                for id in words {
                    self.events += 1;
                    let last = self.last.entry(id.to_owned()).or_default();
                    *last = at.max(*last);
                }
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_trigger_was_told_is_read_as_it_grows() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let write =
            |text: &str| std::fs::write(folder.path().join("7"), text).expect("a file can be written");
        let mut told = Told::default();
        told.go_on(folder.path(), 7).expect("no file is no error");
        write("10 a b\n20 b");
        told.go_on(folder.path(), 7).expect("a file can be read");
        assert_eq!((told.events, told.last.get("b")), (2, Some(&10)));
        write("10 a b\n20 b\ntwice\n");
        told.go_on(folder.path(), 7).expect("a file can be read");
        assert_eq!((told.events, told.last.get("b"), told.twice), (3, Some(&20), 1));
    }
}
