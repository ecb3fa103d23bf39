//! State in an SQL database: one implementation over an SQLite file and over PostgreSQL.
//!
//! Every call is one statement, so that it happens whole or not at all wherever it is interrupted:
//! by a dropped future, a killed process or a lost connection.

mod fault;
#[cfg(feature = "postgres")]
mod postgres;
mod schema;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statements;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use jiff::Timestamp;

use self::statements::{ACQUIRE, GET, KEYS, RELEASE, RENEW, Statements};
use super::lease::end;
use super::{Entry, Guard, Lease, StateStore, Version};
use crate::error::{Error, Result};

/// A store in an SQL database, for programs that restart and for many processes that share state.
///
/// [`SqlStore::sqlite`] keeps it in a file, [`SqlStore::postgres`] in a PostgreSQL database. Both
/// make their tables (`zoho_store`, `zoho_values`, `zoho_leases`) where there are none, and refuse,
/// without touching them, those of a later version of this crate. Clones share their connections.
///
/// Values may be secrets. Wrap the store in a `SealedStore` (feature `sealed`) to encrypt them.
///
/// A store works on sockets and threads that tokio's paused time does not see: use it in real
/// time, and [`MemoryStore`](crate::MemoryStore) in paused tests.
#[derive(Clone)]
pub struct SqlStore {
    pool: Pool,
    /// The file, or the host and database: what errors name.
    place: Arc<str>,
}

#[derive(Clone)]
enum Pool {
    #[cfg(feature = "sqlite")]
    Sqlite(sqlx::SqlitePool),
    #[cfg(feature = "postgres")]
    Postgres(sqlx::PgPool),
}

/// Runs a query on whichever database it is. All rows are taken, so that the statement has come to
/// its end when the call returns.
macro_rules! rows {
    ($store:expr, $sql:expr $(, $argument:expr)*) => {
        match &$store.pool {
            #[cfg(feature = "sqlite")]
            Pool::Sqlite(pool) => sqlx::query_as($sql)$(.bind($argument))*.fetch_all(pool).await,
            #[cfg(feature = "postgres")]
            Pool::Postgres(pool) => sqlx::query_as($sql)$(.bind($argument))*.fetch_all(pool).await,
        }
        .map_err(|error| fault::explain(&$store.place, error))
    };
}
pub(super) use rows;

impl SqlStore {
    /// Closes the connections. Calls that come later fail.
    pub async fn close(&self) {
        match &self.pool {
            #[cfg(feature = "sqlite")]
            Pool::Sqlite(pool) => pool.close().await,
            #[cfg(feature = "postgres")]
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    fn statements(&self) -> &'static Statements {
        match &self.pool {
            #[cfg(feature = "sqlite")]
            Pool::Sqlite(_) => &statements::SQLITE,
            #[cfg(feature = "postgres")]
            Pool::Postgres(_) => &statements::POSTGRES,
        }
    }

    async fn write(&self, key: &str, value: Vec<u8>, guard: Guard<'_>) -> Result<Option<Version>> {
        check(key)?;
        let with = self.statements();
        let versions: Vec<(i64,)> = match guard {
            Guard::Always => rows!(self, with.put, key, value)?,
            Guard::Absent => rows!(self, with.put_absent, key, value)?,
            Guard::Unchanged(version) => rows!(self, with.put_unchanged, key, value, signed(version.get()))?,
            Guard::Held(lease) => {
                let fence = signed(lease.fence());
                rows!(
                    self,
                    with.put_held,
                    key,
                    value,
                    lease.name(),
                    lease.holder(),
                    fence
                )?
            }
        };
        versions
            .first()
            .map(|(number,)| self.unsigned(*number).map(Version::new))
            .transpose()
    }

    async fn erase(&self, key: &str, guard: Guard<'_>) -> Result<bool> {
        let with = self.statements();
        let erased: Vec<(i64,)> = match guard {
            Guard::Always => rows!(self, with.remove, key)?,
            // What is absent can not be removed.
            Guard::Absent => Vec::new(),
            Guard::Unchanged(version) => rows!(self, with.remove_unchanged, key, signed(version.get()))?,
            Guard::Held(lease) => {
                let fence = signed(lease.fence());
                rows!(self, with.remove_held, key, lease.name(), lease.holder(), fence)?
            }
        };
        Ok(!erased.is_empty())
    }

    /// A count as it came out of the database.
    fn unsigned(&self, number: i64) -> Result<u64> {
        u64::try_from(number)
            .map_err(|cause| Error::store(format!("a count in {} is less than nothing", self.place), cause))
    }
}

impl StateStore for SqlStore {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Entry>>> {
        async move {
            let found: Vec<(Vec<u8>, i64)> = rows!(self, GET, key)?;
            let entry = |(value, number)| {
                let version = Version::new(self.unsigned(number)?);
                Ok(Entry { value, version })
            };
            found.into_iter().next().map(entry).transpose()
        }
        .boxed()
    }

    fn put<'a>(
        &'a self,
        key: &'a str,
        value: Vec<u8>,
        guard: Guard<'a>,
    ) -> BoxFuture<'a, Result<Option<Version>>> {
        self.write(key, value, guard).boxed()
    }

    fn remove<'a>(&'a self, key: &'a str, guard: Guard<'a>) -> BoxFuture<'a, Result<bool>> {
        self.erase(key, guard).boxed()
    }

    fn keys<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>>> {
        async move {
            let found: Vec<(String,)> = rows!(self, KEYS, prefix, after(prefix))?;
            Ok(found.into_iter().map(|(key,)| key).collect())
        }
        .boxed()
    }

    fn acquire<'a>(
        &'a self,
        name: &'a str,
        holder: &'a str,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        async move {
            check(name)?;
            check(holder)?;
            let until = end(now, term);
            let granted: Vec<(i64,)> = rows!(
                self,
                ACQUIRE,
                name,
                holder,
                until.as_microsecond(),
                now.as_microsecond()
            )?;
            let lease = |(fence,)| Ok(Lease::new(name, holder, self.unsigned(fence)?, until));
            granted.into_iter().next().map(lease).transpose()
        }
        .boxed()
    }

    fn renew<'a>(
        &'a self,
        lease: &'a Lease,
        now: Timestamp,
        term: Duration,
    ) -> BoxFuture<'a, Result<Option<Lease>>> {
        async move {
            let until = end(now, term).as_microsecond();
            let fence = signed(lease.fence());
            let renewed: Vec<(i64,)> = rows!(self, RENEW, lease.name(), lease.holder(), fence, until)?;
            Ok(renewed.first().map(|_| lease.clone().extended(now, term)))
        }
        .boxed()
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<bool>> {
        async move {
            let long_ago = Timestamp::MIN.as_microsecond();
            let fence = signed(lease.fence());
            let released: Vec<(i64,)> = rows!(self, RELEASE, lease.name(), lease.holder(), fence, long_ago)?;
            Ok(!released.is_empty())
        }
        .boxed()
    }
}

impl fmt::Debug for SqlStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlStore")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// A count for the database. One that is too large is no count that it ever gave.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(-1)
}

/// PostgreSQL's text holds no NUL, SQLite's functions stop at it.
fn check(name: &str) -> Result<()> {
    match name.contains('\0') {
        true => Err(Error::config("a name in a store must not hold a NUL character")),
        false => Ok(()),
    }
}

/// The first text after all that begin with a prefix; `None` when there is none.
fn after(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        let next = match last {
            char::MAX => continue,
            // The code points between the two are no characters.
            '\u{d7ff}' => '\u{e000}',
            _ => char::from_u32(last as u32 + 1)?,
        };
        text.push(next);
        return Some(text);
    }
    None
}
