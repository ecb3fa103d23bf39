//! The mock's pages in a real browser: Chromium, headless, driven by chromedriver.
//!
//! Where there is no chromedriver each test says that it was skipped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

mod browser {
    mod company;
    mod consent;
    mod console;
    mod driver;
    mod looks;
}
