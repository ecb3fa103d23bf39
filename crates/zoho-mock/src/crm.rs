//! Zoho CRM v8: its state and the handlers of its operations.

mod actions;
mod attachments;
mod batch;
mod body;
mod browse;
pub(crate) mod bulk;
mod change;
mod composite;
mod conversion;
mod coql;
mod files;
mod filter;
mod ids;
mod notes;
mod notifications;
mod people;
mod photos;
mod records;
mod recycle;
mod refuse;
mod related;
mod render;
mod resources;
mod schema;
mod search;
mod seeding;
mod settings;
mod store;
mod tags;
#[cfg(test)]
mod testkit;
mod time;
mod users;

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Refusal;
use crate::call::Call;
use crate::config::Config;
use crate::limits::Edition;
use crate::world::Handler;
use actions::Jobs;
use attachments::Shelf;
pub(crate) use browse::Look;
use bulk::Bulk;
use change::Changes;
use files::Files;
use ids::Ids;
use notifications::Channels;
use people::Users;
use photos::Photos;
use related::Links;
use render::Selections;
use resources::Shelves;
use schema::{ModuleIndex, Schema};
use store::{Symbols, Table};
use tags::Tags;
use time::Zone;

/// The state of one CRM organization.
#[derive(Clone, Debug)]
pub(crate) struct CrmWorld {
    name: String,
    zgid: String,
    edition: Edition,
    zone: Zone,
    ids: Ids,
    users: Users,
    schema: Schema,
    symbols: Symbols,
    /// One for each module of the schema.
    tables: Vec<Table>,
    selections: Selections,
    changes: Changes,
    shelf: Shelf,
    channels: Channels,
    variable_groups: Vec<settings::Group>,
    variables: Vec<settings::Variable>,
    jobs: Jobs,
    links: Links,
    tags: Tags,
    photos: Photos,
    files: Files,
    bulk: Bulk,
    shelves: Shelves,
    /// Jobs that gave the records of a user to another.
    transfers: BTreeSet<u64>,
    /// Names that layouts were given.
    layout_names: BTreeMap<ModuleIndex, String>,
}

impl Default for CrmWorld {
    fn default() -> Self {
        Self::new(&Config::default())
    }
}

impl CrmWorld {
    /// An organization with users and modules but without records.
    pub(crate) fn new(config: &Config) -> Self {
        let ids = Ids::new(config.seed);
        let schema = Schema::new(&ids);
        let tables = schema
            .modules
            .iter()
            .map(|module| Table::new(module.probed()))
            .collect();
        Self {
            name: config.organization_name.clone(),
            zgid: config.organization_id.clone(),
            edition: config.edition,
            zone: Zone {
                name: config.zone_name.clone(),
                rules: config.zone.clone(),
            },
            users: Users::new(&ids),
            variable_groups: settings::Group::first(&ids),
            variables: Vec::new(),
            shelves: Shelves::first(&ids, &schema),
            layout_names: BTreeMap::new(),
            transfers: BTreeSet::new(),
            ids,
            schema,
            symbols: Symbols::default(),
            tables,
            selections: Selections::default(),
            changes: Changes::default(),
            shelf: Shelf::default(),
            channels: Channels::default(),
            jobs: Jobs::default(),
            links: Links::default(),
            tags: Tags::default(),
            photos: Photos::default(),
            files: Files::default(),
            bulk: Bulk::default(),
        }
    }

    /// An instant as CRM writes it to this organization.
    pub(crate) fn time_text(&self, seconds: i64) -> String {
        self.zone.text(seconds)
    }

    /// The module that the path names.
    fn module_of(&self, call: &Call<'_>) -> Result<ModuleIndex, Refusal> {
        self.schema.find(path(call, 0)).ok_or_else(refuse::invalid_module)
    }

    /// The table of a module by its API name.
    fn table(&self, api_name: &str) -> Option<&Table> {
        self.tables.get(self.schema.find(api_name)?)
    }

    /// The user who calls; a token of nobody's acts as the administrator.
    fn caller(&self, call: &Call<'_>) -> u64 {
        self.users
            .get(call.user)
            .map_or(self.ids.administrator, |user| user.id)
    }
}

/// The `index`th path parameter. Handlers go by position, so that a description may name its
/// parameters as it likes.
fn path<'a>(call: &'a Call<'_>, index: usize) -> &'a str {
    let mut names = call
        .route
        .path
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next());
    names.nth(index).map_or("", |name| call.param(name))
}

/// The handler of a CRM operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    [
        records::handler,
        composite::handler,
        coql::handler,
        search::handler,
        settings::handler,
        users::handler,
        attachments::handler,
        notifications::handler,
        actions::handler,
        conversion::handler,
        notes::handler,
        related::handler,
        tags::handler,
        photos::handler,
        files::handler,
        recycle::handler,
        bulk::handler,
        resources::handler,
    ]
    .into_iter()
    .find_map(|room| room(operation_id))
}
