//! Scopes as the accounts server takes them.

use crate::routing;
use crate::scope;

/// Scopes as requests send them: separated by commas or spaces.
pub(super) fn listed(text: &str) -> Vec<String> {
    text.split([',', ' '])
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Scopes that cover every operation the mock routes.
pub(crate) fn everything() -> Vec<String> {
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
    for route in routing::routes() {
        for needed in route.scopes.iter().flat_map(|together| together.iter()) {
            let needed = scope::widest(needed);
            if !scopes.iter().any(|held| scope::contains(held, &needed)) {
                scopes.push(needed);
            }
        }
    }
    scopes
}
