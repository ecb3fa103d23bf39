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
    fn a_sibling_by_path_alone_is_welcome_in_tests() {
        assert_eq!(
            versioned_siblings(MANIFEST, &names()),
            ["zoho-spec.workspace = true"]
        );
    }
}
