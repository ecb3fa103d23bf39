//! `cargo fuzz run token_answer`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| zoho_fuzz::run("token_answer", input));
