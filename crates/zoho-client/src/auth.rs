//! OAuth: the application's credentials, consent, tokens and scopes.

pub(crate) mod answer;
pub(crate) mod authorize;
pub(crate) mod centres;
pub(crate) mod device;
pub(crate) mod grant;
pub(crate) mod revoke;
pub(crate) mod scopes;
pub(crate) mod token;
pub(crate) mod urls;

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use crate::error::{Error, Result};
use crate::region::Region;

pub use authorize::{Authorization, AuthorizeUrl, Callback};
pub use device::{DeviceCode, DeviceGrant};
pub use grant::Grant;
pub use scopes::Scopes;
pub use urls::OAuthUrls;

/// The credentials of an application, as Zoho's API console gives them.
#[derive(Clone)]
pub struct OAuthApp {
    client_id: String,
    client_secret: SecretString,
    elsewhere: Vec<(Region, SecretString)>,
    redirect_uri: Option<String>,
}

impl OAuthApp {
    /// The client id and the client secret.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<SecretString>) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            elsewhere: Vec::new(),
            redirect_uri: None,
        }
    }

    /// The client secret of another data centre, for applications that have one for each: the console
    /// calls it "use the same OAuth credentials for all data centers" when they do not.
    #[must_use]
    pub fn secret_at(mut self, region: Region, secret: impl Into<SecretString>) -> Self {
        self.elsewhere.push((region, secret.into()));
        self
    }

    /// The address that Zoho sends the user back to; it must be one that the console knows.
    #[must_use]
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// The secret that a data centre knows.
    fn secret_for(&self, region: &Region) -> &str {
        let there = self.elsewhere.iter().find(|(known, _)| known == region);
        there
            .map_or(&self.client_secret, |(_, secret)| secret)
            .expose_secret()
    }

    /// Refuses credentials that can not be right before anything is sent.
    pub(crate) fn check(&self) -> Result<()> {
        let elsewhere = self.elsewhere.iter().map(|(_, secret)| secret);
        let secrets = std::iter::once(&self.client_secret).chain(elsewhere);
        let secrets = secrets.map(|secret| ("client secret", secret.expose_secret()));
        for (name, value) in std::iter::once(("client id", self.client_id.as_str())).chain(secrets) {
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
