//! `cargo fuzz run page_token`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| zoho_fuzz::run("page_token", input));
