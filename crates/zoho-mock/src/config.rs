//! What a mock is built from.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::accounts::DataCentre;
use crate::ids::Minter;

/// An OAuth client that the accounts server knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) secret: String,
    /// Where codes may be sent; any address when empty.
    pub(crate) redirect_uris: Vec<String>,
    /// The data centre that knows this id with this secret.
    pub(crate) centre: DataCentre,
}

impl Client {
    /// The client of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut minter = Minter::new(seed, "client");
        Self {
            id: format!("1000.{}", minter.hex(30).to_uppercase()),
            secret: minter.hex(42),
            redirect_uris: Vec::new(),
            centre: DataCentre::US,
        }
    }
}

/// A user who can consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) name: String,
    pub(crate) email: String,
    /// Where the user's data is.
    pub(crate) centre: DataCentre,
}

impl User {
    /// The user when none is configured.
    pub(crate) fn usual() -> Self {
        Self {
            name: "Patricia Boyle".to_owned(),
            email: "patricia@mock.example".to_owned(),
            centre: DataCentre::US,
        }
    }
}

/// Where Zoho is known to behave in more than one way: which of them the mock shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Dialect {
    /// Answer a token request over the limit with 200 instead of 400.
    pub(crate) throttle_with_200: bool,
    /// Send `expires_in_sec` beside an `expires_in` of milliseconds.
    pub(crate) expires_in_sec: bool,
    /// Leave `expires_in` out of the answer to a refresh.
    pub(crate) omit_expires_in: bool,
    /// Answer a CRM batch with mixed outcomes with 200 instead of 207.
    pub(crate) mixed_with_200: bool,
}

/// What may be used before the mock refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Allowances {
    /// Books calls per organization and minute; `None` is without limit.
    pub(crate) books_per_minute: Option<u32>,
    /// Books calls per organization and day.
    pub(crate) books_per_day: u32,
    /// CRM credits per 24 hours.
    pub(crate) crm_credits: u32,
}

impl Allowances {
    /// More than anybody uses.
    pub(crate) const UNLIMITED: Self = Self {
        books_per_minute: None,
        books_per_day: u32::MAX,
        crm_credits: u32::MAX,
    };
}

/// What a mock is built from; the default is the same on every machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) seed: u64,
    pub(crate) start: Timestamp,
    pub(crate) frozen: bool,
    #[serde(with = "jiff::fmt::serde::tz::required")]
    pub(crate) zone: TimeZone,
    pub(crate) zone_name: String,
    pub(crate) organization_id: String,
    pub(crate) organization_name: String,
    pub(crate) clients: Vec<Client>,
    pub(crate) users: Vec<User>,
    /// How long a grant code may wait for its exchange.
    pub(crate) code_life: SignedDuration,
    pub(crate) dialect: Dialect,
    pub(crate) allowances: Allowances,
    /// Whether to say what a careful client would not send.
    pub(crate) strict: bool,
    /// Whether nothing keeps state: every operation answers from its schema.
    pub(crate) from_schemas: bool,
    /// CRM modules with how many records to begin with.
    pub(crate) records: Vec<(String, usize)>,
}

/// 2026-01-01T00:00:00Z.
const START: i64 = 1_767_225_600;

impl Default for Config {
    fn default() -> Self {
        let eastern = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap_or(TimeZone::UTC);
        Self {
            seed: 1,
            start: Timestamp::from_second(START).unwrap_or(Timestamp::UNIX_EPOCH),
            frozen: false,
            zone: eastern,
            zone_name: "America/New_York".to_owned(),
            organization_id: "10234695".to_owned(),
            organization_name: "Zylker".to_owned(),
            clients: Vec::new(),
            users: Vec::new(),
            code_life: SignedDuration::from_mins(2),
            dialect: Dialect {
                throttle_with_200: false,
                expires_in_sec: false,
                omit_expires_in: false,
                mixed_with_200: false,
            },
            allowances: Allowances {
                books_per_minute: Some(100),
                books_per_day: 10_000,
                crm_credits: 100_000,
            },
            strict: false,
            from_schemas: false,
            records: Vec::new(),
        }
    }
}

impl Config {
    /// The client that the getters of the mock name.
    pub(crate) fn client(&self) -> Client {
        self.clients
            .first()
            .cloned()
            .unwrap_or_else(|| Client::of(self.seed))
    }
}
