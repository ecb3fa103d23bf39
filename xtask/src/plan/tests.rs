//! The plan on a small tree of its own.

use tempfile::TempDir;

use super::*;

const FOLDERS: [&str; 1] = ["generated"];

fn file(path: &str, text: &str) -> GeneratedFile {
    GeneratedFile {
        path: path.into(),
        text: text.into(),
        part: Part::Whole,
    }
}

fn tree(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

fn plan(dir: &TempDir, files: &[GeneratedFile]) -> Plan {
    Plan::new(dir.path(), files, &FOLDERS).unwrap()
}

#[test]
fn what_is_new_or_different_is_written_and_the_rest_is_left_alone() {
    let dir = tree(&[("generated/a.rs", "a\n"), ("generated/b.rs", "old\n")]);
    let files = [
        file("generated/a.rs", "a\n"),
        file("generated/b.rs", "b\n"),
        file("generated/c/d.rs", "d\n"),
    ];
    let before = std::fs::metadata(dir.path().join("generated/a.rs"))
        .unwrap()
        .modified()
        .unwrap();

    let found = plan(&dir, &files);
    assert_eq!(found.unchanged, 1);
    assert_eq!(
        found.summary(),
        "written  generated/b.rs\nwritten  generated/c/d.rs\n1 unchanged\n"
    );
    found.apply(dir.path()).unwrap();

    assert_eq!(
        std::fs::read_to_string(dir.path().join("generated/c/d.rs")).unwrap(),
        "d\n"
    );
    assert_eq!(
        std::fs::metadata(dir.path().join("generated/a.rs"))
            .unwrap()
            .modified()
            .unwrap(),
        before
    );
    assert!(plan(&dir, &files).changes.is_empty());
}

#[test]
fn what_nothing_asks_for_is_deleted_also_in_folders_below() {
    let dir = tree(&[
        ("generated/a.rs", "a\n"),
        ("generated/old/b.rs", "b\n"),
        ("by_hand.rs", "x\n"),
    ]);
    let files = [file("generated/a.rs", "a\n")];

    let found = plan(&dir, &files);
    assert_eq!(found.summary(), "deleted  generated/old/b.rs\n1 unchanged\n");
    found.apply(dir.path()).unwrap();

    assert!(!dir.path().join("generated/old/b.rs").exists());
    assert!(dir.path().join("by_hand.rs").exists());
}

#[test]
fn a_diff_shows_both_sides_and_writes_nothing() {
    let dir = tree(&[("generated/a.rs", "one\ntwo\n"), ("generated/gone.rs", "x\n")]);
    let found = plan(&dir, &[file("generated/a.rs", "one\nthree\n")]);

    let diff = found.diff();
    let expected = "--- a/generated/a.rs\n+++ b/generated/a.rs\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n";
    assert!(diff.starts_with(expected), "{diff}");
    assert!(
        diff.contains("--- a/generated/gone.rs\n+++ /dev/null\n"),
        "{diff}"
    );
    assert_eq!(
        std::fs::read_to_string(dir.path().join("generated/a.rs")).unwrap(),
        "one\ntwo\n"
    );
}

#[test]
fn a_block_is_replaced_inside_a_file_written_by_hand() {
    let text = format!("[features]\nmine = []\n{BLOCK_BEGIN}\nold = []\n{BLOCK_END}\n\n[dependencies]\n");
    let dir = tree(&[("Cargo.toml", &text)]);
    let block = format!("{BLOCK_BEGIN}\nnew = []\n{BLOCK_END}\n");
    let files = [GeneratedFile {
        path: "Cargo.toml".into(),
        text: block,
        part: Part::Block,
    }];

    plan(&dir, &files).apply(dir.path()).unwrap();

    let now = std::fs::read_to_string(dir.path().join("Cargo.toml")).unwrap();
    assert_eq!(now, text.replace("old", "new"));
    assert!(plan(&dir, &files).changes.is_empty());
}

#[test]
fn a_file_without_markers_is_an_error_that_names_them() {
    let dir = tree(&[("Cargo.toml", "[features]\n")]);
    let files = [GeneratedFile {
        path: "Cargo.toml".into(),
        text: String::new(),
        part: Part::Block,
    }];
    let error = Plan::new(dir.path(), &files, &FOLDERS).unwrap_err().to_string();
    assert!(
        error.starts_with("Cargo.toml: ") && error.contains(BLOCK_BEGIN),
        "{error}"
    );
}
