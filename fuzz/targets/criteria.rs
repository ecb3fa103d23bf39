//! `cargo fuzz run criteria`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| zoho_fuzz::run("criteria", input));
