//! Scripted faults: what goes wrong, with which operation, and how often.

use std::time::Duration;

use http::{HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::script::Schedule;

/// What happens to an exchange instead of, or after, its ordinary course.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Effect {
    /// Nothing but the delay.
    #[default]
    None,
    /// An answer of its own; the operation is not carried out.
    Answer,
    /// The connection breaks before the operation is carried out.
    DropConnection,
    /// The operation is carried out, then the connection breaks.
    DropReply,
    /// The operation is carried out; only so many bytes of the body arrive.
    Truncate,
    /// The operation is carried out; the body is not JSON.
    MalformedJson,
    /// An HTML page; the operation is not carried out.
    Html,
    /// The operation is carried out; the body comes in pieces with pauses between them.
    SlowBody,
}

/// One scripted fault.
///
/// ```
/// use std::time::Duration;
/// use zoho_mock::Fault;
///
/// let busy = Fault::on("list_records").status(429).header("retry-after", "2").times(3);
/// let flaky = Fault::on("books.*").every(5).drop_reply();
/// let slow = Fault::on("*").delay(Duration::from_secs(40));
/// # let _ = (busy, flaky, slow);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fault {
    operation: String,
    times: Option<u32>,
    every: u32,
    skip: u32,
    delay_ms: u64,
    effect: Effect,
    status: u16,
    headers: Vec<(String, String)>,
    body: Option<Value>,
    bytes: usize,
    pause_ms: u64,
    probability: f64,
    seed: u64,
}

impl Default for Fault {
    fn default() -> Self {
        Self {
            operation: "*".to_owned(),
            times: None,
            every: 1,
            skip: 0,
            delay_ms: 0,
            effect: Effect::None,
            status: 500,
            headers: Vec::new(),
            body: None,
            bytes: 16,
            pause_ms: 1_000,
            probability: 1.0,
            seed: 1,
        }
    }
}

impl Fault {
    /// A fault of one operation: an id (`list_records`), an id of one product
    /// (`books.list_contacts`, `accounts.token`), a whole product (`crm.*`) or everything (`*`).
    ///
    /// It does nothing until an effect or a delay is added, and goes on until the mock is reset
    /// unless [`Fault::times`] ends it.
    #[must_use]
    pub fn on(operation: impl Into<String>) -> Self {
        Self {
            operation: operation.into(),
            ..Self::default()
        }
    }

    /// Strikes so many times, then never again.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Strikes only at every `k`-th request that it is meant for.
    #[must_use]
    pub fn every(mut self, k: u32) -> Self {
        self.every = k.max(1);
        self
    }

    /// Lets so many requests pass first.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Waits, by tokio's clock, before anything else happens.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Answers with this status, and with a body such as the product sends with it unless
    /// [`Fault::json`] gives one. The operation is not carried out.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.effect = Effect::Answer;
        self.status = status;
        self
    }

    /// The JSON body of the answer.
    #[must_use]
    pub fn json(mut self, body: Value) -> Self {
        self.effect = Effect::Answer;
        self.body = Some(body);
        self
    }

    /// A header of the answer.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Breaks the connection before the operation is carried out.
    #[must_use]
    pub fn drop_connection(mut self) -> Self {
        self.effect = Effect::DropConnection;
        self
    }

    /// Carries the operation out, then breaks the connection: the client cannot know.
    #[must_use]
    pub fn drop_reply(mut self) -> Self {
        self.effect = Effect::DropReply;
        self
    }

    /// Carries the operation out and breaks the connection after so many bytes of the body.
    #[must_use]
    pub fn truncate(mut self, bytes: usize) -> Self {
        self.effect = Effect::Truncate;
        self.bytes = bytes;
        self
    }

    /// Carries the operation out and answers with a body that is cut off in the middle, yet whole
    /// by its length.
    #[must_use]
    pub fn malformed_json(mut self) -> Self {
        self.effect = Effect::MalformedJson;
        self
    }

    /// Carries the operation out and sends the body in pieces of so many bytes, with a pause, by
    /// tokio's clock, before each of them.
    #[must_use]
    pub fn slow_body(mut self, bytes: usize, pause: Duration) -> Self {
        self.effect = Effect::SlowBody;
        self.bytes = bytes;
        self.pause_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Strikes with this probability, 0 to 1, each time that it otherwise would. The same seed gives
    /// the same course.
    #[must_use]
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.probability = probability;
        self.seed = seed;
        self
    }

    /// Answers with an HTML page, as proxies do. The operation is not carried out.
    #[must_use]
    pub fn html(mut self, status: u16) -> Self {
        self.effect = Effect::Html;
        self.status = status;
        self
    }

    /// What keeps it from ever striking, or from striking as it says, where there are these operations.
    pub(crate) fn check<'a>(
        &self,
        mut operations: impl Iterator<Item = (&'a str, &'a str)>,
    ) -> Result<(), String> {
        if !operations.any(|(product, operation)| self.is_meant_for(product, operation)) {
            return Err(format!(
                "there is no operation `{}`: an id such as crm.list_records, a product such as books.*, or *",
                self.operation
            ));
        }
        if StatusCode::from_u16(self.status).is_err() {
            return Err(format!("{} is no status: 100 to 999", self.status));
        }
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(format!("{} is no probability: 0 to 1", self.probability));
        }
        let wrong = |(name, value): &&(String, String)| {
            HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err()
        };
        match self.headers.iter().find(wrong) {
            Some((name, _)) => Err(format!("the header `{name}` can not be sent")),
            None => Ok(()),
        }
    }

    fn is_meant_for(&self, product: &str, operation: &str) -> bool {
        match self.operation.split_once('.') {
            Some((wanted, "*")) => wanted == product,
            Some((wanted, id)) => wanted == product && id == operation,
            None => self.operation == "*" || self.operation == operation,
        }
    }
}

/// What a fault does to one exchange.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Strike {
    pub(crate) delay: Duration,
    pub(crate) effect: Effect,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
    pub(crate) bytes: usize,
    pub(crate) pause: Duration,
}

/// All scripted faults of exchanges.
pub(crate) type Script = crate::script::Script<Fault>;

impl Script {
    /// Adds a fault.
    pub(crate) fn push(&mut self, fault: Fault) {
        let schedule = Schedule {
            times: fault.times,
            every: fault.every,
            skip: fault.skip,
            probability: fault.probability,
            seed: fault.seed,
        };
        self.add(fault, schedule);
    }

    /// What the first fault that strikes this request does to it.
    pub(crate) fn strike(&mut self, product: &str, operation: &str) -> Option<Strike> {
        let fault = self.first(|fault| fault.is_meant_for(product, operation))?;
        Some(Strike {
            delay: Duration::from_millis(fault.delay_ms),
            effect: fault.effect.clone(),
            status: fault.status,
            headers: fault.headers.clone(),
            body: fault.body.clone(),
            bytes: fault.bytes,
            pause: Duration::from_millis(fault.pause_ms),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(fault: Fault, requests: &[(&str, &str)]) -> Vec<bool> {
        let mut script = Script::default();
        script.push(fault);
        requests
            .iter()
            .map(|(product, operation)| script.strike(product, operation).is_some())
            .collect()
    }

    #[test]
    fn a_fault_strikes_when_and_where_it_was_told_to() {
        let six = [("crm", "list_records"); 6];
        let check = |fault: Fault, expected: [u8; 6]| {
            assert_eq!(
                struck(fault, &six).into_iter().map(u8::from).collect::<Vec<_>>(),
                expected
            );
        };
        check(Fault::on("list_records").status(500), [1, 1, 1, 1, 1, 1]);
        check(Fault::on("list_records").status(500).times(2), [1, 1, 0, 0, 0, 0]);
        check(
            Fault::on("crm.list_records").status(500).every(3),
            [0, 0, 1, 0, 0, 1],
        );
        check(Fault::on("crm.*").status(500).skip(4), [0, 0, 0, 0, 1, 1]);
        check(
            Fault::on("*").status(500).skip(1).every(2).times(1),
            [0, 0, 1, 0, 0, 0],
        );
        check(Fault::on("books.*").status(500), [0; 6]);
        check(Fault::on("books.list_records").status(500), [0; 6]);
        check(Fault::on("get_record").status(500), [0; 6]);
    }

    #[test]
    fn a_fault_strikes_about_as_often_as_it_is_probable_and_the_same_for_the_same_seed() {
        let many = [("crm", "list_records"); 2_000];
        let course =
            |probability, seed| struck(Fault::on("*").status(500).probability(probability, seed), &many);
        let often = |course: &[bool]| course.iter().filter(|struck| **struck).count();
        assert!((400..600).contains(&often(&course(0.25, 1))));
        assert_eq!(course(0.25, 1), course(0.25, 1));
        assert_ne!(course(0.25, 1), course(0.25, 2));
        assert_eq!((often(&course(0.0, 1)), often(&course(1.0, 1))), (0, 2_000));
    }

    #[test]
    fn a_fault_reads_as_it_is_written() {
        let fault = Fault::on("accounts.token")
            .status(503)
            .header("retry-after", "1")
            .times(4);
        let json = serde_json::to_value(&fault).unwrap();
        assert_eq!(serde_json::from_value::<Fault>(json).unwrap(), fault);
        assert!(serde_json::from_str::<Fault>(r#"{"operation":"*","wrong":1}"#).is_err());
    }
}
