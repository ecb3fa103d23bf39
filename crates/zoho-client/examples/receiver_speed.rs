//! How many callbacks the receiver takes in a second on one core, and what a hostile body costs.
//!
//! ```sh
//! cargo run --release -p zoho-client --example receiver_speed
//! ```
//!
//! It has one thread. A hostile body is one that nobody with the token has sent: deeply nested, one long text, or
//! many small members. Through the service it comes in pieces, without a Content-Length that would give it away.
#![allow(clippy::print_stdout, reason = "a program that prints its result")]

use std::convert::Infallible;
use std::error::Error;
use std::hint::black_box;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body::Frame;
use tokio::time::Instant;
use tower_service::Service as _;
use zoho_client::webhook::{CallbackMaker, Operation, Receiver, Respond, WebhookService};

const TOKEN: &str = "a token of the channel";
const LIMIT: usize = 1 << 20;
const LARGE: usize = 10_000_000;
/// What a server reads at once.
const PIECE: usize = 64 << 10;

/// Calls a function over and over for a second, and gives how often that was in a second.
fn per_second(mut call: impl FnMut()) -> f64 {
    let began = Instant::now();
    let mut calls = 0_u32;
    while began.elapsed() < Duration::from_secs(1) {
        for _ in 0..10 {
            call();
        }
        calls += 10;
    }
    f64::from(calls) / began.elapsed().as_secs_f64()
}

/// A body that comes in pieces, and counts how much of it was read.
struct Pieces {
    left: Bytes,
    read: Arc<AtomicUsize>,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let size = PIECE.min(self.left.len());
        self.read.fetch_add(size, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(self.left.split_to(size)))))
    }
}

/// Bodies of about this size, by what is hostile in them.
fn hostile(size: usize) -> [(&'static str, Bytes); 3] {
    // Each takes twelve bytes.
    let members: Vec<String> = (1..size / 12)
        .map(|number| format!("\"{number:07}\":0"))
        .collect();
    let members = format!("{{{}}}", members.join(","));
    [
        ("nested", vec![b'['; size].into()),
        (
            "one text",
            format!("{{\"a\":\"{}\"}}", "x".repeat(size - 8)).into(),
        ),
        ("many members", members.into()),
    ]
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
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let service = WebhookService::new(receiver.clone(), |_| async { Respond::Done });
    let quiet = HeaderMap::new();
    for (name, size) in [("1 MiB, the limit", LIMIT), ("10 MB", LARGE)] {
        for (kind, body) in hostile(size) {
            let direct = per_second(|| {
                black_box(receiver.receive(&quiet, black_box(&body)).is_err());
            });
            let read = Arc::new(AtomicUsize::new(0));
            let mut most = 0;
            let served = per_second(|| {
                read.store(0, Ordering::Relaxed);
                let pieces = Pieces {
                    left: body.clone(),
                    read: read.clone(),
                };
                let answer = runtime.block_on(service.clone().call(Request::new(pieces)));
                black_box(answer.is_ok());
                most = most.max(read.load(Ordering::Relaxed));
            });
            println!(
                "a hostile body of {name}, {kind}: {:.1} µs; in pieces {:.1} µs, of which {} bytes were read",
                1e6 / direct,
                1e6 / served,
                most
            );
        }
    }
    Ok(())
}
