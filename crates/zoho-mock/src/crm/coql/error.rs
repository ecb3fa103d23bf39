//! What can be wrong with a query, in Zoho's terms.

use serde_json::json;

use super::ast::What;
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
    /// The column that was given a name that is none.
    Alias(String),
    /// A query within a query after something else than `in`: its number and the comparison.
    Compared(usize, String),
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
            ParseError::Limit { clause, limit } => too_many("LIMIT_EXCEEDED", clause, limit),
            ParseError::Alias(column) => invalid_alias(&column),
            ParseError::Compared(sequence, operator) => bad(
                "INVALID_QUERY",
                "invalid query formed",
                json!({"sub_query_sequence": sequence, "operator": operator}),
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

/// More of something than a query may have.
pub(crate) fn too_many(code: &'static str, clause: &str, limit: usize) -> Refusal {
    bad(code, "limit exceeded", json!({"limit": limit, "clause": clause}))
}

/// A column was given a name that no column can have.
pub(crate) fn invalid_alias(column: &str) -> Refusal {
    bad(
        "INVALID_ALIAS",
        "invalid alias given",
        json!({"column_name": column}),
    )
}

/// Two columns were given one name.
pub(crate) fn duplicate_alias(alias: &str, columns: &[String]) -> Refusal {
    bad(
        "DUPLICATE_ALIAS",
        "duplicate alias given",
        json!({"alias": alias, "referred_columns": columns}),
    )
}

/// A column, or an aggregate of it, stands twice where it may stand once.
pub(crate) fn duplicate_data(what: &What) -> Refusal {
    let details = match what {
        What::Column(name) => json!({"column_name": name}),
        What::Aggregate(function, name) => {
            json!({"column_name": name.as_deref().unwrap_or("*"), "aggregate": function.name()})
        }
    };
    bad("DUPLICATE_DATA", "duplicate data", details)
}

/// A column that a clause does not take, or lacks.
pub(crate) fn misplaced(column: &str, clause: &str) -> Refusal {
    bad(
        "INVALID_QUERY",
        "invalid query formed",
        json!({"column_name": column, "clause": clause}),
    )
}

/// A query within a query that selects more than one column.
pub(crate) fn too_wide(sequence: usize, columns: &[String]) -> Refusal {
    bad(
        "INVALID_QUERY",
        "invalid query formed",
        json!({"sub_query_sequence": sequence, "column_name": columns}),
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
