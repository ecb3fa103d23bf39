//! Properties over generated histories, in process and under paused time: client, mock and a model agree after each step.
//!
//! How many cases each runs is said in `zoho_conformance::proof`.

mod agreement;
mod channels;
mod consent;
mod faults;
mod fetch_all;
mod retry;
mod round_trip;
mod token_refresh;
mod triggers;
