//! Currencies: one is the base, and the others come after it.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item};
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::engine;
use crate::crm::resources::shelf::Kept;
use crate::crm::{CrmWorld, body, refuse};
use crate::world::World;

/// The currencies that can be added: (ISO code, name, symbol, decimal places).
const KNOWN: &[(&str, &str, &str, &str)] = &[
    ("AUD", "Australian Dollar", "$", "2"),
    ("BRL", "Brazilian Real", "R$", "2"),
    ("CAD", "Canadian Dollar", "$", "2"),
    ("CHF", "Swiss Franc", "CHF", "2"),
    ("CNY", "Chinese Yuan", "¥", "2"),
    ("DKK", "Danish Krone", "kr", "2"),
    ("EUR", "Euro", "€", "2"),
    ("GBP", "Pound Sterling", "£", "2"),
    ("INR", "Indian Rupee", "₹", "2"),
    ("JPY", "Japanese Yen", "¥", "0"),
    ("MXN", "Mexican Peso", "$", "2"),
    ("NOK", "Norwegian Krone", "kr", "2"),
    ("NZD", "New Zealand Dollar", "$", "2"),
    ("SEK", "Swedish Krona", "kr", "2"),
    ("SGD", "Singapore Dollar", "$", "2"),
    ("USD", "US Dollar", "$", "2"),
    ("ZAR", "South African Rand", "R", "2"),
];

fn base(crm: &CrmWorld) -> Option<&Kept> {
    let is_base = |kept: &&Kept| kept.values.get("is_base") == Some(&Value::Bool(true));
    crm.shelves.all("currencies").iter().find(is_base)
}

/// A currency needs the base before it, a code that there is, and a rate above zero.
pub(in crate::crm::resources) fn check(
    crm: &mut CrmWorld,
    old: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    let becomes_base = kept.values.get("is_base") == Some(&Value::Bool(true));
    if old.is_none() && !becomes_base && base(crm).is_none() {
        return Err(Fault {
            code: "NOT_ALLOWED",
            message: "multi-currency is not enabled",
            details: json!({"json_path": path}),
        });
    }
    let invalid = |name: &str| Fault::field("INVALID_DATA", "invalid data", name, &format!("{path}.{name}"));
    let code = kept.text("iso_code").unwrap_or_default();
    let (_, name, symbol, decimals) = KNOWN
        .iter()
        .find(|known| known.0 == code)
        .ok_or_else(|| invalid("iso_code"))?;
    let rate: Option<f64> = kept.text("exchange_rate").and_then(|rate| rate.parse().ok());
    if !rate.is_some_and(|rate| rate.is_finite() && rate > 0.0) {
        return Err(invalid("exchange_rate"));
    }
    if becomes_base && kept.values.get("is_active") == Some(&Value::Bool(false)) {
        return Err(Fault::field(
            "NOT_ALLOWED",
            "the base currency is always active",
            "is_active",
            path,
        ));
    }
    let format = json!({
        "decimal_separator": "Period", "thousand_separator": "Comma", "decimal_places": decimals,
        "numeral_system": "International",
    });
    for (key, value) in [
        ("name", json!(name)),
        ("symbol", json!(symbol)),
        ("format", format),
    ] {
        kept.values.entry(key).or_insert(value);
    }
    Ok(())
}

/// The object under `base_currency`.
fn sent(call: &Call<'_>) -> Result<Map<String, Value>, Refusal> {
    let path = "$.base_currency";
    match body::object(call)?.remove("base_currency") {
        Some(Value::Object(sent)) => Ok(sent),
        None | Some(Value::Null) => Err(refuse::bad(
            "MANDATORY_NOT_FOUND",
            "required field not found",
            json!({"api_name": "base_currency", "json_path": path}),
        )),
        Some(_) => Err(refuse::bad(
            "INVALID_DATA",
            "invalid data",
            json!({"expected_data_type": "jsonobject", "api_name": "base_currency", "json_path": path}),
        )),
    }
}

fn outcome(item: Item) -> Answer {
    let status = if item.is_ok() {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    Answer::json(status, &json!({"base_currency": batch::outcome(item)}))
}

/// `POST /org/currencies/actions/enable`
pub(in crate::crm::resources) fn enable(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let sent = sent(call)?;
    let crm = &mut world.crm;
    if base(crm).is_some() {
        return Ok(outcome(Err(Fault {
            code: "ALREADY_ENABLED",
            message: "multi-currency is already enabled",
            details: json!({}),
        })));
    }
    let given = |mut kept: Kept| {
        kept.values.insert("is_base".into(), true.into());
        kept
    };
    let item = engine::draft(crm, resource, &[], &sent, "$.base_currency", call)
        .map(given)
        .and_then(|kept| engine::keep(crm, resource, kept, "$.base_currency"));
    Ok(outcome(item))
}

/// `PUT /org/currencies/actions/enable`: the base currency's looks and rate.
pub(in crate::crm::resources) fn update_base(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let sent = sent(call)?;
    let crm = &mut world.crm;
    let item = match base(crm).map(|kept| kept.id) {
        Some(id) => engine::change(crm, resource, id, &sent, "$.base_currency", call),
        None => Err(Fault {
            code: "NOT_ALLOWED",
            message: "multi-currency is not enabled",
            details: json!({}),
        }),
    };
    Ok(outcome(item))
}

/// `GET /org/currencies/actions/available_currencies`: those that are not in use yet.
pub(in crate::crm::resources) fn available(
    world: &mut World,
    resource: &'static Resource,
    _: &Call<'_>,
) -> Outcome {
    let used = |code: &str| {
        let mut all = world.crm.shelves.all(resource.name).iter();
        all.any(|kept| kept.text("iso_code") == Some(code))
    };
    let free = KNOWN.iter().filter(|(code, ..)| !used(code));
    let free: Vec<Value> = free
        .map(|(code, name, symbol, decimals)| {
            json!({
                "display_name": format!("{name} - {code}"), "display_value": name, "iso_code": code, "symbol": symbol,
                "decimal_places": decimals, "decimal_separator": "Period", "thousand_separator": "Comma",
            })
        })
        .collect();
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"available_currencies": free}),
    ))
}
