//! Stand-in tables until `cargo xtask codegen` writes them.

pub(crate) mod regions;
