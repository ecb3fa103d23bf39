//! Records of both products in pages, and one of them in full.

use serde_json::Value;

use super::{Refused, bad, missing, number, rows, text_answer, wish};
use crate::answer::Answer;
use crate::books;
use crate::crm;
use crate::front::Asked;
use crate::world::World;

/// A page of a CRM module, the records that were changed last first; `?q=` looks for words in them.
pub(super) fn crm_page(world: &World, module: &str, asked: &Asked<'_>) -> Result<Answer, Refused> {
    let after = wish(asked, "after").map(|text| {
        let key = text
            .rsplit_once('-')
            .and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
        key.ok_or_else(|| bad(format!("after is what an earlier page said was next, not {text}")))
    });
    let look = crm::Look {
        text: wish(asked, "q"),
        after: after.transpose()?,
        limit: rows(asked)?,
    };
    let page = world
        .crm
        .browse(module, &look)
        .ok_or_else(|| no_module(world, module))?;
    Ok(text_answer(page))
}

/// A CRM record with what its fields are.
pub(super) fn crm_record(world: &World, module: &str, id: &str) -> Result<Answer, Refused> {
    if !world.crm.has_module(module) {
        return Err(no_module(world, module));
    }
    let record = world.crm.record_shown(module, id);
    record
        .map(text_answer)
        .ok_or_else(|| missing(format!("{module} has no record {id}")))
}

/// The refusal of a module that there is not.
pub(super) fn no_module(world: &World, module: &str) -> Refused {
    let known = world.crm.module_names().join(", ");
    missing(format!("there is no module {module}: {known}"))
}

/// A page of Books records, the newest first; `?q=` looks for a text in them.
pub(super) fn books_page(
    world: &mut World,
    organization: &str,
    kind: &str,
    asked: &Asked<'_>,
) -> Result<Value, Refused> {
    let look = books::Look {
        text: wish(asked, "q"),
        below: number(asked, "after")?,
        limit: rows(asked)?,
    };
    let now = world.clock.now().as_second();
    let page = world.books.browse(organization, kind, look, now);
    page.ok_or_else(|| missing(format!("there is no organization {organization} with {kind}")))
}

/// A Books record with what its fields are, and where it is changed.
pub(super) fn books_record(
    world: &mut World,
    organization: &str,
    kind: &str,
    id: &str,
) -> Result<Value, Refused> {
    let now = world.clock.now().as_second();
    let record = world.books.record_shown(organization, kind, id, now);
    record.ok_or_else(|| {
        missing(format!(
            "organization {organization} has no {id} among its {kind}"
        ))
    })
}
