//! COQL, Zoho's query language: text -> tokens -> tree -> plan -> rows.

mod ast;
mod compile;
mod error;
mod group;
mod lexer;
mod meta;
mod parser;
mod plan;
#[cfg(test)]
mod print;
mod run;
#[cfg(test)]
mod tests;

pub(crate) use ast::Literal;
pub(crate) use compile::operand;

use serde_json::Value;

use super::{body, refuse};
use crate::answer::Outcome;
use crate::call::Call;
use crate::world::{Handler, World};

/// The handler of the query operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    (operation_id == "query_records").then_some(query_records as Handler)
}

/// Rows of one answer within a composite request.
const FEW: usize = 25;

/// `POST /coql`.
fn query_records(world: &mut World, call: &Call<'_>) -> Outcome {
    answer(world, call, parser::ROWS)
}

/// The same within a composite request, where answers are short.
pub(crate) fn query_few(world: &mut World, call: &Call<'_>) -> Outcome {
    answer(world, call, FEW)
}

fn answer(world: &World, call: &Call<'_>, most: usize) -> Outcome {
    let body = body::object(call)?;
    let text = match body.get("select_query") {
        Some(Value::String(text)) if !text.trim().is_empty() => text,
        Some(Value::String(_) | Value::Null) | None => {
            return Err(refuse::bad(
                "MANDATORY_NOT_FOUND",
                "required field not found",
                serde_json::json!({"api_name": "select_query", "json_path": "$.select_query"}),
            ));
        }
        Some(_) => {
            return Err(refuse::bad(
                "INVALID_DATA",
                "invalid data",
                serde_json::json!({"expected_data_type": "text", "api_name": "select_query",
                                   "json_path": "$.select_query"}),
            ));
        }
    };
    let query = parser::parse(text)?;
    run::run(&world.crm, &query, most, meta::asked(&body)?)
}
