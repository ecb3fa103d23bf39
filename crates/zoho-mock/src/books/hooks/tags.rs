//! Reporting tags: their order, their options, and the option that is meant when none is given.

use serde_json::Value;

use super::{Draft, parent};
use crate::answer::{Outcome, Refusal};
use crate::books::catalogue::{Type, named};
use crate::books::organization::Organization;
use crate::books::refuse::{invalid, missing};
use crate::books::reply::{message, success_with};
use crate::books::which::{digits, first_id, last_id};
use crate::books::write;
use crate::books::{body, render};
use crate::call::Call;

/// A new tag is the last.
pub(crate) fn number(organization: &mut Organization, draft: &mut Draft<'_>) -> Result<(), Refusal> {
    if draft.old.is_none() {
        let last = organization.rows(draft.ty, None).count() + 1;
        draft.row.set(draft.ty, "tag_order", last);
    }
    Ok(())
}

/// `PUT /reportingtags/reorder`: all of them, each once.
pub(crate) fn reorder(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let sent = body::object(call)?;
    let wished = sent
        .get("tag_ids")
        .and_then(Value::as_array)
        .ok_or_else(|| invalid("tag_ids"))?;
    let mut ids = Vec::new();
    for id in wished {
        let id = digits(id).filter(|id| organization.row(ty, *id).is_some() && !ids.contains(id));
        ids.push(id.ok_or_else(|| invalid("tag_ids"))?);
    }
    let rest: Vec<u64> = organization
        .rows(ty, None)
        .map(|row| row.id)
        .filter(|id| !ids.contains(id))
        .collect();
    for (id, number) in ids.into_iter().chain(rest).zip(1..) {
        write::set(organization, ty, id, "tag_order", number)?;
    }
    let mut rows: Vec<_> = organization.rows(ty, None).collect();
    rows.sort_by_key(|row| row.get(ty, "tag_order").and_then(Value::as_u64));
    let rows = render::list_rows(organization, ty, rows);
    Ok(success_with("tags", rows))
}

/// `PUT /reportingtags/{id}/criteria`
pub(crate) fn criteria(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let id = first_id(organization, ty, call)?;
    let mut sent = body::object(call)?;
    let tags = sent.remove("criteria_tags").filter(Value::is_array);
    write::set(
        organization,
        ty,
        id,
        "criteria_tags",
        tags.ok_or_else(|| invalid("criteria_tags"))?,
    )?;
    Ok(message(ty.updated))
}

/// `POST /reportingtags/{id}?default_option_id=`
pub(crate) fn set_default(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let tag = first_id(organization, ty, call)?;
    let options = named("tag_options").ok_or_else(|| missing(ty))?;
    let wished = call
        .query("default_option_id")
        .and_then(|id| id.parse::<u64>().ok());
    let of_tag: Vec<u64> = organization.rows(options, Some(tag)).map(|row| row.id).collect();
    let wished = wished
        .filter(|id| of_tag.contains(id))
        .ok_or_else(|| invalid("default_option_id"))?;
    for id in of_tag {
        write::set(organization, options, id, "is_default", id == wished)?;
    }
    Ok(message("The default option has been set."))
}

/// `PUT /reportingtags/{id}/options`: known ones are renamed, new ones added, the others dropped.
pub(crate) fn set_options(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    let tags = parent(ty)?;
    let tag = first_id(organization, tags, call)?;
    let sent = body::object(call)?;
    let wished = sent
        .get("options")
        .and_then(Value::as_array)
        .ok_or_else(|| invalid("options"))?;
    let known: Vec<u64> = organization.rows(ty, Some(tag)).map(|row| row.id).collect();
    let mut kept = Vec::new();
    for option in wished {
        let option = option.as_object().ok_or_else(|| invalid("options"))?;
        match option.get("option_id").and_then(digits) {
            Some(id) if known.contains(&id) => {
                write::update(organization, ty, id, option)?;
                kept.push(id);
            }
            Some(_) => return Err(invalid("option_id")),
            None => kept.push(write::create(organization, ty, tag, option)?),
        }
    }
    for id in known.into_iter().filter(|id| !kept.contains(id)) {
        write::delete(organization, ty, id)?;
    }
    Ok(message("The options have been updated."))
}

/// `POST /reportingtags/{id}/option/{option}/active`
pub(crate) fn activate(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    switch(organization, ty, call, true)
}

/// `POST /reportingtags/{id}/option/{option}/inactive`
pub(crate) fn deactivate(organization: &mut Organization, ty: &'static Type, call: &Call<'_>) -> Outcome {
    switch(organization, ty, call, false)
}

fn switch(organization: &mut Organization, ty: &'static Type, call: &Call<'_>, on: bool) -> Outcome {
    let tag = first_id(organization, parent(ty)?, call)?;
    let id = last_id(call);
    let id = id.filter(|id| organization.row(ty, *id).is_some_and(|row| row.parent == tag));
    write::set(organization, ty, id.ok_or_else(|| missing(ty))?, "is_active", on)?;
    Ok(message(if on {
        "The option has been marked as active."
    } else {
        "The option has been marked as inactive."
    }))
}
