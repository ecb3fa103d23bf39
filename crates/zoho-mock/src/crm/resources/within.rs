//! Where a resource lives: what its address and its query name above it.

use serde_json::json;

use super::catalogue::{Resource, Within, named};
use super::shelf::Kept;
use crate::answer::Refusal;
use crate::call::Call;
use crate::crm::{CrmWorld, ids, path, refuse};

/// The ids of what stands above the resources of a call.
pub(super) fn above(crm: &CrmWorld, resource: &Resource, call: &Call<'_>) -> Result<Vec<u64>, Refusal> {
    let mut parameters = 0..;
    let mut found: Vec<u64> = Vec::new();
    for within in resource.within {
        let id = match within {
            Within::QueryModule => in_query(call, "module", |name| module(crm, name))?,
            Within::QueryLayout => in_query(call, "layout_id", |text| layout(crm, text))?,
            in_path => {
                let at = parameters.next().unwrap_or_default();
                let text = path(call, at);
                match in_path {
                    Within::Module => Some(module(crm, text).ok_or_else(refuse::invalid_module)?),
                    Within::Layout => layout(crm, text),
                    Within::Of(name) => named(name)
                        .and_then(|above| find(crm, above, &found, text))
                        .map(|kept| kept.id),
                    _ => found.last().and_then(|module| record(crm, *module, text)),
                }
                .ok_or_else(|| unknown_in_path(call, at))?
                .into()
            }
        };
        found.extend(id);
    }
    Ok(found)
}

/// How many parameters of the path stand above the resource's own id.
pub(super) fn depth(resource: &Resource) -> usize {
    let queries = [Within::QueryModule, Within::QueryLayout];
    resource
        .within
        .iter()
        .filter(|within| !queries.contains(within))
        .count()
}

/// A resource of a place by its id, or by the name that a path may give it.
pub(super) fn find<'a>(
    crm: &'a CrmWorld,
    resource: &Resource,
    above: &[u64],
    text: &str,
) -> Option<&'a Kept> {
    let id = ids::parse(text);
    let mut all = crm.shelves.all(resource.name).iter();
    all.find(|kept| {
        let by_name = resource.named.is_some_and(|name| kept.text(name) == Some(text));
        kept.within == above && (Some(kept.id) == id || by_name)
    })
}

/// The refusal of an id in the path that is nobody's; the index counts the path's segments after the version.
pub(super) fn unknown_in_path(call: &Call<'_>, parameter: usize) -> Refusal {
    let segments = call.route.path.split('/').skip(3).enumerate();
    let mut parameters = segments.filter(|(_, segment)| segment.starts_with('{'));
    let index = parameters.nth(parameter).map_or(parameter, |(index, _)| index);
    refuse::bad(
        "INVALID_DATA",
        "the id given seems to be invalid",
        json!({"resource_path_index": index}),
    )
}

fn in_query(call: &Call<'_>, name: &str, find: impl Fn(&str) -> Option<u64>) -> Result<Option<u64>, Refusal> {
    let text = call.query(name).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| refuse::required_param(name))?;
    let code = if name == "module" {
        "INVALID_MODULE"
    } else {
        "INVALID_DATA"
    };
    let message = if name == "module" {
        "the module name given seems to be invalid"
    } else {
        "invalid data"
    };
    let refused = || refuse::bad(code, message, json!({"param_name": name}));
    find(text).map(Some).ok_or_else(refused)
}

/// The id of a module by its API name or id.
pub(super) fn module(crm: &CrmWorld, text: &str) -> Option<u64> {
    let id = ids::parse(text);
    let mut modules = crm.schema.modules.iter();
    modules
        .find(|module| module.api_name == text || Some(module.id) == id)
        .map(|module| module.id)
}

fn layout(crm: &CrmWorld, text: &str) -> Option<u64> {
    let id = ids::parse(text)?;
    let modules = 0..crm.schema.modules.len();
    modules
        .map(|index| crm.ids.layout(index))
        .find(|layout| *layout == id)
}

fn record(crm: &CrmWorld, module: u64, text: &str) -> Option<u64> {
    let index = crm.schema.modules.iter().position(|known| known.id == module)?;
    ids::parse(text).filter(|id| crm.has(index, *id))
}
