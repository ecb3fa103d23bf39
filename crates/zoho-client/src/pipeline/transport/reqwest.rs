//! The network: the only hand-written file that makes a `reqwest` client.

use std::fmt;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http_body_util::BodyExt;
use parking_lot::Mutex;

use super::{Body, BoxError, Transport, TransportError};

/// Sends requests over the network.
///
/// The client for `https` is made on the first `https` request, because it loads the machine's
/// root certificates, and a program that only speaks to a local mock may run where there are none.
/// Redirects are not followed: a redirect must not carry a token elsewhere.
pub struct ReqwestTransport {
    custom: Option<reqwest::Client>,
    plain: Mutex<Option<reqwest::Client>>,
    tls: Mutex<Option<reqwest::Client>>,
}

impl ReqwestTransport {
    /// A transport with default settings.
    #[must_use]
    pub fn new() -> Self {
        Self {
            custom: None,
            plain: Mutex::new(None),
            tls: Mutex::new(None),
        }
    }

    /// A transport with your own settings: proxy, certificates, connection pool.
    /// Redirects are switched off whatever the builder says.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): the settings do not make a client.
    pub fn with_builder(builder: reqwest::ClientBuilder) -> crate::Result<Self> {
        let client = builder
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| crate::Error::config("the HTTP client can not be made").with_source(error))?;
        Ok(Self {
            custom: Some(client),
            ..Self::new()
        })
    }

    fn client(&self, uri: &http::Uri) -> Result<reqwest::Client, BoxError> {
        if let Some(client) = &self.custom {
            return Ok(client.clone());
        }
        let secure = uri.scheme() == Some(&http::uri::Scheme::HTTPS);
        let mut slot = if secure {
            self.tls.lock()
        } else {
            self.plain.lock()
        };
        if let Some(client) = &*slot {
            return Ok(client.clone());
        }
        let mut builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        if !secure {
            // Loopback only: no roots to load, no proxy to go through.
            builder = builder.tls_certs_only([]).no_proxy();
        }
        let client = builder.build()?;
        *slot = Some(client.clone());
        Ok(client)
    }
}

impl Default for ReqwestTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestTransport").finish_non_exhaustive()
    }
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>> {
        async move {
            let client = self.client(request.uri()).map_err(TransportError::not_sent)?;
            let (parts, body) = request.into_parts();
            let request = reqwest::Request::try_from(http::Request::from_parts(parts, native(body)))
                .map_err(|error| TransportError::not_sent(error.without_url()))?;
            let response = client.execute(request).await.map_err(|error| {
                // The address may hold ids; the cause is what matters.
                let refused = error.is_connect() || error.is_builder();
                let error = error.without_url();
                if refused {
                    TransportError::not_sent(error)
                } else {
                    TransportError::maybe_sent(error)
                }
            })?;
            Ok(http::Response::from(response).map(Body::wrap))
        }
        .boxed()
    }
}

/// The body as reqwest's own.
pub(crate) fn native(body: Body) -> reqwest::Body {
    match body.into_memory() {
        Ok(bytes) if bytes.is_empty() => reqwest::Body::default(),
        Ok(bytes) => reqwest::Body::from(bytes),
        Err(stream) => reqwest::Body::wrap_stream(stream.into_data_stream()),
    }
}

/// What builds requests for the generated layer: reqwest's client, which never sends one here.
pub(crate) type RequestMaker = ::reqwest::Client;

/// The maker of requests.
///
/// It is made once per process: it holds no connection and no setting that could differ.
pub(crate) fn request_maker() -> crate::Result<RequestMaker> {
    static MAKER: std::sync::OnceLock<RequestMaker> = std::sync::OnceLock::new();
    if let Some(client) = MAKER.get() {
        return Ok(client.clone());
    }
    let client = reqwest::Client::builder()
        .tls_certs_only([])
        .no_proxy()
        .build()
        .map_err(|error| crate::Error::config("the maker of requests can not be made").with_source(error))?;
    Ok(MAKER.get_or_init(|| client).clone())
}
