//! The client against a scripted Zoho, under paused time, without sockets.

mod auth;
#[cfg(feature = "bulk")]
mod backfill;
mod books;
mod budget;
#[cfg(feature = "bulk")]
mod bulk_write;
mod consent;
mod fetch;
mod handles;
mod hostile;
mod limits;
mod lists;
mod past_limits;
mod pauses;
mod raw;
mod raw_retry;
mod record_types;
mod refusals;
mod regions;
mod retry;
mod tenants;
mod tokens;
mod triggers;
mod typed;
mod webhook;
mod wire;
mod write_many;
mod writes;
