//! The accounts server: consent, grant codes, refresh tokens and access tokens, and their limits.

mod browser;
mod centres;
mod clients;
mod codes;
mod consent;
mod device;
mod endpoints;
mod form;
mod handle;
mod overview;
mod pages;
mod pkce;
#[cfg(test)]
mod properties;
mod scopes;
mod tokens;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::config::{Client, Config};
use crate::ids::Minter;
use clients::Registry;
use codes::{Codes, Exchange, Grant};
use consent::Consents;
use device::{Devices, Start};
use tokens::{Holder, Tokens};

pub(crate) use centres::split;
pub(crate) use endpoints::{Asked, Endpoint, answer, endpoint};
pub(crate) use scopes::everything;
pub(crate) use tokens::Access;

pub use centres::DataCentre;
pub use consent::ConsentError;
pub use handle::AccountsServer;
pub(crate) use handle::act;

/// Why the accounts server refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    InvalidCode,
    InvalidClient,
    InvalidClientSecret,
    InvalidRedirectUri,
    MissingOrgInfo,
    InvalidScope,
    InvalidRequest,
    Throttled,
    AuthorizationPending,
    SlowDown,
    Expired,
    AccessDenied,
    OtherCentre(DataCentre),
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
    /// The refresh token that stands from the start.
    first: String,
    registry: Registry,
    consents: Consents,
    codes: Codes,
    devices: Devices,
    tokens: Tokens,
}

impl Accounts {
    /// The clients of the configuration, the first of them with a refresh token for everything.
    pub(crate) fn new(config: &Config) -> Self {
        let mut accounts = Self {
            minter: Minter::new(config.seed, "tokens"),
            first: String::new(),
            registry: Registry::new(config),
            consents: Consents::default(),
            codes: Codes::new(config.code_life),
            devices: Devices::default(),
            tokens: Tokens::default(),
        };
        let holder = accounts.first_holder(&config.client().id);
        accounts.first = accounts
            .tokens
            .add_refresh(&mut accounts.minter, holder, everything());
        accounts
    }

    /// The refresh token that stands from the start.
    pub(crate) fn first_refresh_token(&self) -> &str {
        &self.first
    }

    /// The access token, if it is alive in a data centre.
    pub(crate) fn live(&self, token: &str, centre: DataCentre, now: Timestamp) -> Option<&Arc<Access>> {
        self.tokens.live(token, centre, now)
    }

    /// Hands out a grant code as the API console does for a self client: without a redirect
    /// address, always with a refresh token, and not counted.
    pub(crate) fn grant(&mut self, client: &str, scopes: Vec<String>, now: Timestamp) -> String {
        let grant = Grant {
            holder: self.first_holder(client),
            scopes,
            redirect_uri: None,
            refreshable: true,
            challenge: None,
        };
        self.codes.issue(&mut self.minter, grant, now)
    }

    /// Ends all access tokens.
    pub(crate) fn expire_access_tokens(&mut self) {
        self.tokens.expire_access();
    }

    /// Exchanges a grant code, once.
    fn exchange(
        &mut self,
        client: &Client,
        exchange: Exchange<'_>,
        now: Timestamp,
    ) -> Result<Issued, Denial> {
        let grant = self.codes.take(client, exchange, now)?;
        self.issue(&grant.holder, grant.scopes, grant.refreshable, now)
    }

    /// An access token, with a new refresh token where one is due.
    fn issue(
        &mut self,
        holder: &Holder,
        scopes: Vec<String>,
        refreshable: bool,
        now: Timestamp,
    ) -> Result<Issued, Denial> {
        if !refreshable {
            return Ok(self.tokens.add_access(&mut self.minter, holder, scopes, now));
        }
        let token = self.tokens.add_refresh(&mut self.minter, holder.clone(), scopes);
        let issued = self
            .tokens
            .refresh(&mut self.minter, &holder.client, holder.centre, &token, now)?;
        Ok(Issued {
            refresh_token: Some(token),
            ..issued
        })
    }

    /// Makes an access token from a refresh token.
    fn refresh(&mut self, client: &Client, token: &str, now: Timestamp) -> Result<Issued, Denial> {
        self.tokens
            .refresh(&mut self.minter, &client.id, client.centre, token, now)
    }

    /// An access token for the client itself.
    fn client_credentials(&mut self, client: &Client, scopes: Vec<String>, now: Timestamp) -> Issued {
        let holder = Holder {
            client: client.id.clone(),
            user: self.registry.resident(client.centre).id,
            centre: client.centre,
        };
        self.tokens.add_access(&mut self.minter, &holder, scopes, now)
    }

    /// Begins the device flow: a device code and a user code.
    fn start_device(&mut self, start: Start, now: Timestamp) -> (String, String) {
        self.devices.start(&mut self.minter, start, now)
    }

    /// Tells a device how things stand.
    fn poll_device(&mut self, client: &Client, code: &str, now: Timestamp) -> Result<Issued, Denial> {
        let allowed = self.devices.poll(&client.id, client.centre, code, now)?;
        self.issue(&allowed.holder, allowed.scopes, allowed.offline, now)
    }

    /// The first user as the holder of a client's tokens.
    fn first_holder(&self, client: &str) -> Holder {
        let first = self.registry.first();
        Holder {
            client: client.to_owned(),
            user: first.id,
            centre: first.user.centre,
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
