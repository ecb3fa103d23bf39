//! A store in an SQLite file.

use std::fs::OpenOptions;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};

use super::schema::Schema;
use super::{Pool, SqlStore, fault, rows};
use crate::error::{Error, ErrorKind, Result};

/// How long a write waits for other processes.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait for a lock that SQLite itself does not wait for.
const PAUSE: Duration = Duration::from_millis(20);

static SCHEMA: Schema = Schema {
    existing: "SELECT name FROM sqlite_master \
        WHERE type = 'table' AND name IN ('zoho_store', 'zoho_values', 'zoho_leases')",
    begin: "BEGIN IMMEDIATE",
    lock: None,
    create: &[
        "CREATE TABLE zoho_store (version INTEGER NOT NULL)",
        "CREATE TABLE zoho_values (version INTEGER PRIMARY KEY AUTOINCREMENT, \
            key TEXT NOT NULL UNIQUE, value BLOB NOT NULL)",
        "CREATE TABLE zoho_leases (name TEXT NOT NULL PRIMARY KEY, holder TEXT NOT NULL, \
            fence INTEGER NOT NULL, ends INTEGER NOT NULL)",
    ],
};

impl SqlStore {
    /// A store in an SQLite file, which is made if it is not there, for its owner alone (mode 0600;
    /// so are the files beside it, `-wal` and `-shm`). Any number of processes on one machine may
    /// share it; it must not lie on a network file system. What was written is on the disk when the
    /// call returns.
    ///
    /// ```
    /// use zoho_client::{Guard, SqlStore, StateStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = tempfile::tempdir()?;
    /// let store = SqlStore::sqlite(folder.path().join("zoho.db")).await?;
    ///
    /// let first = store.put("cursor/leads", b"7".to_vec(), Guard::Absent).await?;
    /// let Some(version) = first else { return Err("a new store is empty".into()) };
    /// store.put("cursor/leads", b"8".to_vec(), Guard::Unchanged(version)).await?;
    /// let late = store.put("cursor/leads", b"9".to_vec(), Guard::Unchanged(version)).await?;
    /// assert_eq!(late, None);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: the path is empty or one of SQLite's special names.
    /// [`ErrorKind::Store`]: the file can not be opened, is damaged, is no SQLite database, or was
    /// made by a later version of this crate. It is left as it is.
    pub async fn sqlite(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = path.as_os_str().to_string_lossy();
        if text.is_empty() || text.starts_with(":memory:") || text.starts_with("file:") {
            return Err(Error::config(
                "an SQLite store needs the path of a file; for memory there is MemoryStore",
            ));
        }
        let place = format!("`{}`", path.display());
        make_private(path).map_err(|cause| Error::store(format!("{place} can not be opened"), cause))?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .busy_timeout(PATIENCE)
            .synchronous(SqliteSynchronous::Full);
        // SQLite takes one writer at a time: one connection, and a queue in this process before it.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(2 * PATIENCE)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options)
            .await
            .map_err(|error| fault::explain(&place, error))?;
        let store = Self {
            pool: Pool::Sqlite(pool),
            place: place.into(),
        };
        let store = store.prepare(&SCHEMA).await?;
        store.write_ahead().await?;
        Ok(store)
    }

    /// Turns the write-ahead log on, with which readers and the writer do not wait for each other.
    ///
    /// The file remembers it. It is turned on once the file is known to be ours, because it changes
    /// the file, and tried again while others have the file open: SQLite does not wait for this lock.
    async fn write_ahead(&self) -> Result<()> {
        for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
            let mode: Result<Vec<(String,)>> = rows!(self, "PRAGMA journal_mode = WAL");
            match mode {
                Ok(mode) if mode.iter().any(|(mode,)| mode == "wal") => return Ok(()),
                Err(error) if !error.is_retryable() => return Err(error),
                _ => tokio::time::sleep(PAUSE).await,
            }
        }
        let message = format!("the write-ahead log of {} can not be turned on", self.place);
        Err(Error::new(ErrorKind::Store, message))
    }
}

/// Makes the file if it is not there. SQLite gives the files beside it the same permissions.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
