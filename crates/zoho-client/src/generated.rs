//! Stand-in tables until `cargo xtask codegen` writes them.

pub(crate) mod books;
pub(crate) mod crm;
pub(crate) mod regions;
