//! Which data centres there are, as an accounts server says.

use std::collections::BTreeMap;

use super::answer;
use super::grant::Endpoint;
use crate::error::{Error, ErrorKind, Result};
use crate::region::Region;

impl Endpoint<'_> {
    /// Location codes and the regions they stand for. A server that is not in the table is left out:
    /// no secret may go there. China is never listed by the others.
    pub(crate) async fn data_centres(&self) -> Result<BTreeMap<String, Region>> {
        let operation = "server_info";
        let (status, body) = self.get(operation).await?;
        let told = |error: Error| error.with_operation(operation);
        let fields = answer::object(status, &body).map_err(told)?;
        let locations = fields.get("locations").and_then(serde_json::Value::as_object);
        let locations = locations.ok_or_else(|| {
            told(Error::new(ErrorKind::Decode, "there are no locations").with_json_path("$.locations"))
        })?;
        let mut centres = BTreeMap::new();
        for (code, server) in locations {
            match server
                .as_str()
                .map(|server| self.region.at_accounts_server(server))
            {
                Some(Ok(region)) => {
                    centres.insert(code.clone(), region);
                }
                _ => tracing::warn!(%code, "a data centre that this crate does not know"),
            }
        }
        Ok(centres)
    }
}
