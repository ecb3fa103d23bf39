//! Which Zoho the tour talks to: one of its own, or the one that the environment names.

use std::env::{self, VarError};
use std::error::Error;

use zoho_client::{OAuthApp, OrganizationId, Region, Zoho};
use zoho_mock::MockZoho;

use crate::report::Step;

/// A server and the credentials to it.
#[derive(Debug)]
pub(crate) enum Server {
    /// A mock in this process, on a socket of its own.
    Embedded(MockZoho),
    /// A server that somebody else started.
    External {
        url: String,
        client_id: String,
        client_secret: String,
        refresh_token: String,
    },
}

impl Server {
    /// The server that `ZOHO_MOCK_URL` names, or a new one.
    pub(crate) async fn from_environment() -> Result<Self, Box<dyn Error>> {
        let url = match env::var("ZOHO_MOCK_URL") {
            Ok(url) => url,
            Err(VarError::NotPresent) => return Ok(Self::Embedded(MockZoho::start().await?)),
            Err(error) => return Err(format!("ZOHO_MOCK_URL: {error}").into()),
        };
        let needed = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}"));
        Ok(Self::External {
            url,
            client_id: needed("ZOHO_CLIENT_ID")?,
            client_secret: needed("ZOHO_CLIENT_SECRET")?,
            refresh_token: needed("ZOHO_REFRESH_TOKEN")?,
        })
    }

    /// The mock, where its clock and faults are at hand.
    pub(crate) fn mock(&self) -> Option<&MockZoho> {
        match self {
            Self::Embedded(mock) => Some(mock),
            Self::External { .. } => None,
        }
    }

    /// Trades a grant code where one can be had, and calls Zoho once with the tokens.
    pub(crate) async fn connect(&self) -> Step<Zoho> {
        let (zoho, how) = match self {
            Self::Embedded(mock) => {
                let region = Region::custom(mock.base_url())?;
                let app = OAuthApp::new(mock.client_id(), mock.client_secret());
                let builder = Zoho::builder(region).oauth(app);
                let code = mock.grant_code(zoho_client::Scopes::seed().iter());
                let grant = builder.exchange_code(code).await?;
                let token = grant
                    .refresh_token
                    .ok_or("no refresh token came with the grant")?;
                (
                    builder.refresh_token(token).build()?,
                    "a grant code became a refresh token",
                )
            }
            Self::External {
                url,
                client_id,
                client_secret,
                refresh_token,
            } => {
                let builder = Zoho::builder(Region::custom(url)?)
                    .oauth(OAuthApp::new(client_id, client_secret.as_str()))
                    .refresh_token(refresh_token.as_str());
                (builder.build()?, "the refresh token of the environment")
            }
        };
        let modules = zoho.crm().modules().await?;
        Ok((
            zoho,
            format!("{how}; the organization has {} modules", modules.len()),
        ))
    }
}

/// The first Books organization of the user.
pub(crate) async fn organization(zoho: &Zoho) -> Result<OrganizationId, Box<dyn Error>> {
    let organizations = zoho
        .books(OrganizationId::new(""))
        .records("organizations")
        .all()
        .await?;
    let first = organizations
        .first()
        .and_then(|organization| organization.get_id("organization_id"));
    Ok(OrganizationId::new(
        first.ok_or("the user has no Books organization")?.as_str(),
    ))
}
