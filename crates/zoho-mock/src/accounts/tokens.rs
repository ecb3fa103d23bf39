//! Refresh tokens and access tokens, and how many of them there may be.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, OnceLock};

use http::HeaderValue;
use jiff::{SignedDuration, Timestamp};

use super::{DataCentre, Denial, Issued, after, opaque};
use crate::ids::Minter;

/// How long an access token lives.
pub(super) const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// The window in which codes and access tokens are counted.
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
    pub(super) centre: DataCentre,
}

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Access,
    Refresh,
}

/// A refresh token and what was made from it.
#[derive(Clone, Debug)]
struct Refresh {
    token: String,
    holder: Holder,
    scopes: Vec<String>,
    minted: VecDeque<Timestamp>,
    /// Nothing is given before; every try until then starts the window again.
    locked: Option<Timestamp>,
    live: VecDeque<String>,
}

/// An access token.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    pub(crate) user: u64,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires: Timestamp,
    pub(super) holder: Holder,
    /// When it expires, in the words of a header.
    reset: OnceLock<HeaderValue>,
}

impl Access {
    fn new(holder: &Holder, scopes: &[String], now: Timestamp) -> Self {
        Self {
            user: holder.user,
            scopes: scopes.to_vec(),
            expires: after(now, TOKEN_LIFE),
            holder: holder.clone(),
            reset: OnceLock::new(),
        }
    }

    /// When it expires as a header says it; `text` writes that, once.
    pub(crate) fn reset(&self, text: impl FnOnce(i64) -> String) -> HeaderValue {
        let write = || HeaderValue::from_str(&text(self.expires.as_second()));
        // An instant is plain ASCII.
        let write = || write().unwrap_or(HeaderValue::from_static(""));
        self.reset.get_or_init(write).clone()
    }

    /// The client that it was given to.
    pub(crate) fn client(&self) -> &str {
        &self.holder.client
    }
}

/// All tokens.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    refresh: Vec<Refresh>,
    /// Shared, because every call takes its own with it.
    access: BTreeMap<String, Arc<Access>>,
}

impl Tokens {
    /// The access token, if it is alive in this data centre.
    pub(super) fn live(&self, token: &str, centre: DataCentre, now: Timestamp) -> Option<&Arc<Access>> {
        self.access
            .get(token)
            .filter(|access| access.holder.centre == centre && now < access.expires)
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
            locked: None,
            live: VecDeque::new(),
        });
        token
    }

    /// An access token from a refresh token.
    pub(super) fn refresh(
        &mut self,
        minter: &mut Minter,
        client: &str,
        centre: DataCentre,
        token: &str,
        now: Timestamp,
    ) -> Result<Issued, Denial> {
        let refresh = self
            .refresh
            .iter_mut()
            .find(|refresh| {
                refresh.token == token && refresh.holder.client == client && refresh.holder.centre == centre
            })
            .ok_or(Denial::InvalidCode)?;
        refresh.count(now)?;
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
        access.insert(
            access_token.clone(),
            Arc::new(Access::new(&refresh.holder, &refresh.scopes, now)),
        );
        Ok(Issued {
            access_token,
            refresh_token: None,
            scopes: refresh.scopes.clone(),
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
        self.access
            .insert(access_token.clone(), Arc::new(Access::new(holder, &scopes, now)));
        Issued {
            access_token,
            refresh_token: None,
            scopes,
        }
    }

    /// Ends a token of a data centre, of one kind or of any, of one client or of any; a refresh
    /// token takes its access tokens with it.
    pub(super) fn revoke(
        &mut self,
        token: &str,
        centre: DataCentre,
        kind: Option<Kind>,
        client: Option<&str>,
    ) -> bool {
        let theirs =
            |holder: &Holder| holder.centre == centre && client.is_none_or(|client| client == holder.client);
        if kind != Some(Kind::Refresh)
            && self
                .access
                .get(token)
                .is_some_and(|access| theirs(&access.holder))
        {
            self.access.remove(token);
            return true;
        }
        let refresh = |refresh: &Refresh| refresh.token == token && theirs(&refresh.holder);
        match self.refresh.iter().position(refresh) {
            Some(at) if kind != Some(Kind::Access) => {
                self.drop_refresh(at);
                true
            }
            _ => false,
        }
    }

    /// Ends all access tokens.
    pub(super) fn expire_access(&mut self) {
        self.access.clear();
        for refresh in &mut self.refresh {
            refresh.live.clear();
        }
    }

    fn drop_refresh(&mut self, at: usize) {
        let gone = self.refresh.remove(at);
        for token in gone.live {
            self.access.remove(&token);
        }
    }

    /// Each refresh token with its holder and its scopes, and the window's count of access tokens.
    pub(super) fn refresh_tokens(&self) -> impl Iterator<Item = (&str, &Holder, &[String], usize)> {
        self.refresh.iter().map(|refresh| {
            let count = refresh.minted.len();
            (
                refresh.token.as_str(),
                &refresh.holder,
                refresh.scopes.as_slice(),
                count,
            )
        })
    }

    /// Each access token, and the refresh token that it was made from.
    pub(super) fn access_tokens(&self) -> impl Iterator<Item = (&str, &Access, Option<&str>)> {
        self.access.iter().map(|(token, access)| {
            let from = self.refresh.iter().find(|refresh| refresh.live.contains(token));
            let from = from.map(|refresh| refresh.token.as_str());
            (token.as_str(), &**access, from)
        })
    }

    /// How many refresh tokens a holder has, and the most access tokens that live from one of them.
    #[cfg(test)]
    pub(super) fn census(&self, now: Timestamp) -> (usize, usize) {
        let alive = |refresh: &Refresh| {
            let alive = |token: &&String| self.access.get(*token).is_some_and(|access| now < access.expires);
            refresh.live.iter().filter(alive).count()
        };
        let most = self.refresh.iter().map(alive).max().unwrap_or_default();
        let of = |holder: &Holder| {
            self.refresh
                .iter()
                .filter(|refresh| refresh.holder == *holder)
                .count()
        };
        let refresh = self.refresh.iter().map(|refresh| of(&refresh.holder)).max();
        (refresh.unwrap_or_default(), most)
    }
}

impl Refresh {
    /// Counts one more access token, unless it is one too many.
    fn count(&mut self, now: Timestamp) -> Result<(), Denial> {
        if self.locked.is_some_and(|until| now < until) {
            self.locked = Some(after(now, WINDOW));
            return Err(Denial::Throttled);
        }
        self.locked = None;
        forget(&mut self.minted, now);
        if self.minted.len() >= TOKENS_PER_WINDOW {
            self.locked = self.minted.front().map(|oldest| after(*oldest, WINDOW));
            return Err(Denial::Throttled);
        }
        self.minted.push_back(now);
        Ok(())
    }
}

/// Leaves out what happened before the window that ends now.
pub(super) fn forget(times: &mut VecDeque<Timestamp>, now: Timestamp) {
    while times.front().is_some_and(|time| after(*time, WINDOW) <= now) {
        times.pop_front();
    }
}
