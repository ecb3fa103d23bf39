//! A mock with a token and a connection to it.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::Method;
use serde_json::Value;

use crate::Failure;
use crate::clock::Watch;
use crate::http::Connection;
use crate::process::{Ready, Server};

/// A mock that was started for a measurement.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) server: Server,
    pub(super) address: SocketAddr,
    pub(super) headers: Vec<(String, String)>,
    connection: Connection,
}

impl Session {
    /// Starts a mock with these flags besides, and gets a token.
    pub(super) async fn start(program: &Path, flags: &[String]) -> Result<Self, Failure> {
        let usual = [
            "serve",
            "--port",
            "0",
            "--ready-json",
            "--crm-credits",
            "4294967295",
        ];
        let arguments: Vec<&str> = usual
            .into_iter()
            .chain(flags.iter().map(String::as_str))
            .collect();
        let server = Server::start(program, &arguments)?;
        let ready = Ready::of(&server)?;
        let address = ready.address()?;
        let mut connection = Connection::open(address).await?;
        let form = format!(
            "grant_type=refresh_token&client_id={}&client_secret={}&refresh_token={}",
            ready.client_id, ready.client_secret, ready.refresh_token
        );
        let (_, answer) = connection
            .send(&Method::POST, "/oauth/v2/token", &[], &form.into())
            .await?;
        let answer: Value = serde_json::from_slice(&answer)?;
        let token = answer
            .get("access_token")
            .and_then(Value::as_str)
            .ok_or("the mock gave no token")?;
        let headers = vec![("authorization".to_owned(), format!("Zoho-oauthtoken {token}"))];
        Ok(Self {
            server,
            address,
            headers,
            connection,
        })
    }

    /// One call that must succeed, with how long it took.
    pub(super) async fn call(
        &mut self,
        method: Method,
        target: &str,
        body: &Value,
    ) -> Result<(Bytes, Duration), Failure> {
        let body = match body {
            Value::Null => Bytes::new(),
            body => body.to_string().into(),
        };
        let watch = Watch::start();
        let (status, answer) = self
            .connection
            .send(&method, target, &self.headers, &body)
            .await?;
        let took = watch.read();
        match status.as_u16() {
            200 => Ok((answer, took)),
            status => Err(format!("{target}: {status} {}", String::from_utf8_lossy(&answer)).into()),
        }
    }
}
