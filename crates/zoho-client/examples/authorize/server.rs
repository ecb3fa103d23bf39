//! Which Zoho is asked: a local one of the example's own, or the one that the environment names.

use std::env;
use std::error::Error;

use zoho_client::{Body, OAuthApp, Region, ReqwestTransport, Transport};
use zoho_mock::MockZoho;

/// A Zoho, and the application that is registered there.
pub(crate) struct Server {
    pub(crate) region: Region,
    pub(crate) app: OAuthApp,
    /// The port that the application's redirect address names; 0 where any will do.
    pub(crate) redirect_port: u16,
    mock: Option<MockZoho>,
}

impl Server {
    pub(crate) async fn from_environment() -> Result<Self, Box<dyn Error>> {
        let Ok(region) = env::var("ZOHO_REGION") else {
            let mock = MockZoho::start().await?;
            return Ok(Self {
                region: Region::custom(mock.base_url())?,
                app: OAuthApp::new(mock.client_id(), mock.client_secret()),
                redirect_port: 0,
                mock: Some(mock),
            });
        };
        let needed = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}"));
        Ok(Self {
            region: region.parse()?,
            app: OAuthApp::new(needed("ZOHO_CLIENT_ID")?, needed("ZOHO_CLIENT_SECRET")?),
            redirect_port: needed("ZOHO_REDIRECT_PORT")?.parse()?,
            mock: None,
        })
    }

    /// Consents in the user's place and follows the redirect, as the user's browser would.
    pub(crate) fn consent(&self, url: &str) -> Result<(), Box<dyn Error>> {
        let mock = self
            .mock
            .as_ref()
            .ok_or("only a local Zoho can be told to consent")?;
        let back = mock.accounts().approve(url)?;
        let request = http::Request::get(back).body(Body::empty())?;
        tokio::spawn(async move {
            if let Err(error) = ReqwestTransport::new().send(request).await {
                eprintln!("authorize: the redirect was not followed: {error}");
            }
        });
        Ok(())
    }
}
