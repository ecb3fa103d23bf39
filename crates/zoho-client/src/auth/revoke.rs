//! Taking a token back.

use secrecy::{ExposeSecret, SecretString};

use super::answer;
use super::grant::{Endpoint, Proof};
use super::urls::REVOKE;
use crate::error::Result;

impl Endpoint<'_> {
    /// Revokes a refresh token, and the access tokens made from it. `false` when Zoho did not know it.
    pub(crate) async fn revoke(&self, token: &SecretString) -> Result<bool> {
        let operation = "revoke_token";
        let mut form = vec![("token", token.expose_secret())];
        let proof = match self.address.ends_with(REVOKE) {
            true => {
                form.push(("token_type", "refresh_token"));
                Proof::Basic
            }
            false => Proof::Id,
        };
        let (status, body) = self.post(operation, &form, proof).await?;
        let told = |error: crate::Error| error.with_operation(operation);
        let fields = answer::object(status, &body).map_err(told)?;
        match answer::text(&fields, "error").as_deref() {
            None if status.is_success() => Ok(true),
            Some("invalid_code" | "invalid_token") => Ok(false),
            _ => Err(told(answer::refusal(status, &fields))),
        }
    }
}
