//! People: roles and profiles that users have, hours and absences, locks and drafts that say whose they are.

use http::StatusCode;
use serde_json::{Value, json};

use super::api_name;
use crate::answer::{Answer, Outcome};
use crate::call::Call;
use crate::crm::batch::Fault;
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::shelf::Kept;
use crate::crm::resources::show;
use crate::crm::{CrmWorld, ids, time};
use crate::world::World;

/// A role reports to another, the first by default, and never to itself by a detour.
pub(in crate::crm::resources) fn role(
    crm: &mut CrmWorld,
    old: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    api_name(crm, old, kept, path)?;
    if old.is_none() && kept.link("reporting_to").is_none() {
        let top = json!({"id": crm.ids.role(0).to_string()});
        kept.values.insert("reporting_to".into(), top);
    }
    not_below_itself(crm, "roles", kept, path)
}

/// Refuses a chain of `reporting_to` that comes back to where it starts.
pub(super) fn not_below_itself(crm: &CrmWorld, kind: &str, kept: &Kept, path: &str) -> Result<(), Fault> {
    let mut above = kept.link("reporting_to");
    for _ in crm.shelves.all(kind) {
        let Some(id) = above else { return Ok(()) };
        if id == kept.id {
            break;
        }
        above = crm
            .shelves
            .get(kind, id)
            .and_then(|kept| kept.link("reporting_to"));
    }
    match above == Some(kept.id) {
        true => Err(Fault::field(
            "INVALID_DATA",
            "invalid data",
            "reporting_to",
            &format!("{path}.reporting_to"),
        )),
        false => Ok(()),
    }
}

/// Another resource of the kind that the query names to take over.
pub(super) fn heir(crm: &CrmWorld, kind: &str, leaving: &Kept, call: &Call<'_>) -> Result<u64, Fault> {
    let heir = call.query("transfer_to_id").and_then(ids::parse);
    heir.filter(|id| *id != leaving.id && crm.shelves.get(kind, *id).is_some())
        .ok_or_else(|| Fault {
            code: "INVALID_DATA",
            message: "invalid data",
            details: json!({"param_name": "transfer_to_id"}),
        })
}

/// The users of a role that goes, and the roles below it, pass to the heir.
pub(in crate::crm::resources) fn leave_role(
    crm: &mut CrmWorld,
    role: &Kept,
    call: &Call<'_>,
) -> Result<(), Fault> {
    let heir = heir(crm, "roles", role, call)?;
    crm.users
        .iter_mut()
        .filter(|user| user.role == role.id)
        .for_each(|user| user.role = heir);
    report_to(crm, "roles", role.id, heir);
    Ok(())
}

/// What reported to one reports to another.
pub(super) fn report_to(crm: &mut CrmWorld, kind: &'static str, old: u64, new: u64) {
    let above = crm
        .shelves
        .get(kind, old)
        .and_then(|kept| kept.values.get("reporting_to").cloned());
    for kept in crm
        .shelves
        .all_mut(kind)
        .iter_mut()
        .filter(|kept| kept.link("reporting_to") == Some(old))
    {
        // The heir itself moves up, so that nothing reports to itself.
        let value = match kept.id == new {
            true => above.clone().unwrap_or_default(),
            false => json!({"id": new.to_string()}),
        };
        kept.values.insert("reporting_to".into(), value);
    }
}

/// The users of a profile that goes pass to the heir.
pub(in crate::crm::resources) fn leave_profile(
    crm: &mut CrmWorld,
    profile: &Kept,
    call: &Call<'_>,
) -> Result<(), Fault> {
    let heir = heir(crm, "profiles", profile, call)?;
    let users = crm.users.iter_mut().filter(|user| user.profile == profile.id);
    users.for_each(|user| user.profile = heir);
    Ok(())
}

/// An absence ends after it begins.
pub(in crate::crm::resources) fn absence(
    _: &mut CrmWorld,
    _: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    let at = |name: &str| kept.text(name).and_then(time::parse_instant);
    match (at("from"), at("to")) {
        (Some(from), Some(to)) if to <= from => Err(Fault::field(
            "INVALID_DATA",
            "invalid data",
            "to",
            &format!("{path}.to"),
        )),
        _ => Ok(()),
    }
}

/// A holiday knows its year; one of a shift names the shift.
pub(in crate::crm::resources) fn holiday(
    _: &mut CrmWorld,
    _: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    if kept.text("type") == Some("shift_holiday") && kept.link("shift_hour").is_none() {
        return Err(Fault::missing("shift_hour", &format!("{path}.shift_hour")));
    }
    let year = kept
        .text("date")
        .and_then(|date| date.get(..4))
        .map(str::to_owned);
    kept.values.insert("year".into(), year.into());
    Ok(())
}

/// A shift counts its users.
pub(in crate::crm::resources) fn shift(_: &CrmWorld, kept: &Kept, name: &str) -> Option<Value> {
    let users = || {
        kept.values
            .get("users")
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    };
    (name == "users_count").then(|| users().into())
}

/// A record is locked once.
pub(in crate::crm::resources) fn lock(
    crm: &mut CrmWorld,
    old: Option<&Kept>,
    kept: &mut Kept,
    path: &str,
) -> Result<(), Fault> {
    let locked = crm
        .shelves
        .all("record_locks")
        .iter()
        .any(|other| other.within == kept.within);
    match old.is_none() && locked {
        true => Err(Fault {
            code: "RECORD_LOCKED",
            message: "record is locked",
            details: json!({"json_path": path}),
        }),
        false => Ok(()),
    }
}

/// Who locked what, and when.
pub(in crate::crm::resources) fn locked(crm: &CrmWorld, kept: &Kept, name: &str) -> Option<Value> {
    match name {
        "Locked_By__s" => show::user(crm, kept.created_by),
        "Locked_Time__s" => Some(crm.zone.text(kept.created).into()),
        "Lock_Source__s" => Some("Manual".into()),
        "Feature_Type__s" => Some("record_locking".into()),
        "Locked_For__s" => {
            let record = *kept.within.last()?;
            let (index, row) = crm.locate(record)?;
            let module = crm.schema.module(index)?;
            Some(json!({
                "id": record.to_string(), "name": crm.display_name(index, row),
                "module": {"api_name": module.api_name, "id": module.id.to_string()},
            }))
        }
        _ => None,
    }
}

/// A draft belongs to who wrote it.
pub(in crate::crm::resources) fn draft(crm: &CrmWorld, kept: &Kept, name: &str) -> Option<Value> {
    match name {
        "owner" => show::user(crm, kept.created_by),
        "$sharing_permission" => Some("full_access".into()),
        _ => None,
    }
}

/// An export of the audit log is done as soon as somebody looks.
pub(in crate::crm::resources) fn export(crm: &CrmWorld, kept: &Kept, name: &str) -> Option<Value> {
    match name {
        "status" => Some("finished".into()),
        "job_start_time" | "job_end_time" => Some(crm.zone.text(kept.created).into()),
        "download_links" => Some(json!([])),
        _ => None,
    }
}

/// `GET /settings/unsubscribe_link/actions/associations`: no mail of the mock's uses a link.
pub(in crate::crm::resources) fn link_associations(
    world: &mut World,
    resource: &'static Resource,
    _: &Call<'_>,
) -> Outcome {
    let links = world.crm.shelves.all(resource.name).iter();
    let links: Vec<Value> = links
        .map(|kept| json!({"id": kept.id.to_string(), "associated_places": []}))
        .collect();
    Ok(Answer::json(StatusCode::OK, &json!({"associations": links})))
}
