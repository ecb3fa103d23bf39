//! `cargo fuzz run oauth_callback`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| zoho_fuzz::run("oauth_callback", input));
