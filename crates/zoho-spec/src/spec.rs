//! A product's description, loaded, checked and ready to be asked.

use std::path::{Path, PathBuf};

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::bundle::{self, File};
use crate::lint;
use crate::operation::{self, Operation};
use crate::product::{Product, openapi_dir};
use crate::record::RecordType;
use crate::tree;
use crate::view::View;
use crate::violation::{Origin, Report, Violations, rules};

rules! {
    UNREADABLE = "file-unreadable": "the folder of a product exists and holds readable YAML files";
    FORM = "openapi-form": "the bundle is an OpenAPI 3.0 document, and every operation can be read";
}

/// The description of a product: bundled, and free of violations.
#[derive(Clone, Debug)]
pub struct Spec {
    product: Product,
    document: Value,
    openapi: OpenAPI,
    operations: Vec<Operation>,
    records: Vec<RecordType>,
}

/// A file that was read but not looked into.
pub(crate) struct Source {
    /// Name within its folder.
    pub(crate) name: String,
    /// Path for messages.
    pub(crate) shown: PathBuf,
    pub(crate) text: String,
}

impl Spec {
    /// Loads the shipped description of a product.
    ///
    /// # Errors
    ///
    /// Everything in it that breaks a rule of the normal form.
    pub fn load(product: Product) -> Result<Spec, Violations> {
        Spec::load_from(&openapi_dir(), product)
    }

    /// Loads a description from a folder laid out like the shipped one: `crm/v8/*.yaml`, `books/v3/*.yaml`.
    ///
    /// # Errors
    ///
    /// Everything in it that breaks a rule of the normal form.
    pub fn load_from(dir: &Path, product: Product) -> Result<Spec, Violations> {
        let folder = dir.join(product.name()).join(product.version());
        match sources(&folder) {
            Ok(sources) => Spec::from_sources(product, sources),
            Err((file, error)) => {
                let mut report = Report::new(vec![file]);
                report.add(Origin::default(), UNREADABLE, error.to_string());
                report
                    .checkpoint()
                    .and_then(|()| Spec::from_sources(product, Vec::new()))
            }
        }
    }

    pub(crate) fn from_sources(product: Product, sources: Vec<Source>) -> Result<Spec, Violations> {
        let shown = sources.iter().map(|source| source.shown.clone()).collect();
        let mut report = Report::new(shown);
        let relative: Vec<PathBuf> = sources
            .iter()
            .map(|source| {
                Path::new(product.name())
                    .join(product.version())
                    .join(&source.name)
            })
            .collect();

        let mut files = Vec::new();
        for (index, source) in sources.into_iter().enumerate() {
            if let Some(root) = tree::read(&source.text, index, &mut report) {
                files.push(File {
                    name: source.name,
                    root,
                });
            }
        }
        // A file that is no YAML would make its siblings' references look broken: mend that first.
        report.checkpoint()?;

        let names: Vec<String> = files.iter().map(|file| file.name.clone()).collect();
        let root = bundle::bundle(files, &mut report);
        lint::check(product, &names, &root, &mut report);
        let document = root.to_json();
        let openapi = serde_json::from_value::<OpenAPI>(document.clone()).unwrap_or_else(|error| {
            report.add(root.origin, FORM, error.to_string());
            OpenAPI::default()
        });

        let view = View::new(product, &root);
        let mut operations = Vec::new();
        for node in &view.operations {
            match operation::read(&view, *node, &relative) {
                Some(operation) => operations.push(operation),
                // A rule has said why, as a rule; this line is for what no rule covers.
                None if report.is_clean() => report.add(node.origin, FORM, "the operation can not be read"),
                None => {}
            }
        }
        report.checkpoint()?;
        let mut records: Vec<_> = operations
            .iter()
            .filter_map(|operation| operation.record.clone())
            .collect();
        records.sort_by(|a, b| (&a.name, &a.path).cmp(&(&b.name, &b.path)));
        Ok(Spec {
            product,
            document,
            openapi,
            operations,
            records,
        })
    }

    /// The product.
    #[must_use]
    pub fn product(&self) -> Product {
        self.product
    }

    /// The bundle: one self-contained OpenAPI 3.0.3 document in which every reference is local.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The bundle, typed.
    #[must_use]
    pub fn openapi(&self) -> &OpenAPI {
        &self.openapi
    }

    /// All operations: files by name, operations in the order of their file.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation of that name.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The record catalogue, sorted by name and path; empty for CRM.
    #[must_use]
    pub fn records(&self) -> &[RecordType] {
        &self.records
    }

    /// The schema component of that name.
    #[must_use]
    pub fn schema(&self, name: &str) -> Option<&Value> {
        self.document.get("components")?.get("schemas")?.get(name)
    }
}

/// The YAML files of a folder, by name.
fn sources(folder: &Path) -> Result<Vec<Source>, (PathBuf, std::io::Error)> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let name = entry.map_err(failed(folder))?.file_name();
        if let Some(name) = name.to_str().filter(|name| name.ends_with(".yaml")) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    names
        .into_iter()
        .map(|name| {
            let shown = folder.join(&name);
            let text = std::fs::read_to_string(&shown).map_err(failed(&shown))?;
            Ok(Source { name, shown, text })
        })
        .collect()
}
