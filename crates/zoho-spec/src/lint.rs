//! The rules of the normal form, one room per group.
//!
//! A rule looks at the bundle, in which every node still knows its own file and line, and adds to the report whatever
//! breaks it. All rules always run, so that one pass shows everything there is to mend.

mod body;
mod extension;
mod name;
mod operation;
mod parameter;
mod path;
mod reply;
mod schema;
#[cfg(test)]
mod tests;
pub(crate) mod view;

use crate::product::Product;
use crate::tree::Node;
use crate::violation::{Report, Rule};

/// Declares the rules of a room: a constant for each, and all of them as `RULES`.
macro_rules! rules {
    ($($constant:ident = $name:literal: $demand:literal;)*) => {
        $(
            pub(super) const $constant: crate::violation::Rule =
                crate::violation::Rule { name: $name, demand: $demand };
        )*
        pub(super) const RULES: &[crate::violation::Rule] = &[$($constant),*];
    };
}
use rules;

/// The rules that are checked on the bundle.
pub(crate) fn all() -> impl Iterator<Item = &'static Rule> {
    [
        path::RULES,
        operation::RULES,
        extension::RULES,
        parameter::RULES,
        body::RULES,
        reply::RULES,
        schema::RULES,
        name::RULES,
    ]
    .into_iter()
    .flatten()
}

/// Runs every rule; `files` are the names of the files, by the index that origins use.
pub(crate) fn check(product: Product, files: &[String], root: &Node, report: &mut Report) {
    let view = view::View::new(product, root);
    path::check(&view, report);
    operation::check(&view, files, report);
    extension::check(&view, report);
    parameter::check(&view, report);
    body::check(&view, report);
    reply::check(&view, report);
    schema::check(&view, report);
    name::check(&view, report);
}
