//! The output of each case against what is checked in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use zoho_codegen::{GeneratedFile, Part, Specs, generate};
use zoho_spec::{Product, Region, Spec};

/// The cases, each with its product.
pub(crate) const CASES: [(&str, Product); 4] = [
    ("answers", Product::Crm),
    ("batch", Product::Crm),
    ("bodies", Product::Crm),
    ("ledger", Product::Books),
];

/// The folders of a case that hold output.
const SIDES: [&str; 3] = ["client", "mock", "conformance"];

fn folder(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(case)
}

fn specs(case: &str, product: Product) -> Specs {
    let spec = Spec::load_from(&folder(case).join("spec"), product).unwrap_or_else(|error| panic!("{error}"));
    let region = Region {
        code: "us".into(),
        name: "United States".into(),
        accounts: "accounts.zoho.com".into(),
        api: "www.zohoapis.com".into(),
        sandbox: "sandbox.zohoapis.com".into(),
        developer: "developer.zohoapis.com".into(),
        upload: "content.zohoapis.com".into(),
        evidence: "A golden case.".into(),
    };
    Specs {
        products: vec![spec],
        regions: vec![region],
    }
}

/// Where a generated file stands in the folder of its case.
pub(crate) fn place(file: &GeneratedFile) -> PathBuf {
    match file.part {
        Part::Block => PathBuf::from("client/features.toml"),
        Part::Whole => {
            let path = file.path.to_str().unwrap();
            PathBuf::from(path.replace("crates/zoho-", "").replace("/src/", "/"))
        }
    }
}

pub(crate) fn outputs(case: &str, product: Product) -> BTreeMap<PathBuf, String> {
    let files = generate(&specs(case, product)).unwrap_or_else(|error| panic!("{case}: {error}"));
    files.into_iter().map(|file| (place(&file), file.text)).collect()
}

fn recorded(folder: &Path, below: &str, into: &mut BTreeMap<PathBuf, String>) {
    for entry in std::fs::read_dir(folder.join(below)).into_iter().flatten() {
        let entry = entry.unwrap();
        let name = format!("{below}/{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            recorded(folder, &name, into);
        } else {
            into.insert(
                PathBuf::from(&name),
                std::fs::read_to_string(entry.path()).unwrap(),
            );
        }
    }
}

#[test]
fn the_output_is_the_recorded_one() {
    let record = std::env::var_os("UPDATE_GOLDEN").is_some();
    for (case, product) in CASES {
        let folder = folder(case);
        let now = outputs(case, product);
        if record {
            for side in SIDES {
                // Absent on the first recording.
                let _ = std::fs::remove_dir_all(folder.join(side));
            }
            for (path, text) in &now {
                let path = folder.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
        }
        let mut then = BTreeMap::new();
        for side in SIDES {
            recorded(&folder, side, &mut then);
        }
        assert_eq!(
            then.keys().collect::<Vec<_>>(),
            now.keys().collect::<Vec<_>>(),
            "{case}: other files"
        );
        for (path, text) in &now {
            let path = path.as_path();
            assert!(
                then[path] == *text,
                "{case}/{}: UPDATE_GOLDEN=1 records the new output:\n{text}",
                path.display()
            );
        }
    }
}

#[test]
fn two_runs_give_the_same_bytes() {
    for (case, product) in CASES {
        assert_eq!(outputs(case, product), outputs(case, product), "{case}");
    }
}
