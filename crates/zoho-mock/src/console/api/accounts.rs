//! Tokens with their scopes and ages, and what was used of the limits.

use serde_json::{Value, json};

use crate::front::State;

/// Clients, users, refresh tokens and the access tokens that were made.
pub(super) fn tokens(state: &State) -> Value {
    state.world.accounts.overview(state.world.clock.now())
}

/// Calls and credits, used and allowed.
pub(super) fn limits(state: &mut State) -> Value {
    let now = state.world.clock.now();
    let organizations: Vec<String> = state.world.books.ids().map(str::to_owned).collect();
    let shown = state.world.limits.shown(&organizations, now);
    json!({"now": now, "limits": shown})
}
