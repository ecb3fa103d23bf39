//! Getting consent, and giving it back: what a builder can do before there is a connection.

use std::collections::BTreeMap;

use secrecy::SecretString;

use super::ZohoBuilder;
use crate::auth::device::Poll;
use crate::auth::grant::Endpoint;
use crate::auth::{Callback, DeviceCode, DeviceGrant, Grant, OAuthUrls, Scopes};
use crate::clock;
use crate::error::{Error, ErrorKind, Result};
use crate::region::Region;

impl ZohoBuilder {
    /// Trades a checked callback for tokens, at the data centre that the callback names.
    ///
    /// # Errors
    /// The credentials can not be right, or Zoho refused.
    pub async fn exchange(&self, callback: &Callback) -> Result<Grant> {
        let urls = self.urls_of(&callback.region)?;
        self.at(&urls, &urls.token, async |endpoint| {
            endpoint.exchange(&callback.code, Some(&callback.verifier)).await
        })
        .await
    }

    /// Trades a code that the API console's self client made for tokens.
    ///
    /// # Errors
    /// The credentials can not be right, or Zoho refused.
    pub async fn exchange_code(&self, code: impl Into<SecretString>) -> Result<Grant> {
        let code = code.into();
        let urls = self.urls_of(&self.region)?;
        self.at(&urls, &urls.token, async |endpoint| {
            endpoint.exchange(&code, None).await
        })
        .await
    }

    /// Takes a refresh token back, and the access tokens made from it. `false` when Zoho did not know
    /// it any more. [`Zoho::revoke`](super::Zoho::revoke) does it for the token of a connection.
    ///
    /// # Errors
    /// The credentials can not be right, or Zoho refused.
    pub async fn revoke(&self, refresh_token: impl Into<SecretString>) -> Result<bool> {
        let token = refresh_token.into();
        let urls = self.urls_of(&self.region)?;
        self.at(&urls, &urls.revoke, async |endpoint| {
            endpoint.revoke(&token).await
        })
        .await
    }

    /// The data centres that the region's accounts server lists, by location code. Those that this
    /// crate does not know are left out: no secret may go there. China is listed only by its own.
    ///
    /// # Errors
    /// The server did not answer as it should.
    pub async fn data_centres(&self) -> Result<BTreeMap<String, Region>> {
        let urls = self.urls_of(&self.region)?;
        let address = format!("{}/oauth/serverinfo", self.region.accounts_url()?);
        self.at(&urls, &address, async |endpoint| endpoint.data_centres().await)
            .await
    }

    /// Asks for a code that the user of a device without a browser enters elsewhere; then
    /// [`ZohoBuilder::wait_for_device`] waits until that has happened.
    ///
    /// ```
    /// use zoho_client::{OAuthApp, Region, Scopes, ServiceTransport, Zoho};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mock = zoho_mock::MockZoho::in_process();
    /// let builder = Zoho::builder(Region::custom(mock.base_url())?)
    ///     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
    ///     .transport(ServiceTransport::new(mock.service()));
    /// let code = builder.device_code(&Scopes::seed()).await?;
    /// println!("enter {} at {}", code.user_code(), code.verification_url());
    /// # mock.accounts().approve_device(code.user_code())?;
    /// let device = builder.wait_for_device(&code).await?;
    /// assert!(device.grant.refresh_token.is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The credentials can not be right, or Zoho refused.
    pub async fn device_code(&self, scopes: &Scopes) -> Result<DeviceCode> {
        if scopes.is_empty() {
            return Err(Error::config("consent needs at least one scope"));
        }
        let urls = self.urls_of(&self.region)?;
        let address = device_address(&self.region, "code")?;
        self.at(&urls, &address, async |endpoint| {
            endpoint.device_code(scopes).await
        })
        .await
    }

    /// Asks at the server's pace until the user has decided; where the user lives at another data
    /// centre, it goes on there. Dropping it stops asking.
    ///
    /// # Errors
    /// [`ErrorKind::Auth`]: the user said no, or the code ran out. Other kinds: Zoho refused, or did
    /// not answer until the code ran out.
    pub async fn wait_for_device(&self, code: &DeviceCode) -> Result<DeviceGrant> {
        let started = clock::moment();
        let mut region = code.region().clone();
        let mut interval = code.interval();
        let mut lost = None;
        loop {
            if clock::since(started).saturating_add(interval) > code.expires_in() {
                let late = Error::new(ErrorKind::Auth, "the device's code has run out").consent_needed();
                return Err(lost.unwrap_or(late));
            }
            tokio::time::sleep(interval).await;
            let urls = self.urls_of(&region)?;
            let address = device_address(&region, "token")?;
            let poll = self.at(&urls, &address, async |endpoint| endpoint.poll_device(code).await);
            match poll.await {
                Ok(Poll::Granted(grant)) => return Ok(DeviceGrant { grant, region }),
                Ok(Poll::Pending) => lost = None,
                Ok(Poll::SlowDown) => interval = DeviceCode::slower(interval),
                Ok(Poll::Elsewhere(location)) => region = self.region_of(&location).await?,
                // The connection may come back before the code runs out.
                Err(error) if error.is_retryable() => lost = Some(error),
                Err(error) => return Err(error),
            }
        }
    }

    /// The region of a location code: by the table, or as the mock's own server says.
    async fn region_of(&self, location: &str) -> Result<Region> {
        if self.region.row().is_some() {
            return location.parse();
        }
        let unknown = || Error::config(format!("`{}` is no location", location.escape_debug()));
        self.data_centres().await?.remove(location).ok_or_else(unknown)
    }

    /// Runs something at an address of the accounts server.
    async fn at<T>(
        &self,
        urls: &OAuthUrls,
        address: &str,
        ask: impl AsyncFnOnce(Endpoint<'_>) -> Result<T>,
    ) -> Result<T> {
        let app = self.checked_app()?;
        let transport = self.transport_or_default();
        ask(Endpoint {
            transport: transport.as_ref(),
            address,
            region: urls.region(),
            app: &app,
            timeout: self.timeout,
        })
        .await
    }
}

fn device_address(region: &Region, what: &str) -> Result<String> {
    Ok(format!("{}/oauth/v3/device/{what}", region.accounts_url()?))
}
