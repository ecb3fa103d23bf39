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

use crate::product::Product;
use crate::tree::Node;
use crate::view::View;
use crate::violation::{Report, Rule};

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
    let view = View::new(product, root);
    path::check(&view, report);
    operation::check(&view, files, report);
    extension::check(&view, report);
    parameter::check(&view, report);
    body::check(&view, report);
    reply::check(&view, report);
    schema::check(&view, report);
    name::check(&view, report);
}
