//! The editions of CRM, and how many calls each takes at once.

use std::str::FromStr;

use serde::Deserialize;

use super::Zoho;
use crate::error::{Error, ErrorKind, Result};
use crate::generated::crm::operations;
use crate::pipeline::request::Request;

/// An edition of Zoho CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Edition {
    /// Free.
    Free,
    /// Standard.
    Standard,
    /// Professional.
    Professional,
    /// Enterprise, and Zoho One.
    Enterprise,
    /// Ultimate, and CRM Plus.
    Ultimate,
}

impl Edition {
    /// How many calls an application may have under way at once: Zoho's page on API limits.
    #[must_use]
    pub const fn concurrency(self) -> usize {
        match self {
            Self::Free => 5,
            Self::Standard => 10,
            Self::Professional => 15,
            Self::Enterprise => 20,
            Self::Ultimate => 25,
        }
    }
}

impl FromStr for Edition {
    type Err = Error;

    /// Reads the name, as `license_details.paid_type` has it.
    fn from_str(text: &str) -> Result<Self> {
        match text.trim().to_ascii_lowercase().as_str() {
            "free" => Ok(Self::Free),
            "standard" => Ok(Self::Standard),
            "professional" => Ok(Self::Professional),
            "enterprise" | "zohoone" | "zoho one" => Ok(Self::Enterprise),
            "ultimate" | "crmplus" | "crm plus" => Ok(Self::Ultimate),
            _ => Err(Error::config(format!(
                "`{}` is no edition; these are free, standard, professional, enterprise and ultimate",
                text.escape_debug()
            ))),
        }
    }
}

#[derive(Deserialize)]
struct Organizations {
    org: Vec<Organization>,
}

#[derive(Deserialize)]
struct Organization {
    license_details: License,
}

#[derive(Deserialize)]
struct License {
    paid_type: Option<String>,
    trial_type: Option<String>,
}

impl Zoho {
    /// Asks CRM for the edition of the organization, and takes as many calls at once from now on as it
    /// has: see [`Edition::concurrency`]. It needs the scope `ZohoCRM.org.READ`.
    ///
    /// ```
    /// use zoho_client::{Edition, OAuthApp, Region, ServiceTransport, Zoho};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mock = zoho_mock::MockZoho::in_process();
    /// let zoho = Zoho::builder(Region::custom(mock.base_url())?)
    ///     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
    ///     .refresh_token(mock.refresh_token())
    ///     .transport(ServiceTransport::new(mock.service()))
    ///     .build()?;
    /// let edition = zoho.read_edition().await?;
    /// assert_eq!((edition, edition.concurrency()), (Edition::Enterprise, 20));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The call failed. [`ErrorKind::Decode`]: the edition is not one that this crate knows.
    pub async fn read_edition(&self) -> Result<Edition> {
        let request = Request::of(&operations::GET_ORGANIZATION, &[])?;
        let answer = self.core(None).call(request).await?;
        let organizations: Organizations = answer.json()?;
        let licence = organizations
            .org
            .into_iter()
            .next()
            .map(|org| org.license_details);
        let name = licence.and_then(|licence| licence.paid_type.or(licence.trial_type));
        let edition = name.map_or(Ok(Edition::Free), |name| name.parse::<Edition>());
        let edition = edition.map_err(|error| {
            let place = "$.org[0].license_details.paid_type";
            error
                .with_kind(ErrorKind::Decode)
                .with_operation(answer.id.clone())
                .with_json_path(place)
        })?;
        self.engine.limits.resize_crm(edition.concurrency());
        Ok(edition)
    }
}
