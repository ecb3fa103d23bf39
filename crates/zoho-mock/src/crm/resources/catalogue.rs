//! What a settings resource is: its address, its envelope, and the rules beside its schema. A resource is data.

mod automation;
mod people;
mod preferences;
mod sales;
mod services;
mod sharing;

use super::hooks::Hooks;
use crate::answer::Outcome;
use crate::call::Call;
use crate::route::Method;
use crate::world::World;

/// A rule about one property.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// It must be given.
    Mandatory(&'static str),
    /// No two resources of the same place have the same text.
    Unique(&'static str),
    /// Only the values that the description names are taken.
    Known(&'static str),
    /// The text has at most so many characters.
    Longest(&'static str, usize),
    /// The server sets it; what a client sends is passed over.
    Own(&'static str),
    /// It is set once and stays.
    Fixed(&'static str),
    /// The object's `id` leads to a resource of that name, a user, a module or a field.
    Refers(&'static str, &'static str),
    /// A list whose items have ids of their own: an update changes, adds and (`_delete`) drops items.
    Parts(&'static str),
    /// What it is when nothing was ever given.
    Blank(&'static str, Blank),
}

/// The value of a property that nobody gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blank {
    /// `null`.
    Null,
    /// A truth value.
    Is(bool),
    /// A text.
    Text(&'static str),
    /// A whole number.
    Number(i64),
    /// `[]`.
    Empty,
    /// The text of another property.
    Like(&'static str),
}

/// Where a resource lives: the parameters of its address before its own id, or of its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Within {
    /// A module that the path names.
    Module,
    /// A record of that module.
    Record,
    /// A layout that the path names.
    Layout,
    /// A resource that the path names by id or name.
    Of(&'static str),
    /// A module that the query names.
    QueryModule,
    /// A layout that the query names.
    QueryLayout,
}

/// What an operation of a resource's own does.
pub(crate) type Own = fn(&mut World, &'static Resource, &Call<'_>) -> Outcome;

/// What an address does with a resource.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    List,
    Get,
    Create,
    UpdateSeveral,
    Update,
    DeleteSeveral,
    Delete,
    /// A copy under another name.
    Clone,
    /// Sets a truth value: (property, value, message, the refusal when it is so already).
    Switch(&'static str, bool, &'static str, &'static str),
    /// Something of the resource's own.
    Own(Own),
}

/// How the thing is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrap {
    /// `{"roles": [..]}`: a collection.
    List,
    /// `{"fiscal_year": {..}}`: there is one, and it is there from the start.
    Always,
    /// `{"business_hours": {..}}`: there is at most one, and somebody makes it.
    Once,
}

/// A settings resource.
#[derive(Debug)]
pub(crate) struct Resource {
    pub(crate) name: &'static str,
    /// The collection's path below the version, with `{}` for parameters.
    pub(crate) path: &'static str,
    /// The envelope's key.
    pub(crate) key: &'static str,
    /// The component that describes it.
    pub(crate) schema: &'static str,
    pub(crate) wrap: Wrap,
    pub(crate) within: &'static [Within],
    pub(crate) rules: &'static [Rule],
    /// Query parameters that narrow a list: (parameter, JSON pointer into the resource).
    pub(crate) filters: &'static [(&'static str, &'static str)],
    /// Whether it is a record of a module of its own: shown by `fields`, newest first, and written with who and when.
    pub(crate) record: bool,
    /// The property that references show as its name.
    pub(crate) title: &'static str,
    /// A property by which the path may name it instead of its id.
    pub(crate) named: Option<&'static str>,
    /// Query parameters without which nothing is deleted.
    pub(crate) needs: &'static [&'static str],
    /// Most items of one body.
    pub(crate) most: usize,
    /// What is said when it was created, updated and deleted.
    pub(crate) said: [&'static str; 3],
    /// Addresses beside the usual ones, below the collection's path.
    pub(crate) more: &'static [(Method, &'static str, Action)],
    pub(crate) hooks: Hooks,
}

/// A resource with nothing special about it.
pub(crate) const PLAIN: Resource = Resource {
    name: "",
    path: "",
    key: "",
    schema: "",
    wrap: Wrap::List,
    within: &[],
    rules: &[],
    filters: &[],
    record: false,
    title: "name",
    named: None,
    needs: &[],
    most: 100,
    said: [
        "added successfully",
        "updated successfully",
        "deleted successfully",
    ],
    more: &[],
    hooks: Hooks::NONE,
};

/// All settings resources.
pub(crate) static RESOURCES: &[&Resource] = &[
    &people::ROLES,
    &people::PROFILES,
    &people::USER_GROUPS,
    &people::TERRITORIES,
    &people::USERS_UNAVAILABILITY,
    &people::SHIFT_HOURS,
    &people::HOLIDAYS,
    &people::BUSINESS_HOURS,
    &sales::CURRENCIES,
    &sales::PIPELINES,
    &sales::CONTACT_ROLES,
    &sales::SCORING_RULES,
    &sales::GLOBAL_PICKLISTS,
    &sales::MAP_DEPENDENCIES,
    &sales::CUSTOM_VIEWS,
    &automation::WORKFLOW_RULES,
    &automation::FIELD_UPDATES,
    &automation::WORKFLOW_TASKS,
    &automation::WEBHOOKS,
    &sharing::LOCKING_CONFIGURATIONS,
    &sharing::RECORD_LOCKS,
    &sharing::RECORD_SHARES,
    &sharing::DATA_SHARING,
    &sharing::SHARING_RULES,
    &sharing::PORTALS,
    &sharing::PORTAL_USER_TYPES,
    &sharing::UNSUBSCRIBE_LINKS,
    &sharing::EMAIL_DRAFTS,
    &services::SERVICES,
    &services::APPOINTMENTS,
    &services::RESCHEDULES,
    &services::ORG_ENRICHMENTS,
    &services::PEOPLE_ENRICHMENTS,
    &preferences::FISCAL_YEAR,
    &preferences::CALL_PREFERENCES,
    &preferences::APPOINTMENT_PREFERENCES,
    &preferences::SERVICE_PREFERENCES,
    &preferences::DUPLICATE_CHECK_PREFERENCE,
    &preferences::AUDIT_LOG_EXPORTS,
];

/// A resource by name.
pub(crate) fn named(name: &str) -> Option<&'static Resource> {
    RESOURCES.iter().copied().find(|resource| resource.name == name)
}

impl Rule {
    /// The property that it is about.
    #[cfg(test)]
    pub(crate) fn property(self) -> &'static str {
        match self {
            Self::Mandatory(name)
            | Self::Unique(name)
            | Self::Known(name)
            | Self::Longest(name, _)
            | Self::Own(name)
            | Self::Fixed(name)
            | Self::Refers(name, _)
            | Self::Parts(name)
            | Self::Blank(name, _) => name,
        }
    }
}

impl Resource {
    /// The properties with a rule of some kind.
    fn of<'a>(
        &'a self,
        pick: impl Fn(&Rule) -> Option<&'static str> + 'a,
    ) -> impl Iterator<Item = &'static str> + 'a {
        self.rules.iter().filter_map(pick)
    }

    pub(crate) fn mandatory(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.of(|rule| match rule {
            Rule::Mandatory(name) => Some(*name),
            _ => None,
        })
    }

    pub(crate) fn unique(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.of(|rule| match rule {
            Rule::Unique(name) => Some(*name),
            _ => None,
        })
    }

    /// Whether a client may give the property.
    pub(crate) fn takes(&self, name: &str, new: bool) -> bool {
        self.rules.iter().all(|rule| match rule {
            Rule::Own(own) => *own != name,
            Rule::Fixed(fixed) => new || *fixed != name,
            _ => true,
        })
    }

    /// Where the property's id leads.
    pub(crate) fn refers(&self, name: &str) -> Option<&'static str> {
        self.rules.iter().find_map(|rule| match rule {
            Rule::Refers(property, to) if *property == name => Some(*to),
            _ => None,
        })
    }

    /// Whether the property is a list of items with ids.
    pub(crate) fn has_parts(&self, name: &str) -> bool {
        self.rules
            .iter()
            .any(|rule| matches!(rule, Rule::Parts(parts) if *parts == name))
    }

    /// Whether only the described values of the property are taken.
    pub(crate) fn is_closed(&self, name: &str) -> bool {
        self.rules
            .iter()
            .any(|rule| matches!(rule, Rule::Known(known) if *known == name))
    }

    /// The most characters of a text.
    pub(crate) fn longest(&self, name: &str) -> usize {
        let limit = self.rules.iter().find_map(|rule| match rule {
            Rule::Longest(property, most) if *property == name => Some(*most),
            _ => None,
        });
        limit.unwrap_or(32_000)
    }

    /// What the property is when nobody gave it.
    pub(crate) fn blank(&self, name: &str) -> Option<Blank> {
        self.rules.iter().find_map(|rule| match rule {
            Rule::Blank(property, blank) if *property == name => Some(*blank),
            _ => None,
        })
    }
}
