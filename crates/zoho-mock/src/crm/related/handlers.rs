//! `/{module}/{id}/{list}`: list, read, link and delink.

use http::StatusCode;
use serde_json::{Value, json};

use super::Site;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::records::{actor, envelope, object, params, write_page};
use crate::crm::schema::validate::Draft;
use crate::crm::store::{Cell, Column, Row};
use crate::crm::{CrmWorld, ids, path, refuse};
use crate::world::World;

pub(super) fn list_related_records(world: &mut World, call: &Call<'_>) -> Outcome {
    list(&world.crm, call, &Site::of(&world.crm, call)?)
}

/// A page of a related list. Its `info` has neither tokens nor an order.
pub(crate) fn list(crm: &CrmWorld, call: &Call<'_>, site: &Site) -> Outcome {
    let module = crm.schema.module(site.child).ok_or_else(refuse::invalid_module)?;
    let table = crm.tables.get(site.child).ok_or_else(refuse::invalid_module)?;
    let selection = params::fields(call, module)?;
    let (page, size) = (params::page_number(call)?, params::page_size(call)?);
    let order = params::order(call)?;
    let converted = params::Converted::of(call)?;
    let since = params::modified_since(call);
    let wanted: Option<Vec<u64>> =
        params::id_list(call)?.map(|ids| ids.into_iter().filter_map(|(_, id)| id).collect());
    let all = table.range(order, std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
    let mut rows = all
        .filter(|row| {
            since.is_none_or(|since| row.modified > since)
                && converted.shows(row)
                && wanted.as_ref().is_none_or(|ids| ids.contains(&row.id))
                && site.holds(crm, row)
        })
        .skip((page - 1).saturating_mul(size));
    let shown: Vec<&Row> = rows.by_ref().take(size).collect();
    if shown.is_empty() {
        return Ok(if since.is_some() && page == 1 {
            Answer::not_modified()
        } else {
            Answer::no_content()
        });
    }
    let more = rows.next().is_some();
    let info = json!({"per_page": size, "count": shown.len(), "page": page, "more_records": more});
    Ok(write_page(crm, site.child, &shown, &selection, &info))
}

pub(super) fn get_related_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let site = Site::of(crm, call)?;
    let module = crm.schema.module(site.child).ok_or_else(refuse::invalid_module)?;
    let selection = params::fields(call, module)?;
    let id = ids::parse(path(call, 3)).ok_or_else(refuse::invalid_id)?;
    let row = crm.tables.get(site.child).and_then(|table| table.get(id));
    let Some(row) = row.filter(|row| site.holds(crm, row)) else {
        return Ok(Answer::no_content());
    };
    let info = json!({"per_page": 1, "count": 1, "page": 1, "more_records": false});
    Ok(write_page(crm, site.child, &[row], &selection, &info))
}

pub(super) fn update_related_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let site = Site::of(crm, call)?;
    let (records, _) = envelope(call)?;
    let actor = actor(crm, call);
    let link = |(at, record): (usize, &Value)| -> Item {
        let path = format!("$.data[{at}]");
        let record = object(record, &path)?;
        let path = format!("{path}.id");
        match record.get("id") {
            None | Some(Value::Null) => Err(Fault::missing("id", &path)),
            Some(id) => crm.link(&site, ids::from_json(id), &path, actor),
        }
    };
    let items = records.iter().enumerate().map(link).collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

pub(super) fn update_related_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let site = Site::of(crm, call)?;
    envelope(call)?;
    let actor = actor(crm, call);
    let item = crm.link(&site, ids::parse(path(call, 3)), "$.data[0].id", actor);
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, vec![item]))
}

pub(super) fn delink_related_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let site = Site::of(crm, call)?;
    let ids = params::id_list(call)?.ok_or_else(|| refuse::required_param("ids"))?;
    let actor = actor(crm, call);
    let items = ids
        .iter()
        .map(|(text, id)| crm.delink(&site, text, *id, actor))
        .collect();
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, items))
}

pub(super) fn delink_related_record(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let site = Site::of(crm, call)?;
    let actor = actor(crm, call);
    let text = path(call, 3);
    let item = crm.delink(&site, text, ids::parse(text), actor);
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, vec![item]))
}

impl CrmWorld {
    fn link(&mut self, site: &Site, id: Option<u64>, path: &str, actor: Actor) -> Item {
        let Some(id) = id.filter(|id| self.has(site.child, *id)) else {
            return Err(Fault::field(
                "INVALID_DATA",
                "the related id given seems to be invalid",
                "id",
                path,
            ));
        };
        match site.column() {
            Some(column) => self.point(site, id, &[column], &Cell::Ref(site.parent), actor),
            None => self.links.add(site.parent, id),
        }
        Ok(Success::new("relation added", json!({"id": id.to_string()})))
    }

    fn delink(&mut self, site: &Site, text: &str, id: Option<u64>, actor: Actor) -> Item {
        let row = id.and_then(|id| self.tables.get(site.child)?.get(id));
        let Some(row) = row.filter(|row| site.holds(self, row)) else {
            return Err(Fault {
                code: "INVALID_DATA",
                message: "the related id given seems to be invalid",
                details: json!({"id": text}),
            });
        };
        let (id, columns) = (row.id, site.holding(row));
        let fields = self.schema.module(site.child).map(|module| &module.fields);
        let needed = fields
            .into_iter()
            .flatten()
            .find(|field| field.mandatory && field.column().is_some_and(|at| columns.contains(&at)));
        if let Some(field) = needed {
            return Err(Fault::missing(field.api_name, &format!("$.{}", field.api_name)));
        }
        if columns.is_empty() {
            self.links.remove(site.parent, id);
        } else {
            self.point(site, id, &columns, &Cell::Null, actor);
        }
        Ok(Success::new("relation removed", json!({"id": text})))
    }

    fn point(&mut self, site: &Site, id: u64, columns: &[Column], cell: &Cell<'static>, actor: Actor) {
        let fields = self.schema.module(site.child).map(|module| &module.fields);
        let named = fields
            .into_iter()
            .flatten()
            .filter(|field| field.column().is_some_and(|at| columns.contains(&at)));
        let draft = Draft {
            fields: named.map(|field| field.api_name).collect(),
            cells: columns.iter().map(|column| (*column, cell.clone())).collect(),
            owner: None,
        };
        self.update(site.child, id, draft, actor);
    }
}
