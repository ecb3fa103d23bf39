//! What a snapshot shows, and that the committed ones are fresh.

use std::fs;
use std::path::Path;

use super::*;

/// The snapshot of a crate of these files.
fn of(files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    snapshot(folder.path(), "a-crate").unwrap()
}

#[test]
fn private_parts_do_not_show() {
    let text = of(&[(
        "lib.rs",
        "/// Documented.\n#[derive(Debug)]\npub struct Shown { pub name: String, secret: u8 }\n\
         impl Shown { pub fn new() -> Self { made_inside() } fn inner(&self) {} }\n\
         struct Hidden;\npub(crate) fn own() {}\n#[cfg(test)]\nmod tests { pub fn t() {} }",
    )]);
    assert!(text.contains("pub name: String"), "{text}");
    assert!(text.contains("pub fn new() -> Self;"), "{text}");
    assert!(text.contains("    ..\n}"), "private fields leave a mark:\n{text}");
    for hidden in [
        "secret",
        "inner",
        "Hidden",
        "fn own",
        "made_inside",
        "Documented",
        "fn t",
    ] {
        assert!(!text.contains(hidden), "{hidden} shows:\n{text}");
    }
}

#[test]
fn an_item_shows_once_by_its_public_path() {
    let text = of(&[
        (
            "lib.rs",
            "mod inner;\npub mod outer;\npub use inner::Deep as Renamed;\npub use std::fmt::Debug;",
        ),
        (
            "inner.rs",
            "pub struct Deep;\nimpl std::fmt::Display for Deep { fn fmt(&self) {} }",
        ),
        (
            "outer.rs",
            "pub use crate::inner::Deep;\npub use crate::inner::*;",
        ),
    ]);
    assert_eq!(text.matches("pub struct Deep;").count(), 1, "{text}");
    assert!(text.contains("// here as `Renamed`"), "{text}");
    assert!(text.contains("use Deep = Renamed"), "{text}");
    assert!(text.contains("impl std::fmt::Display for Deep;"), "{text}");
    assert!(text.contains("use Debug = std::fmt::Debug"), "{text}");
}

#[test]
fn items_of_one_name_keep_apart_what_is_implemented() {
    let text = of(&[
        ("lib.rs", "pub mod a;\npub mod b;"),
        ("a.rs", "mod list;\npub use list::List;"),
        (
            "a/list.rs",
            "pub struct List;\nimpl List { pub fn of_a(&self) {} }",
        ),
        ("b.rs", "pub struct List;\nmod more;"),
        (
            "b/more.rs",
            "use super::List;\nimpl List { pub fn of_b(&self) {} }",
        ),
    ]);
    let (a, b) = text.split_once("## a_crate::b").unwrap();
    assert!(a.contains("of_a") && !a.contains("of_b"), "{text}");
    assert!(b.contains("of_b") && !b.contains("of_a"), "{text}");
}

#[test]
fn generated_modules_show_by_name() {
    let text = of(&[("lib.rs", "mod generated;\npub use crate::generated::crm as api;")]);
    assert!(text.contains("use api = generated::crm"), "{text}");
}

#[test]
fn the_committed_surface_is_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let report = run(root, true).unwrap();
    assert!(!report.stale, "{}", report.text);
}
