//! The store that processes share.

use zoho_client::{Result, SqlStore};

/// The store at a place: PostgreSQL's by its address, else a file of SQLite's.
///
/// # Errors
/// It can not be reached or opened.
pub async fn open(place: &str) -> Result<SqlStore> {
    match place.starts_with("postgres://") {
        true => SqlStore::postgres(place).await,
        false => SqlStore::sqlite(place).await,
    }
}
