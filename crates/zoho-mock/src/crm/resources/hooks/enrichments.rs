//! Facts that are looked for: what is asked for is scheduled.

use http::StatusCode;

use crate::answer::Outcome;
use crate::call::Call;
use crate::crm::refuse;
use crate::crm::resources::catalogue::Resource;
use crate::crm::resources::engine::{answer, create};
use crate::crm::resources::within::module;
use crate::world::World;

/// Keeps each search of the body, for a module that the query names.
pub(in crate::crm::resources) fn schedule(
    world: &mut World,
    resource: &'static Resource,
    call: &Call<'_>,
) -> Outcome {
    let named = call.query("module").filter(|name| !name.is_empty());
    let named = named.ok_or_else(|| refuse::required_param("module"))?;
    module(&world.crm, named).ok_or_else(refuse::invalid_module)?;
    let mut items = create(&mut world.crm, resource, call)?;
    for item in items.iter_mut().flatten() {
        item.extra.insert("code".into(), "SCHEDULED".into());
    }
    Ok(answer(world, resource, call, StatusCode::ACCEPTED, items))
}
