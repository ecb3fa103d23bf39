//! Chores of this workspace, run as `cargo xtask <command>`.
fn main() {}
