//! What is to be known of a list before a way is chosen: its shape, its size, what the connection may do.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::super::list::List;
use crate::crm::coql::Select;
use crate::error::Result;
use crate::generated::crm::operations as op;
use crate::pipeline::request::Request;
use crate::record::Record;

/// Fields of one query: the smaller of the two bounds that Zoho documents.
const FIELDS: usize = 50;

/// A list as a query can ask for it: a module's fields in the order of ids.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) module: String,
    /// With `id` among them.
    pub(super) columns: Vec<String>,
    pub(super) descending: bool,
    /// Whether converted leads are left out.
    pub(super) hides_converted: bool,
}

impl Shape {
    /// The shape of a list, or why it has none.
    pub(super) async fn of<T>(list: &List<T>) -> Result<std::result::Result<Self, &'static str>>
    where
        T: DeserializeOwned + Send + 'static,
    {
        if list.start.is_some() {
            return Ok(Err("it starts in the middle"));
        }
        if !list.goes_by_id() {
            return Ok(Err("it is sorted otherwise than by id, or narrowed down"));
        }
        let given = |name: &str| {
            let mut values = list.parameters.iter().filter(|(known, _)| *known == name);
            values.next().map(|(_, value)| value.as_str())
        };
        if given("approved").is_some() {
            return Ok(Err("`approved` narrows it down"));
        }
        let hides_converted = match given("converted") {
            None | Some("false") => true,
            Some("both") => false,
            Some(_) => return Ok(Err("`converted` narrows it down")),
        };
        let module = list.path.first().cloned().unwrap_or_default();
        let mut columns: Vec<String> = list
            .chunks()
            .await?
            .iter()
            .flat_map(|fields| fields.names.iter().cloned())
            .collect();
        if !columns.iter().any(|name| name == "id") {
            columns.push("id".to_owned());
        }
        if columns.len() > FIELDS {
            return Ok(Err("it has more fields than a query takes"));
        }
        let shape = Self {
            hides_converted: hides_converted && module == "Leads",
            module,
            columns,
            descending: given("sort_order") != Some("asc"),
        };
        Ok(match shape.select().to_coql() {
            Ok(_) => Ok(shape),
            Err(_) => Err("a field or the module has no plain name"),
        })
    }

    /// The query for its columns, without condition and order.
    pub(super) fn select(&self) -> Select {
        Select::new(self.columns.clone()).from(self.module.clone())
    }
}

/// How many records the module has, hidden ones too. It costs one credit.
pub(super) async fn count<T>(list: &List<T>, shape: &Shape) -> Result<Option<u64>> {
    let query = format!("select COUNT(id) from {} where id is not null", shape.module);
    let rows = list.crm.coql(query).per_page(1).send().await?.into_items();
    let number = |row: Record| {
        let mut values = row.into_iter().map(|(_, value)| value);
        values.find_map(|value| match value {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        })
    };
    Ok(rows.into_iter().next().and_then(number))
}

/// What the connection may do.
pub(super) struct Allowed {
    pub(super) query: bool,
    pub(super) export: bool,
    pub(super) at_once: usize,
    pub(super) credits: Option<u64>,
}

impl Allowed {
    /// Looks at the scopes that Zoho named, and at the limits that the client keeps to.
    pub(super) async fn of<T>(list: &List<T>) -> Result<Self> {
        let engine = &list.crm.core.engine;
        let query = Request::of(&op::QUERY_RECORDS, &[])?;
        let export = Request::of(&op::CREATE_BULK_READ, &[])?;
        let (slots, heavy, credits) = engine.limits.room(&query);
        Ok(Self {
            query: !engine.lacks(&query).await,
            export: !engine.lacks(&export).await,
            at_once: slots.min(heavy).max(1),
            credits,
        })
    }
}
