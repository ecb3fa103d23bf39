//! What outlives a call: named values and leases, and what is kept in them.
//!
//! [`StateStore`] is the floor: values with versions, and leases with fences. Tokens, cursors of
//! triggers and channels are kept in it under keys of their own, so that whoever brings a store
//! brings one for all of them.

mod lease;
mod memory;
#[cfg(feature = "sealed")]
mod sealed;
mod shared;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sql;
mod tokens;

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

pub use lease::Lease;
pub use memory::MemoryStore;
#[cfg(feature = "sealed")]
pub use sealed::{SealKey, SealedStore};
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use sql::SqlStore;
pub use tokens::{StoredTokens, TokenStore};

use crate::error::Result;

/// Which write of a store a value comes from. Two writes never have the same, whatever their keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u64);

impl Version {
    /// The version with a number that a store gave.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Its number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

/// A value, and which write it comes from.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The bytes that were put.
    pub value: Vec<u8>,
    /// The write that put them.
    pub version: Version,
}

impl fmt::Debug for Entry {
    // A value may be a token: its length is all that is told.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("bytes", &self.value.len())
            .field("version", &self.version)
            .finish()
    }
}

/// What must hold at the moment of a write for the write to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Guard<'a> {
    /// Nothing: the write happens.
    Always,
    /// There is no value under the key.
    Absent,
    /// The value is still that of this write: compare and swap.
    Unchanged(Version),
    /// Nobody has been given the lease since: a holder that stalled and lost it writes nothing.
    Held(&'a Lease),
}

/// Keeps named values and grants leases, for one process or for many.
///
/// Keys are paths of the connector's own (`tokens/…`, `cursor/…`); values are opaque bytes, which
/// may be secrets. Instants are arguments: a store reads no clock. A write either happens whole or
/// not at all, also when its future is dropped.
///
/// Failures of an implementation of your own are made with [`Error::store`](crate::Error::store).
pub trait StateStore: fmt::Debug + Send + Sync + 'static {
    /// The value under a key.
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Entry>>>;

    /// Puts a value under a key; `None` when the guard did not hold and nothing was written.
    fn put<'a>(
        &'a self,
        key: &'a str,
        value: Vec<u8>,
        guard: Guard<'a>,
    ) -> BoxFuture<'a, Result<Option<Version>>>;

    /// Removes a key; `false` when the guard did not hold or there was no such key.
    fn remove<'a>(&'a self, key: &'a str, guard: Guard<'a>) -> BoxFuture<'a, Result<bool>>;

    /// The keys that begin with a text, in ascending order.
    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>>;

    /// Takes a lease for a term, if it is free, has ended, or is the holder's own; `None` while
    /// somebody else has it. Each grant has a higher fence than all before it under that name.
    fn acquire<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>>;

    /// Extends a lease to a term from now, keeping its fence; `None` when somebody else was given
    /// it. A lease that ended and that nobody took can be extended.
    fn renew<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>>;

    /// Gives a lease back; `false` when it was no longer held.
    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<bool>>;
}
