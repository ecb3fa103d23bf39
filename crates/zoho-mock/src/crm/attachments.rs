//! Files and links that hang on records.

mod handlers;
mod shelf;
#[cfg(test)]
mod tests;

pub(crate) use handlers::handler;
pub(crate) use shelf::Shelf;
