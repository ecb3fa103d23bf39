//! What a database's error means, in words that name the place and no value.

use crate::error::{Error, ErrorKind};

/// An error of a store at a place.
pub(super) fn explain(place: &str, error: sqlx::Error) -> Error {
    let (message, passing) = match &error {
        sqlx::Error::Database(cause) => refused(place, cause.as_ref()),
        sqlx::Error::PoolTimedOut => (format!("no connection to {place} came free in time"), true),
        sqlx::Error::PoolClosed => (format!("the store in {place} was closed"), false),
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) => (format!("{place} can not be reached"), true),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) | sqlx::Error::Decode(_) => (
            format!("a table in {place} does not hold what this crate puts there"),
            false,
        ),
        _ => (format!("the store in {place} failed"), false),
    };
    Error::new(ErrorKind::Store, message)
        .with_source(error)
        .passing(passing)
}

/// By SQLite's result code (the extended ones have the plain one in their lowest byte), or by
/// PostgreSQL's SQLSTATE, which has five characters.
fn refused(place: &str, cause: &dyn sqlx::error::DatabaseError) -> (String, bool) {
    let code = cause.code().unwrap_or_default();
    let plain = code
        .parse::<i32>()
        .ok()
        .filter(|_| code.len() < 5)
        .map(|code| code & 0xff);
    match (plain, code.as_ref()) {
        (Some(26), _) => (format!("{place} is no SQLite database"), false),
        (Some(11), _) => (format!("{place} is damaged"), false),
        (Some(5 | 6), _) => (format!("another program keeps {place} locked"), true),
        (Some(8), _) => (format!("{place} may not be written"), false),
        (Some(10 | 13), _) => (format!("{place} can not be read or written"), false),
        (Some(14), _) => (format!("{place} can not be opened"), false),
        (None, "42P01" | "42703") => (
            format!("a table of this crate is missing in {place}, or is another's"),
            false,
        ),
        (None, code) if code.starts_with("28") => {
            (format!("{place} does not accept the user or password"), false)
        }
        // Connection lost, shutting down, too many connections, deadlock, serialization.
        (None, code)
            if ["08", "57", "53", "40"]
                .iter()
                .any(|class| code.starts_with(class)) =>
        {
            (format!("{place} is not available"), true)
        }
        _ => (format!("{place} refused a statement"), false),
    }
}
