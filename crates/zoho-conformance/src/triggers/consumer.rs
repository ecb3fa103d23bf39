//! Whoever is told: it plays the story, remembers what it was told, and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use zoho_client::triggers::{Batch, Change, Trigger};
use zoho_client::wire::ZohoId;
use zoho_client::{Method, OrganizationId, Record};
use zoho_mock::Fault;

use super::story::Mishap;
use super::{Act, Source, Stage, Story};

/// A change as it was told: what, when, and the record's text then.
type Told = (Change, i64, String);

/// A record as it stands.
#[derive(Clone, Debug)]
struct Known {
    id: ZohoId,
    text: String,
    deleted: bool,
    changed_since_start: bool,
    created_since_start: bool,
}

/// A consumer, and everything it was told.
#[derive(Debug)]
pub struct Consumer<'a> {
    stage: &'a Stage,
    story: &'a Story,
    known: Vec<Known>,
    writes: usize,
    told: BTreeMap<ZohoId, Vec<Told>>,
    acknowledged: BTreeSet<(ZohoId, Told)>,
    crash: Option<bool>,
    crashed: bool,
    watching: bool,
}

/// The operations that the trigger reads by.
const READS: [&str; 4] = [
    "query_records",
    "list_records",
    "list_deleted_records",
    "list_contacts",
];

impl<'a> Consumer<'a> {
    /// A consumer that was told nothing.
    #[must_use]
    pub fn new(stage: &'a Stage, story: &'a Story) -> Self {
        Self {
            stage,
            story,
            known: Vec::new(),
            writes: 0,
            told: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            crash: None,
            crashed: false,
            watching: false,
        }
    }

    /// Plays the story.
    ///
    /// # Errors
    /// Something was lost, told twice, or told out of order.
    pub async fn live(mut self) -> Result<(), TestCaseError> {
        if self.story.before > 0 {
            self.act(&Act::Create(self.story.before)).await;
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        let mut trigger = self.stage.trigger(self.story);
        trigger.begin().await.expect("nothing goes wrong yet");
        self.watching = true;
        if self.stage.source == Source::Listed {
            self.refuse_queries();
        }
        let mut acts = self.story.acts.iter();
        while let Some(act) = acts.next() {
            let Act::Poll = act else {
                self.act(act).await;
                continue;
            };
            // What comes next happens while the run is under way, if that takes any time.
            let batch = {
                let mut next = pin!(trigger.next());
                loop {
                    tokio::select! {
                        biased;
                        batch = &mut next => break batch,
                        () = tokio::time::sleep(Duration::from_secs(7)) => {}
                    }
                    if let Some(act) = acts.next() {
                        self.act(act).await;
                    }
                }
            };
            if let Ok(batch) = batch {
                trigger = self.take(trigger, batch).await?;
            }
        }
        self.peace(trigger).await?;
        self.compare()
    }

    /// Nothing goes wrong and nothing happens any more, until two runs in a row find nothing.
    async fn peace(&mut self, mut trigger: Trigger) -> Result<(), TestCaseError> {
        self.crash = None;
        self.stage.mock.faults().clear();
        if self.stage.source == Source::Listed {
            self.refuse_queries();
        }
        tokio::time::sleep(Duration::from_secs(self.story.lag + 2)).await;
        let mut quiet = 0;
        for _ in 0..100 {
            let Ok(batch) = trigger.next().await else { continue };
            quiet = if batch.is_empty() { quiet + 1 } else { 0 };
            trigger = self.take(trigger, batch).await?;
            if quiet == 2 {
                return Ok(());
            }
        }
        Err(TestCaseError::fail("the trigger never comes to rest"))
    }

    async fn take(&mut self, mut trigger: Trigger, batch: Batch) -> Result<Trigger, TestCaseError> {
        let crash = self.crash.take_if(|_| !batch.is_empty());
        if crash == Some(false) {
            return Ok(self.stage.trigger(self.story));
        }
        for event in &batch {
            let text = event.record.as_ref().map_or("", |record| {
                let name = if self.stage.source == Source::Books {
                    "contact_name"
                } else {
                    "Last_Name"
                };
                record.get_str(name).unwrap_or_default()
            });
            let told = (event.change, event.time.as_second(), text.to_owned());
            let again = self.acknowledged.contains(&(event.id.clone(), told.clone()));
            prop_assert!(!again, "told again after it was acknowledged: {event:?}");
            let before = self.told.entry(event.id.clone()).or_default();
            if !self.crashed {
                prop_assert!(!before.contains(&told), "told twice: {event:?}");
                let last = before.last().map_or(i64::MIN, |(_, at, _)| *at);
                prop_assert!(told.1 >= last, "{told:?} comes after {before:?}");
            }
            before.push(told);
        }
        if crash == Some(true) {
            self.crashed = true;
            return Ok(self.stage.trigger(self.story));
        }
        trigger.acknowledge(&batch).await.expect("memory does not fail");
        for event in &batch {
            let told = self.told.get(&event.id).and_then(|told| told.last()).cloned();
            self.acknowledged
                .extend(told.map(|told| (event.id.clone(), told)));
        }
        Ok(trigger)
    }

    async fn act(&mut self, act: &Act) {
        match act {
            Act::Create(count) => self.create(*count).await,
            Act::Edit(from, count) => {
                for place in *from..from + count {
                    self.edit(place).await;
                }
            }
            Act::Delete(place) => self.delete(*place).await,
            Act::Convert(place) if self.stage.source == Source::Books => self.edit(*place).await,
            Act::Convert(place) => self.convert(*place).await,
            Act::Pass(seconds) => tokio::time::sleep(Duration::from_secs(*seconds)).await,
            Act::Poll => {}
            Act::Fault(mishap, skip) => self.fault(*mishap, *skip),
            // Books does not say whether a token is dead or lacks a scope: there they end by themselves.
            Act::ExpireTokens if self.stage.source == Source::Books => {
                tokio::time::sleep(Duration::from_secs(3_601)).await;
            }
            Act::ExpireTokens => self.stage.mock.expire_access_tokens(),
            Act::Crash { dealt_with } => self.crash = Some(*dealt_with),
        }
    }

    fn books(&self) -> zoho_client::books::Records {
        let organization = OrganizationId::new(self.stage.mock.organization_id());
        self.stage.author.books(organization).records("contacts")
    }

    fn text(&mut self) -> String {
        self.writes += 1;
        format!("text {:04}", self.writes)
    }

    async fn create(&mut self, count: usize) {
        // Books takes contacts one by one.
        let count = if self.stage.source == Source::Books {
            count.div_ceil(4)
        } else {
            count
        };
        let texts: Vec<String> = (0..count).map(|_| self.text()).collect();
        let mut ids = Vec::new();
        if self.stage.source == Source::Books {
            for text in &texts {
                let made = self
                    .books()
                    .create(Record::new().set("contact_name", text.as_str()))
                    .await;
                ids.push(
                    made.expect("a contact is made")
                        .get_id("contact_id")
                        .expect("it has an id"),
                );
            }
        } else {
            let rows = texts
                .iter()
                .map(|text| Record::new().set("Last_Name", text.as_str()));
            let made = self.stage.author.crm().records("Leads").create(rows).await;
            let made = made.expect("leads are made");
            ids.extend(made.iter().map(|made| made.id().expect("a lead is made").clone()));
        }
        for (id, text) in ids.into_iter().zip(texts) {
            self.known.push(Known {
                id,
                text,
                deleted: false,
                changed_since_start: self.watching,
                created_since_start: self.watching,
            });
        }
    }

    /// The record of a place that is still there.
    fn living(&self, place: usize) -> Option<(usize, ZohoId)> {
        let place = place.checked_rem(self.known.len())?;
        let known = self.known.get(place).filter(|known| !known.deleted)?;
        Some((place, known.id.clone()))
    }

    async fn edit(&mut self, place: usize) {
        let Some((place, id)) = self.living(place) else {
            return;
        };
        let text = self.text();
        if self.stage.source == Source::Books {
            let edited = self
                .books()
                .update(&id, Record::new().set("contact_name", text.as_str()))
                .await;
            edited.expect("a contact is changed");
        } else {
            let row = Record::new()
                .set("id", id.as_str())
                .set("Last_Name", text.as_str());
            let edited = self.stage.author.crm().records("Leads").update([row]).await;
            if edited
                .expect("a batch is answered")
                .iter()
                .any(|outcome| !outcome.is_ok())
            {
                // A converted lead can not be changed.
                return;
            }
        }
        self.changed(place, Some(text));
    }

    fn changed(&mut self, place: usize, text: Option<String>) {
        if let Some(known) = self.known.get_mut(place) {
            known.changed_since_start |= self.watching;
            known.text = text.unwrap_or_else(|| known.text.clone());
        }
    }

    async fn delete(&mut self, place: usize) {
        let Some((place, id)) = self.living(place) else {
            return;
        };
        let gone = match self.stage.source {
            Source::Books => self.books().delete(&id).await.is_ok(),
            _ => {
                let gone = self.stage.author.crm().records("Leads").delete([&id]).await;
                gone.expect("a batch is answered")
                    .iter()
                    .all(zoho_client::Outcome::is_ok)
            }
        };
        if let Some(known) = self.known.get_mut(place) {
            known.deleted |= gone;
            known.changed_since_start |= gone && self.watching;
        }
    }

    async fn convert(&mut self, place: usize) {
        let Some((place, id)) = self.living(place) else {
            return;
        };
        let path = format!("/Leads/{id}/actions/convert");
        let request = self
            .stage
            .author
            .crm()
            .raw(Method::POST, path)
            .json(&json!({"data": [{}]}));
        if request.send().await.is_ok() {
            self.changed(place, None);
        }
    }

    fn refuse_queries(&self) {
        let refusal = json!({
            "code": "INVALID_MODULE", "details": {}, "status": "error",
            "message": "the given module is not supported in api",
        });
        self.stage
            .mock
            .faults()
            .script(Fault::on("query_records").status(400).json(refusal));
    }

    fn fault(&self, mishap: Mishap, skip: u32) {
        let spent = json!({
            "code": "EXPIRED_VALUE", "message": "Page token expired", "status": "error",
            "details": {"api_name": "page_token", "json_path": "$.query.page_token"},
        });
        for operation in READS {
            if operation == "query_records" && self.stage.source == Source::Listed {
                continue;
            }
            let fault = Fault::on(operation).skip(skip);
            let fault = match mishap {
                Mishap::Throttled => fault.status(429).header("retry-after", "3").times(2),
                Mishap::Unavailable => fault.status(503).times(9),
                Mishap::Dropped => fault.drop_reply().times(1),
                Mishap::Truncated => fault.truncate(60).times(1),
                Mishap::TokenSpent => fault.status(400).json(spent.clone()).times(1),
                Mishap::Slow(seconds) => fault.delay(Duration::from_secs(seconds)).times(3),
            };
            self.stage.mock.faults().script(fault);
        }
    }

    fn compare(&self) -> Result<(), TestCaseError> {
        for known in self.known.iter().filter(|known| known.changed_since_start) {
            let told = self.told.get(&known.id).map_or([].as_slice(), Vec::as_slice);
            let last = told
                .last()
                .map(|(change, _, text)| (*change == Change::Deleted, text.as_str()));
            if !known.deleted {
                prop_assert_eq!(
                    last,
                    Some((false, known.text.as_str())),
                    "{:?} was told as {:?}",
                    known,
                    told
                );
            } else if self.story.deletions && self.stage.source != Source::Books {
                prop_assert_eq!(last, Some((true, "")), "{:?} was told as {:?}", known, told);
            }
            if let Some((change, ..)) = told.iter().find(|(change, ..)| *change != Change::Deleted) {
                let created = *change == Change::Created;
                prop_assert_eq!(
                    created,
                    known.created_since_start,
                    "{:?} was told as {:?}",
                    known,
                    told
                );
            }
        }
        let strangers = self
            .told
            .keys()
            .filter(|id| self.known.iter().all(|known| known.id != **id));
        prop_assert_eq!(strangers.count(), 0);
        Ok(())
    }
}
