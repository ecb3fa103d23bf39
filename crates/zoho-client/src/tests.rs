//! The client against a scripted Zoho, under paused time, without sockets.

mod auth;
mod books;
mod consent;
mod handles;
mod limits;
mod lists;
mod raw;
mod regions;
mod retry;
mod tenants;
mod tokens;
mod typed;
mod wire;
mod writes;
