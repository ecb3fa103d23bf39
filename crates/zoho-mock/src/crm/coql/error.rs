//! What can be wrong with a query, in Zoho's terms.

use serde_json::json;

use crate::answer::Refusal;
use crate::crm::refuse::bad;

/// A text that is no query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    /// The token before which reading stopped.
    pub(crate) near: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) clause: &'static str,
}

/// Why a text was not taken as a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ParseError {
    Syntax(Syntax),
    /// More of something than a query may have.
    Limit {
        clause: &'static str,
        limit: usize,
    },
}

impl From<ParseError> for Refusal {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::Syntax(Syntax {
                near,
                line,
                column,
                clause,
            }) => bad(
                "SYNTAX_ERROR",
                "error occurred while parsing the query",
                json!({"near": near, "line": line, "column": column, "clause": clause}),
            ),
            ParseError::Limit { clause, limit } => bad(
                "LIMIT_EXCEEDED",
                "limit exceeded",
                json!({"limit": limit, "clause": clause}),
            ),
        }
    }
}

/// A column that the module lacks or that cannot be used so.
pub(crate) fn invalid_column(column: &str, reason: &str) -> Refusal {
    bad(
        "INVALID_QUERY",
        "invalid query formed",
        json!({"column_name": column, "reason": reason}),
    )
}

/// `from` names no module.
pub(crate) fn invalid_module(name: &str) -> Refusal {
    bad(
        "INVALID_MODULE",
        "the given module is not supported in api",
        json!({"module": name}),
    )
}
