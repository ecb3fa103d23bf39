//! What a resource does beyond its data: checks, names that are made, and what stands against a deletion.

pub(super) mod currencies;
pub(super) mod deals;
pub(super) mod enrichments;
pub(super) mod groups;
pub(super) mod people;
pub(super) mod picklists;
pub(super) mod pipelines;
pub(super) mod services;
pub(super) mod shares;
pub(super) mod sharing_rules;
pub(super) mod territories;
pub(super) mod workflow;

use serde_json::Value;

use super::shelf::Kept;
use crate::call::Call;
use crate::crm::CrmWorld;
use crate::crm::batch::Fault;

/// The hooks of a resource.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hooks {
    /// Checks and completes a resource before it is kept: (world, what it was, what it becomes, its place in the body).
    pub(crate) prepare: fn(&mut CrmWorld, Option<&Kept>, &mut Kept, &str) -> Result<(), Fault>,
    /// Does what follows from a write.
    pub(crate) settled: fn(&mut CrmWorld, u64),
    /// The value of a property that is more than what was given.
    pub(crate) derive: fn(&CrmWorld, &Kept, &str) -> Option<Value>,
    /// What stands against a deletion, and what must happen before it.
    pub(crate) before_delete: fn(&mut CrmWorld, &Kept, &Call<'_>) -> Result<(), Fault>,
}

impl Hooks {
    /// Nothing special.
    pub(crate) const NONE: Self = Self {
        prepare: |_, _, _, _| Ok(()),
        settled: |_, _| {},
        derive: |_, _, _| None,
        before_delete: |_, _, _| Ok(()),
    };
}

/// Names a resource for programs: its name with underscores, if it has no such name yet.
pub(super) fn api_name(_: &mut CrmWorld, _: Option<&Kept>, kept: &mut Kept, _: &str) -> Result<(), Fault> {
    if kept.text("api_name").is_none()
        && let Some(name) = kept.text("name").or_else(|| kept.text("display_label"))
    {
        let name: String = name
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '_' })
            .collect();
        kept.values.insert("api_name".into(), name.into());
    }
    Ok(())
}
