//! The handle: one connection to Zoho.

mod builder;
mod consent;
mod edition;
mod limits;

use std::sync::Arc;

pub use builder::ZohoBuilder;
pub use edition::Edition;
use tokio::sync::OnceCell;

use crate::books::{Books, OrganizationId};
use crate::crm::Crm;
use crate::crm::metadata::Cache;
use crate::error::Result;
use crate::pipeline::Engine;
use crate::pipeline::typed::Core;
use crate::region::Region;

/// One connection to Zoho: one user's consent at one data centre.
///
/// It is cheap to clone; clones share tokens, limits and what is known of the organization.
#[derive(Clone, Debug)]
pub struct Zoho {
    engine: Arc<Engine>,
    metadata: Arc<Cache>,
    /// The user's default organization of Books, once it was asked for.
    pub(crate) organization: Arc<OnceCell<OrganizationId>>,
    region: Region,
}

impl Zoho {
    /// Starts a connection to a data centre.
    pub fn builder(region: Region) -> ZohoBuilder {
        ZohoBuilder::new(region)
    }

    /// A connection out of the environment: `ZOHO_REGION` or `ZOHO_BASE_URL` (a mock on this
    /// machine), `ZOHO_CLIENT_ID`, `ZOHO_CLIENT_SECRET` and `ZOHO_REFRESH_TOKEN`; `ZOHO_ENVIRONMENT`
    /// may be `sandbox` or `developer`.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): a variable is missing or can not be right.
    pub fn from_env() -> Result<Self> {
        ZohoBuilder::from_vars(|name| std::env::var(name).ok())?.build()
    }

    /// Takes the user's consent back: revokes the refresh token, and forgets the tokens, in the store
    /// too. `false` when Zoho did not know the token any more.
    ///
    /// ```
    /// use zoho_client::{OAuthApp, Region, ServiceTransport, Zoho};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mock = zoho_mock::MockZoho::in_process();
    /// let zoho = Zoho::builder(Region::custom(mock.base_url())?)
    ///     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
    ///     .refresh_token(mock.refresh_token())
    ///     .transport(ServiceTransport::new(mock.service()))
    ///     .build()?;
    /// assert!(zoho.revoke().await?);
    /// assert!(zoho.crm().modules().await.is_err_and(|error| error.needs_consent()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Zoho or the store refused. The tokens are kept then.
    pub async fn revoke(&self) -> Result<bool> {
        self.engine.tokens.revoke().await
    }

    /// The data centre.
    #[must_use]
    pub fn region(&self) -> &Region {
        &self.region
    }

    /// Zoho CRM.
    #[must_use]
    pub fn crm(&self) -> Crm {
        Crm {
            core: self.core(None),
            metadata: Arc::clone(&self.metadata),
        }
    }

    /// Zoho Books of one organization.
    #[must_use]
    pub fn books(&self, organization: OrganizationId) -> Books {
        Books {
            core: self.core(Some(organization.into_inner())),
        }
    }

    pub(crate) fn core(&self, organization: Option<Arc<str>>) -> Core {
        Core {
            engine: Arc::clone(&self.engine),
            organization,
            meters: Vec::new(),
        }
    }
}
