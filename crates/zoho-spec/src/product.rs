//! The two products and where each of them lives, on disk and under a Zoho host.

use std::path::PathBuf;

/// A Zoho product that this workspace describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Product {
    /// Zoho CRM, API version 8.
    Crm,
    /// Zoho Books, API version 3.
    Books,
}

impl Product {
    /// Both products, in the order in which everything is generated.
    pub const ALL: [Product; 2] = [Product::Crm, Product::Books];

    /// Short name: `crm` or `books`. Also the first folder under `openapi/` and the prefix of a cargo feature.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Product::Crm => "crm",
            Product::Books => "books",
        }
    }

    /// Version of the API that is described.
    #[must_use]
    pub fn version(self) -> &'static str {
        match self {
            Product::Crm => "v8",
            Product::Books => "v3",
        }
    }

    /// Path under the API host that every operation of the product starts with.
    #[must_use]
    pub fn base_path(self) -> &'static str {
        match self {
            Product::Crm => "/crm/v8",
            Product::Books => "/books/v3",
        }
    }
}

/// The folder of the shipped descriptions.
///
/// Read when it is called, so that a tool sees an edited description without being built again.
#[must_use]
pub fn openapi_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("openapi")
}

/// The file with the shipped region table.
#[must_use]
pub fn regions_file() -> PathBuf {
    openapi_dir().join("regions.yaml")
}
