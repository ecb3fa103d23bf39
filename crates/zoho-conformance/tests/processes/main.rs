//! Several processes, sockets and databases: these run in real time and wait for events, with a deadline.

mod budget;
mod decode;
mod hostile;
mod live;
mod soak;
mod stores;
mod tokens;
mod triggers;
mod worker;
