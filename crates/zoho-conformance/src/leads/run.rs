//! Plays actions through the client and compares what comes back with the model.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use serde_json::Value;
use zoho_client::wire::ZohoId;
use zoho_client::{Outcome, Record};
use zoho_mock::Fault;

use super::action::{Action, Patch, Row, any_action};
use super::model::{Expected, Fields, Model};
use crate::harness::Harness;

/// The model as proptest's reference machine.
#[derive(Debug)]
pub struct Reference;

impl ReferenceStateMachine for Reference {
    type State = Model;
    type Transition = Action;

    fn init_state() -> BoxedStrategy<Model> {
        Just(Model::default()).boxed()
    }

    fn transitions(model: &Model) -> BoxedStrategy<Action> {
        any_action(model)
    }

    fn apply(mut model: Model, action: &Action) -> Model {
        model.play(action);
        model
    }
}

/// Client and mock, and the ids that the model's slots got.
#[derive(Debug, Default)]
pub struct System {
    harness: Harness,
    ids: BTreeMap<usize, ZohoId>,
}

/// The machine that plays actions on [`System`].
#[derive(Debug)]
pub struct Leads;

const FIELDS: [&str; 3] = ["Last_Name", "Company", "Email"];

/// An id of the right shape that no record has.
const UNKNOWN: &str = "999999999999999999";

impl StateMachineTest for Leads {
    type SystemUnderTest = System;
    type Reference = Reference;

    fn init_test(_: &Model) -> System {
        System::default()
    }

    fn apply(mut system: System, model: &Model, action: Action) -> System {
        system.step(model, &action);
        system
    }

    /// Three ways of reading agree with the model: the list, the count of rows, and COQL.
    fn check_invariants(system: &System, model: &Model) {
        let (listed, queried) = system.harness.run(async {
            let crm = system.harness.zoho.crm();
            let listed = crm.records("Leads").fields(FIELDS).all().await;
            let queried = crm
                .coql("select Last_Name, Company, Email from Leads where id is not null")
                .all()
                .await;
            (listed, queried)
        });
        let expected = system.expected_rows(model);
        system.agree("list", &by_id(&listed.expect("the list is readable")), &expected);
        system.agree(
            "COQL",
            &by_id(&queried.expect("the query is readable")),
            &expected,
        );
    }
}

impl System {
    fn step(&mut self, model: &Model, action: &Action) {
        match action {
            Action::Create(rows) => {
                let rows: Vec<Record> = rows.iter().map(row_record).collect();
                let outcomes = self
                    .harness
                    .run(async { self.harness.zoho.crm().records("Leads").create(rows).await });
                self.compare(model, &outcomes.expect("a batch is answered row by row"));
            }
            Action::Update(patches) => {
                let rows: Vec<Record> = model
                    .named
                    .iter()
                    .zip(patches)
                    .map(|(slot, (_, patch))| patch_record(patch).set("id", self.id(*slot).as_str()))
                    .collect();
                let outcomes = self
                    .harness
                    .run(async { self.harness.zoho.crm().records("Leads").update(rows).await });
                self.compare(model, &outcomes.expect("a batch is answered row by row"));
            }
            Action::Upsert(rows) => {
                let rows: Vec<Record> = rows.iter().map(row_record).collect();
                let outcomes = self.harness.run(async {
                    self.harness
                        .zoho
                        .crm()
                        .records("Leads")
                        .upsert(rows)
                        .duplicate_check_fields(["Email"])
                        .await
                });
                self.compare(model, &outcomes.expect("a batch is answered row by row"));
            }
            Action::Delete(_) => {
                let ids: Vec<ZohoId> = model.named.iter().map(|slot| self.id(*slot)).collect();
                let outcomes = self
                    .harness
                    .run(async { self.harness.zoho.crm().records("Leads").delete(ids).await });
                self.compare(model, &outcomes.expect("a batch is answered row by row"));
            }
            Action::Get(_) => self.get(model),
            Action::List { per_page } => self.list(model, *per_page),
            Action::Query { company } => self.query(model, company),
            Action::ExpireToken => self.harness.pass(Duration::from_secs(3_601)),
            Action::Unavailable(times) => {
                self.fault_then_read(model, Fault::on("list_records").status(503).times(*times));
            }
            Action::Throttle(times) => {
                let throttle = Fault::on("list_records").status(429).header("retry-after", "7");
                self.fault_then_read(model, throttle.times(*times));
            }
            Action::Restart => self.harness.restart(),
        }
    }

    fn id(&self, slot: Option<usize>) -> ZohoId {
        let known = slot.and_then(|slot| self.ids.get(&slot)).cloned();
        known.unwrap_or_else(|| UNKNOWN.parse().expect("digits are an id"))
    }

    fn compare(&mut self, model: &Model, outcomes: &[Outcome]) {
        assert_eq!(outcomes.len(), model.expected.len(), "one outcome per row");
        for (index, (outcome, expected)) in outcomes.iter().zip(&model.expected).enumerate() {
            let agrees = match (expected, outcome) {
                (Expected::Inserted(slot), Outcome::Ok(written)) => {
                    let fresh = !self.ids.values().any(|id| *id == written.id);
                    self.ids.insert(*slot, written.id.clone());
                    fresh
                }
                (Expected::Updated(slot) | Expected::Deleted(slot), Outcome::Ok(written)) => {
                    self.ids.get(slot) == Some(&written.id)
                }
                (Expected::Refused(code, field), Outcome::Err(refused)) => {
                    refused.code == *code
                        && field.is_none_or(|field| refused.api_name.as_deref() == Some(field))
                }
                _ => false,
            };
            assert!(
                agrees,
                "row {index}: the model says {expected:?}, Zoho said {outcome:?}\n{}",
                self.harness.transcript()
            );
        }
    }

    fn get(&self, model: &Model) {
        let slot = model.named.first().copied().flatten();
        let found = self
            .harness
            .run(async { self.harness.zoho.crm().records("Leads").get(&self.id(slot)).await })
            .expect("a missing record is no error");
        let expected = slot.and_then(|slot| model.rows.get(&slot));
        assert_eq!(
            found.as_ref().map(fields),
            expected.cloned(),
            "{}",
            self.harness.transcript()
        );
    }

    fn list(&self, model: &Model, per_page: u32) {
        let rows = self
            .harness
            .run(async {
                self.harness
                    .zoho
                    .crm()
                    .records("Leads")
                    .fields(FIELDS)
                    .per_page(per_page)
                    .all()
                    .await
            })
            .expect("the list is readable");
        let ids: Vec<ZohoId> = rows.iter().map(Record::id).collect();
        let newest_first: Vec<ZohoId> = model
            .rows
            .keys()
            .rev()
            .filter_map(|slot| self.ids.get(slot))
            .cloned()
            .collect();
        assert_eq!(
            ids,
            newest_first,
            "per_page {per_page}\n{}",
            self.harness.transcript()
        );
    }

    fn query(&self, model: &Model, company: &str) {
        let literal = company.replace('\\', "\\\\").replace('\'', "\\'");
        let query = format!("select Last_Name, Company, Email from Leads where Company = '{literal}'");
        let rows = self
            .harness
            .run(async { self.harness.zoho.crm().coql(query).all().await })
            .expect("the query is readable");
        let expected: BTreeMap<ZohoId, Fields> = self
            .expected_rows(model)
            .into_iter()
            .filter(|(_, fields)| fields.company.as_deref() == Some(company))
            .collect();
        self.agree("COQL by company", &by_id(&rows), &expected);
    }

    fn fault_then_read(&self, model: &Model, fault: Fault) {
        self.harness.mock.faults().script(fault);
        self.list(model, 200);
        self.harness.mock.faults().clear();
    }

    fn expected_rows(&self, model: &Model) -> BTreeMap<ZohoId, Fields> {
        let id = |slot: &usize| {
            self.ids
                .get(slot)
                .cloned()
                .expect("every live row was created through the client")
        };
        model
            .rows
            .iter()
            .map(|(slot, fields)| (id(slot), fields.clone()))
            .collect()
    }

    fn agree(&self, way: &str, found: &BTreeMap<ZohoId, Fields>, expected: &BTreeMap<ZohoId, Fields>) {
        assert_eq!(
            found,
            expected,
            "{way} and model disagree\n{}",
            self.harness.transcript()
        );
    }
}

fn by_id(rows: &[Record]) -> BTreeMap<ZohoId, Fields> {
    let map: BTreeMap<ZohoId, Fields> = rows.iter().map(|row| (row.id(), fields(row))).collect();
    assert_eq!(map.len(), rows.len(), "a row came twice");
    map
}

fn fields(row: &Record) -> Fields {
    let text = |field| row.get_str(field).map(str::to_owned);
    Fields {
        last_name: text("Last_Name").unwrap_or_default(),
        company: text("Company"),
        email: text("Email"),
    }
}

fn row_record(row: &Row) -> Record {
    record([
        ("Last_Name", &row.last_name),
        ("Company", &row.company),
        ("Email", &row.email),
    ])
}

fn patch_record(patch: &Patch) -> Record {
    record([
        ("Last_Name", &patch.last_name),
        ("Company", &patch.company),
        ("Email", &patch.email),
    ])
}

fn record(fields: [(&str, &Option<String>); 3]) -> Record {
    fields
        .into_iter()
        .filter_map(|(field, value)| value.as_ref().map(|value| (field, Value::from(value.as_str()))))
        .collect()
}
