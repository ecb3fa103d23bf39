//! Refusals of Books, with their codes.

use http::StatusCode;

use super::catalogue::Type;
use crate::answer::Refusal;

/// A refusal with status 400.
pub(super) fn bad(code: u32, message: impl Into<String>) -> Refusal {
    Refusal::books(StatusCode::BAD_REQUEST, code, message)
}

/// A refusal of one value.
pub(super) fn invalid(name: &str) -> Refusal {
    bad(2, format!("Invalid value passed for {name}"))
}

/// The refusal of an id that leads nowhere.
pub(super) fn missing(ty: &Type) -> Refusal {
    Refusal::books(
        StatusCode::NOT_FOUND,
        1002,
        format!("{} does not exist.", ty.noun),
    )
}

/// The refusal of an address that means nothing, or of an organization that is not there.
pub(super) fn nowhere(status: StatusCode) -> Refusal {
    Refusal::books(status, 5, "Invalid URL Passed")
}
