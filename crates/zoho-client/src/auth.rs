//! OAuth: the application's credentials, consent, tokens and scopes.

pub(crate) mod authorize;
pub(crate) mod grant;
pub(crate) mod scopes;
pub(crate) mod token;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, Result};

pub use authorize::{Authorization, AuthorizeUrl, Callback};
pub use grant::Grant;
pub use scopes::Scopes;

/// The credentials of an application, as Zoho's API console gives them.
#[derive(Clone)]
pub struct OAuthApp {
    client_id: String,
    client_secret: SecretString,
    redirect_uri: Option<String>,
}

impl OAuthApp {
    /// The client id and the client secret.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<SecretString>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            redirect_uri: None,
        }
    }

    /// The address that Zoho sends the user back to; it must be one that the console knows.
    #[must_use]
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// Refuses credentials that can not be right before anything is sent.
    pub(crate) fn check(&self) -> Result<()> {
        for (name, value) in [
            ("client id", self.client_id.as_str()),
            ("client secret", self.client_secret.expose_secret()),
        ] {
            if value.trim().is_empty() {
                return Err(Error::config(format!("the {name} is empty")));
            }
            if value.chars().any(|c| c.is_control() || c.is_whitespace()) {
                return Err(Error::config(format!(
                    "the {name} holds spaces or control characters"
                )));
            }
        }
        Ok(())
    }
}

impl fmt::Debug for OAuthApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthApp")
            .field("client_id", &self.client_id)
            .field("redirect_uri", &self.redirect_uri)
            .finish_non_exhaustive()
    }
}
