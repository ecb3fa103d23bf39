//! The accounts server: clients, grant codes, refresh tokens and access tokens, and their limits.

mod endpoints;
mod form;

use std::collections::{BTreeMap, VecDeque};

use jiff::{SignedDuration, Timestamp};

use crate::config::{Client, Config};
use crate::ids::Minter;
use crate::routing;
use crate::scope;
use crate::world::owner;

pub(crate) use endpoints::{Endpoint, answer, endpoint};

/// How long an access token lives.
pub(crate) const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// How long a grant code may wait for its exchange.
pub(crate) const CODE_LIFE: SignedDuration = SignedDuration::from_mins(3);
/// The window in which access tokens are counted.
pub(crate) const WINDOW: SignedDuration = SignedDuration::from_mins(10);
/// Access tokens per refresh token and window.
pub(crate) const TOKENS_PER_WINDOW: usize = 10;
/// Access tokens of one refresh token that are alive at once; one more ends the oldest.
pub(crate) const LIVE_TOKENS: usize = 15;
/// Refresh tokens per user and client; one more ends the oldest.
pub(crate) const REFRESH_TOKENS: usize = 20;

/// A code that was handed out on the consent page.
#[derive(Clone, Debug)]
struct Grant {
    client: String,
    redirect_uri: Option<String>,
    scopes: Vec<String>,
    offline: bool,
    expires: Timestamp,
}

/// A refresh token and what was made from it.
#[derive(Clone, Debug)]
struct Refresh {
    token: String,
    client: String,
    user: u64,
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

/// Why the accounts server refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    InvalidCode,
    InvalidClient,
    InvalidClientSecret,
    InvalidRedirectUri,
    MissingOrgInfo,
    InvalidScope,
    Throttled,
}

/// The tokens of one exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) scopes: Vec<String>,
}

/// The state of the accounts server.
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    minter: Minter,
    user: u64,
    clients: Vec<Client>,
    grants: BTreeMap<String, Grant>,
    refresh: Vec<Refresh>,
    access: BTreeMap<String, Access>,
}

impl Accounts {
    /// The clients of the configuration, the first of them with a refresh token for everything.
    pub(crate) fn new(config: &Config) -> Self {
        let clients = match config.clients.is_empty() {
            true => vec![config.client()],
            false => config.clients.clone(),
        };
        let mut accounts = Self {
            minter: Minter::new(config.seed, "tokens"),
            user: owner(config.seed),
            clients,
            grants: BTreeMap::new(),
            refresh: Vec::new(),
            access: BTreeMap::new(),
        };
        accounts.add_refresh(&config.client().id, everything());
        accounts
    }

    /// The refresh token that stands from the start.
    pub(crate) fn first_refresh_token(&self) -> &str {
        self.refresh.first().map_or("", |refresh| refresh.token.as_str())
    }

    /// The access token, if it is alive.
    pub(crate) fn live(&self, token: &str, now: Timestamp) -> Option<&Access> {
        self.access.get(token).filter(|access| now < access.expires)
    }

    /// Hands out a grant code, as the consent page does.
    pub(crate) fn grant(
        &mut self,
        client: &str,
        scopes: Vec<String>,
        redirect_uri: Option<String>,
        offline: bool,
        now: Timestamp,
    ) -> String {
        let code = self.opaque();
        let expires = after(now, CODE_LIFE);
        self.grants.retain(|_, grant| now < grant.expires);
        self.grants.insert(
            code.clone(),
            Grant {
                client: client.to_owned(),
                redirect_uri,
                scopes,
                offline,
                expires,
            },
        );
        code
    }

    /// Exchanges a grant code, once.
    ///
    /// # Errors
    /// A denial as Zoho words it.
    pub(crate) fn exchange(
        &mut self,
        client: &Client,
        code: &str,
        redirect_uri: Option<&str>,
        now: Timestamp,
    ) -> Result<Issued, Denial> {
        let grant = self.grants.get(code).ok_or(Denial::InvalidCode)?;
        if now >= grant.expires || grant.client != client.id {
            return Err(Denial::InvalidCode);
        }
        if grant.redirect_uri.is_some() && grant.redirect_uri.as_deref() != redirect_uri {
            return Err(Denial::InvalidRedirectUri);
        }
        let grant = self.grants.remove(code).ok_or(Denial::InvalidCode)?;
        if !grant.offline {
            let access_token = self.add_access(grant.scopes.clone(), now);
            return Ok(Issued {
                access_token,
                refresh_token: None,
                scopes: grant.scopes,
            });
        }
        let refresh_token = self.add_refresh(&client.id, grant.scopes);
        let issued = self.refresh(client, &refresh_token, now)?;
        Ok(Issued {
            refresh_token: Some(refresh_token),
            ..issued
        })
    }

    /// Makes an access token from a refresh token.
    ///
    /// # Errors
    /// [`Denial::Throttled`] for the eleventh within ten minutes, [`Denial::InvalidCode`] for a dead
    /// token.
    pub(crate) fn refresh(&mut self, client: &Client, token: &str, now: Timestamp) -> Result<Issued, Denial> {
        let at = self
            .refresh
            .iter()
            .position(|refresh| refresh.token == token && refresh.client == client.id)
            .ok_or(Denial::InvalidCode)?;
        let access_token = self.opaque();
        let refresh = self.refresh.get_mut(at).ok_or(Denial::InvalidCode)?;
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
        refresh.live.push_back(access_token.clone());
        let scopes = refresh.scopes.clone();
        access.insert(
            access_token.clone(),
            Access {
                user: refresh.user,
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

    /// An access token for the client itself.
    pub(crate) fn client_credentials(&mut self, scopes: Vec<String>, now: Timestamp) -> Issued {
        let access_token = self.add_access(scopes.clone(), now);
        Issued {
            access_token,
            refresh_token: None,
            scopes,
        }
    }

    /// Ends a token; a refresh token takes its access tokens with it.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        if self.access.remove(token).is_some() {
            return true;
        }
        let Some(at) = self.refresh.iter().position(|refresh| refresh.token == token) else {
            return false;
        };
        self.drop_refresh(at);
        true
    }

    /// The client, if its secret is right.
    ///
    /// # Errors
    /// The denial of a wrong id or secret.
    pub(crate) fn client(&self, id: &str, secret: &str) -> Result<Client, Denial> {
        let client = self
            .clients
            .iter()
            .find(|client| client.id == id)
            .ok_or(Denial::InvalidClient)?;
        match client.secret == secret {
            true => Ok(client.clone()),
            false => Err(Denial::InvalidClientSecret),
        }
    }

    fn add_refresh(&mut self, client: &str, scopes: Vec<String>) -> String {
        let token = self.opaque();
        self.refresh.push(Refresh {
            token: token.clone(),
            client: client.to_owned(),
            user: self.user,
            scopes,
            minted: VecDeque::new(),
            live: VecDeque::new(),
        });
        let mine = |refresh: &Refresh| refresh.client == client;
        while self.refresh.iter().filter(|refresh| mine(refresh)).count() > REFRESH_TOKENS {
            match self.refresh.iter().position(mine) {
                Some(oldest) => self.drop_refresh(oldest),
                None => break,
            }
        }
        token
    }

    fn drop_refresh(&mut self, at: usize) {
        let gone = self.refresh.remove(at);
        for token in gone.live {
            self.access.remove(&token);
        }
    }

    fn add_access(&mut self, scopes: Vec<String>, now: Timestamp) -> String {
        self.access.retain(|_, access| now < access.expires);
        let token = self.opaque();
        self.access.insert(
            token.clone(),
            Access {
                user: self.user,
                scopes,
                expires: after(now, TOKEN_LIFE),
            },
        );
        token
    }

    fn opaque(&mut self) -> String {
        format!("1000.{}.{}", self.minter.hex(32), self.minter.hex(32))
    }
}

/// `at` and so much later.
pub(crate) fn after(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
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
