//! A process that shares a store with others, for tests that kill it.
//!
//! `store-worker count PLACE` adds one to a number for ever and prints it each time it is kept;
//! `store-worker add PLACE TIMES` adds so often and ends.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a program of the tests, which reads its output and its end"
)]

use std::env;

use zoho_client::SqlStore;
use zoho_conformance::counter;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let job = arguments.next().ok_or("there is no job")?;
    let place = arguments.next().ok_or("there is no place")?;
    let store = match place.starts_with("postgres://") {
        true => SqlStore::postgres(&place).await?,
        false => SqlStore::sqlite(&place).await?,
    };
    let times: u64 = match job.as_str() {
        "count" => u64::MAX,
        "add" => arguments.next().ok_or("how often?")?.parse()?,
        _ => return Err(format!("`{job}` is no job").into()),
    };
    for _ in 0..times {
        println!("{}", counter::increment(&store, counter::KEY).await?);
    }
    Ok(())
}
