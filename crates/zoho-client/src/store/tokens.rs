//! The tokens of connections, kept in a [`StateStore`].

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{Guard, StateStore};
use crate::auth::Scopes;
use crate::error::{Error, ErrorKind, Result};

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

/// The shape in the store. Unknown members of a later version are not kept: it says its version.
#[derive(Serialize, Deserialize)]
struct Kept {
    format: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    api_domain: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scopes: Option<String>,
}

const FORMAT: u32 = 1;

/// Keeps the tokens of connections in a [`StateStore`], each under the name of its connection.
#[derive(Clone, Debug)]
pub struct TokenStore(Arc<dyn StateStore>);

impl TokenStore {
    /// Tokens in a store that may keep other things too.
    #[must_use]
    pub fn new(store: Arc<dyn StateStore>) -> Self {
        Self(store)
    }

    /// The store below, for what belongs to tokens and is none.
    pub(crate) fn state(&self) -> &Arc<dyn StateStore> {
        &self.0
    }

    /// What is kept of a connection.
    ///
    /// # Errors
    /// [`ErrorKind::Store`]: the store failed, or what it has can not be read.
    pub async fn load(&self, connection: &str) -> Result<Option<StoredTokens>> {
        let key = key(connection);
        let Some(entry) = self.0.get(&key).await? else {
            return Ok(None);
        };
        // The cause may quote the value: it is not passed on.
        let kept: Kept = serde_json::from_slice(&entry.value).map_err(|_| {
            Error::new(
                ErrorKind::Store,
                format!("what is kept under `{key}` is not readable"),
            )
        })?;
        if kept.format != FORMAT {
            let format = kept.format;
            let message =
                format!("`{key}` has format {format}; this version of the crate reads format {FORMAT}");
            return Err(Error::new(ErrorKind::Store, message));
        }
        Ok(Some(StoredTokens {
            refresh_token: kept.refresh_token.map(Into::into),
            access_token: kept.access_token.map(Into::into),
            expires_at: kept.expires_at,
            api_domain: kept.api_domain,
            scopes: kept.scopes.map(|scopes| {
                let Ok(scopes) = scopes.parse();
                scopes
            }),
        }))
    }

    /// Keeps the tokens of a connection in place of what was kept.
    ///
    /// # Errors
    /// [`ErrorKind::Store`]: the store failed.
    pub async fn save(&self, connection: &str, tokens: &StoredTokens) -> Result<()> {
        self.save_with(connection, tokens, Guard::Always).await?;
        Ok(())
    }

    /// The same under a guard; `false` when it did not hold.
    pub(crate) async fn save_with(
        &self,
        connection: &str,
        tokens: &StoredTokens,
        guard: Guard<'_>,
    ) -> Result<bool> {
        let text =
            |secret: &Option<SecretString>| secret.as_ref().map(|secret| secret.expose_secret().to_owned());
        let kept = Kept {
            format: FORMAT,
            refresh_token: text(&tokens.refresh_token),
            access_token: text(&tokens.access_token),
            expires_at: tokens.expires_at,
            api_domain: tokens.api_domain.clone(),
            scopes: tokens.scopes.as_ref().map(ToString::to_string),
        };
        let value = serde_json::to_vec(&kept)
            .map_err(|_| Error::new(ErrorKind::Store, "the tokens can not be written"))?;
        Ok(self.0.put(&key(connection), value, guard).await?.is_some())
    }

    /// Forgets the tokens of a connection; `false` when there were none.
    ///
    /// # Errors
    /// [`ErrorKind::Store`]: the store failed.
    pub async fn remove(&self, connection: &str) -> Result<bool> {
        self.0.remove(&key(connection), Guard::Always).await
    }
}

fn key(connection: &str) -> String {
    format!("tokens/{connection}")
}
