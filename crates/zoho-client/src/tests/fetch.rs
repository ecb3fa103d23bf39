//! Every way to fetch a module gives the rows of plain pages, also when it is broken off, refused, or the rows change.

mod half_way;
mod same;
pub(super) mod world;
