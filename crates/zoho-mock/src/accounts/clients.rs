//! The OAuth clients that the accounts server knows.

use super::Denial;
use crate::config::{Client, Config};

/// The registered clients.
#[derive(Clone, Debug)]
pub(super) struct Clients {
    clients: Vec<Client>,
}

impl Clients {
    /// The clients of the configuration, or the default one.
    pub(super) fn new(config: &Config) -> Self {
        Self {
            clients: match config.clients.is_empty() {
                true => vec![config.client()],
                false => config.clients.clone(),
            },
        }
    }

    /// The client, if its secret is right.
    pub(super) fn authenticated(&self, id: &str, secret: &str) -> Result<&Client, Denial> {
        let client = self
            .clients
            .iter()
            .find(|client| client.id == id)
            .ok_or(Denial::InvalidClient)?;
        match client.secret == secret {
            true => Ok(client),
            false => Err(Denial::InvalidClientSecret),
        }
    }
}
