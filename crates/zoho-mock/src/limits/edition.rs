//! Editions of Zoho CRM, and how many calls each lets an application have under way.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An edition of Zoho CRM.
///
/// It says how many calls of one application may be under way at once (Zoho's "API limits" page). Credits are
/// set apart, because they grow with the users that were bought.
///
/// ```
/// use zoho_mock::Edition;
///
/// assert_eq!("free".parse::<Edition>()?.concurrency(), 5);
/// assert_eq!(Edition::default(), Edition::Enterprise);
/// # Ok::<(), zoho_mock::UnknownEdition>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Edition {
    /// Free: 5 calls at once.
    Free,
    /// Standard: 10 calls at once.
    Standard,
    /// Professional: 15 calls at once.
    Professional,
    /// Enterprise, and Zoho One: 20 calls at once.
    #[default]
    Enterprise,
    /// Ultimate, and CRM Plus: 25 calls at once.
    Ultimate,
}

impl Edition {
    /// All editions, the smallest first.
    pub const ALL: [Self; 5] = [
        Self::Free,
        Self::Standard,
        Self::Professional,
        Self::Enterprise,
        Self::Ultimate,
    ];

    /// How many calls of one application may be under way at once.
    pub fn concurrency(self) -> u32 {
        match self {
            Self::Free => 5,
            Self::Standard => 10,
            Self::Professional => 15,
            Self::Enterprise => 20,
            Self::Ultimate => 25,
        }
    }

    /// Its name, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Standard => "standard",
            Self::Professional => "professional",
            Self::Enterprise => "enterprise",
            Self::Ultimate => "ultimate",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A name that no edition has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no edition {0}: free, standard, professional, enterprise, ultimate")]
pub struct UnknownEdition(String);

impl FromStr for Edition {
    type Err = UnknownEdition;

    fn from_str(name: &str) -> Result<Self, UnknownEdition> {
        let named = |edition: &Self| edition.as_str().eq_ignore_ascii_case(name);
        let found = Self::ALL.into_iter().find(named);
        found.ok_or_else(|| UnknownEdition(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_reads_as_it_is_written() {
        for edition in Edition::ALL {
            assert_eq!(edition.to_string().parse(), Ok(edition));
            assert_eq!(serde_json::to_value(edition).unwrap(), edition.as_str());
        }
        let refused = "platinum".parse::<Edition>().unwrap_err().to_string();
        assert!(
            refused.contains("platinum") && Edition::ALL.iter().all(|known| refused.contains(known.as_str()))
        );
    }
}
