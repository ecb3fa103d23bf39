//! The accounts server: clients, grant codes, refresh tokens and access tokens, and their limits.

mod clients;
mod codes;
mod endpoints;
mod form;
mod scopes;
mod tokens;

use jiff::{SignedDuration, Timestamp};

use crate::config::{Client, Config};
use crate::ids::Minter;
use crate::world::owner;
use clients::Clients;
use codes::{Codes, Grant};
use tokens::{Holder, Tokens};

pub(crate) use endpoints::{Endpoint, answer, endpoint};
pub(crate) use scopes::everything;
pub(crate) use tokens::Access;

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
    first: String,
    clients: Clients,
    codes: Codes,
    tokens: Tokens,
}

impl Accounts {
    /// The clients of the configuration, the first of them with a refresh token for everything.
    pub(crate) fn new(config: &Config) -> Self {
        let mut accounts = Self {
            minter: Minter::new(config.seed, "tokens"),
            user: owner(config.seed),
            first: String::new(),
            clients: Clients::new(config),
            codes: Codes::default(),
            tokens: Tokens::default(),
        };
        let holder = accounts.holder(&config.client().id);
        accounts.first = accounts
            .tokens
            .add_refresh(&mut accounts.minter, holder, everything());
        accounts
    }

    /// The refresh token that stands from the start.
    pub(crate) fn first_refresh_token(&self) -> &str {
        &self.first
    }

    /// The access token, if it is alive.
    pub(crate) fn live(&self, token: &str, now: Timestamp) -> Option<&Access> {
        self.tokens.live(token, now)
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
        let grant = Grant {
            holder: self.holder(client),
            redirect_uri,
            scopes,
            offline,
        };
        self.codes.issue(&mut self.minter, grant, now)
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
        let grant = self.codes.take(client, code, redirect_uri, now)?;
        if !grant.offline {
            return Ok(self
                .tokens
                .add_access(&mut self.minter, &grant.holder, grant.scopes, now));
        }
        let refresh_token = self
            .tokens
            .add_refresh(&mut self.minter, grant.holder, grant.scopes);
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
        self.tokens.refresh(&mut self.minter, client, token, now)
    }

    /// An access token for the client itself.
    pub(crate) fn client_credentials(
        &mut self,
        client: &Client,
        scopes: Vec<String>,
        now: Timestamp,
    ) -> Issued {
        let holder = self.holder(&client.id);
        self.tokens.add_access(&mut self.minter, &holder, scopes, now)
    }

    /// Ends a token; a refresh token takes its access tokens with it.
    pub(crate) fn revoke(&mut self, token: &str) -> bool {
        self.tokens.revoke(token)
    }

    /// The client, if its secret is right.
    ///
    /// # Errors
    /// The denial of a wrong id or secret.
    pub(crate) fn client(&self, id: &str, secret: &str) -> Result<Client, Denial> {
        self.clients.authenticated(id, secret).cloned()
    }

    fn holder(&self, client: &str) -> Holder {
        Holder {
            client: client.to_owned(),
            user: self.user,
        }
    }
}

/// `at` and so much later.
pub(crate) fn after(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

/// A code or token in Zoho's shape.
fn opaque(minter: &mut Minter) -> String {
    format!("1000.{}.{}", minter.hex(32), minter.hex(32))
}
