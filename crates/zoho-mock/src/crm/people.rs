//! The users of the organization.

use serde_json::{Value, json};

use super::CrmWorld;
use super::ids::Ids;

/// A user's standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    Active,
    Inactive,
    Deleted,
}

/// A user.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: u64,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: String,
    pub(crate) email: String,
    /// The role's id.
    pub(crate) role: u64,
    /// The profile's id.
    pub(crate) profile: u64,
    pub(crate) standing: Standing,
    pub(crate) confirmed: bool,
    pub(crate) created: i64,
    pub(crate) modified: i64,
    pub(crate) created_by: u64,
    pub(crate) modified_by: u64,
}

impl User {
    /// First and last name.
    pub(crate) fn full_name(&self) -> String {
        match &self.first_name {
            Some(first) => format!("{first} {}", self.last_name),
            None => self.last_name.clone(),
        }
    }

    /// The id of the user in the accounts server.
    pub(crate) fn zuid(&self) -> String {
        (self.id % 1_000_000_000).to_string()
    }

    /// Whether the user can own records.
    pub(crate) fn active(&self) -> bool {
        self.standing == Standing::Active
    }

    /// Whether the user's profile is the administrator's.
    pub(crate) fn admin(&self, ids: &Ids) -> bool {
        self.profile == ids.profile(0)
    }

    /// The user as `/users` shows one.
    pub(crate) fn to_json(&self, crm: &CrmWorld) -> Value {
        let zone = &crm.zone;
        let by = |id: u64| {
            crm.users
                .get(id)
                .map(|user| json!({"name": user.full_name(), "id": user.id.to_string()}))
        };
        let named = |kind: &str, id: u64| {
            let name = crm.shelves.get(kind, id).and_then(|kept| kept.text("name"));
            json!({"name": name, "id": id.to_string()})
        };
        let mut shown = json!({
            "id": self.id.to_string(), "zuid": self.zuid(),
            "full_name": self.full_name(), "first_name": self.first_name, "last_name": self.last_name,
            "email": self.email, "confirm": self.confirmed, "category": "regular_user", "type__s": "Regular User",
            "status": match self.standing {
                Standing::Active => "active",
                Standing::Inactive => "inactive",
                Standing::Deleted => "deleted",
            },
            "role": named("roles", self.role), "profile": named("profiles", self.profile),
            "created_by": by(self.created_by), "Modified_By": by(self.modified_by),
            "created_time": zone.text(self.created), "Modified_Time": zone.text(self.modified),
        });
        let customs = json!({
            "language": "en_US", "locale": "en_US", "country_locale": "en_US", "time_zone": zone.name,
            "date_format": "dd/MM/yyyy", "time_format": "hh:mm a", "name_format__s": "Salutation,First Name,Last Name",
            "sort_order_preference__s": "First Name,Last Name", "decimal_separator": "Period",
            "number_separator": "Comma", "default_tab_group": "0", "customize_info": {},
            "microsoft": false, "sandboxDeveloper": false, "personal_account": false, "Isonline": false,
        });
        const UNKNOWN: &[&str] = &[
            "alias",
            "city",
            "country",
            "Current_Shift",
            "dob",
            "fax",
            "mobile",
            "Next_Shift",
            "offset",
            "phone",
            "shift_effective_from",
            "signature",
            "Source__s",
            "state",
            "status_reason__s",
            "street",
            "website",
            "zip",
            "image_link",
        ];
        if let (Value::Object(shown), Value::Object(customs)) = (&mut shown, customs) {
            shown.extend(customs);
            shown.extend(UNKNOWN.iter().map(|key| ((*key).to_owned(), Value::Null)));
        }
        shown
    }
}

/// All users, in order of their ids.
#[derive(Clone, Debug)]
pub(crate) struct Users(Vec<User>);

impl Users {
    /// The users that an organization starts with.
    pub(crate) fn new(ids: &Ids) -> Self {
        let user = |number: usize, first: &str, last: &str| User {
            id: ids.administrator + number as u64,
            first_name: Some(first.into()),
            last_name: last.into(),
            email: format!("{}@mock.example", first.to_lowercase()),
            role: ids.role(number),
            profile: ids.profile(number),
            standing: Standing::Active,
            confirmed: true,
            created: 1_704_067_200,
            modified: 1_704_067_200,
            created_by: ids.administrator,
            modified_by: ids.administrator,
        };
        Self(vec![user(0, "Patricia", "Boyle"), user(1, "Jonas", "Lindqvist")])
    }

    /// A user by id.
    pub(crate) fn get(&self, id: u64) -> Option<&User> {
        self.0.iter().find(|user| user.id == id)
    }

    /// A user by id, to be changed.
    pub(crate) fn get_mut(&mut self, id: u64) -> Option<&mut User> {
        self.0.iter_mut().find(|user| user.id == id)
    }

    /// All users, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut User> {
        self.0.iter_mut()
    }

    /// All users.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &User> {
        self.0.iter()
    }

    /// One more user.
    pub(crate) fn add(&mut self, user: User) {
        self.0.push(user);
    }
}
