//! Plays actions through the client and compares every record with the model.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use serde_json::{Value, json};
use zoho_client::books::Books;
use zoho_client::{OrganizationId, Record, Result};

use super::action::{Action, any_action};
use super::model::{Expected, Model};
use crate::harness::{Harness, patient};
use crate::weather::Weather;

/// The model as proptest's reference machine.
#[derive(Debug)]
pub struct Reference;

impl ReferenceStateMachine for Reference {
    type State = Model;
    type Transition = Action;

    fn init_state() -> BoxedStrategy<Model> {
        Just(Model::default()).boxed()
    }

    fn transitions(_: &Model) -> BoxedStrategy<Action> {
        any_action()
    }

    fn apply(mut model: Model, action: &Action) -> Model {
        model.play(action);
        model
    }
}

/// Client and mock, and the ids that the model's slots got.
#[derive(Debug)]
pub struct System {
    harness: Harness,
    ids: BTreeMap<usize, String>,
}

/// The machine that plays actions on [`System`].
#[derive(Debug)]
pub struct Ledger;

/// Requests that Books takes in a minute.
const A_MINUTE: usize = 100;
/// An id of the right shape that no record has.
const UNKNOWN: &str = "999999999999999999";

impl StateMachineTest for Ledger {
    type SystemUnderTest = System;
    type Reference = Reference;

    fn init_test(_: &Model) -> System {
        System {
            harness: Harness::with(patient),
            ids: BTreeMap::new(),
        }
    }

    fn apply(mut system: System, model: &Model, action: Action) -> System {
        system.step(model, &action);
        system
    }

    /// Every invoice, every payment and the figures of every customer are what the model says.
    fn check_invariants(system: &System, model: &Model) {
        system.check(model).expect("the books are readable");
    }
}

impl System {
    fn books(&self) -> Books {
        let organization = OrganizationId::new(self.harness.mock.organization_id());
        self.harness.zoho.books(organization)
    }

    fn id(&self, slot: Option<usize>) -> String {
        let known = slot.and_then(|slot| self.ids.get(&slot)).cloned();
        known.unwrap_or_else(|| UNKNOWN.to_owned())
    }

    fn step(&mut self, model: &Model, action: &Action) {
        match action {
            Action::List { per_page } => self.list(model, *per_page),
            Action::Get(_) => {
                let (books, id) = (self.books(), self.id(model.named));
                let found = self
                    .harness
                    .run(async { books.records("invoices").get(&id).await });
                let found = found.expect("a missing record is no error");
                assert_eq!(found.is_some(), model.named.is_some());
            }
            Action::ExpireToken => self.harness.pass(Duration::from_secs(3_601)),
            Action::RevokeTokens => {
                self.renew();
                self.harness.mock.expire_access_tokens();
            }
            Action::Pass(days) => self.harness.pass(Duration::from_secs(86_400 * days)),
            Action::Restart => self.harness.restart_with(patient),
            Action::Under(weather, action) => self.under(model, weather, action),
            _ => {
                let result = self.write(model, action);
                self.compare(model, result);
            }
        }
    }

    /// Lets the client have a token that took no other's place. Books' refusal of a token may mean a missing scope, so the
    /// client replaces each token once and no more.
    fn renew(&self) {
        self.harness.pass(Duration::from_secs(3_601));
        let books = self.books();
        self.harness
            .run(async { books.records("invoices").send().await })
            .expect("the list is readable");
    }

    /// Waits until Books' minute has room for a request: one too many is refused, whatever the weather.
    fn make_room(&self) {
        let minute = SignedDuration::from_secs(60);
        let now = self.harness.run(async { self.harness.mock.now() });
        let journal = self.harness.mock.journal();
        let late = |time: Timestamp| now.duration_since(time) < minute;
        let exchanges = journal.exchanges().iter().rev();
        let used = exchanges.take_while(|exchange| late(exchange.time)).count();
        if used >= A_MINUTE {
            self.harness.pass(Duration::from_secs(60));
        }
    }

    /// Something goes wrong with the first request of an action.
    fn under(&mut self, model: &Model, weather: &Weather, action: &Action) {
        let operation = action.operation().expect("only requests meet weather");
        if !action.writes() && model.named.is_none() && matches!(action, Action::Get(_)) {
            // Of a 404 that is cut short nobody can say what it was: it is an error, and rightly so.
            return self.step(model, action);
        }
        if *weather == Weather::Refused {
            self.renew();
        }
        self.make_room();
        self.harness
            .script_in_turn(operation, std::slice::from_ref(weather));
        if !action.writes() || weather.is_harmless() {
            self.step(model, action);
        } else {
            match self.write(model, action) {
                // It was sent again.
                Ok(_) if action.repeats() => {}
                Ok(record) => panic!("{weather:?}: it succeeds: {record:?}"),
                Err(error) => assert!(
                    error.is_outcome_unknown() || model.expected == Expected::Refused,
                    "{weather:?}: the client says that it knows: {error:?}"
                ),
            }
            self.harness.mock.faults().clear();
            if weather.is_carried_out()
                && let Expected::Created(slot) = model.expected
            {
                self.learn(slot, action);
            }
        }
        self.harness.mock.faults().clear();
    }

    /// Makes a write; the id of what it made, if it made something.
    fn write(&self, model: &Model, action: &Action) -> Result<Option<String>> {
        let (books, named) = (self.books(), self.id(model.named));
        let invoices = books.records("invoices");
        let id = |record: Record, field: &str| Some(record.get_str(field).expect("an id").to_owned());
        self.harness.run(async {
            match action {
                Action::Customer(name) => {
                    let name = name.map(|name| format!("Customer {name}"));
                    let contacts = books.records("contacts");
                    contacts.create(json!({"contact_name": name})).await.map(|record| id(record, "contact_id"))
                }
                Action::Invoice { cents, .. } => {
                    let body = json!({"customer_id": named, "line_items": [{"name": "Nut", "rate": amount(*cents), "quantity": 1}]});
                    invoices.create(body).await.map(|record| id(record, "invoice_id"))
                }
                Action::Reprice(_, cents) => {
                    let body = json!({"line_items": [{"name": "Nut", "rate": amount(*cents), "quantity": 1}]});
                    invoices.update(&named, body).await.map(|_| None)
                }
                Action::Send(_) => invoices.status(&named, "sent").await.map(|()| None),
                Action::Void(_) => invoices.status(&named, "void").await.map(|()| None),
                Action::DeleteInvoice(_) => invoices.delete(&named).await.map(|()| None),
                Action::Pay { cents, applied, .. } => {
                    let customer = model.named.and_then(|slot| model.invoices.get(&slot)).map(|invoice| invoice.customer);
                    let part = json!([{"invoice_id": named, "amount_applied": amount(*applied)}]);
                    let body = json!({"customer_id": self.id(customer), "payment_mode": "cash", "date": "2026-01-01",
                                      "amount": amount(*cents), "invoices": part});
                    let payments = books.records("customerpayments");
                    payments.create(body).await.map(|record| id(record, "payment_id"))
                }
                Action::DeletePayment(_) => books.records("customerpayments").delete(&named).await.map(|()| None),
                other => unreachable!("{other:?} is no write"),
            }
        })
    }

    fn compare(&mut self, model: &Model, result: Result<Option<String>>) {
        match (model.expected, result) {
            (Expected::Created(slot), Ok(Some(id))) => {
                assert!(!self.ids.values().any(|known| *known == id), "an id comes twice");
                self.ids.insert(slot, id);
            }
            (Expected::Done, Ok(None)) => {}
            (Expected::Refused, Err(error)) if error.api().is_some() && !error.is_outcome_unknown() => {}
            (expected, result) => panic!("the model says {expected:?}, Zoho said {result:?}"),
        }
    }

    /// Looks for the record of a create whose answer was lost.
    fn learn(&mut self, slot: usize, action: &Action) {
        let (name, field) = match action {
            Action::Customer(_) => ("contacts", "contact_id"),
            Action::Pay { .. } => ("customerpayments", "payment_id"),
            _ => ("invoices", "invoice_id"),
        };
        let books = self.books();
        let rows = self.harness.run(async { books.records(name).all().await });
        let known: BTreeSet<&String> = self.ids.values().collect();
        let rows = rows.expect("the list is readable");
        let ids = rows
            .iter()
            .filter_map(|row| row.get_str(field).map(str::to_owned));
        let new: Vec<String> = ids.filter(|id| !known.contains(id)).collect();
        assert_eq!(new.len(), 1, "{name}");
        self.ids.extend(new.into_iter().map(|id| (slot, id)));
    }

    fn list(&self, model: &Model, per_page: u32) {
        let books = self.books();
        let rows = self
            .harness
            .run(async { books.records("invoices").list().per_page(per_page).all().await });
        let rows = rows.expect("the list is readable");
        let found: BTreeSet<String> = rows
            .iter()
            .filter_map(|row| row.get_str("invoice_id").map(str::to_owned))
            .collect();
        let expected: BTreeSet<String> = model.invoices.keys().map(|slot| self.id(Some(*slot))).collect();
        assert_eq!((rows.len(), found), (expected.len(), expected));
    }

    fn check(&self, model: &Model) -> Result<()> {
        let books = self.books();
        let (invoices, payments) = self.harness.run(async {
            let invoices = books.records("invoices").all().await?;
            Ok::<_, zoho_client::Error>((invoices, books.records("customerpayments").all().await?))
        })?;
        let found: BTreeMap<String, (i64, i64, String)> = invoices
            .iter()
            .map(|row| {
                (
                    text(row, "invoice_id"),
                    (cents(row, "total"), cents(row, "balance"), text(row, "status")),
                )
            })
            .collect();
        let expected: BTreeMap<String, (i64, i64, String)> = model
            .invoices
            .iter()
            .map(|(slot, invoice)| {
                let id = self.id(Some(*slot));
                // Whether it is overdue depends on the day only.
                let status = found.get(&id).map(|(.., status)| status.clone());
                let status = status
                    .filter(|status| fits(status, model, *slot))
                    .unwrap_or("another".to_owned());
                (id, (invoice.total, model.balance(*slot), status))
            })
            .collect();
        assert_eq!(found, expected, "invoices");
        let found: BTreeMap<String, (i64, i64)> = payments
            .iter()
            .map(|row| {
                (
                    text(row, "payment_id"),
                    (cents(row, "amount"), cents(row, "unused_amount")),
                )
            })
            .collect();
        let expected: BTreeMap<String, (i64, i64)> = model
            .payments
            .iter()
            .map(|(slot, payment)| {
                let unused = payment.cents - payment.applied.map_or(0, |(_, cents)| cents);
                (self.id(Some(*slot)), (payment.cents, unused))
            })
            .collect();
        assert_eq!(found, expected, "payments");
        for slot in model.customers.keys() {
            let id = self.id(Some(*slot));
            let contact = self
                .harness
                .run(async { books.records("contacts").get(&id).await })?;
            let contact = contact.expect("it was created");
            let figures = (
                cents(&contact, "outstanding_receivable_amount"),
                cents(&contact, "unused_credits_receivable_amount"),
            );
            assert_eq!(figures, model.figures(*slot), "customer {id}");
        }
        Ok(())
    }
}

/// Whether a status is one that an invoice can have, whatever day it is.
fn fits(status: &str, model: &Model, slot: usize) -> bool {
    let Some(invoice) = model.invoices.get(&slot) else {
        return false;
    };
    let (balance, taken) = (model.balance(slot), model.taken(slot));
    match status {
        "void" => invoice.void,
        "draft" => !invoice.sent && !invoice.void,
        "paid" => invoice.sent && !invoice.void && balance == 0,
        "partially_paid" => invoice.sent && !invoice.void && balance > 0 && taken > 0,
        "overdue" => invoice.sent && !invoice.void && balance > 0,
        "sent" => invoice.sent && !invoice.void && balance > 0 && taken == 0,
        _ => false,
    }
}

fn amount(cents: i64) -> Value {
    let text = format!("{}.{:02}", cents / 100, cents % 100);
    serde_json::from_str(&text).expect("digits are a number")
}

fn text(row: &Record, field: &str) -> String {
    row.get_str(field).unwrap_or_default().to_owned()
}

fn cents(row: &Record, field: &str) -> i64 {
    let value = row
        .get(field)
        .and_then(Value::as_f64)
        .unwrap_or_else(|| panic!("no `{field}` in {row:?}"));
    (value * 100.0).round() as i64
}
