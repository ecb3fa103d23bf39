//! Bookkeeping: what recurs, statements of banks, opening balances and locks.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::keeping::{customer, get, send};
use super::made;
use crate::route::Method;
use crate::world::World;

fn days_later(world: &mut World, days: i64) {
    world.clock.freeze();
    world.clock.advance(SignedDuration::from_hours(24 * days));
}

#[test]
fn a_profile_makes_its_documents_on_their_days_until_it_ends() {
    let world = &mut World::for_tests();
    let customer = customer(world);
    let profile = |name: &str, end: &str| {
        json!({
            "recurrence_name": name, "customer_id": customer, "start_date": "2026-01-31", "end_date": end,
            "recurrence_frequency": "months", "repeat_every": 1, "line_items": [{"rate": 10}],
        })
    };
    let rent = made(world, "/recurringinvoices", &[], &profile("Rent", "2026-03-31"));
    let stopped = made(world, "/recurringinvoices", &[], &profile("Stopped", ""));
    let path = "/recurringinvoices/{id}/status/stop";
    assert_eq!(send(world, Method::Post, path, &[&stopped], &Value::Null).0, 200);
    assert_eq!(get(world, "/invoices", &[])["invoices"], json!([]));
    days_later(world, 45);
    let made_so_far = get(world, "/recurringinvoices/{id}/invoices", &[&rent]);
    assert_eq!(made_so_far["invoice_history"][0]["date"], "2026-01-31");
    let shown = get(world, "/recurringinvoices/{id}", &[&rent]);
    // The last day of a shorter month stands in for the day that it lacks.
    assert_eq!(shown["recurring_invoice"]["next_invoice_date"], "2026-02-28");
    days_later(world, 200);
    let all = get(world, "/invoices", &[]);
    let days: Vec<&str> = all["invoices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["date"].as_str().unwrap())
        .collect();
    assert_eq!(days.len(), 3, "{days:?}");
    assert!(days.contains(&"2026-03-31") && days.contains(&"2026-02-28"));
    assert_eq!(
        get(world, "/recurringinvoices/{id}", &[&rent])["recurring_invoice"]["status"],
        "expired"
    );
}

#[test]
fn journals_and_expenses_recur_too() {
    let world = &mut World::for_tests();
    let lines = json!([
        {"account_id": "1", "debit_or_credit": "debit", "amount": 5},
        {"account_id": "2", "debit_or_credit": "credit", "amount": 5},
    ]);
    let journal = json!({"journal_date": "2026-01-02", "line_items": lines, "recurrence_frequency": "weeks", "repeat_every": "2"});
    let id = made(world, "/recurringjournals", &[], &journal);
    days_later(world, 20);
    let journals = get(world, "/recurringjournals/{id}/journals", &[&id]);
    let days: Vec<&Value> = journals["journals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["journal_date"])
        .collect();
    assert_eq!(days.len(), 2, "{journals}");
}

#[test]
fn a_line_of_a_statement_is_sorted_once() {
    let world = &mut World::for_tests();
    let account = made(
        world,
        "/bankaccounts",
        &[],
        &json!({"account_name": "Main", "account_type": "bank"}),
    );
    let lines = json!([
        {"date": "2026-01-02", "debit_or_credit": "debit", "amount": 12.5, "payee": "Cafe"},
        {"date": "2026-01-03", "debit_or_credit": "credit", "amount": 40},
        {"date": "2026-01-04", "debit_or_credit": "debit", "amount": 1},
    ]);
    let statement = json!({"account_id": account, "start_date": "2026-01-01", "end_date": "2026-01-31", "transactions": lines});
    assert_eq!(
        send(world, Method::Post, "/bankstatements", &[], &statement).0,
        200
    );
    let last = get(world, "/bankaccounts/{id}/statement/lastimported", &[&account]);
    let line = |at: usize| {
        last["statement"]["transactions"][at]["transaction_id"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(last["statement"]["transactions"][0]["status"], "uncategorized");
    let as_expense = "/banktransactions/uncategorized/{id}/categorize/expenses";
    let expense =
        json!({"account_id": "1", "paid_through_account_id": account, "date": "2026-01-02", "amount": 12.5});
    let (status, reply) = send(world, Method::Post, as_expense, &[&line(0)], &expense);
    assert_eq!(status, 200, "{reply}");
    assert_eq!(
        send(world, Method::Post, as_expense, &[&line(0)], &expense).0,
        400
    );
    assert_eq!(
        get(world, "/expenses", &[])["expenses"].as_array().unwrap().len(),
        1
    );
    let entered = json!({"transaction_type": "deposit", "amount": 40, "date": "2026-01-03"});
    let entered = made(world, "/banktransactions", &[], &entered);
    let found = get(world, "/banktransactions/uncategorized/{id}/match", &[&line(1)]);
    assert_eq!(found["matching_transactions"][0]["transaction_id"], *entered);
    let matched = json!({"transactions_to_be_matched": [{"transaction_id": entered}]});
    let path = "/banktransactions/uncategorized/{id}/match";
    assert_eq!(
        send(world, Method::Post, path, &[&line(2)], &matched).0,
        400,
        "the amounts differ"
    );
    assert_eq!(send(world, Method::Post, path, &[&line(1)], &matched).0, 200);
    let path = "/banktransactions/{id}/unmatch";
    assert_eq!(send(world, Method::Post, path, &[&line(1)], &Value::Null).0, 200);
    let path = "/banktransactions/uncategorized/{id}/exclude";
    assert_eq!(send(world, Method::Post, path, &[&line(2)], &Value::Null).0, 200);
    assert_eq!(send(world, Method::Post, path, &[&line(0)], &Value::Null).0, 400);
}

#[test]
fn opening_balances_are_one_and_locks_are_one_for_each_module() {
    let world = &mut World::for_tests();
    let chart = get(world, "/chartofaccounts", &[]);
    let account = chart["chartofaccounts"][0]["account_id"].clone();
    let path = "/settings/openingbalances";
    assert_eq!(send(world, Method::Get, path, &[], &Value::Null).0, 404);
    let balances = |amount: i64| json!({"date": "2026-01-01", "accounts": [{"account_id": account, "debit_or_credit": "debit", "amount": amount}]});
    let (status, reply) = send(world, Method::Post, path, &[], &balances(10));
    assert_eq!((status, &reply["opening_balance"]["total"]), (201, &json!(10)));
    let first = reply["opening_balance"]["opening_balance_id"].clone();
    let (_, reply) = send(world, Method::Post, path, &[], &balances(20));
    assert_eq!(
        (
            &reply["opening_balance"]["opening_balance_id"],
            &reply["opening_balance"]["total"]
        ),
        (&first, &json!(20))
    );
    let wrong = json!({"date": "2026-01-01", "accounts": [{"account_id": "5", "debit_or_credit": "debit", "amount": 1}]});
    assert_eq!(send(world, Method::Put, path, &[], &wrong).0, 400);
    assert_eq!(send(world, Method::Delete, path, &[], &Value::Null).0, 200);
    assert_eq!(send(world, Method::Get, path, &[], &Value::Null).0, 404);

    let lock = |module: &str, date: &str| json!({"transaction_lock_module": module, "transaction_lock_status": "enabled", "transaction_lock_date": date});
    assert_eq!(
        send(
            world,
            Method::Put,
            "/transactionlock",
            &[],
            &lock("sales", "2026-01-31")
        )
        .0,
        200
    );
    assert_eq!(
        send(
            world,
            Method::Put,
            "/transactionlock",
            &[],
            &lock("banking", "2026-01-31")
        )
        .0,
        200
    );
    assert_eq!(
        send(
            world,
            Method::Put,
            "/transactionlock",
            &[],
            &lock("sales", "2026-02-28")
        )
        .0,
        200
    );
    assert_eq!(
        send(
            world,
            Method::Put,
            "/transactionlock",
            &[],
            &lock("stars", "2026-02-28")
        )
        .0,
        400
    );
    assert_eq!(
        send(world, Method::Put, "/transactionlock", &[], &lock("sales", "")).0,
        400
    );
    let locks = get(world, "/transactionlocks", &[]);
    assert_eq!(locks["transaction_locks"].as_array().unwrap().len(), 2);
    let partly = json!({"lock_module": "all", "start_date": "2026-01-01", "end_date": "2026-01-02", "is_enabled": true});
    assert_eq!(
        send(world, Method::Put, "/transactionlock/partialunlock", &[], &partly).0,
        200
    );
    assert_eq!(
        send(world, Method::Delete, "/transactionlock", &[], &Value::Null).0,
        400
    );
}
