//! A store behind an `Arc` is a store.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;

use super::{Entry, Guard, Lease, StateStore, Version};
use crate::error::Result;

impl<S: StateStore + ?Sized> StateStore for Arc<S> {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Entry>>> {
        (**self).get(key)
    }

    fn put<'a>(
        &'a self,
        key: &'a str,
        value: Vec<u8>,
        guard: Guard<'a>,
    ) -> BoxFuture<'a, Result<Option<Version>>> {
        (**self).put(key, value, guard)
    }

    fn remove<'a>(&'a self, key: &'a str, guard: Guard<'a>) -> BoxFuture<'a, Result<bool>> {
        (**self).remove(key, guard)
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        (**self).keys(prefix)
    }

    fn acquire<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        (**self).acquire(name, holder, now, term)
    }

    fn renew<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        (**self).renew(lease, now, term)
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<bool>> {
        (**self).release(lease)
    }
}
