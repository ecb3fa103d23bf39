//! The faults that a soak throws, as dice decide.

use std::time::Duration;

use zoho_mock::Fault;

use crate::dice::Dice;

/// What is called in a soak, by its operation; `*` is everything, the accounts server too.
const CALLED: [&str; 6] = [
    "create_records",
    "update_records",
    "delete_records",
    "list_records",
    "query_records",
    "*",
];

/// A fault, and what it is called in the report.
pub(crate) fn fault(dice: &mut Dice) -> (&'static str, Fault) {
    let called = CALLED.get(dice.place(CALLED.len())).copied().unwrap_or("*");
    let times = u32::try_from(1 + dice.below(3)).unwrap_or(1);
    let fault = Fault::on(called).times(times);
    match dice.below(10) {
        0 => ("500", fault.status(500)),
        1 => ("502 with a page", fault.html(502)),
        2 => ("503", fault.status(503)),
        3 => ("429, wait 1 s", fault.status(429).header("Retry-After", "1")),
        4 => ("connection refused", fault.drop_connection()),
        5 => ("answer lost", fault.drop_reply()),
        6 => ("answer cut", fault.truncate(20)),
        7 => ("answer garbled", fault.malformed_json()),
        8 => ("answer late", fault.delay(dice.millis(500, 3_000))),
        _ => ("answer slow", fault.slow_body(64, Duration::from_millis(5))),
    }
}
