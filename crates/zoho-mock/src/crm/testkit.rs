//! Calls without HTTP: a world, a route made on the spot, an answer as status and JSON.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::schema::ModuleIndex;
use super::store::Row;
use super::time::Zone;
use super::{CrmWorld, handler};
use crate::answer::{Answer, Payload};
use crate::call::Call;
use crate::config::Config;
use crate::generated::crm::ROUTES;
use crate::route::{BodyKind, Credits, Method, Product, ReplyKind, Route};
use crate::routing;
use crate::world::World;

/// 2026-05-14T10:00:00Z
pub(crate) const START: i64 = 1_778_752_800;

/// A zone whose offset changes during the year.
pub(crate) fn berlin() -> Zone {
    Zone {
        name: "Europe/Berlin".to_owned(),
        rules: TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap(),
    }
}

/// A world with a clock of its own.
pub(crate) struct Kit {
    pub(crate) world: World,
    pub(crate) now: i64,
    pub(crate) user: u64,
}

/// A call that is being put together.
pub(crate) struct Ask<'a> {
    kit: &'a mut Kit,
    operation: &'static str,
    path: Vec<String>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) bytes: Vec<u8>,
    pub(crate) headers: HeaderMap,
}

const PATHS: [&str; 5] = [
    "/x",
    "/x/{a}",
    "/x/{a}/{b}",
    "/x/{a}/{b}/y/{c}",
    "/x/{a}/{b}/{c}/{d}",
];

impl Kit {
    pub(crate) fn new() -> Self {
        let zone = berlin();
        let crm = CrmWorld::new(&Config {
            zone: zone.rules,
            zone_name: zone.name,
            ..Config::default()
        });
        Self {
            user: crm.ids.administrator,
            world: World {
                crm,
                ..World::for_tests()
            },
            now: START,
        }
    }

    /// Starts a call; `path` are the path parameters in order.
    pub(crate) fn ask<const N: usize>(&mut self, operation: &'static str, path: [&str; N]) -> Ask<'_> {
        self.ask_along(operation, path.iter().map(|text| (*text).to_owned()).collect())
    }

    /// Starts a call whose path parameters are only known when it runs.
    pub(crate) fn ask_along(&mut self, operation: &'static str, path: Vec<String>) -> Ask<'_> {
        Ask {
            kit: self,
            operation,
            path,
            query: Vec::new(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// Creates records and gives their ids.
    pub(crate) fn create(&mut self, module: &str, records: &Value) -> Vec<String> {
        let got = self
            .ask("create_records", [module])
            .json(&serde_json::json!({"data": records}))
            .go();
        assert_eq!(got.status, 201, "{}", got.body);
        let items = got.body["data"].as_array().unwrap();
        items
            .iter()
            .map(|item| item["details"]["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

impl Ask<'_> {
    pub(crate) fn query(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_str(value).unwrap(),
        );
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body(body.to_string())
    }

    pub(crate) fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn go(mut self) -> Got {
        let handle = handler(self.operation).expect("an operation that exists");
        self.with(|world, call| {
            super::bulk::advance(&mut world.crm, call.now.as_second());
            Got::from(handle(world, call).unwrap_or_else(crate::answer::Refusal::into_answer))
        })
    }

    /// Does something with the call as a handler would see it.
    pub(crate) fn with<T>(&mut self, step: impl FnOnce(&mut World, &Call<'_>) -> T) -> T {
        let described = ROUTES.iter().find(|route| {
            route.id == self.operation && routing::shape(route.path).1.len() == self.path.len()
        });
        let made = || {
            Box::leak(Box::new(Route {
                id: self.operation,
                product: Product::Crm,
                method: Method::Get,
                path: PATHS[self.path.len()],
                tag: "records",
                scopes: &[],
                credits: Credits::Fixed(1),
                success: &[200],
                paging: None,
                batch: None,
                organization: false,
                parameters: &[],
                body: BodyKind::Json,
                reply: ReplyKind::Json,
                wrapper: None,
                request_schema: None,
                reply_schema: None,
            }))
        };
        let route: &'static Route = described.unwrap_or_else(|| made());
        let call = Call {
            route,
            path: routing::shape(route.path)
                .1
                .into_iter()
                .zip(self.path.clone())
                .collect(),
            query: self.query.as_slice().into(),
            headers: &self.headers,
            body: &self.body,
            base_url: "http://127.0.0.1:4000",
            user: self.kit.user,
            now: Timestamp::from_second(self.kit.now).unwrap(),
        };
        self.kit.world.crm.settle(self.kit.now);
        step(&mut self.kit.world, &call)
    }
}

impl From<Answer> for Got {
    fn from(answer: Answer) -> Self {
        let bytes = match &answer.payload {
            Payload::Bytes(_, bytes) => bytes.to_vec(),
            payload => payload.json().unwrap_or_default().into_owned(),
        };
        let body = answer.payload.json();
        let body = body.map_or(Value::Null, |text| serde_json::from_slice(&text).expect("JSON"));
        Self {
            status: answer.status.as_u16(),
            body,
            bytes,
            headers: answer.headers.into_iter().collect(),
        }
    }
}

impl Got {
    /// A value deep inside, by JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&Value::Null)
    }
}

impl CrmWorld {
    /// Marks a lead as converted: lists hide it from then on, queries do not.
    pub(crate) fn mark_converted(&mut self, module: ModuleIndex, id: u64) {
        if let Some(table) = self.tables.get_mut(module)
            && let Some(row) = table.take(id)
        {
            table.put(Row {
                converted: true,
                ..row
            });
        }
    }
}
