//! Writes: values checked and taken over, hooks run, indexes kept.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::catalogue::{Field, Kind, TYPES, Type, named};
use super::custom;
use super::hooks::{Draft, Settled};
use super::money::Money;
use super::organization::Organization;
use super::refuse::{bad, invalid};
use super::table::Row;
use crate::answer::Refusal;

/// Creates a record and returns its id.
///
/// # Errors
/// What is wrong with the values.
pub(crate) fn create(
    organization: &mut Organization,
    ty: &'static Type,
    parent: u64,
    sent: &Map<String, Value>,
) -> Result<u64, Refusal> {
    let id = organization.mint();
    let mut row = Row::new(ty, id, parent, organization.now, organization.user);
    take(organization, ty, &mut row, sent)?;
    for field in ty.fields {
        if let Some((code, message)) = field.required
            && row.get(ty, field.name).is_none_or(is_nothing)
        {
            return Err(bad(code, message));
        }
    }
    number(organization, ty, &mut row);
    save(organization, ty, None, row, sent)?;
    Ok(id)
}

/// Changes a record; what is not sent stays.
///
/// # Errors
/// What is wrong with the values.
pub(crate) fn update(
    organization: &mut Organization,
    ty: &'static Type,
    id: u64,
    sent: &Map<String, Value>,
) -> Result<(), Refusal> {
    let old = organization.existing(ty, id)?.clone();
    let mut row = old.clone();
    take(organization, ty, &mut row, sent)?;
    for field in ty.fields {
        let emptied = sent.contains_key(field.name) && row.get(ty, field.name).is_none_or(is_nothing);
        if let Some((code, message)) = field.required
            && emptied
        {
            return Err(bad(code, message));
        }
    }
    save(organization, ty, Some(&old), row, sent)
}

/// Puts a changed record in its place, with everything that hangs on it.
///
/// # Errors
/// What a hook finds wrong, or a value that another record has.
pub(crate) fn save(
    organization: &mut Organization,
    ty: &'static Type,
    old: Option<&Row>,
    mut row: Row,
    sent: &Map<String, Value>,
) -> Result<(), Refusal> {
    for field in ty.fields.iter().filter(|field| !field.refers.is_empty()) {
        let led = row.text(ty, field.name);
        let known = |other| organization.row(other, row.link(ty, field.name)).is_some();
        if !led.is_empty() && !named(field.refers).is_some_and(known) {
            return Err(invalid(field.name));
        }
    }
    (ty.hooks.prepare)(
        organization,
        &mut Draft {
            ty,
            old,
            row: &mut row,
            sent,
        },
    )?;
    for (place, field) in (0_u16..).zip(ty.fields) {
        let Some((code, message)) = field.unique else {
            continue;
        };
        let Some(value) = row.at(place).and_then(Value::as_str) else {
            continue;
        };
        let holder = organization
            .table(ty)
            .and_then(|table| table.holder(place, value));
        if holder.is_some_and(|holder| holder != row.id) {
            return Err(bad(code, message.replace("{}", value)));
        }
    }
    if old.is_some() {
        row.modified = organization.now;
        row.modifier = organization.user;
    }
    organization.put(ty, row.clone());
    (ty.hooks.settled)(
        organization,
        &Settled {
            ty,
            old,
            new: Some(&row),
            sent,
        },
    )
}

/// Changes a record past what a client may set.
///
/// # Errors
/// Code 1002 when there is none, or what [`save`] finds wrong.
pub(crate) fn change(
    organization: &mut Organization,
    ty: &'static Type,
    id: u64,
    by: impl FnOnce(&mut Row),
) -> Result<(), Refusal> {
    let old = organization.existing(ty, id)?.clone();
    let mut row = old.clone();
    by(&mut row);
    save(organization, ty, Some(&old), row, &Map::new())
}

/// Sets one field of a record.
///
/// # Errors
/// As [`change`].
pub(crate) fn set(
    organization: &mut Organization,
    ty: &'static Type,
    id: u64,
    field: &str,
    value: impl Into<Value>,
) -> Result<(), Refusal> {
    change(organization, ty, id, |row| row.set(ty, field, value))
}

/// Deletes a record.
///
/// # Errors
/// Code 1002 when there is none, or what a hook has against it.
pub(crate) fn delete(organization: &mut Organization, ty: &'static Type, id: u64) -> Result<(), Refusal> {
    let row = organization.existing(ty, id)?.clone();
    (ty.hooks.before_delete)(organization, ty, &row)?;
    organization.remove(ty, id);
    drop_children(organization, ty, id);
    (ty.hooks.settled)(
        organization,
        &Settled {
            ty,
            old: Some(&row),
            new: None,
            sent: &Map::new(),
        },
    )
}

/// Drops what lives under a deleted record, and its files.
fn drop_children(organization: &mut Organization, ty: &'static Type, id: u64) {
    organization.files.retain(|(owner, _), _| *owner != id);
    if let Some(documents) = named("documents") {
        let of = |row: &&Row| row.link(documents, "entity_id") == id;
        let ids: Vec<u64> = organization
            .rows(documents, None)
            .filter(of)
            .map(|row| row.id)
            .collect();
        if let Some(table) = organization.table_mut(documents) {
            ids.into_iter().for_each(|id| {
                table.remove(documents, id);
            });
        }
    }
    let children = TYPES
        .iter()
        .filter(|child| child.parent.is_some_and(|parent| parent.name == ty.name));
    for child in children {
        let ids: Vec<u64> = organization.rows(child, Some(id)).map(|row| row.id).collect();
        for id in ids {
            organization.remove(child, id);
            drop_children(organization, child, id);
        }
    }
}

/// Gives the next number of its type to a record that brought none.
fn number(organization: &mut Organization, ty: &Type, row: &mut Row) {
    let Some(numbering) = ty.numbering else { return };
    if !row.text(ty, numbering.field).is_empty() {
        return;
    }
    let Some(place) = ty.place(numbering.field) else {
        return;
    };
    let Some(table) = organization.table_mut(ty) else {
        return;
    };
    loop {
        table.numbered += 1;
        let number = match numbering.prefix {
            "" => table.numbered.to_string(),
            prefix => format!("{prefix}{:06}", table.numbered),
        };
        if table.holder(place, &number).is_none() {
            return row.set(ty, numbering.field, number);
        }
    }
}

/// Takes over the values that a client may set.
fn take(
    organization: &mut Organization,
    ty: &'static Type,
    row: &mut Row,
    sent: &Map<String, Value>,
) -> Result<(), Refusal> {
    for (name, value) in sent {
        match ty.field(name) {
            Some(field) if field.writable => {
                let value = checked(field, value)?;
                row.set(ty, name, value);
            }
            None if name == "custom_fields" && ty.custom => custom::take(organization, ty, row, value)?,
            // Zoho ignores what it does not know.
            _ => {}
        }
    }
    Ok(())
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Null => true,
        _ => false,
    }
}

/// The value as it is kept, if it is one of the field's kind.
fn checked(field: &Field, value: &Value) -> Result<Value, Refusal> {
    let refused = || invalid(field.shown());
    let nothing = matches!(value, Value::Null) || value.as_str() == Some("");
    Ok(match field.kind {
        Kind::Text => {
            let text = match value {
                Value::String(text) => text.trim().to_owned(),
                Value::Number(number) => number.to_string(),
                Value::Null => String::new(),
                _ => return Err(refused()),
            };
            if text.chars().count() > field.longest {
                let (name, longest) = (field.shown(), field.longest);
                return Err(bad(
                    15,
                    format!("Please ensure that the {name} has less than {longest} characters."),
                ));
            }
            text.into()
        }
        Kind::Id => match value {
            Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.clone().into(),
            Value::Number(number) if number.is_u64() => number.to_string().into(),
            Value::Null => "".into(),
            _ => return Err(refused()),
        },
        Kind::Bool => match value {
            Value::Bool(_) => value.clone(),
            Value::String(text) if text == "true" || text == "false" => (text == "true").into(),
            _ if nothing => false.into(),
            _ => return Err(refused()),
        },
        Kind::Amount => match value {
            Value::String(text) if text.trim_end().ends_with('%') => Money::read(value)
                .map(|_| text.trim().into())
                .ok_or_else(refused)?,
            _ => Money::read(value).map(Money::to_json).ok_or_else(refused)?,
        },
        Kind::Integer => match value {
            Value::Number(number) if number.is_i64() => value.clone(),
            _ if nothing => 0.into(),
            Value::String(text) => text
                .trim()
                .parse::<i64>()
                .map(Value::from)
                .map_err(|_| refused())?,
            _ => return Err(refused()),
        },
        Kind::Date => match value.as_str() {
            Some(text) if text.parse::<Date>().is_ok_and(|date| date.to_string() == text) => text.into(),
            _ if nothing => "".into(),
            _ => return Err(refused()),
        },
        Kind::Object => match value {
            Value::Object(_) => value.clone(),
            _ if nothing => Value::Object(Map::new()),
            _ => return Err(refused()),
        },
        Kind::List => match value {
            Value::Array(_) => value.clone(),
            _ if nothing => Value::Array(Vec::new()),
            _ => return Err(refused()),
        },
    })
}
