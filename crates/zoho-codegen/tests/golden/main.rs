//! Golden cases: small descriptions whose output is checked in, compared, compiled and run.
//!
//! Each folder holds a description below `spec/` and what comes of it below `client/`, `mock/` and `conformance/`.
//! The output for client and mock is compiled right here, against a core that records what is sent and answers what a test wants. After a
//! change of the generator, record it anew with
//! `UPDATE_GOLDEN=1 cargo test -p zoho-codegen --test golden` and review the difference.
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]

mod standin;

#[path = "../../../zoho-client/src/pipeline/operation.rs"]
mod operation;
#[path = "../../../zoho-mock/src/route.rs"]
mod route;

mod answers {
    pub(crate) mod client {
        pub(crate) mod generated;
    }
    pub(crate) mod mock {
        pub(crate) mod generated;
    }
}

mod batch {
    pub(crate) mod client {
        pub(crate) mod generated;
    }
    pub(crate) mod mock {
        pub(crate) mod generated;
    }
}

mod bodies {
    pub(crate) mod client {
        pub(crate) mod generated;
    }
    pub(crate) mod mock {
        pub(crate) mod generated;
    }
}

mod ledger {
    pub(crate) mod client {
        pub(crate) mod generated;
    }
    pub(crate) mod mock {
        pub(crate) mod generated;
    }
}

mod behaviour;
mod compare;
mod standalone;

pub(crate) use standin::{Body, Error, Multipart, Reply, Result, books, pipeline, record, region, wire};
