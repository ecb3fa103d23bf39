//! Callbacks by HTTP/1.1, to this machine unless it is told otherwise.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http::uri::{Authority, Scheme};
use http::{HeaderValue, Uri, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, lookup_host};

use super::{Ending, Parcel};

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of an answer is read.
const ANSWER: usize = 64 << 10;

/// Sends a callback; with `any`, to addresses of other machines too.
pub(super) async fn send(parcel: &Parcel, any: bool) -> Ending {
    let destination = match Destination::of(&parcel.url, any) {
        Ok(destination) => destination,
        Err(ending) => return ending,
    };
    match tokio::time::timeout(PATIENCE, destination.deliver(parcel)).await {
        Ok(Ok(status)) => Ending::Answered(status),
        Ok(Err(error)) => Ending::Failed(error.to_string()),
        Err(_) => Ending::Failed(format!("no answer within {} seconds", PATIENCE.as_secs())),
    }
}

/// Where a callback may go.
#[derive(Debug, PartialEq)]
struct Destination {
    authority: Authority,
    host: String,
    port: u16,
    target: String,
    any: bool,
}

impl Destination {
    fn of(url: &str, any: bool) -> Result<Self, Ending> {
        let unusable = || Ending::Failed(format!("{url} is not the address of a receiver"));
        let uri: Uri = url.parse().map_err(|_| unusable())?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(unusable());
        };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        if !any && !is_loopback(host) {
            return Err(Ending::Suppressed(format!(
                "{host} is not this machine, and nothing was said of other ones"
            )));
        }
        if *scheme != Scheme::HTTP {
            return Err(Ending::Failed(format!(
                "{scheme} is not spoken here, only http is"
            )));
        }
        Ok(Self {
            host: host.to_owned(),
            port: authority.port_u16().unwrap_or(80),
            target: uri
                .path_and_query()
                .map_or_else(|| "/".to_owned(), ToString::to_string),
            authority: authority.clone(),
            any,
        })
    }

    async fn deliver(&self, parcel: &Parcel) -> Result<u16, Box<dyn std::error::Error + Send + Sync>> {
        // A name may lead anywhere, even `localhost`.
        let addresses: Vec<SocketAddr> = lookup_host((self.host.as_str(), self.port))
            .await?
            .filter(|address| self.any || address.ip().is_loopback())
            .collect();
        let stream = TcpStream::connect(addresses.as_slice()).await?;
        let mut request = parcel.request(&self.target)?;
        let host = match self.authority.as_str().rsplit_once('@') {
            Some((_, host)) => host,
            None => self.authority.as_str(),
        };
        request
            .headers_mut()
            .insert(header::HOST, HeaderValue::from_str(host)?);
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request).await;
        let status = match answer {
            Ok(response) => {
                let (parts, body) = response.into_parts();
                // The status is all that counts; the rest is read so that the receiver can finish.
                if let Err(error) = Limited::new(body, ANSWER).collect().await {
                    tracing::debug!(%error, "the answer to a callback broke off");
                }
                Ok(parts.status.as_u16())
            }
            Err(error) => Err(error.into()),
        };
        connection.abort();
        status
    }
}

/// Whether a host is this machine by its very name.
fn is_loopback(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => {
            let host = host.trim_end_matches('.').to_ascii_lowercase();
            host == "localhost" || host.ends_with(".localhost")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached_unless_told_otherwise() {
        for url in [
            "http://127.0.0.1:9/hook?k=v",
            "http://127.8.9.1/",
            "http://[::1]:80/x",
            "http://localhost:8080",
            "http://LOCALHOST./",
            "http://hooks.localhost/x",
            "http://user@localhost/x",
        ] {
            assert!(Destination::of(url, false).is_ok(), "{url}");
        }
        for url in [
            "http://example.com/",
            "https://example.com/",
            "http://127.0.0.1@example.com/",
            "http://127.0.0.1.example.com/",
            "http://localhost.example.com/",
            "http://127.1/",
            "http://0.0.0.0/",
            "http://[::ffff:1.2.3.4]/",
        ] {
            assert!(
                matches!(Destination::of(url, false), Err(Ending::Suppressed(_))),
                "{url}"
            );
        }
        assert!(Destination::of("http://example.com/", true).is_ok());
        for (url, any) in [
            ("https://localhost/", false),
            ("https://example.com/", true),
            ("hook", false),
            ("/hook", true),
            ("", true),
        ] {
            assert!(
                matches!(Destination::of(url, any), Err(Ending::Failed(_))),
                "{url}"
            );
        }
    }
}
