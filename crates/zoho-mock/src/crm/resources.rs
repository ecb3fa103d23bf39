//! Settings resources: one engine over a catalogue of roles, currencies, workflow rules and their like.
//!
//! What a resource is made of stands in the description; the catalogue adds what a schema cannot say:
//! what must be given, what may occur once, where an id must lead, and what stands against a deletion.

mod addresses;
mod catalogue;
mod check;
mod engine;
mod first;
mod hooks;
mod read;
mod shelf;
mod show;
#[cfg(test)]
mod tests;
mod within;

use crate::world::Handler;

pub(crate) use shelf::Shelves;

/// The handler of an operation on settings resources.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    addresses::action(operation_id).map(|_| engine::run as Handler)
}
