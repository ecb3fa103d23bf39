//! Grant codes: handed out on consent, exchanged once.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::pkce::Challenge;
use super::tokens::{Holder, forget};
use super::{Denial, after, opaque};
use crate::config::Client;
use crate::ids::Minter;

/// Codes per client and ten minutes.
pub(super) const CODES_PER_WINDOW: usize = 10;

/// What was consented to.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) holder: Holder,
    pub(super) scopes: Vec<String>,
    /// Where the code was sent; the exchange has to name the same.
    pub(super) redirect_uri: Option<String>,
    /// Whether the exchange gives a refresh token.
    pub(super) refreshable: bool,
    pub(super) challenge: Option<Challenge>,
}

/// What a client sends to exchange a code.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Exchange<'a> {
    pub(super) code: &'a str,
    pub(super) redirect_uri: Option<&'a str>,
    pub(super) verifier: Option<&'a str>,
}

/// The codes that wait for their exchange, and when how many were handed out.
#[derive(Clone, Debug)]
pub(super) struct Codes {
    life: SignedDuration,
    grants: BTreeMap<String, (Grant, Timestamp)>,
    made: BTreeMap<String, VecDeque<Timestamp>>,
}

impl Codes {
    /// No codes yet; each will live for so long.
    pub(super) fn new(life: SignedDuration) -> Self {
        Self {
            life,
            grants: BTreeMap::new(),
            made: BTreeMap::new(),
        }
    }

    /// Whether the client may have one more code now; it counts if so.
    pub(super) fn allow(&mut self, client: &str, now: Timestamp) -> bool {
        let made = self.made.entry(client.to_owned()).or_default();
        forget(made, now);
        let allowed = made.len() < CODES_PER_WINDOW;
        if allowed {
            made.push_back(now);
        }
        allowed
    }

    /// A code for a grant.
    pub(super) fn issue(&mut self, minter: &mut Minter, grant: Grant, now: Timestamp) -> String {
        let code = opaque(minter);
        self.grants.retain(|_, (_, expires)| now < *expires);
        self.grants.insert(code.clone(), (grant, after(now, self.life)));
        code
    }

    /// The grant of a code, which is spent by this.
    pub(super) fn take(
        &mut self,
        client: &Client,
        exchange: Exchange<'_>,
        now: Timestamp,
    ) -> Result<Grant, Denial> {
        let Entry::Occupied(entry) = self.grants.entry(exchange.code.to_owned()) else {
            return Err(Denial::InvalidCode);
        };
        let (grant, expires) = entry.get();
        if now >= *expires || grant.holder.client != client.id || grant.holder.centre != client.centre {
            return Err(Denial::InvalidCode);
        }
        if grant.redirect_uri.is_some() && grant.redirect_uri.as_deref() != exchange.redirect_uri {
            return Err(Denial::InvalidRedirectUri);
        }
        if let Some(challenge) = &grant.challenge
            && !exchange
                .verifier
                .is_some_and(|verifier| challenge.met_by(verifier))
        {
            return Err(Denial::InvalidCode);
        }
        Ok(entry.remove().0)
    }
}
