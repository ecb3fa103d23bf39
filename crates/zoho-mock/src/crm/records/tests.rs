//! Tests of records: outcomes of writes, pages of lists.

mod errors;
mod pages;
mod runs;
mod size;
mod writes;
