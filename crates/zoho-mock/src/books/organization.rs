//! One organization: its settings, its tables, and the values its records show.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::catalogue::{Blank, Field, Kind, TYPES, Type, named, place};
use super::files::Stored;
use super::refuse::missing;
use super::table::{Row, Table};
use crate::answer::Refusal;
use crate::config::Config;

/// One organization.
#[derive(Debug)]
pub(crate) struct Organization {
    pub(crate) id: String,
    pub(crate) zone: TimeZone,
    /// What `GET /organizations` shows.
    pub(crate) settings: Map<String, Value>,
    tables: Vec<Table>,
    /// Files by their record and its slot.
    pub(super) files: BTreeMap<(u64, usize), Stored>,
    next_id: u64,
    first_id: u64,
    /// The present, set for each call.
    pub(crate) now: i64,
    /// Who calls, set for each call.
    pub(crate) user: u64,
    /// The mock's address, set for each call.
    pub(crate) base_url: String,
}

impl Organization {
    pub(crate) fn new(config: &Config, id: &str, name: &str, first_id: u64) -> Self {
        let mut organization = Self {
            id: id.to_owned(),
            zone: config.zone.clone(),
            settings: settings(config, id, name, first_id),
            tables: TYPES.iter().map(|_| Table::default()).collect(),
            files: BTreeMap::new(),
            next_id: first_id + 1_000,
            first_id,
            now: config.start.as_second(),
            user: crate::ids::owner(config.seed),
            base_url: String::new(),
        };
        super::seed::plant(&mut organization, first_id);
        organization
    }

    /// The id of the standard template of a type.
    pub(crate) fn template(&self, ty: &Type) -> u64 {
        self.first_id + 700 + place(ty.name) as u64
    }

    /// A fresh id; ids grow by more than one, as Zoho's do.
    pub(crate) fn mint(&mut self) -> u64 {
        self.next_id += 2;
        self.next_id
    }

    pub(crate) fn table(&self, ty: &Type) -> Option<&Table> {
        self.tables.get(place(ty.name))
    }

    pub(crate) fn table_mut(&mut self, ty: &Type) -> Option<&mut Table> {
        self.tables.get_mut(place(ty.name))
    }

    pub(crate) fn row(&self, ty: &Type, id: u64) -> Option<&Row> {
        self.table(ty)?.get(id)
    }

    /// A record that has to be there.
    ///
    /// # Errors
    /// Code 1002 when it is not.
    pub(crate) fn existing(&self, ty: &Type, id: u64) -> Result<&Row, Refusal> {
        self.row(ty, id).ok_or_else(|| missing(ty))
    }

    /// Adds a record, or puts it in the place of its former self.
    pub(crate) fn put(&mut self, ty: &Type, row: Row) {
        if let Some(table) = self.table_mut(ty) {
            table.put(ty, row);
        }
    }

    /// Drops a record.
    pub(crate) fn remove(&mut self, ty: &Type, id: u64) {
        if let Some(table) = self.table_mut(ty) {
            table.remove(ty, id);
        }
    }

    /// The records of a type, all of them or those under a parent.
    pub(crate) fn rows<'a>(
        &'a self,
        ty: &Type,
        parent: Option<u64>,
    ) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
        match (self.table(ty), parent) {
            (Some(table), Some(parent)) => Box::new(table.under(parent)),
            (Some(table), None) => Box::new(table.rows()),
            (None, _) => Box::new(std::iter::empty()),
        }
    }

    /// Today, in the organization's zone.
    pub(crate) fn today(&self) -> Date {
        instant(self.now).to_zoned_datetime(self.zone.clone()).date()
    }

    /// An instant as Books writes it: `2026-01-01T05:00:00-0500`.
    pub(crate) fn time(&self, seconds: i64) -> String {
        instant(seconds)
            .to_zoned_datetime(self.zone.clone())
            .strftime("%Y-%m-%dT%H:%M:%S%z")
            .to_string()
    }

    /// The value of any field as a reader sees it.
    pub(crate) fn value(&self, ty: &'static Type, row: &Row, name: &str) -> Option<Value> {
        match name {
            "created_time" => return Some(self.time(row.created).into()),
            "last_modified_time" => return Some(self.time(row.modified).into()),
            "status" if !ty.status.is_empty() => {
                return Some((ty.hooks.derive)(self, ty, row, name).unwrap_or_else(|| row.status.into()));
            }
            _ if name == ty.id => return Some(row.id.to_string().into()),
            _ => {}
        }
        if let Some(field) = ty.field(name) {
            return Some(self.field_value(ty, row, field));
        }
        let custom = row.custom.iter().find(|(key, _)| key == name)?;
        Some(custom.1.clone())
    }

    /// The value of a field of the type.
    pub(crate) fn field_value(&self, ty: &'static Type, row: &Row, field: &Field) -> Value {
        if field.derived {
            return (ty.hooks.derive)(self, ty, row, field.name).unwrap_or_else(|| blank(field));
        }
        if let Some(from) = field.from {
            return self.read_elsewhere(ty, row, from).unwrap_or_else(|| blank(field));
        }
        row.get(ty, field.name)
            .cloned()
            .unwrap_or_else(|| match field.name {
                "currency_id" => self.settings.get("currency_id").cloned().unwrap_or_default(),
                _ => blank(field),
            })
    }

    /// The value of a field that another record has, or the record that row's other one leads to.
    fn read_elsewhere(
        &self,
        ty: &'static Type,
        row: &Row,
        (by, other, of): (&str, &str, &str),
    ) -> Option<Value> {
        let id = match ty.parent {
            Some(parent) if parent.field == by => row.parent,
            _ => self.value(ty, row, by)?.as_str()?.parse().ok()?,
        };
        let other = named(other)?;
        self.value(other, self.row(other, id)?, of)
    }

    /// A setting of the organization.
    pub(crate) fn setting(&self, name: &str) -> Value {
        self.settings.get(name).cloned().unwrap_or_else(|| "".into())
    }
}

pub(crate) fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)
}

/// What a field shows when nothing was ever set: Books never sends `null`.
pub(crate) fn blank(field: &Field) -> Value {
    match (field.blank, field.kind) {
        (Blank::Text(text), _) => text.into(),
        (Blank::Number(number), _) => number.into(),
        (Blank::True, _) => true.into(),
        (Blank::OfKind, Kind::Text | Kind::Id | Kind::Date) => "".into(),
        (Blank::OfKind, Kind::Bool) => false.into(),
        (Blank::OfKind, Kind::Amount | Kind::Integer) => 0.into(),
        (Blank::OfKind, Kind::Object) => json!({}),
        (Blank::OfKind, Kind::List) => json!([]),
    }
}

fn settings(config: &Config, id: &str, name: &str, first_id: u64) -> Map<String, Value> {
    let start = config.start.to_zoned_datetime(config.zone.clone());
    let settings = json!({
        "organization_id": id,
        "name": name,
        "contact_name": "Dana Whitfield",
        "email": "dana@zylker.example",
        "is_default_org": id == config.organization_id,
        "plan_type": 13,
        "plan_name": "Professional",
        "tax_group_enabled": true,
        "plan_period": "Yearly",
        "language_code": "en",
        "fiscal_year_start_month": "january",
        "account_created_date": start.date().to_string(),
        "account_created_date_formatted": start.strftime("%d %b %Y").to_string(),
        "time_zone": config.zone_name,
        "is_org_active": true,
        "currency_id": (first_id + 97).to_string(),
        "currency_code": "USD",
        "currency_symbol": "$",
        "currency_format": "###,##0.00",
        "price_precision": 2,
        "country": "U.S.A",
        "country_code": "US",
        "version": "us",
        "date_format": "dd MMM yyyy",
        "field_separator": " ",
        "phone": "",
        "fax": "",
        "website": "",
        "address": {
            "street_address1": "",
            "street_address2": "",
            "city": "",
            "state": "",
            "country": "U.S.A",
            "zip": "",
        },
        "custom_fields": [],
    });
    match settings {
        Value::Object(settings) => settings,
        _ => Map::new(),
    }
}
