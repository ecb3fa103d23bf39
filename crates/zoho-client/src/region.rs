//! Zoho's data centres: which hosts belong to which, and the check that guards every secret.
//!
//! The table itself is generated from `zoho-spec`; nothing is sent to a host outside it, except to
//! a loopback address that the program itself asked for.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use url::{Host, Url};

use crate::error::{Error, Result};
use crate::generated::regions::REGIONS;

/// One data centre of Zoho's: hosts without scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegionRow {
    /// The location code, such as `us`; Zoho says it in the callback.
    pub code: &'static str,
    /// The name.
    pub name: &'static str,
    /// The host that gives tokens.
    pub accounts: &'static str,
    /// The host of the API.
    pub api: &'static str,
    /// The API host of CRM sandboxes.
    pub sandbox: &'static str,
    /// The API host of CRM developer editions.
    pub developer: &'static str,
    /// The host that takes bulk uploads.
    pub upload: &'static str,
}

/// The kind of CRM organization that a token was made for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Environment {
    /// The organization itself.
    #[default]
    Production,
    /// A sandbox of it.
    Sandbox,
    /// A developer edition.
    Developer,
}

impl FromStr for Environment {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "production" => Ok(Self::Production),
            "sandbox" => Ok(Self::Sandbox),
            "developer" => Ok(Self::Developer),
            _ => Err(Error::config(format!(
                "`{}` is no environment; these are production, sandbox and developer",
                text.escape_debug()
            ))),
        }
    }
}

impl RegionRow {
    fn api_of(&self, environment: Environment) -> &'static str {
        match environment {
            Environment::Production => self.api,
            Environment::Sandbox => self.sandbox,
            Environment::Developer => self.developer,
        }
    }

    /// Whether it is the host that keeps files for download: beside the accounts server, `accounts.zoho.eu`.
    #[cfg(feature = "bulk")]
    fn has_download(&self, host: &str) -> bool {
        let domain = self.accounts.strip_prefix("accounts.");
        domain.is_some_and(|domain| host.strip_prefix("download-accl.") == Some(domain))
    }

    fn has_api(&self, host: &str) -> bool {
        // The API domain is seen with and without `www.`.
        [self.api, self.sandbox, self.developer].contains(&host)
            || self.api.strip_prefix("www.").is_some_and(|bare| bare == host)
    }
}

/// The data centre that holds a user's account, or a loopback address where a mock listens.
///
/// ```
/// use zoho_client::Region;
///
/// assert_eq!("eu".parse::<Region>()?, Region::Eu);
/// assert_eq!("https://accounts.zohocloud.ca".parse::<Region>()?, Region::Ca);
/// assert_eq!(Region::custom("http://127.0.0.1:4000")?.code(), "custom");
/// assert!(Region::custom("https://zoho.example.com").is_err());
/// # Ok::<(), zoho_client::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Region(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Zoho(&'static str),
    Loopback(Arc<str>),
}

/// The base addresses of one connection, without trailing slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hosts {
    pub(crate) accounts: Arc<str>,
    pub(crate) api: Arc<str>,
}

#[allow(non_upper_case_globals, reason = "regions read as names, not as shouting")]
impl Region {
    /// The United States: `accounts.zoho.com`.
    pub const Us: Self = Self(Repr::Zoho("us"));
    /// Europe: `accounts.zoho.eu`.
    pub const Eu: Self = Self(Repr::Zoho("eu"));
    /// India: `accounts.zoho.in`.
    pub const In: Self = Self(Repr::Zoho("in"));
    /// Australia: `accounts.zoho.com.au`.
    pub const Au: Self = Self(Repr::Zoho("au"));
    /// Japan: `accounts.zoho.jp`.
    pub const Jp: Self = Self(Repr::Zoho("jp"));
    /// The United Kingdom: `accounts.zoho.uk`.
    pub const Uk: Self = Self(Repr::Zoho("uk"));
    /// Canada: `accounts.zohocloud.ca`.
    pub const Ca: Self = Self(Repr::Zoho("ca"));
    /// The United Arab Emirates: `accounts.zoho.ae`.
    pub const Ae: Self = Self(Repr::Zoho("ae"));
    /// Saudi Arabia: `accounts.zoho.sa`.
    pub const Sa: Self = Self(Repr::Zoho("sa"));
    /// China: `accounts.zoho.com.cn`.
    pub const Cn: Self = Self(Repr::Zoho("cn"));
}

impl Region {
    /// A server on this machine, such as a mock: `127.0.0.0/8`, `::1` or `localhost`, perhaps with a
    /// path, under which the mock has its other data centres. The address of a Zoho host gives its
    /// region.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): the address is neither.
    pub fn custom(base_url: &str) -> Result<Self> {
        let url = parse_base(base_url)?;
        if is_loopback(&url) {
            return Ok(Self(Repr::Loopback(base_text(&url).into())));
        }
        zoho_host(&url)
            .and_then(|host| {
                REGIONS
                    .iter()
                    .find(|row| row.accounts == host || row.has_api(host))
            })
            .map(|row| Self(Repr::Zoho(row.code)))
            .ok_or_else(|| {
                Error::config(format!(
                    "`{}` is neither a host of Zoho's nor a loopback address",
                    url.host_str().unwrap_or_default()
                ))
            })
    }

    /// The code: `us`, `eu` and so on; `custom` for a loopback address.
    #[must_use]
    pub fn code(&self) -> &str {
        match &self.0 {
            Repr::Zoho(code) => code,
            Repr::Loopback(_) => "custom",
        }
    }

    /// All regions of Zoho's that are known.
    pub fn all() -> impl Iterator<Item = Self> {
        REGIONS.iter().map(|row| Self(Repr::Zoho(row.code)))
    }

    /// The hosts of the region; `None` for a loopback address.
    #[must_use]
    pub fn row(&self) -> Option<&'static RegionRow> {
        match &self.0 {
            Repr::Zoho(code) => REGIONS.iter().find(|row| row.code == *code),
            Repr::Loopback(_) => None,
        }
    }

    /// The base address of the accounts server.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): the region is not in the table.
    pub fn accounts_url(&self) -> Result<String> {
        Ok(self.hosts(Environment::Production)?.accounts.to_string())
    }

    pub(crate) fn hosts(&self, environment: Environment) -> Result<Hosts> {
        match &self.0 {
            Repr::Loopback(base) => Ok(Hosts {
                accounts: base.clone(),
                api: base.clone(),
            }),
            Repr::Zoho(code) => {
                let row = self
                    .row()
                    .ok_or_else(|| Error::config(format!("region `{code}` is not in the table")))?;
                Ok(Hosts {
                    accounts: https(row.accounts),
                    api: https(row.api_of(environment)),
                })
            }
        }
    }

    /// The API address that a token response names, if it may be given a token: a host of the
    /// table for a region of Zoho's, a loopback address for a loopback address.
    pub(crate) fn check_api_domain(&self, environment: Environment, domain: &str) -> Result<Arc<str>> {
        let url = parse_base(domain)?;
        let found = match &self.0 {
            Repr::Loopback(_) => is_loopback(&url).then(|| base_text(&url).into()),
            Repr::Zoho(_) => zoho_host(&url)
                .and_then(|host| REGIONS.iter().find(|row| row.has_api(host)))
                .map(|row| https(row.api_of(environment))),
        };
        found.ok_or_else(|| {
            Error::config(format!(
                "the token response names the API host `{}`, which this connection must not send a token to",
                url.host_str().unwrap_or_default()
            ))
        })
    }

    /// The region of the `accounts-server` that a callback names.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): it is not a server of Zoho's, nor, for a
    /// connection to a loopback address, a loopback address.
    pub fn at_accounts_server(&self, server: &str) -> Result<Self> {
        let url = parse_base(server)?;
        match &self.0 {
            Repr::Loopback(_) if is_loopback(&url) => Some(Self(Repr::Loopback(base_text(&url).into()))),
            Repr::Loopback(_) => None,
            Repr::Zoho(_) => zoho_host(&url)
                .and_then(|host| REGIONS.iter().find(|row| row.accounts == host))
                .map(|row| Self(Repr::Zoho(row.code))),
        }
        .ok_or_else(|| {
            Error::config(format!(
                "the callback names the accounts server `{}`, which must not be given a secret",
                url.host_str().unwrap_or_default()
            ))
        })
    }
}

impl FromStr for Region {
    type Err = Error;

    /// Reads a code (`eu`), a name (`Europe`), or an accounts address.
    fn from_str(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.contains("://") {
            return Self::custom(text);
        }
        REGIONS
            .iter()
            .find(|row| {
                [row.code, row.name, row.accounts]
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(text))
            })
            .map(|row| Self(Repr::Zoho(row.code)))
            .ok_or_else(|| {
                let known: Vec<_> = REGIONS.iter().map(|row| row.code).collect();
                Error::config(format!(
                    "`{}` is no region; the regions are {}",
                    text.escape_debug(),
                    known.join(", ")
                ))
            })
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Zoho(code) => f.write_str(code),
            Repr::Loopback(base) => f.write_str(base),
        }
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Region({self})")
    }
}

/// The address that takes bulk uploads, beside an address of the API: the upload host of the same
/// region, or the same server on this machine.
pub(crate) fn upload_host(api: &str) -> Cow<'_, str> {
    let row = api
        .strip_prefix("https://")
        .and_then(|host| REGIONS.iter().find(|row| row.has_api(host)));
    row.map_or(Cow::Borrowed(api), |row| {
        Cow::Owned(format!("https://{}", row.upload))
    })
}

/// Where a file is downloaded that an answer of the API names, as origin and path: on the API's own host or the download
/// host of the same region, or on this machine for an API that is there. Nobody else is given a token.
#[cfg(feature = "bulk")]
pub(crate) fn download_address(api: &str, url: &str) -> Result<(String, String)> {
    if url.starts_with('/') && !url.starts_with("//") {
        return Ok((api.to_owned(), url.to_owned()));
    }
    let refused = |host: &str| {
        Error::config(format!(
            "the answer names the download host `{}`, which this connection must not send a token to",
            host.escape_debug()
        ))
    };
    let url = Url::parse(url).map_err(|_| Error::config("the answer names a download that is no address"))?;
    let host = url.host_str().unwrap_or_default();
    let row = api
        .strip_prefix("https://")
        .and_then(|host| REGIONS.iter().find(|row| row.has_api(host)));
    let known = match row {
        Some(row) => zoho_host(&url).is_some_and(|host| row.has_api(host) || row.has_download(host)),
        None => is_loopback(&url) && Url::parse(api).is_ok_and(|api| is_loopback(&api)),
    };
    if !known || !url.username().is_empty() || url.password().is_some() {
        return Err(refused(host));
    }
    let origin = url.origin().ascii_serialization();
    Ok((
        origin,
        url[url::Position::BeforePath..url::Position::AfterQuery].to_owned(),
    ))
}

fn https(host: &str) -> Arc<str> {
    format!("https://{host}").into()
}

fn parse_base(text: &str) -> Result<Url> {
    let wrong = |why: &str| Error::config(format!("`{}` {why}", text.escape_debug()));
    let url =
        Url::parse(text.trim()).map_err(|_| wrong("is not an address like https://accounts.zoho.eu"))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong("is not an http address"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::config("an address must not hold a user name or password"));
    }
    let path = url.path() != "/" && !is_loopback(&url);
    if path || url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("must be a scheme, a host and perhaps a port, nothing more"));
    }
    Ok(url)
}

fn base_text(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// The host, if it is asked for in the one way that Zoho's hosts may be: https, default port.
fn zoho_host(url: &Url) -> Option<&str> {
    (url.scheme() == "https" && url.port().is_none())
        .then(|| url.host_str())
        .flatten()
}
