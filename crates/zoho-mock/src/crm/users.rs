//! `/users`: list, read, add, change, delete, count.

#[cfg(test)]
mod tests;
mod transfer;
mod write;

use http::StatusCode;
use serde_json::{Value, json};

use super::people::{Standing, User};
use super::records::params;
use super::{CrmWorld, ids, path, refuse};
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::world::{Handler, World};

/// The handler of a user operation.
pub(crate) fn handler(operation_id: &str) -> Option<Handler> {
    Some(match operation_id {
        "list_users" => list_users,
        "get_user" => get_user,
        "count_users" => count_users,
        "create_users" => write::create_users,
        "update_users" => write::update_users,
        "update_user" => write::update_user,
        "delete_user" => write::delete_user,
        "check_user_transfer" => transfer::check_user_transfer,
        "transfer_user" => transfer::transfer_user,
        "get_user_transfer_status" => transfer::get_user_transfer_status,
        "transfer_and_delete_user" => transfer::transfer_and_delete_user,
        "transfer_and_delete_users" => transfer::transfer_and_delete_users,
        "get_user_removal_status" => transfer::get_user_removal_status,
        _ => return None,
    })
}

const TYPES: &[&str] = &[
    "AllUsers",
    "ActiveUsers",
    "DeactiveUsers",
    "ConfirmedUsers",
    "NotConfirmedUsers",
    "DeletedUsers",
    "ActiveConfirmedUsers",
    "AdminUsers",
    "ActiveConfirmedAdmins",
    "CurrentUser",
];

fn list_users(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let (page, size) = (params::page_number(call)?, params::page_size(call)?);
    let since = params::modified_since(call);
    let mut users = wanted(crm, call)?
        .filter(|user| since.is_none_or(|since| user.modified > since))
        .skip((page - 1).saturating_mul(size));
    let found: Vec<Value> = users
        .by_ref()
        .take(size)
        .map(|user| crm.shown_user(user))
        .collect();
    if found.is_empty() {
        return Ok(if since.is_some() && page == 1 {
            Answer::not_modified()
        } else {
            Answer::no_content()
        });
    }
    let info = json!({
        "per_page": size, "count": found.len(), "page": page, "more_records": users.next().is_some(),
    });
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"users": found, "info": info}),
    ))
}

fn get_user(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let id = ids::parse(path(call, 0)).ok_or_else(refuse::invalid_id)?;
    Ok(match crm.users.get(id) {
        Some(user) => Answer::json(StatusCode::OK, &json!({"users": [crm.shown_user(user)]})),
        None => Answer::no_content(),
    })
}

fn count_users(world: &mut World, call: &Call<'_>) -> Outcome {
    let count = wanted(&world.crm, call)?.count();
    Ok(Answer::json(StatusCode::OK, &json!({"count": count})))
}

impl CrmWorld {
    /// A user as `/users` shows one.
    pub(crate) fn shown_user(&self, user: &User) -> Value {
        user.to_json(self)
    }
}

/// The users of the wanted `type`. Deleted users are seen only by those who ask for them.
fn wanted<'a>(crm: &'a CrmWorld, call: &Call<'_>) -> Result<impl Iterator<Item = &'a User>, Refusal> {
    let kind = match call.query("type") {
        None | Some("") => "AllUsers",
        Some(kind) => match TYPES.iter().find(|known| **known == kind) {
            Some(kind) => kind,
            None => return Err(refuse::unsupported_value("type", TYPES)),
        },
    };
    let caller = crm.caller(call);
    let fits = move |user: &&User| match kind {
        "ActiveUsers" => user.active(),
        "DeactiveUsers" => user.standing == Standing::Inactive,
        "ConfirmedUsers" => user.confirmed && user.standing != Standing::Deleted,
        "NotConfirmedUsers" => !user.confirmed && user.standing != Standing::Deleted,
        "DeletedUsers" => user.standing == Standing::Deleted,
        "ActiveConfirmedUsers" => user.active() && user.confirmed,
        "AdminUsers" => user.admin(&crm.ids) && user.standing != Standing::Deleted,
        "ActiveConfirmedAdmins" => user.admin(&crm.ids) && user.active() && user.confirmed,
        "CurrentUser" => user.id == caller,
        _ => user.standing != Standing::Deleted,
    };
    Ok(crm.users.iter().filter(fits))
}
