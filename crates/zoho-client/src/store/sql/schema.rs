//! The tables: made where there are none, checked where there are, never changed when they are of a
//! later version.

use super::{Pool, SqlStore, fault, rows};
use crate::error::{Error, ErrorKind, Result};

/// The version of the tables that this crate makes and reads.
const VERSION: i64 = 1;

/// What a database needs to be made ready.
pub(super) struct Schema {
    /// Gives a row for each of our tables that exists.
    pub(super) existing: &'static str,
    /// Keeps other programs from making the tables at the same time.
    pub(super) begin: &'static str,
    pub(super) lock: Option<&'static str>,
    pub(super) create: &'static [&'static str],
}

const VERSIONS: &str = "SELECT CAST(version AS BIGINT) FROM zoho_store";

/// Read in order to see that tables of these names are ours.
const PROBES: [(&str, &str); 2] = [
    (
        "zoho_values",
        "SELECT version FROM zoho_values WHERE key = '' AND value IS NULL",
    ),
    (
        "zoho_leases",
        "SELECT fence FROM zoho_leases WHERE name = '' AND holder = '' AND ends = 0",
    ),
];

impl SqlStore {
    /// Makes sure that the tables are there and are of this version.
    pub(super) async fn prepare(self, schema: &'static Schema) -> Result<Self> {
        if self.tables(schema).await?.is_empty() {
            self.create(schema).await?;
        }
        self.check_version().await?;
        for (table, probe) in PROBES {
            let probed: Result<Vec<(i64,)>> = rows!(self, probe);
            probed.map_err(|error| {
                let message = format!("the table `{table}` in {} is not one of this crate's", self.place);
                // Another program's lock is what it is; everything else is the table.
                match error.is_retryable() {
                    true => error,
                    false => error.with_message(message),
                }
            })?;
        }
        Ok(self)
    }

    async fn tables(&self, schema: &'static Schema) -> Result<Vec<(String,)>> {
        rows!(self, schema.existing)
    }

    /// In one transaction: a program that dies here leaves nothing half made.
    async fn create(&self, schema: &'static Schema) -> Result<()> {
        macro_rules! create_on {
            ($pool:expr) => {
                async {
                    let mut work = $pool.begin_with(schema.begin).await?;
                    if let Some(lock) = schema.lock {
                        sqlx::query(lock).execute(&mut *work).await?;
                    }
                    let made = sqlx::query(schema.existing).fetch_all(&mut *work).await?;
                    if made.is_empty() {
                        for statement in schema.create {
                            sqlx::query(*statement).execute(&mut *work).await?;
                        }
                        sqlx::query("INSERT INTO zoho_store (version) VALUES ($1)")
                            .bind(VERSION)
                            .execute(&mut *work)
                            .await?;
                    }
                    work.commit().await
                }
                .await
            };
        }
        match &self.pool {
            #[cfg(feature = "sqlite")]
            Pool::Sqlite(pool) => create_on!(pool),
            #[cfg(feature = "postgres")]
            Pool::Postgres(pool) => create_on!(pool),
        }
        .map_err(|error| fault::explain(&self.place, error))
    }

    async fn check_version(&self) -> Result<()> {
        let place = &self.place;
        let broken = |why: &str| {
            Error::new(
                ErrorKind::Store,
                format!("the table `zoho_store` in {place} {why}"),
            )
        };
        let versions: Vec<(i64,)> =
            rows!(self, VERSIONS).map_err(|error: Error| match error.is_retryable() {
                true => error,
                false => broken("is missing, or is not one of this crate's").with_source(error),
            })?;
        match versions.as_slice() {
            [(VERSION,)] => Ok(()),
            [(later,)] if *later > VERSION => Err(broken(&format!(
                "says version {later}; this version of the crate reads version {VERSION}"
            ))),
            _ => Err(broken("does not hold one version")),
        }
    }
}
