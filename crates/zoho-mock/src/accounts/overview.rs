//! Who is known to the accounts server and which tokens there are, for people to see.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::tokens::TOKEN_LIFE;
use super::{Accounts, Holder};
use crate::masking::end_of;

impl Accounts {
    /// Users, refresh tokens and access tokens; of each token only the end is shown.
    pub(crate) fn overview(&self, now: Timestamp) -> Value {
        let users: Vec<Value> = self
            .registry
            .people()
            .map(|person| {
                let user = &person.user;
                json!({"id": person.id.to_string(), "name": user.name, "email": user.email, "centre": user.centre})
            })
            .collect();
        let held = |holder: &Holder| {
            let user = holder.user.to_string();
            json!({"client_id": holder.client, "user": user, "centre": holder.centre})
        };
        let refresh: Vec<Value> = self
            .tokens
            .refresh_tokens()
            .map(|(token, holder, scopes, minted)| {
                json!({"token": end_of(token), "holder": held(holder), "scopes": scopes, "minted": minted})
            })
            .collect();
        let access: Vec<Value> = self
            .tokens
            .access_tokens()
            .map(|(token, access, from)| {
                let left = access.expires.duration_since(now);
                json!({
                    "token": end_of(token),
                    "from": from.map(end_of),
                    "holder": held(&access.holder),
                    "scopes": access.scopes,
                    "expires": access.expires,
                    "age": (TOKEN_LIFE - left).as_secs(),
                    "left": left.as_secs(),
                    "alive": now < access.expires,
                })
            })
            .collect();
        json!({"now": now, "users": users, "refresh_tokens": refresh, "access_tokens": access})
    }
}
