//! The mock on a socket.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::service;
use crate::front::Shared;

/// The mock could not listen.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address}")]
#[non_exhaustive]
pub struct StartError {
    /// The address.
    pub address: SocketAddr,
    /// Why not.
    pub source: io::Error,
}

/// A running server; it ends, with its connections, when it is dropped.
#[derive(Debug)]
pub(super) struct Server {
    task: JoinHandle<()>,
}

/// Listens on an address and says which one it came to be.
pub(super) async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

impl Server {
    pub(super) fn run(listener: TcpListener, shared: Arc<Shared>) -> Self {
        Self {
            task: tokio::spawn(accept(listener, shared)),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    // The set belongs to this task, so that aborting the task closes the connections too.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, shared.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection was not accepted");
                    tokio::task::yield_now().await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(stream: TcpStream, shared: Arc<Shared>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY");
    }
    let answering = service_fn(move |request| service::answer(shared.clone(), request));
    if let Err(error) = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answering)
        .await
    {
        tracing::debug!(%error, "a connection ended");
    }
}
