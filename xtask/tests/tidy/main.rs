//! House rules, so that nobody has to remember them. A failure lists every place that breaks the rule.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod manifests;
mod sources;
mod tree;
mod trust;

use tree::Tree;

/// Fails with one line for each complaint.
fn none(rule: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{rule}:\n{}", complaints.join("\n"));
}

/// Runs a rule over every text file that `wanted` takes.
fn each(
    tree: &Tree,
    wanted: impl Fn(&tree::File) -> bool,
    rule: impl Fn(&tree::File) -> Vec<String>,
) -> Vec<String> {
    let complaints = |file: &tree::File| -> Vec<String> {
        rule(file)
            .into_iter()
            .map(|complaint| format!("{}{complaint}", file.path))
            .collect()
    };
    tree.files
        .iter()
        .filter(|file| wanted(file))
        .flat_map(complaints)
        .collect()
}

#[test]
fn every_source_file_opens_with_what_the_room_is() {
    let rule = |file: &tree::File| sources::opens_with_its_room(&file.text);
    none(
        "a source file opens with `//!`",
        &each(&Tree::load(), tree::File::is_rust, rule),
    );
}

#[test]
fn files_written_by_hand_are_short() {
    let by_hand = |file: &tree::File| file.is_rust() && !file.is_generated();
    let rule = |file: &tree::File| sources::is_short(&file.text);
    none(
        "a file written by hand has at most 400 lines",
        &each(&Tree::load(), by_hand, rule),
    );
}

#[test]
fn generated_folders_hold_generated_files_only() {
    let generated = |file: &tree::File| {
        zoho_codegen::FOLDERS
            .iter()
            .any(|folder| file.path.starts_with(&format!("{folder}/")) || file.path == format!("{folder}.rs"))
    };
    let rule = |file: &tree::File| sources::has_header(&file.text);
    none(
        "a generated file carries the header",
        &each(&Tree::load(), generated, rule),
    );
}

#[test]
fn no_line_ends_in_space() {
    let rule = |file: &tree::File| sources::has_clean_ends(&file.text);
    none("no line ends in space", &each(&Tree::load(), |_| true, rule));
}

#[test]
fn no_test_and_no_example_is_switched_off() {
    let rule = |file: &tree::File| sources::switches_nothing_off(&file.text);
    let prose = |file: &tree::File| file.is_rust() || file.path.ends_with(".md");
    none("tests and examples run", &each(&Tree::load(), prose, rule));
}

#[test]
fn clocks_are_read_in_one_place() {
    let test =
        |path: &str| path.contains("/tests/") || path.ends_with("/tests.rs") || path.ends_with("/testing.rs");
    let shipped = |file: &tree::File| {
        file.is_rust()
            && file.path.contains("/src/")
            && !file.path.ends_with("/clock.rs")
            && !test(&file.path)
    };
    let rule = |file: &tree::File| sources::reads_no_clock(&file.text);
    none(
        "only `clock.rs` reads a clock",
        &each(&Tree::load(), shipped, rule),
    );
}

#[test]
fn one_file_of_the_client_knows_the_http_client() {
    let tree = Tree::load();
    let own = |file: &tree::File| {
        file.is_rust() && !file.is_generated() && file.path.starts_with("crates/zoho-client/src/")
    };
    let naming: Vec<&str> = tree
        .files
        .iter()
        .filter(|file| own(file) && sources::names(&file.text, "reqwest::Client"))
        .map(|file| file.path.as_str())
        .collect();
    assert!(
        naming.len() == 1,
        "one file names `reqwest::Client`, not {naming:?}"
    );

    let seam = |file: &tree::File| {
        let rest = file.path.trim_start_matches("crates/zoho-client/src/pipeline/");
        own(file) && !rest.starts_with("transport") && rest != "typed.rs"
    };
    let rule = |file: &tree::File| sources::names_no_reqwest(&file.text);
    none(
        "only the transport and `pipeline/typed.rs` name reqwest",
        &each(&tree, seam, rule),
    );
}

#[test]
fn dependencies_point_one_way() {
    let tree = Tree::load();
    let manifest = |name: &str| tree.text(&format!("crates/{name}/Cargo.toml"));
    let siblings = tree.crates();
    none(
        "zoho-client depends on no sibling at run time",
        &manifests::siblings(manifest("zoho-client"), &siblings, "dependencies"),
    );
    none(
        "a sibling among zoho-client's dev-dependencies is there by path alone",
        &manifests::versioned_siblings(manifest("zoho-client"), &siblings),
    );
    let client = ["zoho-client".to_owned()];
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        none(
            "zoho-mock does not know zoho-client",
            &manifests::siblings(manifest("zoho-mock"), &client, section),
        );
    }
}

#[test]
fn published_crates_say_what_they_are() {
    let tree = Tree::load();
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut complaints = Vec::new();
    for name in tree.crates() {
        let manifest = tree.text(&format!("crates/{name}/Cargo.toml"));
        let missing = manifests::unready_for_others(manifest);
        complaints.extend(missing.iter().map(|key| format!("{name}: {key}")));
        let publishes = !manifest.contains("publish = false");
        let licences = ["LICENSE-MIT", "LICENSE-APACHE"].into_iter();
        let absent = licences.filter(|file| {
            publishes
                && !std::path::Path::new(root)
                    .join("crates")
                    .join(&name)
                    .join(file)
                    .exists()
        });
        complaints.extend(absent.map(|file| format!("{name}: {file}")));
    }
    none(
        "a published crate has its metadata, documentation and licences",
        &complaints,
    );
}

#[test]
fn the_map_names_every_room() {
    let tree = Tree::load();
    let map = tree.text("ARCHITECTURE.md");
    let mut missing: Vec<String> = tree
        .crates()
        .into_iter()
        .filter(|name| !tree::has_word(map, name))
        .collect();
    for (name, text) in tree.roots() {
        let modules = sources::modules(text)
            .into_iter()
            .filter(|module| !tree::has_word(map, module));
        missing.extend(modules.map(|module| format!("{name}::{module}")));
    }
    none("ARCHITECTURE.md names every crate and top-level module", &missing);
}
