//! A store in a PostgreSQL database.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::schema::Schema;
use super::{Pool, SqlStore, fault};
use crate::error::{Error, Result};

/// How many connections one store opens at most.
const CONNECTIONS: u32 = 8;

/// How long a call waits for a connection.
const PATIENCE: Duration = Duration::from_secs(30);

static SCHEMA: Schema = Schema {
    existing: "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = current_schema() \
        AND tablename IN ('zoho_store', 'zoho_values', 'zoho_leases')",
    begin: "BEGIN",
    // `IF NOT EXISTS` fails when two make a table at once; the number is any that others do not use.
    lock: Some("SELECT pg_advisory_xact_lock(7236833163)"),
    create: &[
        "CREATE TABLE zoho_store (version BIGINT NOT NULL)",
        "CREATE SEQUENCE zoho_writes",
        "CREATE TABLE zoho_values (key TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, value BYTEA NOT NULL, \
            version BIGINT NOT NULL DEFAULT nextval('zoho_writes'))",
        "CREATE TABLE zoho_leases (name TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, holder TEXT NOT NULL, \
            fence BIGINT NOT NULL, ends BIGINT NOT NULL)",
    ],
};

impl SqlStore {
    /// A store in a PostgreSQL database (12 or later), at an address such as
    /// `postgres://user:password@host/database?sslmode=verify-full`. The tables are made in the
    /// first schema of the connection's `search_path`. One store opens at most eight connections. For
    /// TLS the roots of Mozilla's list are trusted, or those of the file that `sslrootcert` names.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): the address is none.
    /// [`ErrorKind::Store`](crate::ErrorKind::Store): the database can not be reached, or its tables are of a later version
    /// of this crate, or another program's. They are left as they are.
    pub async fn postgres(address: &str) -> Result<Self> {
        let no_address =
            || Error::config("a PostgreSQL address looks like postgres://user:password@host/database");
        if !["postgres://", "postgresql://"]
            .iter()
            .any(|scheme| address.starts_with(scheme))
        {
            return Err(no_address());
        }
        // The cause may repeat the address, and with it the password.
        let options = PgConnectOptions::from_str(address).map_err(|_| no_address())?;
        let place = format!(
            "the database `{}` at {}",
            options.get_database().unwrap_or(options.get_username()),
            options.get_host(),
        );
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(PATIENCE)
            .connect_with(options.application_name("zoho-client"))
            .await
            .map_err(|error| fault::explain(&place, error))?;
        let store = Self {
            pool: Pool::Postgres(pool),
            place: place.into(),
        };
        store.prepare(&SCHEMA).await
    }
}
