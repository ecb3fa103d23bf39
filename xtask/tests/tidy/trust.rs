//! Rules on what the workspace is made of: licences, bans and sources of `deny.toml`, checked without cargo-deny too;
//! and that each test which SECURITY.md names is there.

use std::process::Command;

use serde_json::Value;
use toml::Table;

use crate::none;
use crate::tree::Tree;

/// Where packages come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn table(text: &str) -> Table {
    text.parse().expect("it is TOML")
}

/// The texts at a place of a table.
fn texts(of: &Table, section: &str, key: &str) -> Vec<String> {
    let list = of[section][key].as_array().expect("it is a list");
    let text = |item: &toml::Value| item.as_str().map(str::to_owned);
    list.iter().filter_map(text).collect()
}

/// Packages whose licence needs one that is not allowed.
fn unlicensed<'a>(
    packages: impl Iterator<Item = (&'a str, Option<&'a str>)>,
    allowed: &[String],
) -> Vec<String> {
    let allows = |licence: &spdx::LicenseReq| allowed.contains(&licence.to_string());
    let refused = |licence: &str| match spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX) {
        Ok(expression) => !expression.evaluate(allows),
        Err(_) => true,
    };
    packages
        .filter(|(_, licence)| licence.is_none_or(refused))
        .map(|(name, licence)| format!("{name}: {}", licence.unwrap_or("no licence")))
        .collect()
}

/// Packages of a lock file that come from elsewhere, unchecked, or are banned.
fn untrusted(lock: &Table, banned: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    for package in lock["package"].as_array().expect("a lock file has packages") {
        let text = |key: &str| package.get(key).and_then(toml::Value::as_str);
        let name = text("name").unwrap_or_default();
        match text("source") {
            // The workspace's own.
            None => {}
            Some(REGISTRY) if text("checksum").is_some() => {}
            Some(source) => out.push(format!("{name} comes from {source}, or has no checksum")),
        }
        if banned.iter().any(|banned| banned == name) {
            out.push(format!("{name} is banned"));
        }
    }
    out
}

/// The tests that a text names as `path::test` and that are not there.
fn unknown_tests(tree: &Tree, text: &str) -> (usize, Vec<String>) {
    let named = text.split('`').skip(1).step_by(2);
    let named: Vec<(&str, &str)> = named.filter_map(|code| code.split_once(".rs::")).collect();
    let missing = named.iter().filter(|(path, test)| {
        let path = format!("{path}.rs");
        let file = tree.files.iter().find(|file| file.path == path);
        !file.is_some_and(|file| file.text.contains(&format!("fn {test}(")))
    });
    let missing = missing.map(|(path, test)| format!("{path}.rs::{test}")).collect();
    (named.len(), missing)
}

#[test]
fn every_package_of_this_platform_has_a_licence_that_is_allowed() {
    let tree = Tree::load();
    let allowed = texts(&table(tree.text("deny.toml")), "licenses", "allow");
    let rustc = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let about = String::from_utf8(rustc.stdout).expect("it is UTF-8");
    let host = about
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("rustc has a host");
    let metadata = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--all-features",
            "--filter-platform",
            host,
        ])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .expect("cargo runs");
    assert!(
        metadata.status.success(),
        "{}",
        String::from_utf8_lossy(&metadata.stderr)
    );
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("it is JSON");
    let packages = metadata["packages"].as_array().expect("metadata has packages");
    assert!(packages.len() > 100, "{} packages", packages.len());
    let licences = packages.iter().map(|package| {
        (
            package["name"].as_str().unwrap_or_default(),
            package["license"].as_str(),
        )
    });
    none(
        "a package has a licence that deny.toml allows",
        &unlicensed(licences, &allowed),
    );
}

#[test]
fn packages_come_from_one_registry_and_none_is_banned() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock");
    let lock = table(&std::fs::read_to_string(root).expect("there is a lock file"));
    let tree = Tree::load();
    let deny = table(tree.text("deny.toml"));
    let banned = deny["bans"]["deny"].as_array().expect("it is a list");
    let banned: Vec<String> = banned
        .iter()
        .filter_map(|item| item.get("crate")?.as_str().map(str::to_owned))
        .collect();
    assert!(banned.len() > 2, "{banned:?}");
    assert_eq!(deny["sources"]["unknown-registry"].as_str(), Some("deny"));
    assert_eq!(deny["sources"]["unknown-git"].as_str(), Some("deny"));
    none("packages are those of deny.toml", &untrusted(&lock, &banned));
}

#[test]
fn security_names_tests_that_are_there() {
    let tree = Tree::load();
    let (named, missing) = unknown_tests(&tree, tree.text("SECURITY.md"));
    none("a test that SECURITY.md names is there", &missing);
    assert!(named >= 15, "SECURITY.md names {named} tests");
}

#[test]
fn rules_complain_where_they_should() {
    let allowed = ["MIT".to_owned(), "Apache-2.0".to_owned()];
    let packages = [
        ("a", Some("MIT OR GPL-3.0-only")),
        ("b", Some("MIT/Apache-2.0")),
        ("c", Some("MIT AND GPL-3.0-only")),
        ("d", Some("no such thing")),
        ("e", None),
    ];
    assert_eq!(
        unlicensed(packages.into_iter(), &allowed),
        ["c: MIT AND GPL-3.0-only", "d: no such thing", "e: no licence"]
    );
    let lock = format!(
        "[[package]]\nname = \"own\"\n[[package]]\nname = \"good\"\nsource = \"{REGISTRY}\"\nchecksum = \"1\"\n\
         [[package]]\nname = \"bare\"\nsource = \"{REGISTRY}\"\n\
         [[package]]\nname = \"git\"\nsource = \"git+https://a.example/x\"\nchecksum = \"1\"\n"
    );
    let complaints = untrusted(&table(&lock), &["good".to_owned()]);
    assert_eq!(complaints.len(), 3, "{complaints:?}");
    let tree = Tree::load();
    let text =
        "`xtask/tests/tidy/trust.rs::rules_complain_where_they_should` `xtask/src/main.rs::nothing` `a::b`";
    assert_eq!(
        unknown_tests(&tree, text),
        (2, vec!["xtask/src/main.rs::nothing".to_owned()])
    );
}
