//! Plays actions through the client and compares what comes back with the model.

mod write;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use zoho_client::triggers::{Deployed, Watch};
use zoho_client::wire::ZohoId;
use zoho_client::{MemoryStore, Record};

use super::action::{Action, any_action};
use super::model::{Expected, Fields, Model};
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

    fn transitions(model: &Model) -> BoxedStrategy<Action> {
        any_action(model.rows.len())
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
    ids: BTreeMap<usize, ZohoId>,
    store: Arc<MemoryStore>,
    /// When the channel ends unless it is renewed, as Zoho said.
    expires: Option<Timestamp>,
}

impl Default for System {
    fn default() -> Self {
        Self {
            harness: Harness::with(patient),
            ids: BTreeMap::new(),
            store: Arc::default(),
            expires: None,
        }
    }
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

    /// Three ways of reading agree with the model: the list, COQL, which shows converted leads too, and the contacts;
    /// and the channel is open while it should be.
    fn check_invariants(system: &System, model: &Model) {
        let crm = system.harness.zoho.crm();
        let (listed, queried, contacts, channels) = system.harness.run(async {
            let listed = crm.records("Leads").fields(FIELDS).all().await;
            let queried = crm
                .coql("select Last_Name, Company, Email from Leads where id is not null")
                .all()
                .await;
            let contacts = crm.records("Contacts").fields(["Last_Name", "Email"]).all().await;
            (listed, queried, contacts, crm.channels().list().all().await)
        });
        let expected = system.named(&model.rows);
        system.agree("list", &by_id(&listed.expect("the list is readable")), &expected);
        let queried = by_id(&queried.expect("the query is readable"));
        let expected = expected
            .into_iter()
            .chain(system.named(&model.converted))
            .collect();
        system.agree("COQL", &queried, &expected);
        let text = |row: &Record, field| row.get_str(field).map(str::to_owned);
        let mut found: Vec<_> = contacts
            .expect("the contacts are readable")
            .iter()
            .map(|row| (text(row, "Last_Name").unwrap_or_default(), text(row, "Email")))
            .collect();
        let mut expected = model.contacts.clone();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "contacts");
        let now = system.harness.run(async { system.harness.mock.now() });
        let open = model.watched && system.expires.is_some_and(|expires| now < expires);
        let channels = channels.expect("the channels are readable").len();
        assert_eq!(channels, usize::from(open), "channels at {now}");
    }
}

impl System {
    fn step(&mut self, model: &Model, action: &Action) {
        match action {
            Action::Get(_) => self.get(model),
            Action::List { per_page } => self.list(model, *per_page),
            Action::Query { company } => self.query(model, company),
            Action::Deploy => self.watch(|mut watch| async move { watch.deploy().await.map(Some) }),
            Action::Renew if !model.watched => {}
            Action::Renew => self.watch(|mut watch| async move { watch.renew().await.map(Some) }),
            Action::Remove => self.watch(|mut watch| async move { watch.remove().await.map(|()| None) }),
            Action::ExpireToken => self.harness.pass(Duration::from_secs(3_601)),
            Action::RevokeTokens => self.harness.mock.expire_access_tokens(),
            Action::Pass(hours) => self.harness.pass(Duration::from_secs(3_600 * hours)),
            Action::Restart => self.harness.restart_with(patient),
            Action::Under(weather, action) => self.under(model, weather, action),
            _ => {
                let results = self.write(model, action).expect("a write is answered row by row");
                self.compare(model, &results);
            }
        }
    }

    /// Does something with the channel, which every client of the store knows.
    fn watch<F>(&mut self, act: impl FnOnce(Watch) -> F)
    where
        F: Future<Output = zoho_client::Result<Option<Deployed>>>,
    {
        let watch = Watch::new("leads", &self.harness.zoho.crm(), self.store.clone())
            .events(["Leads.all"])
            .notify_url("https://example.com/zoho");
        let done = self.harness.run(act(watch)).expect("the channel is kept");
        self.expires = done.map(|deployed| deployed.expires);
    }

    /// Something goes wrong with the first request. What is only put off, and what can be asked again, ends as if nothing
    /// had happened; of any other write the client says that it does not know.
    fn under(&mut self, model: &Model, weather: &Weather, action: &Action) {
        let operation = action.operation().expect("only requests meet weather");
        self.harness
            .script_in_turn(operation, std::slice::from_ref(weather));
        if !action.writes() || weather.is_harmless() {
            self.step(model, action);
        } else {
            let refused = |expected: &Expected| matches!(expected, Expected::Refused(..));
            match self.write(model, action) {
                // Nothing of it is ever taken, so there is nothing not to know: what was cut short is asked again.
                Ok(results) if model.expected.iter().all(refused) => self.compare(model, &results),
                Ok(results) => panic!("{weather:?}: it succeeds: {results:?}"),
                Err(error) => assert!(
                    error.is_outcome_unknown() || model.expected.iter().all(refused),
                    "{weather:?}: the client says that it knows: {error:?}"
                ),
            }
            self.harness.mock.faults().clear();
            if weather.is_carried_out() {
                self.learn(model);
            }
        }
        self.harness.mock.faults().clear();
    }

    fn id(&self, slot: Option<usize>) -> ZohoId {
        let known = slot.and_then(|slot| self.ids.get(&slot)).cloned();
        known.unwrap_or_else(|| UNKNOWN.parse().expect("digits are an id"))
    }

    fn get(&self, model: &Model) {
        let slot = model.named.first().copied().flatten();
        let found = self
            .harness
            .run(async { self.harness.zoho.crm().records("Leads").get(&self.id(slot)).await })
            .expect("a missing record is no error");
        let expected = slot.and_then(|slot| model.rows.get(&slot));
        assert_eq!(found.as_ref().map(fields), expected.cloned());
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
        assert_eq!(ids, newest_first, "per_page {per_page}");
    }

    fn query(&self, model: &Model, company: &str) {
        let literal = company.replace('\\', "\\\\").replace('\'', "\\'");
        let query = format!("select Last_Name, Company, Email from Leads where Company = '{literal}'");
        let rows = self
            .harness
            .run(async { self.harness.zoho.crm().coql(query).all().await })
            .expect("the query is readable");
        let leads = self
            .named(&model.rows)
            .into_iter()
            .chain(self.named(&model.converted));
        let expected: BTreeMap<ZohoId, Fields> = leads
            .filter(|(_, fields)| fields.company.as_deref() == Some(company))
            .collect();
        self.agree("COQL by company", &by_id(&rows), &expected);
    }

    /// These rows under the ids that they got.
    fn named(&self, rows: &BTreeMap<usize, Fields>) -> BTreeMap<ZohoId, Fields> {
        let id = |slot: &usize| {
            self.ids
                .get(slot)
                .cloned()
                .expect("every row was created through the client")
        };
        rows.iter()
            .map(|(slot, fields)| (id(slot), fields.clone()))
            .collect()
    }

    fn agree(&self, way: &str, found: &BTreeMap<ZohoId, Fields>, expected: &BTreeMap<ZohoId, Fields>) {
        assert_eq!(found, expected, "{way} and model disagree");
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
