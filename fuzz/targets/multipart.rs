//! `cargo fuzz run multipart`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| zoho_fuzz::run("multipart", input));
