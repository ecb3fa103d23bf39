//! Conversions of many leads with a job, and of quotes and orders into what follows them.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::actions::jobs::{self, Purpose, Work};
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::records::actor;
use crate::crm::schema::validate::Draft;
use crate::crm::schema::{Field, ModuleIndex};
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// Leads of one job.
const MOST: usize = 50;

/// `POST /Leads/actions/mass_convert`
pub(super) fn mass_convert_leads(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let mut rest = body::object(call)?;
    let named = body::items(&mut rest, "ids", MOST)?;
    let leads = crm.schema.find("Leads").ok_or_else(refuse::invalid_module)?;
    let mut wanted = Vec::new();
    for (at, id) in named.iter().enumerate() {
        let known = ids::from_json(id).filter(|id| crm.has(leads, *id));
        wanted.push(known.ok_or_else(|| {
            let details = json!({"api_name": "ids", "json_path": format!("$.ids[{at}]")});
            refuse::bad("INVALID_DATA", "the id given seems to be invalid", details)
        })?);
    }
    let actor = actor(crm, call);
    // Jobs for other leads may run beside it.
    let view = wanted.iter().fold(0_u64, |sum, id| sum.rotate_left(7) ^ id);
    let work = Work::Convert(wanted, Value::Object(rest));
    let job = crm
        .schedule(Purpose::Convert, leads, view, work, actor)
        .ok_or_else(|| {
            refuse::bad(
                "ALREADY_SCHEDULED",
                "already scheduled",
                json!({"api_name": "ids"}),
            )
        })?;
    let outcome = batch::outcome(Ok(jobs::scheduled("mass convert scheduled successfully", job)));
    Ok(Answer::json(StatusCode::ACCEPTED, &outcome))
}

/// `GET /Leads/actions/mass_convert?job_id=`
pub(super) fn get_mass_convert_status(world: &mut World, call: &Call<'_>) -> Outcome {
    world
        .crm
        .progress(call, Purpose::Convert, || Err(jobs::unknown_job()))
}

/// What becomes of what.
const FOLLOWS: &[(&str, &[&str])] = &[
    ("Quotes", &["Sales_Orders", "Invoices"]),
    ("Sales_Orders", &["Invoices"]),
];

/// `POST /{module}/{id}/actions/convert`: a quote becomes an order or an invoice, an order an invoice.
pub(super) fn convert_inventory_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let index = crm.module_of(call)?;
    let name = crm.schema.module(index).map_or("", |module| module.api_name);
    let follows = FOLLOWS.iter().find(|(from, _)| *from == name).map(|(_, to)| *to);
    let follows = follows.ok_or_else(refuse::invalid_module)?;
    let id = ids::parse(path(call, 1)).filter(|id| crm.has(index, *id));
    let id = id.ok_or_else(|| {
        let details = json!({"resource_path_index": 1});
        refuse::bad("INVALID_DATA", "the id given seems to be invalid", details)
    })?;
    let wishes = body::items(&mut body::object(call)?, "data", 1)?;
    let actor = actor(crm, call);
    let items = wishes
        .iter()
        .map(|wish| crm.follow(index, id, wish, follows, actor))
        .collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

impl CrmWorld {
    fn follow(&mut self, from: ModuleIndex, id: u64, wish: &Value, follows: &[&str], actor: Actor) -> Item {
        let at = "$.data[0].convert_to";
        let targets = wish
            .get("convert_to")
            .and_then(Value::as_array)
            .filter(|list| !list.is_empty());
        let targets = targets.ok_or_else(|| Fault::missing("convert_to", at))?;
        let mut places = Vec::new();
        for (number, target) in targets.iter().enumerate() {
            let name = target
                .get("module")
                .and_then(|module| module.get("api_name"))
                .and_then(Value::as_str);
            let known = name
                .filter(|name| follows.contains(name))
                .and_then(|name| self.schema.find(name));
            places.push(known.ok_or_else(|| {
                let path = format!("{at}[{number}].module.api_name");
                Fault::field("INVALID_DATA", "invalid data", "api_name", &path)
            })?);
        }
        self.unlocked(id)?;
        let mut details = Map::new();
        for to in places {
            let made = self.carry_into(from, id, to, actor);
            let row = self.tables.get(to).and_then(|table| table.get(made));
            let name = row.and_then(|row| self.display_name(to, row));
            if let Some(module) = self.schema.module(to) {
                details.insert(
                    module.api_name.into(),
                    json!({"name": name, "id": made.to_string()}),
                );
            }
        }
        Ok(Success::new(
            "The record has been converted successfully",
            Value::from(details),
        ))
    }

    /// A record with all values that another module's fields of the same name can hold.
    fn carry_into(&mut self, from: ModuleIndex, id: u64, to: ModuleIndex, actor: Actor) -> u64 {
        let mut draft = Draft::default();
        let row = self.tables.get(from).and_then(|table| table.get(id));
        if let (Some(row), Some(source), Some(target)) =
            (row, self.schema.module(from), self.schema.module(to))
        {
            draft.owner = Some(row.owner);
            for field in target
                .fields
                .iter()
                .filter(|field| !field.read_only && !field.unique)
            {
                let same = source
                    .field(field.api_name)
                    .filter(|known| known.kind == field.kind);
                if let (Some(column), Some(old)) = (field.column(), same.and_then(Field::column)) {
                    draft.fields.push(field.api_name);
                    draft.cells.push((column, row.cells.get(old).into_owned()));
                }
            }
        }
        self.insert(to, draft, actor)
    }
}
