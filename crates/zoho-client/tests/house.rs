//! Rules of the house that a compiler does not check.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn one_file_makes_http_clients_one_reads_the_clock_and_none_is_too_long() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    files.retain(|path| !path.to_string_lossy().contains("generated"));
    assert!(files.len() > 40);
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let name = path
            .strip_prefix(&root)
            .unwrap()
            .to_string_lossy()
            .replace('\\', "/");
        let makes_clients = text.contains("Client::builder()") || text.contains("Client::new()");
        assert!(
            !makes_clients || name == "pipeline/transport/reqwest.rs",
            "{name} makes a client"
        );
        let reads_clock = text.contains("Timestamp::now()") || text.contains("SystemTime::now()");
        assert!(!reads_clock || name == "clock.rs", "{name} reads the clock");
        assert!(text.starts_with("//!"), "{name} does not say what it is");
        assert!(text.lines().count() <= 400, "{name} is too long");
    }
}
