//! The load generator: connections that each send the same request, again as soon as it is answered.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde::{Deserialize, Serialize};

use crate::Failure;
use crate::clock::Watch;
use crate::http::Connection;

/// What to send, to whom and for how long.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) address: SocketAddr,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The only status that counts as answered.
    pub(crate) status: u16,
    pub(crate) connections: usize,
    pub(crate) seconds: f64,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) requests: u64,
    pub(crate) seconds: f64,
}

/// Carries out the order of a file.
pub(crate) fn run(file: &Path) -> Result<(), Failure> {
    let order: Order = serde_json::from_slice(&std::fs::read(file)?)?;
    // One thread: the servers are to have the rest of the machine.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(all(&order))?;
    println!("{}", serde_json::to_string(&outcome)?);
    Ok(())
}

async fn all(order: &Order) -> Result<Outcome, Failure> {
    let mut connections = Vec::new();
    for _ in 0..order.connections {
        connections.push(Connection::open(order.address).await?);
    }
    let watch = Watch::start();
    let tasks: Vec<_> = connections
        .into_iter()
        .map(|connection| tokio::spawn(one(connection, order.clone(), watch)))
        .collect();
    let mut requests = 0;
    for task in tasks {
        requests += task.await??;
    }
    let seconds = watch.read().as_secs_f64();
    Ok(Outcome { requests, seconds })
}

async fn one(mut connection: Connection, order: Order, watch: Watch) -> Result<u64, Failure> {
    let method: Method = order.method.parse()?;
    let body = Bytes::from(order.body);
    let end = Duration::try_from_secs_f64(order.seconds)?;
    let mut requests = 0;
    while watch.read() < end {
        let (status, answer) = connection
            .send(&method, &order.target, &order.headers, &body)
            .await?;
        if status != order.status {
            let answer = String::from_utf8_lossy(&answer);
            return Err(format!("{method} {} was answered with {status}: {answer}", order.target).into());
        }
        requests += 1;
    }
    Ok(requests)
}
