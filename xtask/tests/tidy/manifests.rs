//! Rules on who may depend on whom.

/// The lines of a section of a manifest, `[dependencies.name]` and target sections included.
fn section<'a>(manifest: &'a str, wanted: &str) -> Vec<&'a str> {
    let mut inside = false;
    let mut out = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            let table = header.rsplit_once("'.").map_or(header, |(_, table)| table);
            inside = table == wanted;
            if let Some(name) = table.strip_prefix(&format!("{wanted}.")) {
                inside = true;
                out.push(name);
            }
        } else if inside && !line.starts_with('#') {
            out.push(line);
        }
    }
    out
}

/// The name at the start of a dependency's line.
fn name(line: &str) -> &str {
    line.split(['=', '.', ' '])
        .next()
        .unwrap_or_default()
        .trim_matches('"')
}

/// Siblings that a section names.
pub(crate) fn siblings(manifest: &str, siblings: &[String], wanted: &str) -> Vec<String> {
    let lines = section(manifest, wanted).into_iter();
    lines
        .filter(|line| siblings.iter().any(|sibling| sibling == name(line)))
        .map(str::to_owned)
        .collect()
}

/// Siblings among the dev-dependencies that have more than a path: such a crate cannot be published first.
pub(crate) fn versioned_siblings(manifest: &str, names: &[String]) -> Vec<String> {
    let mut found = siblings(manifest, names, "dev-dependencies");
    found.retain(|line| line.contains("version") || line.contains("workspace") || !line.contains("path"));
    found
}

/// What a manifest lacks of what a crate needs that others find on crates.io and docs.rs.
pub(crate) fn unready_for_others(manifest: &str) -> Vec<String> {
    if section(manifest, "package").contains(&"publish = false") {
        return Vec::new();
    }
    let package = section(manifest, "package");
    let keys = [
        "categories",
        "description",
        "keywords",
        "license",
        "readme",
        "repository",
        "rust-version",
    ];
    let missing = keys
        .into_iter()
        .filter(|key| !package.iter().any(|line| name(line) == *key));
    let mut missing: Vec<String> = missing.map(str::to_owned).collect();
    if section(manifest, "package.metadata.docs.rs").is_empty() {
        missing.push("[package.metadata.docs.rs]".to_owned());
    }
    missing
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"
[dependencies]
serde = "1"
zoho-spec = { path = "../zoho-spec", version = "0.1" }

[target.'cfg(unix)'.dependencies]
zoho-mock.workspace = true

[dependencies.zoho-codegen]
path = "../zoho-codegen"

[dev-dependencies]
zoho-mock = { path = "../zoho-mock" }
zoho-spec.workspace = true
"#;

    fn names() -> Vec<String> {
        ["zoho-spec", "zoho-mock", "zoho-codegen"]
            .map(str::to_owned)
            .into()
    }

    #[test]
    fn siblings_are_found_however_they_are_written() {
        let found = siblings(MANIFEST, &names(), "dependencies");
        assert_eq!(
            found.iter().map(|line| name(line)).collect::<Vec<_>>(),
            ["zoho-spec", "zoho-mock", "zoho-codegen"]
        );
    }

    #[test]
    fn a_crate_for_others_says_what_it_is() {
        let published = "[package]\nname = \"a\"\nlicense.workspace = true\n";
        let missing = unready_for_others(published);
        assert!(missing.contains(&"readme".to_owned()), "{missing:?}");
        assert!(!missing.contains(&"license".to_owned()), "{missing:?}");
        let own = format!("{published}publish = false\n");
        assert_eq!(unready_for_others(&own), Vec::<String>::new());
    }

    #[test]
    fn a_sibling_by_path_alone_is_welcome_in_tests() {
        assert_eq!(
            versioned_siblings(MANIFEST, &names()),
            ["zoho-spec.workspace = true"]
        );
    }
}
