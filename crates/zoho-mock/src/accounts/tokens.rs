//! Refresh tokens and access tokens, and how many of them there may be.

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use super::{Denial, Issued, after, opaque};
use crate::config::Client;
use crate::ids::Minter;

/// How long an access token lives.
pub(super) const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// The window in which access tokens are counted.
pub(super) const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// Access tokens per refresh token and window.
pub(super) const TOKENS_PER_WINDOW: usize = 10;
/// Access tokens of one refresh token that are alive at once; one more ends the oldest.
pub(super) const LIVE_TOKENS: usize = 15;
/// Refresh tokens per user and client; one more ends the oldest.
pub(super) const REFRESH_TOKENS: usize = 20;

/// Whose a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) client: String,
    pub(super) user: u64,
}

/// A refresh token and what was made from it.
#[derive(Clone, Debug)]
struct Refresh {
    token: String,
    holder: Holder,
    scopes: Vec<String>,
    minted: VecDeque<Timestamp>,
    live: VecDeque<String>,
}

/// An access token.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) user: u64,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires: Timestamp,
}

/// All tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    refresh: Vec<Refresh>,
    access: BTreeMap<String, Access>,
}

impl Tokens {
    /// The access token, if it is alive.
    pub(super) fn live(&self, token: &str, now: Timestamp) -> Option<&Access> {
        self.access.get(token).filter(|access| now < access.expires)
    }

    /// A new refresh token.
    pub(super) fn add_refresh(&mut self, minter: &mut Minter, holder: Holder, scopes: Vec<String>) -> String {
        let token = opaque(minter);
        let mine = |refresh: &Refresh| refresh.holder == holder;
        while self.refresh.iter().filter(|refresh| mine(refresh)).count() >= REFRESH_TOKENS {
            match self.refresh.iter().position(mine) {
                Some(oldest) => self.drop_refresh(oldest),
                None => break,
            }
        }
        self.refresh.push(Refresh {
            token: token.clone(),
            holder,
            scopes,
            minted: VecDeque::new(),
            live: VecDeque::new(),
        });
        token
    }

    /// An access token from a refresh token.
    pub(super) fn refresh(
        &mut self,
        minter: &mut Minter,
        client: &Client,
        token: &str,
        now: Timestamp,
    ) -> Result<Issued, Denial> {
        let refresh = self
            .refresh
            .iter_mut()
            .find(|refresh| refresh.token == token && refresh.holder.client == client.id)
            .ok_or(Denial::InvalidCode)?;
        while refresh
            .minted
            .front()
            .is_some_and(|minted| after(*minted, WINDOW) <= now)
        {
            refresh.minted.pop_front();
        }
        if refresh.minted.len() >= TOKENS_PER_WINDOW {
            return Err(Denial::Throttled);
        }
        refresh.minted.push_back(now);
        let access = &mut self.access;
        refresh
            .live
            .retain(|old| match access.get(old).is_some_and(|old| now < old.expires) {
                true => true,
                false => {
                    access.remove(old);
                    false
                }
            });
        while refresh.live.len() >= LIVE_TOKENS {
            if let Some(oldest) = refresh.live.pop_front() {
                access.remove(&oldest);
            }
        }
        let access_token = opaque(minter);
        refresh.live.push_back(access_token.clone());
        let scopes = refresh.scopes.clone();
        access.insert(
            access_token.clone(),
            Access {
                user: refresh.holder.user,
                scopes: scopes.clone(),
                expires: after(now, TOKEN_LIFE),
            },
        );
        Ok(Issued {
            access_token,
            refresh_token: None,
            scopes,
        })
    }

    /// An access token that no refresh token stands behind.
    pub(super) fn add_access(
        &mut self,
        minter: &mut Minter,
        holder: &Holder,
        scopes: Vec<String>,
        now: Timestamp,
    ) -> Issued {
        self.access.retain(|_, access| now < access.expires);
        let access_token = opaque(minter);
        self.access.insert(
            access_token.clone(),
            Access {
                user: holder.user,
                scopes: scopes.clone(),
                expires: after(now, TOKEN_LIFE),
            },
        );
        Issued {
            access_token,
            refresh_token: None,
            scopes,
        }
    }

    /// Ends a token; a refresh token takes its access tokens with it.
    pub(super) fn revoke(&mut self, token: &str) -> bool {
        if self.access.remove(token).is_some() {
            return true;
        }
        let Some(at) = self.refresh.iter().position(|refresh| refresh.token == token) else {
            return false;
        };
        self.drop_refresh(at);
        true
    }

    fn drop_refresh(&mut self, at: usize) {
        let gone = self.refresh.remove(at);
        for token in gone.live {
            self.access.remove(&token);
        }
    }
}
