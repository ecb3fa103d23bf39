//! A local, stateful Zoho: accounts server, CRM v8 and Books v3 for tests in any language.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod answer;
mod books;
mod call;
mod clock;
mod crm;
mod route;
mod world;
