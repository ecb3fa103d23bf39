//! What Zoho is: OpenAPI descriptions of CRM v8 and Books v3, the region table, and the rules that both keep.
//!
//! The descriptions are YAML under `openapi/`, one file per resource, in a *normal form* that generators, the client
//! and the mock can rely on. Loading bundles the files of a product into one document and checks every rule; whatever
//! breaks one is reported with file and line, all at once.
//!
//! ```
//! use zoho_spec::{Product, Spec};
//!
//! let crm = Spec::load(Product::Crm)?;
//! let list = crm.operation("list_records").ok_or("no such operation")?;
//! assert_eq!(list.full_path, "/crm/v8/{module}");
//! assert_eq!(list.success, [200, 204, 304]);
//! assert!(list.idempotent);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![doc = include_str!("../README.md")]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod bundle;
mod lint;
mod operation;
mod product;
mod record;
mod region;
mod spec;
mod tree;
mod view;
mod violation;

pub use operation::{
    Body, Credits, Evidence, Location, Method, Operation, Paging, PagingStyle, Parameter, ParameterLocation,
    Part, Reply,
};
pub use product::{Base, Host, Product, openapi_dir};
pub use record::{Modified, RecordType};
pub use region::{Region, regions};
pub use spec::Spec;
pub use violation::{Rule, Violation, Violations};

/// Every rule that descriptions and the region table have to keep.
pub fn rules() -> impl Iterator<Item = Rule> {
    [
        spec::RULES,
        tree::RULES,
        bundle::RULES,
        bundle::references::RULES,
        region::RULES,
    ]
    .into_iter()
    .flatten()
    .chain(lint::all())
    .copied()
}
