//! The accounts server: what is posted to it.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};

use super::{OAuthApp, Scopes, answer};
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline::classify::{broken, cut_short};
use crate::pipeline::transport::{Body, Transport};
use crate::region::Region;

/// Zoho's window for its limit on new tokens; what a throttled caller has to wait.
pub(crate) const WINDOW: Duration = Duration::from_secs(600);
/// The bytes of an answer of the accounts server that are read; its answers have some hundred.
const LARGEST: usize = 1 << 20;

/// What the token endpoint gave.
#[derive(Clone)]
#[non_exhaustive]
pub struct Grant {
    /// The access token.
    pub access_token: SecretString,
    /// The refresh token: on a code exchange with `access_type=offline`, not on a refresh.
    pub refresh_token: Option<SecretString>,
    /// The address of the API for this user.
    pub api_domain: Option<String>,
    /// The scopes that were granted, when Zoho says them.
    pub scopes: Option<Scopes>,
    /// How long the access token lives.
    pub lifetime: Duration,
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("api_domain", &self.api_domain)
            .field("scopes", &self.scopes)
            .field("lifetime", &self.lifetime)
            .finish_non_exhaustive()
    }
}

/// An address of the accounts server, and who speaks to it.
pub(crate) struct Endpoint<'a> {
    pub(crate) transport: &'a dyn Transport,
    pub(crate) address: &'a str,
    /// The data centre that it belongs to.
    pub(crate) region: &'a Region,
    pub(crate) app: &'a OAuthApp,
    pub(crate) timeout: Duration,
}

/// How the application says who it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// By its id alone.
    Id,
    /// Client id and secret among the fields of the form.
    Form,
    /// In the `Authorization` header.
    Basic,
}

impl Endpoint<'_> {
    /// Asks for a new access token.
    pub(crate) async fn refresh(&self, refresh_token: &SecretString) -> Result<Grant> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose_secret()),
        ];
        self.token("refresh_token", &form).await
    }

    /// Trades the code of a callback for tokens.
    pub(crate) async fn exchange(
        &self,
        code: &SecretString,
        verifier: Option<&SecretString>,
    ) -> Result<Grant> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
        ];
        form.extend(self.app.redirect_uri.as_deref().map(|uri| ("redirect_uri", uri)));
        form.extend(verifier.map(|verifier| ("code_verifier", verifier.expose_secret())));
        self.token("exchange_code", &form).await
    }

    /// Asks for an access token of the application's own, for one organization.
    pub(crate) async fn client_credentials(&self, soid: &str, scopes: &Scopes) -> Result<Grant> {
        let scope = scopes.to_string();
        let form = [
            ("grant_type", "client_credentials"),
            ("scope", scope.as_str()),
            ("soid", soid),
        ];
        self.token("client_credentials", &form).await
    }

    async fn token(&self, operation: &'static str, form: &[(&str, &str)]) -> Result<Grant> {
        let (status, body) = self.post(operation, form, Proof::Form).await?;
        answer::read(status, &body).map_err(|error| error.with_operation(operation))
    }

    /// Posts a form.
    pub(super) async fn post(
        &self,
        operation: &'static str,
        form: &[(&str, &str)],
        proof: Proof,
    ) -> Result<(StatusCode, Bytes)> {
        let (id, secret) = (self.app.client_id.as_str(), self.app.secret_for(self.region));
        let form = {
            let mut fields = url::form_urlencoded::Serializer::new(String::new());
            fields.extend_pairs(form);
            if proof != Proof::Basic {
                fields.append_pair("client_id", id);
            }
            if proof == Proof::Form {
                fields.append_pair("client_secret", secret);
            }
            fields.finish()
        };
        let mut request = http::Request::builder()
            .method(Method::POST)
            .uri(self.address)
            .header(
                CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            );
        if proof == Proof::Basic {
            request = request.header(AUTHORIZATION, basic(id, secret)?);
        }
        self.send(operation, request, Body::from(form)).await
    }

    /// Asks for something that is no secret.
    pub(super) async fn get(&self, operation: &'static str) -> Result<(StatusCode, Bytes)> {
        let request = http::Request::builder().method(Method::GET).uri(self.address);
        self.send(operation, request, Body::empty()).await
    }

    async fn send(
        &self,
        operation: &'static str,
        request: http::request::Builder,
        body: Body,
    ) -> Result<(StatusCode, Bytes)> {
        let request = request
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .body(body)
            .map_err(|error| Error::config("the accounts address is no address").with_source(error))?;
        let answer = async {
            let response = self.transport.send(request).await.map_err(broken)?;
            let status = response.status();
            let body = response.into_body().bytes_within(LARGEST).await;
            let body = body.map_err(|error| match error.over_limit() {
                Some(_) => cut_short(status, error),
                None => broken(error),
            })?;
            Ok::<_, Error>((status, body))
        };
        let (status, body) = match tokio::time::timeout(self.timeout, answer).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Err(error.with_operation(operation)),
            Err(_) => {
                let error = Error::new(ErrorKind::Timeout, "the accounts server did not answer");
                return Err(error.with_operation(operation));
            }
        };
        tracing::debug!(operation, status = status.as_u16(), "accounts server answered");
        Ok((status, body))
    }
}

/// HTTP's basic authentication.
fn basic(id: &str, secret: &str) -> Result<HeaderValue> {
    let text = SecretString::from(STANDARD.encode(format!("{id}:{secret}")));
    let mut value = HeaderValue::from_str(&format!("Basic {}", text.expose_secret()))
        .map_err(|_| Error::config("the client id or secret can not be sent"))?;
    value.set_sensitive(true);
    Ok(value)
}
