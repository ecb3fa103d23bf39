//! The way to consent: the address the user is sent to, and what comes back.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use url::Url;

use super::{OAuthApp, OAuthUrls, Scopes};
use crate::error::{Error, ErrorKind, Result};
use crate::region::Region;

/// What to ask of the user.
#[derive(Clone, Debug)]
pub struct AuthorizeUrl {
    region: Region,
    app: OAuthApp,
    scopes: Scopes,
    urls: Option<OAuthUrls>,
}

/// A consent that is under way: keep it until the callback comes.
pub struct Authorization {
    url: String,
    state: String,
    verifier: SecretString,
    region: Region,
}

/// A callback that was checked: a code, and the data centre to trade it at.
pub struct Callback {
    pub(crate) code: SecretString,
    pub(crate) verifier: SecretString,
    pub(crate) region: Region,
}

impl AuthorizeUrl {
    /// Consent for the scopes of [`Scopes::seed`], asked for at the data centre where the
    /// application is registered.
    #[must_use]
    pub fn new(region: Region, app: OAuthApp) -> Self {
        Self {
            region,
            app,
            scopes: Scopes::seed(),
            urls: None,
        }
    }

    /// Addresses that are written out, in place of the region's usual ones; their region counts.
    #[must_use]
    pub fn urls(mut self, urls: OAuthUrls) -> Self {
        self.region = urls.region().clone();
        self.urls = Some(urls);
        self
    }

    /// Other scopes.
    #[must_use]
    pub fn scopes(mut self, scopes: Scopes) -> Self {
        self.scopes = scopes;
        self
    }

    /// The address, with a `state` and a proof key made of the given random bytes. They must be
    /// new for each consent and unknown to others.
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: credentials, scopes or redirect address are missing.
    pub fn begin(&self, random: [u8; 48]) -> Result<Authorization> {
        self.app.check()?;
        let redirect = self
            .app
            .redirect_uri
            .as_deref()
            .ok_or_else(|| Error::config("consent needs a redirect address"))?;
        if self.scopes.is_empty() {
            return Err(Error::config("consent needs at least one scope"));
        }
        let (state, verifier) = random.split_at(16);
        let state = URL_SAFE_NO_PAD.encode(state);
        let verifier = URL_SAFE_NO_PAD.encode(verifier);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
        let urls = match &self.urls {
            Some(urls) => urls.clone(),
            None => OAuthUrls::of(&self.region)?,
        };
        let mut url = Url::parse(&urls.authorize)
            .map_err(|error| Error::config("the accounts address is no address").with_source(error))?;
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.app.client_id),
            ("scope", &self.scopes.to_string()),
            ("redirect_uri", redirect),
            ("access_type", "offline"),
            ("prompt", "consent"),
            ("state", &state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        Ok(Authorization {
            url: url.into(),
            state,
            verifier: verifier.into(),
            region: self.region.clone(),
        })
    }
}

impl Authorization {
    /// The address to send the user to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Reads the address that the user came back to.
    ///
    /// # Errors
    /// [`ErrorKind::Auth`]: the user said no, or the `state` is not the one that was sent.
    /// [`ErrorKind::Config`]: the address holds no code, or names an accounts server that is not
    /// Zoho's.
    pub fn callback(&self, address: &str) -> Result<Callback> {
        let url = Url::parse(address)
            .or_else(|_| Url::parse("http://localhost").and_then(|base| base.join(address)))
            .map_err(|error| Error::config("the callback is no address").with_source(error))?;
        let value = |name: &str| {
            url.query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
        };
        if value("state").as_deref() != Some(self.state.as_str()) {
            return Err(Error::new(
                ErrorKind::Auth,
                "the callback's state is not the one that was sent",
            ));
        }
        if let Some(error) = value("error") {
            let error: String = error.chars().filter(|c| !c.is_control()).take(60).collect();
            return Err(
                Error::new(ErrorKind::Auth, format!("consent was not given: {error}")).consent_needed(),
            );
        }
        let region = match (value("accounts-server"), value("location")) {
            (Some(server), _) => self.region.at_accounts_server(&server)?,
            (None, Some(location)) if self.region.row().is_some() => location.parse()?,
            _ => self.region.clone(),
        };
        let code = value("code")
            .filter(|code| !code.is_empty())
            .ok_or_else(|| Error::config("the callback holds no code"))?;
        Ok(Callback {
            code: code.into(),
            verifier: self.verifier.expose_secret().into(),
            region,
        })
    }
}

impl Callback {
    /// The data centre of the user: where the code is traded, and the region to connect to.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Callback")
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}
