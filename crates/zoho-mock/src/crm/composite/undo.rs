//! Going back: rows are remembered as they are first touched, all else is copied beforehand.

use std::mem::take;

use crate::crm::CrmWorld;

/// What was known at a moment, but for the rows, which their tables remember.
pub(super) struct Before(CrmWorld);

/// Begins to remember.
pub(super) fn remember(crm: &mut CrmWorld) -> Before {
    let mut tables = take(&mut crm.tables);
    let before = Before(crm.clone());
    for table in &mut tables {
        table.remember();
    }
    crm.tables = tables;
    before
}

/// Ends to remember; with `back` all is again as it was.
pub(super) fn end(crm: &mut CrmWorld, before: Before, back: bool) {
    let mut tables = take(&mut crm.tables);
    if back {
        *crm = before.0;
        // Tables of modules that there were not.
        tables.truncate(crm.schema.modules.len());
    }
    for table in &mut tables {
        table.end(back);
    }
    crm.tables = tables;
}
