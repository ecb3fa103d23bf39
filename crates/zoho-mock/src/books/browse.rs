//! Organizations and their records, for people to look through.

use serde_json::{Map, Value, json};

use super::catalogue::{Kind, TYPES, Type, named};
use super::organization::Organization;
use super::table::Row;
use super::{BooksWorld, render};
use crate::routing::{self, Found};
use crate::text;

/// Rows that one look for a text goes through.
const LOOKED_THROUGH: usize = 2_000;
/// Columns of a page.
const COLUMNS: usize = 6;

/// What to look for: a text, below which record to go on, and how many rows to give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look<'a> {
    pub(crate) text: Option<&'a str>,
    pub(crate) below: Option<u64>,
    pub(crate) limit: usize,
}

impl BooksWorld {
    /// Organizations with their record types and how many records there are.
    pub(crate) fn organizations_shown(&self) -> Value {
        let shown = |organization: &Organization| {
            let types: Vec<Value> = TYPES
                .iter()
                .map(|ty| {
                    let count = organization.table(ty).map_or(0, super::table::Table::len);
                    json!({"name": ty.name, "records": count, "under": ty.parent.map(|parent| parent.name)})
                })
                .collect();
            let setting = |name: &str| organization.setting(name);
            json!({
                "organization_id": organization.id,
                "name": setting("name"),
                "currency_code": setting("currency_code"),
                "types": types,
            })
        };
        self.organizations.iter().map(shown).collect()
    }

    /// A page of records, newest first; `None` when there is no such organization or type.
    pub(crate) fn browse(
        &mut self,
        organization: &str,
        kind: &str,
        look: Look<'_>,
        now: i64,
    ) -> Option<Value> {
        let ty = named(kind)?;
        let organization = self.organization_mut(organization)?;
        organization.now = now;
        let table = organization.table(ty)?;
        let text = look.text.map(str::to_lowercase);
        let (mut rows, mut seen, mut last) = (Vec::new(), 0, None);
        let mut walk = table.newest(look.below);
        let mut more = false;
        for row in walk.by_ref() {
            if rows.len() == look.limit || (text.is_some() && seen == LOOKED_THROUGH) {
                more = true;
                break;
            }
            seen += 1;
            last = Some(row.id);
            let shown = render::list_row(organization, ty, row);
            let found = text.as_deref().is_none_or(|text| holds(&shown, text));
            if found {
                rows.push(json!({"id": row.id.to_string(), "record": shown}));
            }
        }
        Some(json!({
            "columns": columns(ty),
            "rows": rows,
            "next": last.filter(|_| more).map(|id| id.to_string()),
            "looked_through": seen,
            "total": table.len(),
        }))
    }

    /// One record in full, and where it is read, changed and deleted; `None` when it is not there.
    pub(crate) fn record_shown(
        &mut self,
        organization: &str,
        kind: &str,
        id: &str,
        now: i64,
    ) -> Option<Value> {
        let ty = named(kind)?;
        let organization = self.organization_mut(organization)?;
        organization.now = now;
        let row = organization.row(ty, id.parse().ok()?)?;
        let path = address(ty, row);
        let takes = |method| matches!(routing::find(&method, &path), Found::Route(..));
        let fields: Vec<Value> = ty
            .fields
            .iter()
            .map(|field| {
                let writable = field.writable && !field.derived && field.from.is_none();
                json!({"name": field.name, "kind": kind_name(field.kind), "writable": writable})
            })
            .collect();
        Some(json!({
            "id": row.id.to_string(),
            "path": path,
            "can_update": takes(http::Method::PUT),
            "can_delete": takes(http::Method::DELETE),
            "fields": fields,
            "record": render::record(organization, ty, row),
        }))
    }
}

/// The path of a record.
fn address(ty: &Type, row: &Row) -> String {
    let collection = ty.path.replacen("{}", &row.parent.to_string(), 1);
    format!("/books/v3{collection}/{}", row.id)
}

fn columns(ty: &Type) -> Vec<&'static str> {
    let status = (!ty.status.is_empty()).then_some("status");
    let plain = |kind: Kind| !matches!(kind, Kind::Object | Kind::List | Kind::Id);
    let fields = ty.fields.iter().filter(|field| plain(field.kind));
    let mut columns: Vec<&'static str> = fields.map(|field| field.name).take(COLUMNS - 2).collect();
    columns.extend(status);
    columns.push("last_modified_time");
    columns
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Id => "id",
        Kind::Date => "date",
        Kind::Bool => "boolean",
        Kind::Amount => "amount",
        Kind::Integer => "integer",
        Kind::Object => "object",
        Kind::List => "list",
    }
}

/// Whether a text stands anywhere in a record.
fn holds(value: &Value, wanted: &str) -> bool {
    let member = |members: &Map<String, Value>| members.values().any(|value| holds(value, wanted));
    match value {
        Value::String(found) => text::holds(found, wanted),
        Value::Number(found) => found.to_string().contains(wanted),
        Value::Array(items) => items.iter().any(|item| holds(item, wanted)),
        Value::Object(members) => member(members),
        Value::Null | Value::Bool(_) => false,
    }
}
