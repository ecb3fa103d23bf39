//! Scopes: what a connection may do.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// A set of scopes. Spaces or commas are read, commas are sent.
///
/// ```
/// use zoho_client::Scopes;
///
/// let scopes: Scopes = "ZohoCRM.modules.ALL ZohoCRM.coql.READ".parse()?;
/// assert!(scopes.allows("ZohoCRM.modules.Leads.READ"));
/// assert!(!scopes.allows("ZohoCRM.users.READ"));
/// assert_eq!(scopes.to_string(), "ZohoCRM.coql.READ,ZohoCRM.modules.ALL");
/// # Ok::<(), std::convert::Infallible>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    /// What records, queries, notifications and Books need: the usual default.
    ///
    /// It covers neither search, nor files, nor bulk uploads: see [`Scopes::everything`].
    #[must_use]
    pub fn seed() -> Self {
        [
            "ZohoCRM.modules.ALL",
            "ZohoCRM.settings.ALL",
            "ZohoCRM.users.ALL",
            "ZohoCRM.org.ALL",
            "ZohoCRM.bulk.ALL",
            "ZohoCRM.notifications.ALL",
            "ZohoCRM.coql.READ",
            "ZohoBooks.fullaccess.all",
        ]
        .into_iter()
        .collect()
    }

    /// What every action of this crate needs.
    #[must_use]
    pub fn everything() -> Self {
        let more = [
            "ZohoSearch.securesearch.READ",
            "ZohoFiles.files.ALL",
            "ZohoCRM.files.CREATE",
            "ZohoCRM.files.READ",
            "ZohoCRM.mass_update.ALL",
            "ZohoCRM.change_owner.CREATE",
            "ZohoCRM.composite_requests.CUSTOM",
        ];
        let mut all = Self::seed();
        all.0.extend(more.map(str::to_owned));
        all
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The scopes, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether one of them contains the scope: the same one, a wider group, or `ALL` operations.
    #[must_use]
    pub fn allows(&self, scope: &str) -> bool {
        self.0.iter().any(|granted| contains(granted, scope))
    }

    /// The scopes that are missing for an operation that needs one of several alternatives: those
    /// of the alternative that lacks fewest.
    pub(crate) fn missing(&self, alternatives: &[Vec<String>]) -> Vec<String> {
        alternatives
            .iter()
            .map(|needed| {
                needed
                    .iter()
                    .filter(|scope| !self.allows(scope))
                    .cloned()
                    .collect::<Vec<_>>()
            })
            .min_by_key(Vec::len)
            .unwrap_or_default()
    }
}

/// Whether a granted scope covers a needed one.
fn contains(granted: &str, needed: &str) -> bool {
    let (Some((group, may)), Some((wanted, does))) = (granted.rsplit_once('.'), needed.rsplit_once('.'))
    else {
        return granted == needed;
    };
    if group.eq_ignore_ascii_case("ZohoBooks.fullaccess") {
        return wanted
            .split('.')
            .next()
            .is_some_and(|service| service == "ZohoBooks");
    }
    let may_do = may.eq_ignore_ascii_case("ALL")
        || may.eq_ignore_ascii_case(does)
        || (may.eq_ignore_ascii_case("WRITE") && ["CREATE", "UPDATE"].contains(&does));
    let within = wanted == group
        || wanted
            .strip_prefix(group)
            .is_some_and(|rest| rest.starts_with('.'));
    may_do && within
}

impl<S: AsRef<str>> FromIterator<S> for Scopes {
    fn from_iter<I: IntoIterator<Item = S>>(scopes: I) -> Self {
        Self(
            scopes
                .into_iter()
                .flat_map(|scope| {
                    scope
                        .as_ref()
                        .split([',', ' ', '\n', '\t', '\r'])
                        .filter(|part| !part.is_empty())
                        .map(str::to_owned)
                        .collect::<Vec<_>>()
                })
                .collect(),
        )
    }
}

impl FromStr for Scopes {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok([text].into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            f.write_str(scope)?;
        }
        Ok(())
    }
}
