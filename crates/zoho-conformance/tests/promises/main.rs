//! What is promised by name: each test is one promise, or one mistake that other connectors make.

mod bad_input;
mod gaps;
mod minutely;
mod peers;
mod recorded;
mod runners;
mod streams;
mod triggers;
