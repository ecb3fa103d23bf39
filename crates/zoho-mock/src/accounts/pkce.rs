//! Proof keys for code exchange: the challenge of the authorization request and its verifier.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// What a verifier has to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    Plain(String),
    S256(String),
}

impl Challenge {
    /// The challenge of a request, if it makes one.
    ///
    /// # Errors
    /// Nothing but a method that nobody knows.
    pub(super) fn read(challenge: Option<&str>, method: Option<&str>) -> Result<Option<Self>, ()> {
        let Some(challenge) = challenge else {
            return Ok(None);
        };
        match method.unwrap_or("plain") {
            "plain" => Ok(Some(Self::Plain(challenge.to_owned()))),
            "S256" => Ok(Some(Self::S256(challenge.to_owned()))),
            _ => Err(()),
        }
    }

    /// Whether the verifier belongs to the challenge.
    pub(super) fn met_by(&self, verifier: &str) -> bool {
        match self {
            Self::Plain(challenge) => challenge == verifier,
            Self::S256(challenge) => {
                *challenge.trim_end_matches('=')
                    == URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7636() {
        let challenge = Challenge::read(Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"), Some("S256"));
        let challenge = challenge.unwrap().unwrap();
        assert!(challenge.met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"));
        assert!(!challenge.met_by("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK"));
        assert!(!challenge.met_by("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
    }

    #[test]
    fn methods() {
        assert_eq!(Challenge::read(None, Some("S256")), Ok(None));
        assert_eq!(
            Challenge::read(Some("abc"), None),
            Ok(Some(Challenge::Plain("abc".into())))
        );
        assert_eq!(Challenge::read(Some("abc"), Some("s512")), Err(()));
        assert!(Challenge::Plain("abc".into()).met_by("abc"));
        assert!(!Challenge::Plain("abc".into()).met_by("abd"));
    }
}
