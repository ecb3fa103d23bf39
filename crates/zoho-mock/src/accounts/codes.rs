//! Grant codes: handed out on consent, exchanged once.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::tokens::Holder;
use super::{Denial, after, opaque};
use crate::config::Client;
use crate::ids::Minter;

/// How long a grant code may wait for its exchange.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(3);

/// What was consented to.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) holder: Holder,
    pub(super) redirect_uri: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) offline: bool,
}

/// The codes that wait for their exchange.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    grants: BTreeMap<String, (Grant, Timestamp)>,
}

impl Codes {
    /// A code for a grant.
    pub(super) fn issue(&mut self, minter: &mut Minter, grant: Grant, now: Timestamp) -> String {
        let code = opaque(minter);
        self.grants.retain(|_, (_, expires)| now < *expires);
        self.grants.insert(code.clone(), (grant, after(now, CODE_LIFE)));
        code
    }

    /// The grant of a code, which is spent by this.
    pub(super) fn take(
        &mut self,
        client: &Client,
        code: &str,
        redirect_uri: Option<&str>,
        now: Timestamp,
    ) -> Result<Grant, Denial> {
        let (grant, expires) = self.grants.get(code).ok_or(Denial::InvalidCode)?;
        if now >= *expires || grant.holder.client != client.id {
            return Err(Denial::InvalidCode);
        }
        if grant.redirect_uri.is_some() && grant.redirect_uri.as_deref() != redirect_uri {
            return Err(Denial::InvalidRedirectUri);
        }
        let (grant, _) = self.grants.remove(code).ok_or(Denial::InvalidCode)?;
        Ok(grant)
    }
}
