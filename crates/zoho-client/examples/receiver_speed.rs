//! How many callbacks the receiver takes in a second on one core, and what a hostile body costs.
//!
//! ```sh
//! cargo run --release -p zoho-client --example receiver_speed
//! ```
#![allow(clippy::print_stdout, reason = "a program that prints its result")]

use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;
use zoho_client::webhook::{CallbackMaker, Operation, Receiver};

const TOKEN: &str = "a token of the channel";

/// Calls a function over and over for a second, and gives how often that was in a second.
fn per_second(mut call: impl FnMut()) -> f64 {
    let began = Instant::now();
    let mut calls = 0_u32;
    while began.elapsed() < Duration::from_secs(1) {
        for _ in 0..100 {
            call();
        }
        calls += 100;
    }
    f64::from(calls) / began.elapsed().as_secs_f64()
}

fn main() -> Result<(), Box<dyn Error>> {
    let receiver = Receiver::new(TOKEN)?;
    for records in [1_u64, 10, 100] {
        let mut callback = CallbackMaker::new("Leads", Operation::Update).token(TOKEN);
        for id in 0..records {
            callback = callback.record(4_876_876_000_000_589_001 + id, [("Company", "X"), ("Phone", "5")]);
        }
        let (headers, body) = callback.make();
        receiver.receive(&headers, &body)?;
        let rate = per_second(|| {
            black_box(receiver.receive(&headers, black_box(&body)).is_ok());
        });
        println!(
            "{records:>3} records a callback: {rate:.0} callbacks/s, {:.0} records/s",
            rate * records as f64
        );
    }
    let quiet = HeaderMap::new();
    for (name, size) in [("1 MiB, the limit", 1 << 20), ("10 MB", 10_000_000)] {
        let body = vec![b'['; size];
        let rate = per_second(|| {
            black_box(receiver.receive(&quiet, black_box(&body)).is_err());
        });
        println!("a hostile body of {name}: {:.1} µs", 1e6 / rate);
    }
    Ok(())
}
