//! Adding, changing and deleting users.

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::answer::{Outcome, Refusal};
use crate::call::Call;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::people::{Standing, User};
use crate::crm::{CrmWorld, body, ids, path};
use crate::world::World;

/// How many users one call may write.
const MOST: usize = 100;

pub(super) fn create_users(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let items = users(call)?
        .iter()
        .enumerate()
        .map(|(at, user)| {
            let path = format!("$.users[{at}]");
            let given = Given::read(crm, user, &path)?;
            let missing = |name: &str| Fault::missing(name, &format!("{path}.{name}"));
            let now = call.now.as_second();
            let user = User {
                id: crm.ids.next(),
                first_name: given.first_name,
                last_name: given.last_name.ok_or_else(|| missing("last_name"))?,
                email: given.email.ok_or_else(|| missing("email"))?,
                role: given.role.ok_or_else(|| missing("role"))?,
                profile: given.profile.ok_or_else(|| missing("profile"))?,
                standing: Standing::Active,
                confirmed: false,
                created: now,
                modified: now,
                created_by: crm.caller(call),
                modified_by: crm.caller(call),
            };
            crm.free(&user.email, None, &path)?;
            let id = user.id.to_string();
            crm.users.add(user);
            Ok(Success::new("User added", json!({"id": id})))
        })
        .collect();
    Ok(batch::answer(world.dialect, "users", StatusCode::CREATED, items))
}

pub(super) fn update_users(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let items = users(call)?
        .iter()
        .enumerate()
        .map(|(at, user)| {
            let path = format!("$.users[{at}]");
            let id = match user.get("id") {
                None | Some(Value::Null) => return Err(Fault::missing("id", &format!("{path}.id"))),
                Some(id) => ids::from_json(id),
            };
            crm.change_user(id, user, &path, call)
        })
        .collect();
    Ok(batch::answer(world.dialect, "users", StatusCode::OK, items))
}

pub(super) fn update_user(world: &mut World, call: &Call<'_>) -> Outcome {
    let users = users(call)?;
    let id = ids::parse(path(call, 0));
    let user = users.first().unwrap_or(&Value::Null);
    let item = world.crm.change_user(id, user, "$.users[0]", call);
    Ok(batch::answer(world.dialect, "users", StatusCode::OK, vec![item]))
}

pub(super) fn delete_user(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let caller = crm.caller(call);
    let now = call.now.as_second();
    let refused = |code, message, id: &str| {
        Err(Fault {
            code,
            message,
            details: json!({"id": id}),
        })
    };
    let text = path(call, 0);
    let item = match ids::parse(text).and_then(|id| crm.users.get_mut(id)) {
        None => refused("INVALID_DATA", "the id given seems to be invalid", text),
        Some(user) if user.standing == Standing::Deleted => {
            refused("ID_ALREADY_DELETED", "User already deleted", text)
        }
        Some(user) if user.id == caller => refused("NOT_ALLOWED", "You cannot delete yourself", text),
        Some(user) => {
            user.standing = Standing::Deleted;
            user.modified = now;
            user.modified_by = caller;
            Ok(Success::new("User deleted", json!({"id": text})))
        }
    };
    Ok(batch::answer(world.dialect, "users", StatusCode::OK, vec![item]))
}

fn users(call: &Call<'_>) -> Result<Vec<Value>, Refusal> {
    body::items(&mut body::object(call)?, "users", MOST)
}

/// What a body says of a user.
struct Given {
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    role: Option<u64>,
    profile: Option<u64>,
    standing: Option<Standing>,
}

impl Given {
    fn read(crm: &CrmWorld, user: &Value, path: &str) -> Result<Self, Fault> {
        let user = user
            .as_object()
            .ok_or_else(|| Fault::expected("jsonobject", "users", path))?;
        let text = |name: &str, most: usize| match user.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.chars().count() > most => {
                Err(Fault::too_long(most as u32, name, &format!("{path}.{name}")))
            }
            Some(Value::String(text)) => Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty())),
            Some(_) => Err(Fault::expected("text", name, &format!("{path}.{name}"))),
        };
        let email = text("email", 100)?;
        if email.as_ref().is_some_and(|email| !email.contains('@')) {
            return Err(Fault::expected("email", "email", &format!("{path}.email")));
        }
        let standing = match text("status", 20)?.as_deref() {
            None => None,
            Some("active") => Some(Standing::Active),
            Some("inactive") => Some(Standing::Inactive),
            Some(_) => return Err(Fault::expected("picklist", "status", &format!("{path}.status"))),
        };
        Ok(Self {
            first_name: text("first_name", 40)?,
            last_name: text("last_name", 80)?,
            email,
            role: led(crm, user, "role", "roles", path)?,
            profile: led(crm, user, "profile", "profiles", path)?,
            standing,
        })
    }
}

/// The role or profile that a body names by its id.
fn led(
    crm: &CrmWorld,
    user: &Map<String, Value>,
    name: &str,
    kind: &str,
    path: &str,
) -> Result<Option<u64>, Fault> {
    let Some(value) = user.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let id = ids::from_json(value.get("id").unwrap_or(value));
    let found = id.filter(|id| crm.shelves.get(kind, *id).is_some());
    let fault = || {
        Fault::field(
            "INVALID_DATA",
            "the id given seems to be invalid",
            name,
            &format!("{path}.{name}"),
        )
    };
    found.map(Some).ok_or_else(fault)
}

impl CrmWorld {
    fn change_user(&mut self, id: Option<u64>, user: &Value, path: &str, call: &Call<'_>) -> Item {
        let unknown = || Fault::unknown_id(&format!("{path}.id"));
        let id = id.ok_or_else(unknown)?;
        let given = Given::read(self, user, path)?;
        if let Some(email) = &given.email {
            self.free(email, Some(id), path)?;
        }
        let caller = self.caller(call);
        let user = self.users.get_mut(id).ok_or_else(unknown)?;
        if user.standing == Standing::Deleted {
            return Err(Fault {
                code: "CANNOT_UPDATE_DELETED_USER",
                message: "Deleted user cannot be updated",
                details: json!({"id": id.to_string()}),
            });
        }
        if given.first_name.is_some() {
            user.first_name = given.first_name;
        }
        user.last_name = given
            .last_name
            .unwrap_or_else(|| std::mem::take(&mut user.last_name));
        user.email = given.email.unwrap_or_else(|| std::mem::take(&mut user.email));
        user.role = given.role.unwrap_or(user.role);
        user.profile = given.profile.unwrap_or(user.profile);
        user.standing = given.standing.unwrap_or(user.standing);
        user.modified = call.now.as_second();
        user.modified_by = caller;
        Ok(Success::new("User updated", json!({"id": id.to_string()})))
    }

    /// An address belongs to one user.
    fn free(&self, email: &str, own: Option<u64>, path: &str) -> Result<(), Fault> {
        let taken = self
            .users
            .iter()
            .any(|user| Some(user.id) != own && user.email.eq_ignore_ascii_case(email));
        if taken {
            let path = format!("{path}.email");
            return Err(Fault::field(
                "DUPLICATE_DATA",
                "Failed to add user since same email id is already present",
                "email",
                &path,
            ));
        }
        Ok(())
    }
}
