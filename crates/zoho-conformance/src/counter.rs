//! A number in a store that any number of tasks and processes add to.

use zoho_client::{Guard, Result, StateStore};

/// Where processes keep the number that they share.
pub const KEY: &str = "counter";

/// The number; nought when nobody added to it.
///
/// # Errors
/// The store failed.
pub async fn read(store: &dyn StateStore, key: &str) -> Result<u64> {
    Ok(store.get(key).await?.map_or(0, |entry| number(&entry.value)))
}

/// Adds one, however often others come first, and gives what the number is then.
///
/// # Errors
/// The store failed.
pub async fn increment(store: &dyn StateStore, key: &str) -> Result<u64> {
    loop {
        let entry = store.get(key).await?;
        let (before, guard) = match &entry {
            None => (0, Guard::Absent),
            Some(entry) => (number(&entry.value), Guard::Unchanged(entry.version)),
        };
        let next = before + 1;
        if store
            .put(key, next.to_string().into_bytes(), guard)
            .await?
            .is_some()
        {
            return Ok(next);
        }
    }
}

fn number(value: &[u8]) -> u64 {
    let text = std::str::from_utf8(value).expect("a number is written in digits");
    text.parse().expect("a number is written in digits")
}
