//! The addresses of an accounts server.

use std::sync::Arc;

use url::Url;

use crate::error::{Error, Result};
use crate::region::Region;

/// Where consent is asked for, tokens are given, and tokens are revoked.
///
/// A region has its usual addresses, and nothing more is needed. Connections of the older kind write
/// the three addresses out; they are taken if all belong to the accounts server of one data centre.
///
/// ```
/// use zoho_client::{OAuthUrls, Region};
///
/// let urls = OAuthUrls::new(
///     "https://accounts.zoho.eu/oauth/v2/auth",
///     "https://accounts.zoho.eu/oauth/v2/token",
///     "https://accounts.zoho.eu/oauth/v2/token/revoke",
/// )?;
/// assert_eq!(urls.region(), &Region::Eu);
/// assert!(OAuthUrls::new("https://accounts.zoho.eu/a", "https://evil.example/t", "https://accounts.zoho.eu/r").is_err());
/// # Ok::<(), zoho_client::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthUrls {
    pub(crate) authorize: Arc<str>,
    pub(crate) token: Arc<str>,
    pub(crate) revoke: Arc<str>,
    region: Region,
}

/// The path of the revocation address that takes a token with the client's own authentication. The
/// older one, `/oauth/v2/token/revoke`, takes the token alone.
pub(super) const REVOKE: &str = "/oauth/v2/revoke/token";

impl OAuthUrls {
    /// The three addresses.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): one is not an address of an accounts server
    /// of Zoho's (or of this machine), or they belong to different data centres.
    pub fn new(authorize: &str, token: &str, revoke: &str) -> Result<Self> {
        let (authorize, region) = checked("authorize", authorize)?;
        let (token, of_token) = checked("token", token)?;
        let (revoke, of_revoke) = checked("revoke", revoke)?;
        if of_token != region || of_revoke != region {
            return Err(Error::config(
                "the three addresses belong to different data centres",
            ));
        }
        Ok(Self {
            authorize,
            token,
            revoke,
            region,
        })
    }

    /// The usual addresses of a region.
    pub(crate) fn of(region: &Region) -> Result<Self> {
        let accounts = region.accounts_url()?;
        Ok(Self {
            authorize: format!("{accounts}/oauth/v2/auth").into(),
            token: format!("{accounts}/oauth/v2/token").into(),
            revoke: format!("{accounts}{REVOKE}").into(),
            region: region.clone(),
        })
    }

    /// The data centre that they belong to.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }
}

/// An address, and the region whose accounts server it is on.
fn checked(what: &str, address: &str) -> Result<(Arc<str>, Region)> {
    let wrong = |why: &str| Error::config(format!("the {what} address {why}"));
    let url = Url::parse(address.trim()).map_err(|_| wrong("is not an address"))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("must end with its path"));
    }
    let mut base = url.clone();
    base.set_path("");
    let region = Region::custom(base.as_str()).map_err(|error| {
        error.with_message(format!(
            "the {what} address is not on an accounts server of Zoho's: `{}`",
            url.host_str().unwrap_or_default()
        ))
    })?;
    let accounts = region
        .row()
        .is_none_or(|row| Some(row.accounts) == url.host_str());
    match accounts {
        true => Ok((url.as_str().into(), region)),
        false => Err(wrong("is not on an accounts server")),
    }
}
