//! Turns the descriptions of `zoho-spec` into Rust: pure functions from a spec to files.
