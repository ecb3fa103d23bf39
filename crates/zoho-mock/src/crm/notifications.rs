//! `/actions/watch`: channels that want to hear of changes, each for a while.

mod callback;
mod channel;
mod condition;
mod handlers;
mod request;
#[cfg(test)]
mod tests;

pub(crate) use channel::Channels;
pub(crate) use handlers::handler;
