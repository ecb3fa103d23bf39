//! The body of a conversion, read and checked before anything is changed.

use serde_json::{Map, Value, json};

use crate::crm::CrmWorld;
use crate::crm::batch::Fault;
use crate::crm::ids;
use crate::crm::people::User;
use crate::crm::records::object;
use crate::crm::schema::ModuleIndex;
use crate::crm::schema::validate::{self, Draft, Mode};
use crate::crm::store::{Cell, Row};

/// What becomes of a lead in one module.
#[derive(Debug)]
pub(super) enum Become {
    /// Nothing.
    Nothing,
    /// A record that is there.
    Known(u64, Draft),
    /// A new record.
    New(Draft),
}

/// A conversion that can be carried out.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) account: Become,
    pub(super) contact: Become,
    pub(super) deal: Become,
    /// Where attachments go.
    pub(super) attachments: &'static str,
}

const PATH: &str = "$.data[0]";
/// The modules that a lead becomes records of.
const TARGETS: [&str; 3] = ["Contacts", "Accounts", "Deals"];

/// The places of the modules that take part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    pub(super) leads: ModuleIndex,
    pub(super) accounts: ModuleIndex,
    pub(super) contacts: ModuleIndex,
    pub(super) deals: ModuleIndex,
}

impl CrmWorld {
    /// Reads how a lead is to be converted.
    pub(super) fn plan(&mut self, places: Places, lead: &Row, body: &Value) -> Result<Plan, Fault> {
        let body = object(body, PATH)?;
        let flag = |key: &str| body.get(key).and_then(Value::as_bool).unwrap_or(false);
        let (overwrite, join) = (flag("overwrite"), flag("add_to_existing_record"));
        let owner = self.assignee(body)?;
        let has_company = self
            .column(places.leads, "Company")
            .is_some_and(|column| !lead.cells.get(column).is_null());
        let mut read = |module, name: &'static str, wanted: bool, source: &str, field: &str| {
            let given = body.get(name).filter(|given| !given.is_null());
            if given.is_none() && !wanted {
                return Ok(Become::Nothing);
            }
            let found = self.matches(lead.id, source, name, field).unwrap_or_default();
            let known = found.first().copied().filter(|_| join);
            self.becoming(places.leads, lead, module, name, given, known, overwrite)
        };
        let account = read(
            places.accounts,
            "Accounts",
            has_company,
            "Company",
            "Account_Name",
        )?;
        let contact = read(places.contacts, "Contacts", true, "Email", "Email")?;
        let deal = read(places.deals, "Deals", false, "Company", "Deal_Name")?;
        let mut plan = Plan {
            account,
            contact,
            deal,
            attachments: "Contacts",
        };
        for part in [&mut plan.account, &mut plan.contact, &mut plan.deal] {
            if let (Become::New(draft), Some(owner)) = (part, owner) {
                draft.owner = Some(owner);
            }
        }
        if let Some(module) = body.get("move_attachments_to").filter(|module| !module.is_null()) {
            plan.attachments = plan.carrier(module)?;
        }
        Ok(plan)
    }

    /// The user who owns what comes of the lead.
    fn assignee(&self, body: &Map<String, Value>) -> Result<Option<u64>, Fault> {
        let Some(user) = body.get("assign_to").filter(|user| !user.is_null()) else {
            return Ok(None);
        };
        let id = user.get("id").and_then(ids::from_json);
        let id = id.filter(|id| self.users.get(*id).is_some_and(User::active));
        let path = format!("{PATH}.assign_to.id");
        id.map(Some).ok_or_else(|| Fault::unknown_id(&path))
    }

    #[expect(clippy::too_many_arguments, reason = "one part of a conversion")]
    fn becoming(
        &mut self,
        leads: ModuleIndex,
        lead: &Row,
        module: ModuleIndex,
        name: &'static str,
        given: Option<&Value>,
        known: Option<u64>,
        overwrite: bool,
    ) -> Result<Become, Fault> {
        let path = format!("{PATH}.{name}");
        let none = Map::new();
        let given = given.map_or(Ok(&none), |given| object(given, &path))?;
        let named = match given.get("id").filter(|id| !id.is_null()) {
            None => known,
            Some(id) => {
                let id = ids::from_json(id).filter(|id| self.has(module, *id));
                Some(id.ok_or_else(|| Fault::unknown_id(&format!("{path}.id")))?)
            }
        };
        let own = validate::draft(self, module, given, &path, Mode::Update)?;
        let mut draft = if named.is_none() || overwrite {
            self.inherited(leads, lead, module)
        } else {
            Draft::default()
        };
        if named.is_some() {
            // Who owns a record that is there goes on to own it.
            draft.owner = None;
        }
        draft.owner = own.owner.or(draft.owner);
        draft.fields.extend(own.fields);
        draft.cells.extend(own.cells);
        self.check_unique(module, &draft, named, &path)?;
        if let Some(id) = named {
            return Ok(Become::Known(id, draft));
        }
        self.complete(module, &draft, &path)?;
        Ok(Become::New(draft))
    }

    /// Whether a new record has all that it must have.
    fn complete(&self, module: ModuleIndex, draft: &Draft, path: &str) -> Result<(), Fault> {
        let fields = self.schema.module(module).map(|module| &module.fields);
        let lacks = |column| {
            let mut cells = draft.cells.iter().rev();
            cells
                .find(|(at, _)| *at == column)
                .is_none_or(|(_, cell)| matches!(cell, Cell::Null))
        };
        let mut fields = fields.into_iter().flatten().filter(|field| field.mandatory);
        match fields.find(|field| field.column().is_some_and(lacks)) {
            Some(field) => Err(Fault::missing(
                field.api_name,
                &format!("{path}.{}", field.api_name),
            )),
            None => Ok(()),
        }
    }
}

impl Plan {
    /// The module that takes the attachments: one in which the lead becomes a record.
    fn carrier(&self, module: &Value) -> Result<&'static str, Fault> {
        let path = format!("{PATH}.move_attachments_to");
        let name = module.get("api_name").and_then(Value::as_str);
        let part = match name {
            Some("Contacts") => &self.contact,
            Some("Accounts") => &self.account,
            Some("Deals") => &self.deal,
            _ => &Become::Nothing,
        };
        let name = TARGETS.into_iter().find(|target| Some(*target) == name);
        match (name, part) {
            (None, _) | (_, Become::Nothing) => Err(Fault::field(
                "INVALID_DATA",
                "invalid data",
                "api_name",
                &format!("{path}.api_name"),
            )),
            (Some(name), _) => Ok(name),
        }
    }
}

/// Which tags of the lead the record of `module` takes over; `$.carry_over_tags` is a list of modules,
/// or names the tags of each.
pub(super) fn wanted_tags(body: &Value, module: &str) -> Option<Vec<String>> {
    let carry = body.get("carry_over_tags")?;
    let named = |item: &Value, key: &str| {
        let text = item.get(key).unwrap_or(item).as_str();
        text.map(str::to_owned)
    };
    match carry {
        Value::Array(modules) => {
            let listed = modules
                .iter()
                .any(|item| named(item, "api_name").as_deref() == Some(module));
            listed.then(Vec::new)
        }
        Value::Object(modules) => match modules.get(module)? {
            Value::Bool(true) => Some(Vec::new()),
            Value::Array(tags) if tags.is_empty() => None,
            Value::Array(tags) => Some(tags.iter().filter_map(|tag| named(tag, "name")).collect()),
            _ => None,
        },
        _ => None,
    }
}

/// What is said of a body whose `carry_over_tags` is no list and no object.
pub(super) fn check_tags(body: &Value) -> Result<(), Fault> {
    match body.get("carry_over_tags") {
        None | Some(Value::Null | Value::Array(_) | Value::Object(_)) => Ok(()),
        Some(_) => Err(Fault {
            code: "INVALID_DATA",
            message: "invalid data",
            details: json!({"expected_data_type": "jsonobject", "api_name": "carry_over_tags",
                            "json_path": format!("{PATH}.carry_over_tags")}),
        }),
    }
}
