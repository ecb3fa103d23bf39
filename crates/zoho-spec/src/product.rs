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

    /// Name in prose, after "Zoho": `CRM` or `Books`.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Product::Crm => "CRM",
            Product::Books => "Books",
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

    /// The base of an operation whose description names none.
    #[must_use]
    pub fn base(self) -> Base {
        let prefix = match self {
            Product::Crm => "/crm",
            Product::Books => "/books",
        };
        Base {
            host: Host::Api,
            prefix,
        }
    }

    /// The bases that a description may name beside the product's own.
    pub(crate) fn other_bases(self) -> &'static [Base] {
        match self {
            Product::Crm => &CRM_BASES,
            Product::Books => &[],
        }
    }
}

const CRM_BASES: [Base; 3] = [
    Base {
        host: Host::Api,
        prefix: "/crm/bulk",
    },
    Base {
        host: Host::Api,
        prefix: "/crm/email",
    },
    Base {
        host: Host::Upload,
        prefix: "/crm",
    },
];

/// Which host of a region answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Host {
    /// The host of the APIs.
    Api,
    /// The host that takes large uploads.
    Upload,
}

/// What stands in front of an operation's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Base {
    /// The host.
    pub host: Host,
    /// The path before the version, such as `/crm/bulk`.
    pub prefix: &'static str,
}

impl Base {
    /// Path under the host, such as `/crm/bulk/v8`.
    #[must_use]
    pub fn path(self, product: Product) -> String {
        format!("{}/{}", self.prefix, product.version())
    }

    /// The address as a description writes it: with the hosts of the United States.
    pub(crate) fn address(self, product: Product) -> String {
        let host = match self.host {
            Host::Api => "www.zohoapis.com",
            Host::Upload => "content.zohoapis.com",
        };
        format!("https://{host}{}", self.path(product))
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
pub(crate) fn regions_file() -> PathBuf {
    openapi_dir().join("regions.yaml")
}
