//! What there is: counts of everything, the clock, the dialect; and every operation with its coverage.

use serde_json::{Value, json};

use crate::front::{self, Shared};
use crate::routing;

/// The state of things in short.
pub(super) fn overview(shared: &Shared) -> Value {
    let state = shared.state.lock();
    let world = &state.world;
    let now = world.clock.now();
    let faults = state.script.to_json();
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "base_url": shared.base_url,
        "clock": {"now": now, "frozen": world.clock.is_frozen()},
        "strict": shared.config.strict,
        "dialect": world.dialect,
        "crm": world.crm.modules_shown(),
        "books": world.books.organizations_shown(),
        "journal": {"last": state.book.last(), "dropped": state.book.dropped()},
        "channels": world.crm.channels_shown(now.as_second()).len(),
        "deliveries": state.ledger.posted(),
        "faults": faults.as_array().map_or(0, Vec::len),
        "steps": state.history.len(),
    })
}

/// Every operation, and whether it keeps state.
pub(super) fn routes() -> Value {
    let routes: Vec<Value> = routing::routes()
        .map(|route| {
            json!({
                "product": route.product.name(),
                "operation": route.id,
                "method": route.method.as_str(),
                "path": route.path,
                "tag": route.tag,
                "stateful": front::handler(route).is_some(),
            })
        })
        .collect();
    json!({"routes": routes})
}
