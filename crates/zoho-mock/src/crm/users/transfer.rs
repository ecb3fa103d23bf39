//! What a user leaves to another: records, and the users below.

use http::StatusCode;
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::actions::owner::handover;
use crate::crm::batch::{self, Fault, Item, Success};
use crate::crm::change::Actor;
use crate::crm::people::{Standing, User};
use crate::crm::records::actor;
use crate::crm::{CrmWorld, body, ids, path, refuse};
use crate::world::World;

/// Users of one body.
const MOST: usize = 10;

/// `GET /users/{id}/actions/validate_before_transfer`: nothing but records hangs on a user here.
pub(super) fn check_user_transfer(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &world.crm;
    let user = ids::parse(path(call, 0)).and_then(|id| crm.users.get(id));
    let user = user.ok_or_else(refuse::invalid_id)?;
    let duty = json!({
        "id": user.id.to_string(), "name": user.full_name(), "assignment": false, "criteria": false,
        "subordinates": false,
    });
    Ok(Answer::json(
        StatusCode::OK,
        &json!({"validate_before_transfer": [duty]}),
    ))
}

/// `POST /users/{id}/actions/transfer`
pub(super) fn transfer_user(world: &mut World, call: &Call<'_>) -> Outcome {
    one(world, call, ("transfer", StatusCode::CREATED, false))
}

/// `POST /users/{id}/actions/transfer_and_delete`
pub(super) fn transfer_and_delete_user(world: &mut World, call: &Call<'_>) -> Outcome {
    one(world, call, ("transfer_and_delete", StatusCode::OK, true))
}

fn one(world: &mut World, call: &Call<'_>, (key, all, delete): (&'static str, StatusCode, bool)) -> Outcome {
    let crm = &mut world.crm;
    let wishes = body::items(&mut body::object(call)?, key, 1)?;
    let actor = actor(crm, call);
    let id = ids::parse(path(call, 0));
    let items = wishes
        .iter()
        .map(|wish| crm.leave(id, wish, &format!("$.{key}[0]"), delete, actor))
        .collect();
    Ok(batch::answer(world.dialect, key, all, items))
}

/// `POST /users/actions/transfer_and_delete`
pub(super) fn transfer_and_delete_users(world: &mut World, call: &Call<'_>) -> Outcome {
    let crm = &mut world.crm;
    let key = "transfer_and_delete";
    let wishes = body::items(&mut body::object(call)?, key, MOST)?;
    let actor = actor(crm, call);
    let items = wishes.iter().enumerate().map(|(at, wish)| {
        let id = wish.get("id").and_then(ids::from_json);
        crm.leave(id, wish, &format!("$.{key}[{at}]"), true, actor)
    });
    let items = items.collect();
    Ok(batch::answer(world.dialect, key, StatusCode::OK, items))
}

/// `GET /users/actions/transfer?job_id=`
pub(super) fn get_user_transfer_status(world: &mut World, call: &Call<'_>) -> Outcome {
    status(world, call, "transfer")
}

/// `GET /users/actions/transfer_and_delete?job_id=`
pub(super) fn get_user_removal_status(world: &mut World, call: &Call<'_>) -> Outcome {
    status(world, call, "transfer_and_delete")
}

/// A transfer is done when it is said, so that every job that was given out is completed.
fn status(world: &World, call: &Call<'_>, key: &str) -> Outcome {
    let text = call.query("job_id").filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| refuse::required_param("job_id"))?;
    let known = ids::parse(text).is_some_and(|id| world.crm.transfers.contains(&id));
    Ok(match known {
        true => Answer::json(StatusCode::OK, &json!({key: [{"status": "completed"}]})),
        false => Answer::no_content(),
    })
}

impl CrmWorld {
    /// Gives what is a user's to another, and takes the user off.
    fn leave(&mut self, id: Option<u64>, wish: &Value, path: &str, delete: bool, actor: Actor) -> Item {
        let user = id
            .and_then(|id| self.users.get(id))
            .filter(|user| user.standing != Standing::Deleted);
        let user = user
            .map(|user| user.id)
            .ok_or_else(|| Fault::unknown_id(&format!("{path}.id")))?;
        let at = format!("{path}.transfer.id");
        let heir = wish
            .get("transfer")
            .and_then(|transfer| transfer.get("id"))
            .filter(|id| !id.is_null());
        let heir = ids::from_json(heir.ok_or_else(|| Fault::missing("id", &at))?);
        let heir = heir.filter(|heir| *heir != user && self.users.get(*heir).is_some_and(User::active));
        let heir = heir.ok_or_else(|| Fault::unknown_id(&at))?;
        if delete && user == actor.user {
            return Err(Fault {
                code: "NOT_ALLOWED",
                message: "You cannot delete yourself",
                details: json!({"id": user.to_string()}),
            });
        }
        let records = wish.get("transfer").and_then(|transfer| transfer.get("records"));
        if records != Some(&Value::Bool(false)) {
            for module in 0..self.tables.len() {
                let table = self.tables.get(module);
                let owned = table
                    .into_iter()
                    .flat_map(|table| table.ids().filter_map(|id| table.get(id)));
                let owned: Vec<u64> = owned.filter(|row| row.owner == user).map(|row| row.id).collect();
                for record in owned {
                    self.update(module, record, handover(heir), actor);
                }
            }
        }
        if let Some(user) = self.users.get_mut(user).filter(|_| delete) {
            user.standing = Standing::Deleted;
            user.modified = actor.now;
            user.modified_by = actor.user;
        }
        let job = self.ids.next();
        self.transfers.insert(job);
        let details = json!({"id": user.to_string(), "job_id": job.to_string()});
        Ok(Success::scheduled("transfer scheduled successfully", details))
    }
}
