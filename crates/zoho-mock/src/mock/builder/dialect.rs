//! Where Zoho is known to behave in more than one way: which way.

use super::MockBuilder;

impl MockBuilder {
    /// Whether a token request over the limit is answered with 200 instead of 400: both are known
    /// of Zoho.
    #[must_use]
    pub fn throttle_with_200(mut self, yes: bool) -> Self {
        self.config.dialect.throttle_with_200 = yes;
        self
    }

    /// Whether token answers carry `expires_in_sec` beside an `expires_in` of milliseconds.
    #[must_use]
    pub fn expires_in_sec(mut self, yes: bool) -> Self {
        self.config.dialect.expires_in_sec = yes;
        self
    }

    /// Whether the answer to a refresh leaves `expires_in` out, as is reported of Zoho.
    #[must_use]
    pub fn omit_expires_in(mut self, yes: bool) -> Self {
        self.config.dialect.omit_expires_in = yes;
        self
    }

    /// Whether a CRM batch with mixed outcomes is answered with 200 instead of 207.
    #[must_use]
    pub fn mixed_with_200(mut self, yes: bool) -> Self {
        self.config.dialect.mixed_with_200 = yes;
        self
    }

    /// Whether a CRM record with several faults is refused with all of them under `MULTIPLE_OR_MULTI_ERRORS`, as Zoho's
    /// description has it, instead of with the first, as its examples do.
    #[must_use]
    pub fn multiple_errors(mut self, yes: bool) -> Self {
        self.config.dialect.multiple_errors = yes;
        self
    }

    /// Whether a CRM call over a limit is refused with `RATE_LIMIT_EXCEEDED` instead of
    /// `TOO_MANY_REQUESTS`: both are known of Zoho.
    #[must_use]
    pub fn rate_limit_exceeded(mut self, yes: bool) -> Self {
        self.config.dialect.rate_limit_exceeded = yes;
        self
    }
}
