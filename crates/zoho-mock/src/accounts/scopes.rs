//! Scopes as the accounts server takes them.

use std::sync::LazyLock;

use crate::routing;
use crate::scope;

/// Operations that the last part of a scope can name.
const VERBS: [&str; 8] = [
    "ALL", "READ", "CREATE", "UPDATE", "WRITE", "DELETE", "VIEW", "CUSTOM",
];

static EVERYTHING: LazyLock<Vec<String>> = LazyLock::new(widest_of_all);

/// Scopes as requests send them: separated by commas or spaces.
fn listed(text: &str) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split([',', ' ']).filter(|scope| !scope.is_empty()) {
        if !scopes.iter().any(|listed| listed == scope) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}

/// The scopes of a request, unless there are none or one that nobody knows.
pub(super) fn known(text: Option<&str>) -> Option<Vec<String>> {
    let scopes = listed(text?);
    (!scopes.is_empty() && scopes.iter().all(|scope| exists(scope))).then_some(scopes)
}

/// Whether there can be such a scope. Of CRM and Books the groups are known; of other services
/// only the form is.
fn exists(scope: &str) -> bool {
    let parts: Vec<&str> = scope.split('.').collect();
    let [service, group, .., verb] = parts.as_slice() else {
        return false;
    };
    let word = |part: &&str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == b'_')
    };
    parts.len() >= 3
        && parts.iter().all(word)
        && VERBS.iter().any(|known| known.eq_ignore_ascii_case(verb))
        && (!OURS.iter().any(|ours| ours.eq_ignore_ascii_case(service)) || has_group(service, group))
}

/// The services whose groups the mock knows.
const OURS: [&str; 2] = ["ZohoCRM", "ZohoBooks"];

fn has_group(service: &str, group: &str) -> bool {
    EVERYTHING.iter().chain(&*NAMED).any(|scope| {
        let mut parts = scope.split('.');
        parts
            .next()
            .is_some_and(|known| known.eq_ignore_ascii_case(service))
            && parts
                .next()
                .is_some_and(|known| known.eq_ignore_ascii_case(group))
    })
}

/// The scopes that operations name.
static NAMED: LazyLock<Vec<String>> = LazyLock::new(|| {
    let needed = routing::routes().flat_map(|route| route.scopes.iter().flat_map(|all| all.iter()));
    needed.map(|&scope| scope.to_owned()).collect()
});

/// Scopes that cover every operation the mock routes.
pub(crate) fn everything() -> Vec<String> {
    EVERYTHING.clone()
}

fn widest_of_all() -> Vec<String> {
    let mut scopes: Vec<String> = [
        "ZohoCRM.modules.ALL",
        "ZohoCRM.settings.ALL",
        "ZohoCRM.users.ALL",
        "ZohoCRM.org.ALL",
        "ZohoCRM.coql.READ",
        "ZohoCRM.notifications.ALL",
        "ZohoCRM.bulk.ALL",
        "ZohoCRM.files.ALL",
        "ZohoSearch.securesearch.READ",
        "ZohoFiles.files.ALL",
        "ZohoBooks.fullaccess.all",
    ]
    .map(str::to_owned)
    .to_vec();
    for needed in NAMED.iter() {
        let needed = scope::widest(needed);
        if !scopes.iter().any(|held| scope::contains(held, &needed)) {
            scopes.push(needed);
        }
    }
    scopes
}

/// Whether scopes that were granted contain all that are asked for.
pub(super) fn cover(granted: &[String], asked: &[String]) -> bool {
    let covered = |asked: &String| granted.iter().any(|held| scope::contains(held, asked));
    asked.iter().all(covered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_by_example() {
        for (text, expected) in [
            ("ZohoCRM.modules.ALL", true),
            ("ZohoCRM.modules.leads.READ,ZohoCRM.coql.READ", true),
            ("ZohoCRM.modules.ALL ZohoBooks.fullaccess.all", true),
            ("ZohoBooks.invoices.CREATE", true),
            ("ZohoMail.messages.READ", true),
            ("", false),
            (", ,", false),
            ("ZohoCRM.module.ALL", false),
            ("ZohoBooks.everything.ALL", false),
            ("ZohoCRM.modules.SELECT", false),
            ("ZohoCRM.modules", false),
            ("ZohoCRM..ALL", false),
            ("ZohoCRM.modules.ALL,nonsense", false),
            ("ZohoCRM.modules.<b>.READ", false),
        ] {
            assert_eq!(known(Some(text)).is_some(), expected, "{text}");
        }
        assert_eq!(known(None), None);
    }

    #[test]
    fn every_scope_that_covers_something_exists() {
        for scope in everything() {
            assert!(exists(&scope), "{scope}");
        }
    }

    #[test]
    fn doubles_are_listed_once() {
        assert_eq!(listed("a.b.READ,a.b.READ c.d.READ").len(), 2);
    }
}
