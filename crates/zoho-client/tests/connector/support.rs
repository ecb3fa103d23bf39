//! A stage for one entry: it runs the entry and keeps account of the inputs that it was given.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use zoho_client::connector::{self, Action};
use zoho_client::{Error, OAuthApp, Region, ServiceTransport, TokioClock, Zoho};
use zoho_mock::MockZoho;

/// What everybody expects: the list that this crate is held against. `cargo xtask coverage` reads it too.
const ENTRIES: &str = include_str!("entries.json");

/// The entries of a group: `connections`, `triggers` or `actions`.
pub(crate) fn entries(group: &str) -> Vec<Map<String, Value>> {
    let all: Value = serde_json::from_str(ENTRIES).unwrap();
    let group = all[group].as_array().unwrap().iter();
    group.map(|entry| entry.as_object().unwrap().clone()).collect()
}

/// A mock and a connection to it.
pub(crate) struct World {
    pub(crate) mock: MockZoho,
    pub(crate) zoho: Zoho,
}

impl World {
    pub(crate) fn new() -> Self {
        let mock = MockZoho::in_process();
        let zoho = Zoho::builder(Region::custom(mock.base_url()).unwrap())
            .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
            .refresh_token(mock.refresh_token())
            .clock(TokioClock::starting_at(mock.now()))
            .transport(ServiceTransport::new(mock.service()))
            .seed(7)
            .build()
            .unwrap();
        Self { mock, zoho }
    }

    /// The number of requests that the mock has seen.
    pub(crate) fn requests(&self) -> usize {
        self.mock.journal().exchanges().len()
    }

    /// Runs an action whose inputs are right.
    pub(crate) async fn run(&self, key: &str, inputs: Value) -> Value {
        let stage = Stage::new(self, key);
        stage.run(inputs).await
    }

    /// Makes a record of CRM and gives its id.
    pub(crate) async fn record(&self, module: &str, values: Value) -> String {
        let made = self
            .run(
                "crm_create_record",
                json!({"record_type": module, "values": values}),
            )
            .await;
        made["id"].as_str().unwrap().to_owned()
    }

    /// Makes a lead and gives its id.
    pub(crate) async fn lead(&self, name: &str) -> String {
        self.record("Leads", json!({"Last_Name": name, "Company": "Acme"}))
            .await
    }
}

/// One action at work.
pub(crate) struct Stage<'a> {
    world: &'a World,
    action: &'static Action,
    used: RefCell<BTreeSet<String>>,
}

impl<'a> Stage<'a> {
    pub(crate) fn new(world: &'a World, key: &str) -> Self {
        Self {
            world,
            action: connector::action(key).unwrap_or_else(|| panic!("no action {key}")),
            used: RefCell::default(),
        }
    }

    /// Runs the action; its inputs must also be right by its schema.
    pub(crate) async fn run(&self, inputs: Value) -> Value {
        let schema = jsonschema::validator_for(&self.action.schema()).unwrap();
        if let Err(error) = schema.validate(&inputs) {
            panic!("{}: {error}: {inputs}", self.action.key);
        }
        let key = self.action.key;
        self.attempt(inputs.clone())
            .await
            .unwrap_or_else(|error| panic!("{key}: {error}: {inputs}"))
    }

    /// Runs the action.
    pub(crate) async fn attempt(&self, inputs: Value) -> Result<Value, Error> {
        let mut inputs = inputs;
        let object = inputs.as_object_mut().unwrap();
        object.insert("connection".to_owned(), "the host's own name for it".into());
        for (name, value) in object.iter() {
            let input = self.action.inputs.iter().find(|input| input.key == name);
            if input.is_some_and(|input| input.default.json() != *value) {
                self.used.borrow_mut().insert(name.clone());
            }
        }
        connector::invoke(&self.world.zoho, self.action.key, inputs).await
    }

    /// Holds the inputs that were given against all that the entry has.
    pub(crate) fn done(self) {
        let used = self.used.into_inner();
        let unused: Vec<&str> = self
            .action
            .inputs
            .iter()
            .map(|input| input.key)
            .filter(|key| !used.contains(*key))
            .collect();
        assert!(
            unused.is_empty(),
            "{} was never given {unused:?}",
            self.action.key
        );
    }
}
