//! `POST /Leads/{id}/actions/convert`.

use http::StatusCode;
use serde_json::{Value, json};

use super::lead;
use super::request::{self, Become, Places, Plan};
use crate::answer::Outcome;
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::records::actor;
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::Draft;
use crate::crm::store::{Cell, Row};
use crate::crm::{CrmWorld, body, path};
use crate::world::World;

/// Turns a lead into a contact, and an account and a deal where there is reason to.
pub(super) fn convert_lead(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let id = lead(crm, path(call, 0))?;
    let items = body::items(&mut body::object(call)?, "data", 1)?;
    let body = items.first().unwrap_or(&Value::Null);
    let actor = actor(crm, call);
    let item = crm.convert_lead(id, body, actor);
    Ok(batch::answer(world.dialect, "data", StatusCode::OK, vec![item]))
}

impl CrmWorld {
    /// Turns a lead that is not converted yet into other records.
    pub(crate) fn convert_lead(&mut self, id: u64, body: &Value, actor: Actor) -> Item {
        let find = |name| {
            self.schema
                .find(name)
                .ok_or_else(|| Fault::missing(name, "$.data"))
        };
        let places = Places {
            leads: find("Leads")?,
            accounts: find("Accounts")?,
            contacts: find("Contacts")?,
            deals: find("Deals")?,
        };
        self.unlocked(id)?;
        self.convert(places, id, body, actor)
    }

    fn convert(&mut self, places: Places, id: u64, body: &Value, actor: Actor) -> Item {
        let lead = self
            .tables
            .get(places.leads)
            .and_then(|table| table.get(id))
            .cloned();
        let lead = lead.unwrap_or_default();
        request::check_tags(body)?;
        let plan = self.plan(places, &lead, body)?;
        let attachments = plan.attachments;
        let (account, contact, deal) = self.carry_out(places, plan, actor);
        let became = [
            (places.contacts, "Contacts", contact),
            (places.accounts, "Accounts", account),
            (places.deals, "Deals", deal),
        ];
        for (module, name, record) in became {
            let Some(record) = record else { continue };
            if let Some(wanted) = request::wanted_tags(body, name) {
                self.carry_tags((places.leads, &lead), (module, record), &wanted, actor);
            }
            if name == attachments {
                self.shelf.rehang(id, module, record);
            }
        }
        if let Some(contact) = contact {
            self.repoint(places.leads, id, contact);
        }
        self.update(places.leads, id, Draft::default(), actor);
        self.hide(places.leads, id);
        let named = |module: ModuleIndex, record: Option<u64>| {
            let row = self.tables.get(module)?.get(record?)?;
            Some(json!({"name": self.display_name(module, row), "id": row.id.to_string()}))
        };
        let details = json!({
            "Contacts": named(places.contacts, contact),
            "Deals": named(places.deals, deal),
            "Accounts": named(places.accounts, account),
        });
        Ok(Success::new(
            "The record has been converted successfully",
            details,
        ))
    }

    /// Creates and changes the records: first the account, to which contact and deal belong.
    fn carry_out(
        &mut self,
        places: Places,
        plan: Plan,
        actor: Actor,
    ) -> (Option<u64>, Option<u64>, Option<u64>) {
        let account = self.make(places.accounts, plan.account, &[], actor);
        let to_account = account.map(|id| ("Account_Name", id));
        let contact = self.make(places.contacts, plan.contact, to_account.as_slice(), actor);
        let mut links: Vec<_> = to_account.into_iter().collect();
        links.extend(contact.map(|id| ("Contact_Name", id)));
        let deal = self.make(places.deals, plan.deal, &links, actor);
        (account, contact, deal)
    }

    fn make(
        &mut self,
        module: ModuleIndex,
        part: Become,
        links: &[(&'static str, u64)],
        actor: Actor,
    ) -> Option<u64> {
        let (known, mut draft) = match part {
            Become::Nothing => return None,
            Become::Known(id, draft) => (Some(id), draft),
            Become::New(draft) => (None, draft),
        };
        for (field, target) in links {
            if let Some(column) = self.column(module, field) {
                draft.fields.push(field);
                draft.cells.push((column, Cell::Ref(*target)));
            }
        }
        let Some(id) = known else {
            return Some(self.insert(module, draft, actor));
        };
        if !draft.fields.is_empty() {
            self.update(module, id, draft, actor);
        }
        Some(id)
    }

    /// Puts tags of the lead on a record: the wanted ones, or all when none is named.
    fn carry_tags(
        &mut self,
        (leads, lead): (ModuleIndex, &Row),
        (module, record): (ModuleIndex, u64),
        wanted: &[String],
        actor: Actor,
    ) {
        let columns = self.column(leads, "Tag").zip(self.column(module, "Tag"));
        let Some((from, to)) = columns else { return };
        let Cell::List(carried) = lead.cells.get(from) else {
            return;
        };
        let chosen = |symbol: &u32| {
            let name = self.symbols.text(*symbol);
            wanted.is_empty() || wanted.iter().any(|wanted| wanted == name)
        };
        let mut chosen: Vec<u32> = carried.iter().copied().filter(chosen).collect();
        let Some(table) = self.tables.get_mut(module) else {
            return;
        };
        let Some(row) = table.take(record) else { return };
        if let Cell::List(own) = row.cells.get(to) {
            chosen.retain(|symbol| !own.contains(symbol));
            chosen.splice(0..0, own.iter().copied());
        }
        let tags = [(to, Cell::List(chosen.into()))];
        let cells = row.cells.with(tags.clone());
        table.put(Row { cells, ..row });
        self.know_tags(module, &tags, actor);
    }

    /// Lets notes and activities of the lead belong to the contact.
    fn repoint(&mut self, leads: ModuleIndex, lead: u64, contact: u64) {
        for child in 0..self.tables.len() {
            let columns = self.ties(child, leads);
            for id in self.pointing_at(child, leads, lead) {
                let Some(table) = self.tables.get_mut(child) else {
                    continue;
                };
                let Some(row) = table.take(id) else { continue };
                let held = columns
                    .iter()
                    .filter(|column| row.cells.get(**column) == Cell::Ref(lead));
                let cells = row.cells.with(held.map(|column| (*column, Cell::Ref(contact))));
                table.put(Row { cells, ..row });
            }
        }
    }

    /// Marks a lead as converted: lists hide it from then on, queries do not.
    fn hide(&mut self, leads: ModuleIndex, id: u64) {
        if let Some(table) = self.tables.get_mut(leads)
            && let Some(row) = table.take(id)
        {
            table.put(Row {
                converted: true,
                ..row
            });
        }
    }
}
