//! The state of the mock: one value, no HTTP types, changed only by handlers.

use jiff::tz::TimeZone;

use crate::accounts::Accounts;
use crate::books::BooksWorld;
use crate::call::Call;
use crate::clock::Clock;
use crate::config::{Config, Dialect};
use crate::crm::CrmWorld;
use crate::ids;
use crate::limits::Limits;

/// A handler of one operation: a pure step on the world.
pub(crate) type Handler = fn(&mut World, &Call<'_>) -> crate::answer::Outcome;

/// Everything the mock knows.
#[derive(Debug)]
pub(crate) struct World {
    /// What time it is.
    pub(crate) clock: Clock,
    /// The time zone of the user and of the organization.
    pub(crate) zone: TimeZone,
    /// The user who grants the tokens.
    pub(crate) owner: u64,
    /// Where Zoho is known to behave in more than one way.
    pub(crate) dialect: Dialect,
    /// Whether every operation answers from its schema.
    pub(crate) from_schemas: bool,
    /// The accounts server.
    pub(crate) accounts: Accounts,
    /// Calls and credits used.
    pub(crate) limits: Limits,
    /// Zoho CRM.
    pub(crate) crm: CrmWorld,
    /// Zoho Books.
    pub(crate) books: BooksWorld,
}

impl World {
    /// The world as it stands before the first request.
    pub(crate) fn new(config: &Config) -> Self {
        let mut clock = Clock::starting_at(config.start);
        if config.frozen {
            clock.freeze();
        }
        Self {
            clock,
            zone: config.zone.clone(),
            owner: ids::owner(config.seed),
            dialect: config.dialect,
            from_schemas: config.from_schemas,
            accounts: Accounts::new(config),
            limits: Limits::new(config),
            crm: peopled(config),
            books: BooksWorld::new(config),
        }
    }

    /// A world with the defaults, for tests of handlers.
    #[cfg(test)]
    pub(crate) fn for_tests() -> Self {
        Self::new(&Config::default())
    }
}

/// A CRM with the records that the configuration wants.
fn peopled(config: &Config) -> CrmWorld {
    let mut crm = CrmWorld::new(config);
    for (module, count) in &config.records {
        // The builder has tried each of them, so that a refusal here is worth no more than a line.
        if let Err(error) = crm.seed(module, *count, config.start.as_second()) {
            tracing::error!(error, "records were not seeded");
        }
    }
    crm
}
