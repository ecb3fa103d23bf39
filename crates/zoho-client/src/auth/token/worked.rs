//! What is known to have worked: forced tokens, for all processes, and operations, for this one.

use std::sync::Arc;

use secrecy::SecretString;

use super::history::mark;
use super::{Access, TokenSource};
use crate::error::Result;
use crate::store::Guard;

impl TokenSource {
    /// Notes that Zoho accepted a token, and the operation if it was carried out.
    pub(crate) fn accepted(self: &Arc<Self>, access: &Arc<Access>, operation: Option<&'static str>) {
        if let Some(id) = operation {
            self.state.lock().worked.insert(id);
        }
        if access.prove() && access.forced.is_some() {
            let (source, access) = (Arc::clone(self), Arc::clone(access));
            // Nobody waits for it: who does not learn of it waits a little longer for another token.
            tokio::spawn(async move { source.tell(&access).await });
        }
    }

    /// Tells the other processes that a token that took the place of a refused one works.
    async fn tell(&self, access: &Access) {
        let settings = &self.settings;
        let state = settings.store.state();
        let written = state
            .put(&key(&settings.connection), sign(access), Guard::Always)
            .await;
        if let Err(error) = written {
            tracing::warn!(%error, "that the new token works could not be told");
        }
    }

    /// Whether Zoho accepted a token here or in another process.
    pub(super) async fn has_worked(&self, access: &Access) -> Result<bool> {
        if access.is_proven() {
            return Ok(true);
        }
        let settings = &self.settings;
        let kept = settings.store.state().get(&key(&settings.connection)).await?;
        Ok(kept.is_some_and(|entry| entry.value == sign(access)))
    }
}

/// What a token is recognised by.
fn sign(access: &Access) -> Vec<u8> {
    let header = SecretString::from(String::from_utf8_lossy(access.header.as_bytes()).into_owned());
    mark(&header).into_bytes()
}

fn key(connection: &str) -> String {
    format!("token-worked/{connection}")
}
