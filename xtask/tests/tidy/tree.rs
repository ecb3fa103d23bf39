//! The workspace as text.

use std::fs;
use std::path::Path;

/// Folders that are nobody's text.
const SKIPPED: [&str; 3] = ["target", ".git", "proptest-regressions"];
/// Names that are text by their ends.
const TEXT: [&str; 6] = [".rs", ".md", ".toml", ".yaml", ".yml", ".gitattributes"];

/// A text file.
#[derive(Debug)]
pub(crate) struct File {
    /// Relative to the workspace, with `/`.
    pub(crate) path: String,
    /// What it says.
    pub(crate) text: String,
}

impl File {
    /// Whether it is Rust.
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the generator wrote it.
    pub(crate) fn is_generated(&self) -> bool {
        self.text.starts_with(zoho_codegen::HEADER)
    }
}

/// All text files.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Sorted by path.
    pub(crate) files: Vec<File>,
}

impl Tree {
    /// Reads the workspace.
    pub(crate) fn load() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut files = Vec::new();
        read(root, "", &mut files);
        files.sort_by(|a, b| a.path.cmp(&b.path));
        assert!(files.len() > 20, "the workspace is not at {}", root.display());
        Self { files }
    }

    /// The text of a file that must be there.
    pub(crate) fn text(&self, path: &str) -> &str {
        let found = self.files.iter().find(|file| file.path == path);
        &found.unwrap_or_else(|| panic!("there is no {path}")).text
    }

    /// The names of the crates below `crates/`.
    pub(crate) fn crates(&self) -> Vec<String> {
        let inner = |file: &File| {
            Some(
                file.path
                    .strip_prefix("crates/")?
                    .strip_suffix("/Cargo.toml")?
                    .to_owned(),
            )
        };
        self.files.iter().filter_map(inner).collect()
    }

    /// The root module of each crate, by crate.
    pub(crate) fn roots(&self) -> Vec<(String, &str)> {
        let text = |name: String| {
            let path = format!("crates/{name}/src/lib.rs");
            let found = self.files.iter().find(|file| file.path == path)?;
            Some((name, found.text.as_str()))
        };
        self.crates().into_iter().filter_map(text).collect()
    }
}

fn read(folder: &Path, below: &str, into: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{below}{name}");
        if entry.file_type().unwrap().is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                read(&entry.path(), &format!("{path}/"), into);
            }
        } else if TEXT.iter().any(|end| name.ends_with(end)) {
            let text = fs::read_to_string(entry.path()).unwrap();
            into.push(File { path, text });
        }
    }
}

/// Whether a text has a word, not only as a part of a longer one.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

#[test]
fn a_part_of_a_word_is_no_word() {
    assert!(has_word("see `auth/grant.rs`", "auth"));
    assert!(!has_word("the author", "auth"));
    assert!(!has_word("zoho-client", "zoho"));
}
