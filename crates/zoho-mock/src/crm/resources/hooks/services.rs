//! Records of modules of their own: whose they are.

use serde_json::{Value, json};

use crate::crm::CrmWorld;
use crate::crm::batch::Fault;
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::shelf::Kept;
use crate::crm::resources::show::user;

/// A record that is given no owner belongs to who makes it.
pub(in crate::crm::resources) fn owned(
    _: &mut CrmWorld,
    _: Option<&Kept>,
    kept: &mut Kept,
    _: &str,
) -> Result<(), Fault> {
    let owner = kept.values.get("Owner").is_none_or(Value::is_null);
    if owner {
        kept.values
            .insert("Owner".into(), json!({"id": kept.created_by.to_string()}));
    }
    Ok(())
}

/// What is said of a record that was written: who made and changed it, and when.
pub(in crate::crm::resources) fn details(
    crm: &CrmWorld,
    resource: &'static Resource,
    id: u64,
) -> Option<Value> {
    let kept = crm.shelves.get(resource.name, id)?;
    Some(json!({
        "Modified_Time": crm.zone.text(kept.modified),
        "Modified_By": user(crm, kept.modified_by),
        "Created_Time": crm.zone.text(kept.created),
        "id": id.to_string(),
        "Created_By": user(crm, kept.created_by),
    }))
}
