//! Where records live: packed rows with their indexes, one table for each module.

mod bin;
mod cell;
mod intern;
mod packed;
pub(crate) mod run;
mod table;

pub(crate) use bin::{Binned, Retention};
pub(crate) use cell::{Cell, Column, Value};
pub(crate) use intern::Symbols;
pub(crate) use packed::{Packed, Payload};
pub(crate) use table::{Key, Order, Row, SortKey, Table};
