//! Requests: made from the description of a route, or of nobody's making.

use bytes::Bytes;
use serde_json::{Value, json};

use super::ask::{Ask, encoded};
use super::desk::{Desk, Reply};
use super::dice::Dice;
use super::values::{Known, odd};
use crate::config::Config;
use crate::route::{BodyKind, Kind, Location, Parameter, Product, Route};

/// Makes requests, and learns from the answers what there is to ask for.
#[derive(Debug)]
pub(super) struct Maker {
    known: Known,
}

impl Maker {
    /// Asks for the modules and their fields, and creates something to begin with.
    pub(super) fn new(desk: &mut Desk) -> Self {
        let mut known = Known::default();
        let modules = desk.send(&Ask::new("GET", "/crm/v8/settings/modules")).json();
        let names = |list: &Value| -> Vec<String> {
            let list = list.as_array().cloned().unwrap_or_default();
            let names = list.iter().filter_map(|one| one["api_name"].as_str());
            names.map(str::to_owned).collect()
        };
        known.modules = names(&modules["modules"]);
        assert!(known.modules.len() > 10, "{modules}");
        for module in known.modules.clone() {
            let fields = desk
                .send(&Ask::new(
                    "GET",
                    &format!("/crm/v8/settings/fields?module={module}"),
                ))
                .json();
            known.fields.insert(module.clone(), names(&fields["fields"]));
            // What cannot be seeded by itself stays empty.
            let _ = desk.zoho.seed_records(&module, 5);
            let rows = desk
                .send(&Ask::new("GET", &format!("/crm/v8/{module}?fields=id")))
                .json();
            known.learn(&rows);
        }
        known.remember("organization_id", &Config::default().organization_id);
        Self { known }
    }

    /// Remembers the ids of an answer.
    pub(super) fn learn(&mut self, _route: &Route, reply: &Reply) {
        if reply.status < 300 {
            self.known.learn(&reply.json());
        }
    }

    /// A request as the description of its route has it.
    pub(super) fn ask(&self, dice: &mut Dice, route: &'static Route) -> Ask {
        let module = self.known.module(dice);
        let mut path = String::new();
        for segment in route.path.split('/').skip(1) {
            path.push('/');
            match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => path.push_str(&encoded(&self.path_value(dice, route, name, &module))),
                None => path.push_str(segment),
            }
        }
        let mut query = Vec::new();
        let mut headers = Vec::new();
        for parameter in route.parameters {
            let wanted = parameter.required && !dice.one_in(30) || dice.one_in(4);
            match parameter.location {
                Location::Query if wanted => {
                    query.push(format!(
                        "{}={}",
                        parameter.name,
                        encoded(&self.parameter(dice, parameter, &module))
                    ));
                }
                Location::Header if wanted => {
                    let value: String = self.parameter(dice, parameter, &module);
                    let plain: String = value
                        .chars()
                        .filter(|letter| (' '..='~').contains(letter))
                        .collect();
                    headers.push((parameter.name.to_ascii_lowercase(), plain));
                }
                _ => {}
            }
        }
        if route.organization {
            query.push(format!("organization_id={}", Config::default().organization_id));
        }
        let mut ask = Ask::new(route.method.as_str(), &format!("{path}?{}", query.join("&")));
        ask.headers.extend(headers);
        let (kind, body) = self.body(dice, route, &module);
        ask.body = body;
        if !kind.is_empty() {
            ask.headers.push(("content-type".to_owned(), kind.to_owned()));
        }
        ask
    }

    fn path_value(&self, dice: &mut Dice, route: &Route, name: &str, module: &str) -> String {
        let crm_record = route.product == Product::Crm && name.contains("record");
        match name {
            _ if name.contains("module") => module.to_owned(),
            _ if name.contains("related") => dice
                .pick(&["Notes", "Attachments", "Contacts", "Products"])
                .to_owned(),
            _ if crm_record => self.known.id(dice, "id"),
            _ => self.known.id(dice, name),
        }
    }

    fn parameter(&self, dice: &mut Dice, parameter: &Parameter, module: &str) -> String {
        if dice.one_in(25) {
            return dice.odd_text();
        }
        if !parameter.values.is_empty() && !dice.one_in(10) {
            return dice.pick(parameter.values).to_owned();
        }
        let field = self.known.field(dice, module);
        match (parameter.name, parameter.kind) {
            ("fields", _) => format!("{field},{},id", self.known.field(dice, module)),
            ("criteria", _) => format!(
                "({field}:{}:{})",
                dice.pick(&["equals", "starts_with", "between", "in"]),
                dice.word()
            ),
            ("module", _) => module.to_owned(),
            ("page_token", _) => "ab".repeat(160),
            ("ids", _) => format!("{},{}", self.known.id(dice, "id"), self.known.id(dice, "id")),
            ("per_page", _) => dice.below(210).to_string(),
            ("page", _) => dice.below(12).to_string(),
            (_, Kind::Integer) => dice.below(50).to_string(),
            (_, Kind::Number) => format!("{}.5", dice.below(50)),
            (_, Kind::Boolean) => dice.one_in(2).to_string(),
            (name, Kind::Id) => self.known.id(dice, name),
            (_, Kind::DateTime) => "2026-01-01T00:00:00-05:00".to_owned(),
            (_, Kind::Date) => "2026-01-01".to_owned(),
            (_, Kind::String) => dice.word(),
        }
    }

    fn body(&self, dice: &mut Dice, route: &Route, module: &str) -> (&'static str, Bytes) {
        match route.body {
            BodyKind::None => ("", Bytes::new()),
            BodyKind::Multipart => {
                let data = dice.odd_text();
                let text = format!(
                    "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\nContent-Type: text/csv\r\n\r\nLast_Name\n{data}\r\n\
                     --b\r\nContent-Disposition: form-data; name=\"JSONString\"\r\n\r\n{}\r\n--b--\r\n",
                    self.json(dice, route, module)
                );
                ("multipart/form-data; boundary=b", text.into())
            }
            BodyKind::Form => {
                let json = self.json(dice, route, module).to_string();
                (
                    "application/x-www-form-urlencoded",
                    format!("JSONString={}", encoded(&json)).into(),
                )
            }
            BodyKind::Json => {
                let json = self.json(dice, route, module).to_string();
                match route.product == Product::Books && dice.one_in(6) {
                    true => (
                        "application/x-www-form-urlencoded",
                        format!("JSONString={}", encoded(&json)).into(),
                    ),
                    false => (
                        dice.pick(&["application/json", "application/json;charset=UTF-8", ""]),
                        json.into(),
                    ),
                }
            }
        }
    }

    fn json(&self, dice: &mut Dice, route: &Route, module: &str) -> Value {
        if route.id == "query_records" {
            return json!({"select_query": self.coql(dice, module), "include_meta": ["fields"]});
        }
        let Some(name) = route.request_schema else {
            return json!({});
        };
        let schema = json!({"$ref": format!("#/components/schemas/{name}")});
        let mut body = self.known.value(dice, route.product, &schema, "", 0);
        if let (Product::Crm, Some(key), Some(object)) = (route.product, route.batch, body.as_object_mut()) {
            if key == "data" {
                let records: Vec<Value> = (0..=dice.below(3)).map(|_| self.record(dice, module)).collect();
                object.insert(key.to_owned(), records.into());
            } else if object
                .get(key)
                .and_then(Value::as_array)
                .is_none_or(Vec::is_empty)
            {
                object.insert(key.to_owned(), json!([{"id": self.known.id(dice, "id")}]));
            }
        }
        body
    }

    /// A record, often with the id of one that exists.
    fn record(&self, dice: &mut Dice, module: &str) -> Value {
        let mut record = self.known.record(dice, module);
        if let Some(object) = record.as_object_mut()
            && dice.one_in(2)
        {
            object.insert("id".to_owned(), self.known.id(dice, "id").into());
        }
        record
    }

    /// A query, valid or a little off.
    fn coql(&self, dice: &mut Dice, module: &str) -> String {
        let mut field = || self.known.field(dice, module);
        let (first, second, third) = (field(), field(), field());
        let wanted = dice.pick(&[
            first.clone(),
            format!("{first}, {second}"),
            format!("count(id), {first}"),
            format!("max({first}) as m"),
            "Owner.last_name".to_owned(),
            "*".to_owned(),
        ]);
        let word = dice.word();
        let filter = dice.pick(&[
            format!("{second} = '{word}'"),
            format!("{second} is not null"),
            format!("({second} like '%{word}%' and ({third} > 3 or id in (1, 2)))"),
            format!("{second} between '2026-01-01' and '2026-02-01'"),
            format!("id in (select id from {module})"),
        ]);
        let rest = dice.pick(&[
            String::new(),
            format!(" group by {first}"),
            format!(" order by {third} desc"),
            " limit 5".to_owned(),
            " limit 3, 200".to_owned(),
            " limit 99999999999999999999".to_owned(),
        ]);
        let mut query = format!("select {wanted} from {module} where {filter}{rest}");
        if dice.one_in(3) {
            let at = dice.below(query.chars().count());
            let odd = dice.pick(&["'", "(", ")", ",", ".", "\\", "ß", " and ", " select ", "\u{0}"]);
            query = query
                .chars()
                .take(at)
                .chain(odd.chars())
                .chain(query.chars().skip(at + 1))
                .collect();
        }
        query
    }

    /// A request that no description has.
    pub(super) fn garbage(&self, dice: &mut Dice) -> Ask {
        let mut target = dice
            .pick(&[
                "/crm/v8",
                "/books/v3",
                "/oauth/v2",
                "/oauth/v3",
                "/api/v3",
                "/dc/eu/crm/v8",
                "/crm/bulk/v8",
                "",
                "/crm",
            ])
            .to_owned();
        for _ in 0..dice.below(6) {
            target.push('/');
            let segment = match dice.below(5) {
                0 => encoded(&dice.odd_text()),
                1 => encoded(&self.known.module(dice)),
                2 => self.known.id(dice, "id"),
                3 => dice
                    .pick(&[
                        "token", "auth", "device", "code", "search", "upsert", "deleted", "actions",
                        "contacts", "invoices", "coql", "%00", "%ff", "..", "{id}", "",
                    ])
                    .to_owned(),
                _ => dice
                    .pick(&[
                        "settings", "fields", "count", "Notes", "status", "sent", "watch", "read", "write",
                        "1",
                    ])
                    .to_owned(),
            };
            target.push_str(&segment);
        }
        if target.is_empty() {
            target.push('/');
        }
        target.push_str(&format!("?organization_id={}", Config::default().organization_id));
        for _ in 0..dice.below(4) {
            let value = dice.odd_text();
            target.push_str(&format!("&{}={}", encoded(&dice.word()), encoded(&value)));
        }
        let mut ask = Ask::new(dice.pick(&["GET", "POST", "PUT", "DELETE", "HEAD"]), &target);
        ask.body = match dice.below(3) {
            0 => Bytes::new(),
            1 => odd(dice).to_string().into(),
            _ => (0..dice.below(300))
                .map(|_| dice.bits() as u8)
                .collect::<Vec<_>>()
                .into(),
        };
        ask
    }
}

/// A request to the mock itself.
pub(super) fn admin(dice: &mut Dice) -> Ask {
    let path = dice.pick(&[
        "clock",
        "faults",
        "journal",
        "grant",
        "consent",
        "dialect",
        "limits",
        "seed",
        "snapshot",
        "reset",
        "deliveries",
        "deliveries/faults",
        "health",
        "nothing",
    ]);
    let instant = dice.pick(&[
        "-009999-01-02T00:00:00Z",
        "9999-12-30T22:00:00Z",
        "1970-01-01T00:00:00Z",
        "now",
    ]);
    let seconds = dice.pick(&[
        json!(-1e300),
        json!(1e300),
        json!(-86_400),
        json!(0.001),
        json!("1"),
    ]);
    let other = odd(dice);
    let body = dice.pick(&[
        json!({"set": instant, "advance": seconds}),
        json!({"advance": seconds, "frozen": true}),
        json!({"Leads": 3, "Contacts": 2}),
        json!({"Leads": other}),
        json!({"operation": "*", "effect": "truncate", "bytes": 99_999, "delay_ms": 1}),
        json!({"operation": "crm.*", "every": 0, "probability": -3.0}),
        json!({"crm_concurrency": 0, "latency_ms": 1_000, "crm_credits": 0}),
        json!({"scopes": ["ZohoCRM.modules.ALL", ""]}),
        json!({"address": "/oauth/v2/auth?client_id=x", "decision": "accept"}),
        json!({"format": 1, "history": [{"at": "2026-01-01T00:00:00Z", "step": {"seed": {"module": "Leads", "count": 2}}}]}),
        other,
    ]);
    let method = dice.pick(&["GET", "POST", "PUT", "DELETE"]);
    let mut ask = Ask::new(method, &format!("/_mock/{path}"));
    ask.body = body.to_string().into();
    if dice.one_in(6) { ask.damaged(dice) } else { ask }
}
