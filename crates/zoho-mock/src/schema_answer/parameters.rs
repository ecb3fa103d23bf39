//! Whether a call carries the parameters its operation requires, in the shape they need.

use http::StatusCode;
use serde_json::json;

use crate::answer::Refusal;
use crate::call::Call;
use crate::route::{Kind, Location, Parameter, Product};

/// Checks the query and header parameters of a call.
///
/// # Errors
/// The product's refusal of the first that is missing or misshapen.
pub(super) fn check(call: &Call<'_>) -> Result<(), Refusal> {
    for parameter in call.route.parameters {
        let value = match parameter.location {
            Location::Path => continue,
            Location::Query => call.query(parameter.name),
            Location::Header => call.header(parameter.name),
        };
        match value {
            None | Some("") if parameter.required => return Err(missing(call, parameter)),
            Some(value) if !value.is_empty() && !fits(parameter.kind, value) => {
                return Err(misshapen(call, parameter));
            }
            _ => {}
        }
    }
    Ok(())
}

fn fits(kind: Kind, value: &str) -> bool {
    match kind {
        Kind::Integer => value.parse::<i64>().is_ok(),
        Kind::Number => value.parse::<f64>().is_ok(),
        Kind::Boolean => ["true", "false"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(value)),
        // Lists of ids come as one text.
        Kind::Id => value
            .split(',')
            .all(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())),
        Kind::String | Kind::DateTime | Kind::Date => true,
    }
}

fn missing(call: &Call<'_>, parameter: &Parameter) -> Refusal {
    let name = parameter.name;
    match call.route.product {
        Product::Crm => Refusal::crm(
            StatusCode::BAD_REQUEST,
            "REQUIRED_PARAM_MISSING",
            "One of the expected parameter is missing",
            json!({"param_name": name}),
        ),
        Product::Books => books(name),
    }
}

fn misshapen(call: &Call<'_>, parameter: &Parameter) -> Refusal {
    let name = parameter.name;
    match call.route.product {
        Product::Crm => {
            let details = json!({"param_name": name});
            Refusal::crm(StatusCode::BAD_REQUEST, "INVALID_DATA", "invalid data", details)
        }
        Product::Books => books(name),
    }
}

fn books(name: &str) -> Refusal {
    Refusal::books(
        StatusCode::BAD_REQUEST,
        2,
        format!("Invalid value passed for {name}"),
    )
}
