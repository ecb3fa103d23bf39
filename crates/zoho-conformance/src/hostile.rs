//! Whatever bytes come from outside, nothing panics, hangs or answers as if it were its own fault.
//!
//! A [`Target`] is a parser as a function over bytes. `tests/processes/hostile.rs` runs each over its corpus and over
//! [`mutated`](mutate::Mutator) inputs, and over bombs in a process whose memory is measured; the folder `fuzz/` has the
//! same functions as targets of `cargo fuzz`. The program `hostile` runs a target over files, to see a failure again.

mod client;
mod files;
mod mock;
pub mod mutate;

use std::path::PathBuf;

/// A parser that reads bytes from outside.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, and that of the folder of its corpus.
    pub name: &'static str,
    /// Runs it. It panics when something did not hold.
    pub run: fn(&[u8]),
    /// How many mutated inputs an ordinary test run gives it.
    pub rounds: usize,
}

/// All targets, by name.
pub const TARGETS: [Target; 12] = [
    target("archive", client::archive, 600),
    target("coql", mock::coql, 1_500),
    target("criteria", mock::criteria, 1_500),
    target("decode", client::decode, 3_000),
    target("multipart", mock::multipart, 1_500),
    target("oauth_callback", client::oauth_callback, 3_000),
    target("openapi", files::openapi, 150),
    target("page_token", mock::page_token, 1_500),
    target("response", client::response, 1_500),
    target("seed", files::seed, 400),
    target("token_answer", client::token_answer, 1_000),
    target("webhook", client::webhook, 3_000),
];

const fn target(name: &'static str, run: fn(&[u8]), rounds: usize) -> Target {
    Target { name, run, rounds }
}

impl Target {
    /// The target of a name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        TARGETS.into_iter().find(|target| target.name == name)
    }

    /// Its corpus: inputs that once were of interest, sorted by the names of their files.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn corpus(&self) -> Vec<Vec<u8>> {
        let folder = corpora().join(self.name);
        let entries =
            std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut files: Vec<PathBuf> = entries
            .map(|entry| entry.expect("a folder can be read").path())
            .collect();
        files.sort();
        let read = |file: &PathBuf| {
            std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
        };
        files.iter().map(read).collect()
    }
}

/// The folder of the corpora.
fn corpora() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}
