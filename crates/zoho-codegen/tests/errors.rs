//! Descriptions that keep every rule and still have no Rust: the error says which operation or type.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::Path;

use zoho_codegen::{Specs, generate};
use zoho_spec::{Product, Spec};

/// The error for a golden case with replacements in its texts.
fn error(case: &str, replacements: &[(&str, &str)]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("crm/v8");
    fs::create_dir_all(&to).unwrap();
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(case)
        .join("spec/crm/v8");
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let mut text = fs::read_to_string(entry.path()).unwrap();
        for (from, to) in replacements {
            text = text.replace(from, to);
        }
        fs::write(to.join(entry.file_name()), text).unwrap();
    }
    let spec = Spec::load_from(dir.path(), Product::Crm).unwrap_or_else(|error| panic!("{error}"));
    let specs = Specs {
        products: vec![spec],
        regions: Vec::new(),
    };
    match generate(&specs) {
        Ok(_) => panic!("{replacements:?} went through"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_form_has_no_typed_shape() {
    let error = error(
        "bodies",
        &[
            ("multipart/form-data:", "application/x-www-form-urlencoded:"),
            (
                "{ type: string, format: binary, description: The file. }",
                "{ type: string, description: The file. }",
            ),
        ],
    );
    assert!(
        error.starts_with("crm operation `upload_file`: a form body"),
        "{error}"
    );
}

#[test]
fn a_contradiction_is_blamed_on_the_type_it_would_make() {
    let contradiction = "email: { allOf: [{ type: string }, { type: integer, format: int32 }] }";
    let error = error("batch", &[("email: { type: string }", contradiction)]);
    assert!(
        error.starts_with("crm type `InviteRequestEmail`: is a choice between shapes"),
        "{error}"
    );
}
