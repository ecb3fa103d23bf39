//! Data centres, and how one address stands for all of them.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::generated::REGIONS;

/// A data centre of Zoho's.
///
/// The mock has one address. The US centre is at the address itself, every other under a prefix of
/// its own, for the accounts server and the products alike: `/dc/eu/oauth/v2/token` is Europe's
/// token address and `/dc/eu/crm/v8` its CRM. Answers name the centre's whole address, so a client
/// that trusts `accounts-server` and `api_domain` finds its way.
///
/// ```
/// use zoho_mock::DataCentre;
///
/// assert_eq!(DataCentre::named("eu"), Some(DataCentre::EU));
/// assert_eq!(DataCentre::EU.prefix(), "/dc/eu");
/// assert_eq!(DataCentre::US.prefix(), "");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataCentre(&'static str);

impl DataCentre {
    /// United States.
    pub const US: Self = Self("us");
    /// Europe.
    pub const EU: Self = Self("eu");
    /// India.
    pub const IN: Self = Self("in");
    /// Australia.
    pub const AU: Self = Self("au");
    /// Japan.
    pub const JP: Self = Self("jp");
    /// Canada.
    pub const CA: Self = Self("ca");
    /// China.
    pub const CN: Self = Self("cn");
    /// Saudi Arabia.
    pub const SA: Self = Self("sa");
    /// United Kingdom.
    pub const UK: Self = Self("uk");
    /// United Arab Emirates.
    pub const AE: Self = Self("ae");

    /// Every data centre the mock knows.
    pub fn all() -> impl Iterator<Item = Self> {
        REGIONS.iter().map(|region| Self(region.code))
    }

    /// The data centre of a location code, such as `eu`.
    pub fn named(code: &str) -> Option<Self> {
        Self::all().find(|centre| centre.0 == code)
    }

    /// Its location code.
    pub fn code(self) -> &'static str {
        self.0
    }

    /// What stands before its paths on the mock.
    pub fn prefix(self) -> String {
        match self {
            Self::US => String::new(),
            centre => format!("/dc/{}", centre.code()),
        }
    }

    /// Its address on the mock.
    pub(crate) fn address(self, base_url: &str) -> Cow<'_, str> {
        match self {
            Self::US => Cow::Borrowed(base_url),
            centre => Cow::Owned(format!("{base_url}{}", centre.prefix())),
        }
    }
}

impl Serialize for DataCentre {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for DataCentre {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::named(&code).ok_or_else(|| serde::de::Error::custom(format!("there is no data centre {code}")))
    }
}

impl Default for DataCentre {
    fn default() -> Self {
        Self::US
    }
}

impl fmt::Display for DataCentre {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// The data centre that a path is for, and the path within it.
pub(crate) fn split(path: &str) -> (DataCentre, &str) {
    let found = path.strip_prefix("/dc/").and_then(|rest| {
        let end = rest.find('/').unwrap_or(rest.len());
        let (code, rest) = rest.split_at_checked(end)?;
        Some((DataCentre::named(code)?, rest))
    });
    found.unwrap_or((DataCentre::US, path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_constant_is_in_the_table() {
        let constants = [
            DataCentre::US,
            DataCentre::EU,
            DataCentre::IN,
            DataCentre::AU,
            DataCentre::JP,
            DataCentre::CA,
            DataCentre::CN,
            DataCentre::SA,
            DataCentre::UK,
            DataCentre::AE,
        ];
        assert_eq!(DataCentre::all().count(), constants.len());
        assert!(DataCentre::all().all(|centre| constants.contains(&centre)));
    }

    proptest! {
        #[test]
        fn a_prefix_is_taken_off_as_it_was_put_on(centre in prop::sample::select(DataCentre::all().collect::<Vec<_>>()), path in "/oauth/[a-z/]{0,12}") {
            let whole = format!("{}{path}", centre.prefix());
            prop_assert_eq!(split(&whole), (centre, path.as_str()));
        }

        #[test]
        fn any_path_has_a_centre(path in ".*") {
            let (centre, rest) = split(&path);
            prop_assert!(path.ends_with(rest));
            prop_assert_eq!(DataCentre::named(centre.code()), Some(centre));
        }
    }
}
