//! Tokens in memory: gone with the program.

use std::collections::HashMap;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use parking_lot::Mutex;

use super::{StoredTokens, TokenStore};
use crate::error::Result;

/// A store that lasts as long as the program. Several clients may share one.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<HashMap<String, StoredTokens>>);

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl TokenStore for MemoryStore {
    fn load<'a>(&'a self, connection: &'a str) -> BoxFuture<'a, Result<Option<StoredTokens>>> {
        async move { Ok(self.0.lock().get(connection).cloned()) }.boxed()
    }

    fn save<'a>(&'a self, connection: &'a str, tokens: StoredTokens) -> BoxFuture<'a, Result<()>> {
        async move {
            self.0.lock().insert(connection.to_owned(), tokens);
            Ok(())
        }
        .boxed()
    }
}
