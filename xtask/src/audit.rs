//! `cargo xtask audit`: where our descriptions and what others say of Zoho differ.

mod recordings;

pub(crate) use recordings::run as recordings;
