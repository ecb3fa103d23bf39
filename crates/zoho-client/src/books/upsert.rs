//! Upserts by a custom field that is marked unique.

use http::{HeaderName, Method};
use serde_json::Value;

use super::records::Records;
use crate::error::{Error, Result};
use crate::generated::books::operations::ALL;
use crate::pipeline::request::{find_operation, header_value};
use crate::record::Record;

impl Records {
    /// Updates the record that has a value in a unique custom field.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): records of this type can not be found so. Otherwise the call
    /// failed, or no record has the value.
    pub async fn update_by(
        &self,
        unique_field: &str,
        value: &str,
        fields: impl Into<Value>,
    ) -> Result<Record> {
        self.by_unique(unique_field, value, fields.into(), false).await
    }

    /// The same, and creates the record when none has the value.
    ///
    /// # Errors
    /// As [`Records::update_by`].
    pub async fn upsert_by(
        &self,
        unique_field: &str,
        value: &str,
        record: impl Into<Value>,
    ) -> Result<Record> {
        self.by_unique(unique_field, value, record.into(), true).await
    }

    async fn by_unique(&self, field: &str, value: &str, record: Value, create: bool) -> Result<Record> {
        let path = self.collection()?;
        if find_operation(ALL, &Method::PUT, &path).is_none() {
            return Err(Error::config(format!(
                "`{}` can not be found by a unique field",
                self.name()
            )));
        }
        let mut request = self.request(Method::PUT, path)?.json(&record)?;
        let mut headers = vec![
            ("x-unique-identifier-key", field),
            ("x-unique-identifier-value", value),
        ];
        if create {
            headers.push(("x-upsert", "true"));
        }
        for (name, value) in headers {
            let value = header_value(name, value)?;
            request.headers.insert(HeaderName::from_static(name), value);
        }
        let answer = self.core().call(request).await?;
        self.unwrap(&answer)
    }
}
