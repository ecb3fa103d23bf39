//! Which organization a connection's user means without a word.

use serde_json::Value;

use super::{Books, OrganizationId};
use crate::error::{Error, Result};
use crate::generated::books::operations as op;
use crate::pipeline::request::Request;
use crate::record::Record;
use crate::zoho::Zoho;

impl Zoho {
    /// Zoho Books of the user's default organization, or of the only one there is. Zoho is asked once per connection.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): there are several and none is the default, or there is none.
    /// Otherwise the call failed.
    pub async fn default_books(&self) -> Result<Books> {
        let organization = self
            .organization
            .get_or_try_init(|| self.default_organization())
            .await?;
        Ok(self.books(organization.clone()))
    }

    async fn default_organization(&self) -> Result<OrganizationId> {
        let answer = self
            .core(None)
            .call(Request::of(&op::LIST_ORGANIZATIONS, &[])?)
            .await?;
        let (rows, _) = super::list::read(&answer, "organizations")?;
        let id = |row: &Record| row.get_id("organization_id").map(|id| id.to_string());
        let default = rows
            .iter()
            .find(|row| row.get("is_default_org") == Some(&Value::Bool(true)));
        let found = match (default, rows.as_slice()) {
            (Some(row), _) | (None, [row]) => id(row),
            _ => None,
        };
        found.map(OrganizationId::new).ok_or_else(|| {
            let known: Vec<String> = rows.iter().filter_map(id).collect();
            Error::config(format!(
                "`organization_id`: say which organization of Books is meant; the user has {}",
                if known.is_empty() {
                    "none".to_owned()
                } else {
                    known.join(", ")
                }
            ))
        })
    }
}
