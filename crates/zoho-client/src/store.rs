//! Where tokens are kept between calls and between runs.

mod memory;

use std::fmt;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use secrecy::SecretString;

pub use memory::MemoryStore;

use crate::auth::Scopes;
use crate::error::Result;

/// What is kept of one connection.
#[derive(Clone, Default)]
pub struct StoredTokens {
    /// The refresh token: what the user's consent gave.
    pub refresh_token: Option<SecretString>,
    /// The latest access token.
    pub access_token: Option<SecretString>,
    /// When the access token ends.
    pub expires_at: Option<Timestamp>,
    /// The address of the API for this user.
    pub api_domain: Option<String>,
    /// The scopes that were granted, when Zoho said them.
    pub scopes: Option<Scopes>,
}

impl fmt::Debug for StoredTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredTokens")
            .field("expires_at", &self.expires_at)
            .field("api_domain", &self.api_domain)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

/// Keeps the tokens of connections, each under a name of the program's choice.
pub trait TokenStore: fmt::Debug + Send + Sync + 'static {
    /// What is kept of a connection.
    fn load<'a>(&'a self, connection: &'a str) -> BoxFuture<'a, Result<Option<StoredTokens>>>;

    /// Keeps the tokens of a connection in place of what was kept.
    fn save<'a>(&'a self, connection: &'a str, tokens: StoredTokens) -> BoxFuture<'a, Result<()>>;
}
