//! The mock through its front door: requests in, answers out, no sockets and no waiting.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod it {
    mod accounts;
    mod books;
    mod callbacks;
    mod centres;
    mod composite;
    mod consent;
    mod deliveries;
    mod device;
    mod errors;
    mod faults;
    mod invoices;
    mod limits;
    mod lists;
    mod powers;
    mod program;
    mod schemas;
    mod snapshots;
    mod strict;
    mod support;
    mod unattended;
}
