//! The client against a scripted Zoho, under paused time, without sockets.

mod auth;
mod books;
mod handles;
mod lists;
mod raw;
mod raw_retry;
mod regions;
mod retry;
mod triggers;
mod typed;
mod webhook;
mod wire;
mod writes;
