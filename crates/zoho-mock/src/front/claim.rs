//! The slots that a call takes while it is under way.

use super::api;
use super::credits::items;
use crate::accounts::Access;
use crate::call::Call;
use crate::limits::{Claim, Pool};
use crate::route::Product;
use crate::world::World;

/// Requests that CRM counts as five calls.
const COMPOSITE: (&str, u32) = ("run_composite_requests", 5);
/// Calls that are heavy whatever they ask for.
const HEAVY: [&str; 5] = [
    "query_records",
    "search_records",
    "convert_lead",
    "send_mail",
    COMPOSITE.0,
];
/// Writes that are heavy with more than so many records.
const WRITES: [&str; 3] = ["create_records", "update_records", "upsert_records"];
const FEW: u32 = 10;

/// What a call takes; nothing when it is to be refused before it is counted.
pub(super) fn claim(world: &World, call: &Call<'_>, access: &Access) -> Option<Claim> {
    let pool = match call.route.product {
        Product::Crm => Pool::Crm(access.client().to_owned()),
        Product::Books => Pool::Books(api::organization(world, call).ok()?),
    };
    let slots = if call.route.id == COMPOSITE.0 {
        COMPOSITE.1
    } else {
        1
    };
    Some(Claim {
        pool,
        slots,
        heavy: is_heavy(call),
    })
}

/// Whether CRM lets only ten such calls be under way, in every edition.
fn is_heavy(call: &Call<'_>) -> bool {
    let id = call.route.id;
    call.route.product == Product::Crm
        && (HEAVY.contains(&id)
            || id == "list_records" && (call.query("cvid").is_some() || call.query("sort_by").is_some())
            || WRITES.contains(&id) && items(call) > FEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_named_here_exists() {
        let known: Vec<&str> = crate::generated::crm::ROUTES
            .iter()
            .map(|route| route.id)
            .collect();
        for id in HEAVY.iter().chain(&WRITES).chain(&["list_records"]) {
            assert!(known.contains(id), "{id}");
        }
    }
}
