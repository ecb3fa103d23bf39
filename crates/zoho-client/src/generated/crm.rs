//! Zoho CRM.

pub(crate) mod operations;
