//! Files that people hand to the programs: worlds and descriptions.

use serde_json::Value;
use zoho_mock::{MockZoho, Snapshot};
use zoho_spec::{Product, Spec};

/// A snapshot of a world. One that can be read makes a world, unless it asks for more than a few thousand records.
pub(super) fn seed(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    match Snapshot::from_json(&text) {
        Err(error) => {
            let length = error.to_string().chars().count();
            assert!(length < 1_000, "an error of {length} characters");
        }
        Ok(snapshot) => {
            let large = serde_json::from_str::<Value>(&text).is_ok_and(|value| largest(&value) > 2_000);
            if !large {
                let mock = MockZoho::builder().snapshot(snapshot).in_process();
                assert!(!mock.client_id().is_empty());
            }
        }
    }
}

/// The largest count of records that a snapshot asks for, in its configuration or in a step.
fn largest(value: &Value) -> u64 {
    match value {
        Value::Number(number) => number.as_u64().unwrap_or(0),
        Value::Array(items) => items.iter().map(largest).max().unwrap_or(0),
        Value::Object(members) => {
            let counts = members
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "seed" | "at" | "number"));
            counts.map(|(_, value)| largest(value)).max().unwrap_or(0)
        }
        _ => 0,
    }
}

/// A description of one resource.
pub(super) fn openapi(input: &[u8]) {
    thread_local! {
        static FOLDER: tempfile::TempDir = {
            let folder = tempfile::tempdir().expect("a folder can be made");
            std::fs::create_dir_all(folder.path().join("crm/v8")).expect("a folder can be made");
            folder
        };
    }
    FOLDER.with(|folder| {
        std::fs::write(folder.path().join("crm/v8/things.yaml"), input).expect("a file can be written");
        if let Err(violations) = Spec::load_from(folder.path(), Product::Crm) {
            assert!(violations.len() > 0);
            for violation in violations.iter() {
                assert!(
                    violation.to_string().len() < 4_000,
                    "a violation of {} bytes",
                    violation.to_string().len()
                );
            }
        }
    });
}
