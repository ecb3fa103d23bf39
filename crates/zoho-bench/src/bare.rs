//! What the mock is compared with: an axum handler that answers everything with the same bytes.

use std::path::Path;

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use bytes::Bytes;
use tokio::net::TcpListener;

use crate::Failure;

/// Serves the bytes of a file until it is killed.
pub(crate) fn run(file: &Path) -> Result<(), Failure> {
    let bytes = Bytes::from(std::fs::read(file)?);
    tokio::runtime::Runtime::new()?.block_on(async {
        let answer = move || {
            let bytes = bytes.clone();
            async move { ([(CONTENT_TYPE, "application/json;charset=UTF-8")], bytes) }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        axum::serve(listener, Router::new().fallback(answer)).await?;
        Ok(())
    })
}
