//! Each resource alone: whatever its file names is there without any other feature.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use syn::visit::{self, Visit};
use zoho_codegen::{Specs, generate};
use zoho_spec::{Product, Spec};

use crate::compare::{CASES, outputs, place};

#[test]
fn every_resource_of_the_cases_stands_alone() {
    for (case, product) in CASES {
        let (_, shared) = check(case, product, &outputs(case, product));
        assert_eq!(shared > 0, case == "batch", "{case}");
    }
}

#[test]
fn every_resource_that_is_shipped_stands_alone() {
    let products: Vec<Spec> = Product::ALL.map(|product| Spec::load(product).unwrap()).into();
    let files = generate(&Specs {
        products,
        regions: Vec::new(),
    })
    .unwrap();
    let files = files.into_iter().map(|file| (place(&file), file.text)).collect();
    for product in Product::ALL {
        let (resources, shared) = check("shipped", product, &files);
        assert!(
            resources > 3 && shared > 3,
            "{}: {resources} resources, {shared} types",
            product.name()
        );
    }
}

/// Checks a product's files; how many resources and shared types there are.
fn check(case: &str, product: Product, files: &BTreeMap<PathBuf, String>) -> (usize, usize) {
    let folder = PathBuf::from(format!("client/generated/{}", product.name()));
    let shared = shared(&files[&folder.join("common.rs")]);
    for (name, Shared { features, uses }) in &shared {
        for used in uses {
            let there = &shared[used].features;
            assert!(
                features.is_subset(there),
                "{case}: {name} uses {used}, which is off when it is on"
            );
        }
    }
    let tables = ["common.rs", "operations.rs", "catalogue.rs"].map(|name| folder.join(name));
    let resources: Vec<_> = files
        .iter()
        .filter(|(path, _)| path.parent() == Some(folder.as_path()) && !tables.contains(path))
        .collect();
    for (path, text) in &resources {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let feature = format!("{}-{}", product.name(), stem.replace('_', "-"));
        let file = syn::parse_file(text).unwrap();
        for name in mentions(|seen| seen.visit_file(&file), shared.keys()) {
            assert!(
                shared[&name].features.contains(&feature),
                "{case}: {name} is off with {feature} alone"
            );
        }
    }
    (resources.len(), shared.len())
}

/// A type of `common`.
struct Shared {
    /// The features that switch it on.
    features: BTreeSet<String>,
    /// The types of `common` that it mentions.
    uses: BTreeSet<String>,
}

fn shared(common: &str) -> BTreeMap<String, Shared> {
    let file = syn::parse_file(common).unwrap();
    let types: Vec<&syn::ItemStruct> = file
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Struct(item) => Some(item),
            _ => None,
        })
        .collect();
    let names: Vec<String> = types.iter().map(|item| item.ident.to_string()).collect();
    let read = |item: &&syn::ItemStruct| {
        let condition = item
            .attrs
            .iter()
            .find(|attribute| attribute.path().is_ident("cfg"))
            .unwrap();
        let text = condition.meta.require_list().unwrap().tokens.to_string();
        let features = text.split('"').skip(1).step_by(2).map(str::to_owned).collect();
        let uses = mentions(|seen| seen.visit_item_struct(item), names.iter());
        (item.ident.to_string(), Shared { features, uses })
    };
    types.iter().map(read).collect()
}

/// Names that a walk meets as a type or as an import.
fn mentions<'a>(walk: impl FnOnce(&mut Seen), names: impl Iterator<Item = &'a String>) -> BTreeSet<String> {
    let mut seen = Seen::default();
    walk(&mut seen);
    names.filter(|name| seen.0.contains(*name)).cloned().collect()
}

#[derive(Default)]
struct Seen(BTreeSet<String>);

impl<'ast> Visit<'ast> for Seen {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.0.extend(path.get_ident().map(ToString::to_string));
        visit::visit_path(self, path);
    }

    fn visit_use_name(&mut self, name: &'ast syn::UseName) {
        self.0.insert(name.ident.to_string());
    }
}
