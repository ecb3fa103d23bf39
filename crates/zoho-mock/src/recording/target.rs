//! Where a recording proxy may forward to: Zoho's hosts, or this machine.

use std::net::IpAddr;

use http::Uri;

use crate::generated::REGIONS;

/// A target that requests may be forwarded to.
///
/// ```
/// use zoho_mock::recording::Target;
///
/// let europe = Target::of("https://www.zohoapis.eu")?;
/// assert_eq!(europe.server_of("/crm/v8/Leads"), "https://www.zohoapis.eu");
/// assert_eq!(europe.server_of("/oauth/v2/token"), "https://accounts.zoho.eu");
/// assert!(Target::of("https://example.com").is_err());
/// # Ok::<(), zoho_mock::recording::UnknownTarget>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    api: String,
    accounts: String,
}

/// An address that requests are not forwarded to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} is neither Zoho's nor of this machine: give an API domain such as https://www.zohoapis.eu, or http://127.0.0.1:PORT"
)]
pub struct UnknownTarget(String);

impl Target {
    /// The target of an address: `https` and a host of Zoho's, or `http` and this machine.
    ///
    /// # Errors
    /// [`UnknownTarget`] for any other, so that no token is sent to a stranger.
    pub fn of(url: &str) -> Result<Self, UnknownTarget> {
        let unknown = || UnknownTarget(url.to_owned());
        let uri: Uri = url.parse().map_err(|_| unknown())?;
        let authority = uri.authority().ok_or_else(unknown)?;
        if authority.as_str().contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(unknown());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        match uri.scheme_str() {
            Some("https") if matches!(authority.port_u16(), None | Some(443)) => {
                let host = host.to_ascii_lowercase();
                let region = REGIONS.iter().find(|region| {
                    [
                        region.api,
                        region.sandbox,
                        region.developer,
                        region.upload,
                        region.accounts,
                    ]
                    .contains(&host.as_str())
                });
                let region = region.ok_or_else(unknown)?;
                let api = if host == region.accounts {
                    region.api
                } else {
                    &host
                };
                Ok(Self {
                    api: format!("https://{api}"),
                    accounts: format!("https://{}", region.accounts),
                })
            }
            Some("http") if is_this_machine(host) => {
                let address = format!("http://{authority}");
                Ok(Self {
                    api: address.clone(),
                    accounts: address,
                })
            }
            _ => Err(unknown()),
        }
    }

    /// The server that a path is for.
    pub fn server_of(&self, path: &str) -> String {
        let accounts = path.starts_with("/oauth/") || path.starts_with("/oauth2/");
        if accounts {
            self.accounts.clone()
        } else {
            self.api.clone()
        }
    }

    /// Whether it is spoken to by TLS.
    pub fn is_secure(&self) -> bool {
        self.api.starts_with("https://")
    }
}

fn is_this_machine(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host.eq_ignore_ascii_case("localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_zoho_and_this_machine_are_targets() {
        for url in [
            "https://www.zohoapis.com",
            "https://www.zohoapis.com.au/",
            "https://SANDBOX.zohoapis.eu",
            "https://accounts.zoho.in:443",
            "http://127.0.0.1:4000",
            "http://[::1]:4000",
            "http://localhost:1/",
        ] {
            assert!(Target::of(url).is_ok(), "{url}");
        }
        for url in [
            "",
            "www.zohoapis.com",
            "http://www.zohoapis.com",
            "https://www.zohoapis.com:8443",
            "https://zohoapis.com.evil.example",
            "https://www.zohoapis.com@evil.example",
            "https://evil.example/www.zohoapis.com",
            "https://www.zohoapis.com/crm",
            "http://192.168.1.7:4000",
            "http://localhost.evil.example",
            "http://user@127.0.0.1",
            "ftp://127.0.0.1",
        ] {
            assert!(Target::of(url).is_err(), "{url}");
        }
        assert_eq!(
            Target::of("https://accounts.zoho.eu").unwrap().server_of("/crm"),
            "https://www.zohoapis.eu"
        );
    }
}
