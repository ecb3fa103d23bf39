//! Documents that recur: as days go by, profiles make invoices, bills, expenses and journals.
//!
//! What is due is made when the organization is next asked for anything, in the order of the days on which it was due,
//! so that it does not matter who asks first.

use jiff::Span;
use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::books::catalogue::{Field, Type, named};
use crate::books::organization::Organization;
use crate::books::table::Row;
use crate::books::write;

/// Which profiles make which documents.
struct Profile {
    of: &'static str,
    makes: &'static str,
    /// The document's field that names its profile.
    link: &'static str,
    /// The document's date, and the profile's first one.
    date: &'static str,
    first: &'static str,
    /// The profile's fields with the next and the last date, where it shows them.
    next: &'static str,
    last: &'static str,
}

const PROFILES: &[Profile] = &[
    Profile {
        of: "recurringinvoices",
        makes: "invoices",
        link: "recurring_invoice_id",
        date: "date",
        first: "start_date",
        next: "next_invoice_date",
        last: "last_sent_date",
    },
    Profile {
        of: "recurringbills",
        makes: "bills",
        link: "recurring_bill_id",
        date: "date",
        first: "start_date",
        next: "",
        last: "",
    },
    Profile {
        of: "recurringexpenses",
        makes: "expenses",
        link: "recurring_expense_id",
        date: "date",
        first: "start_date",
        next: "next_expense_date",
        last: "last_created_date",
    },
    Profile {
        of: "recurringjournals",
        makes: "journals",
        link: "recurring_journal_id",
        date: "journal_date",
        first: "journal_date",
        next: "next_journal_date",
        last: "",
    },
];

/// The most documents that one call makes up for.
const MOST: usize = 1_000;

/// Makes what is due.
pub(crate) fn settle(organization: &mut Organization) {
    for _ in 0..MOST {
        let Some((date, id, profile)) = earliest(organization) else {
            return;
        };
        make(organization, profile, id, date);
    }
}

/// The first document that is due, of all profiles.
fn earliest(organization: &Organization) -> Option<(Date, u64, &'static Profile)> {
    let today = organization.today();
    let mut earliest = None;
    for profile in PROFILES {
        let Some(ty) = named(profile.of) else { continue };
        for row in organization.rows(ty, None).filter(|row| row.status == "active") {
            let Some(date) = due(organization, ty, profile, row, row.times).filter(|date| *date <= today)
            else {
                continue;
            };
            if earliest
                .as_ref()
                .is_none_or(|(first, id, _)| (date, row.id) < (*first, *id))
            {
                earliest = Some((date, row.id, profile));
            }
        }
    }
    earliest
}

/// The day of a profile's document by its number, if the profile lasts so long.
fn due(
    organization: &Organization,
    ty: &'static Type,
    profile: &Profile,
    row: &Row,
    times: u32,
) -> Option<Date> {
    let whole = |name: &str| match organization.value(ty, row, name) {
        Some(Value::Number(number)) => number.as_i64(),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    let every = whole("repeat_every").filter(|every| *every > 0).unwrap_or(1);
    let steps = every.checked_mul(i64::from(times))?;
    let first: Date = row.text(ty, profile.first).parse().ok()?;
    let span = match row.text(ty, "recurrence_frequency") {
        "days" => Span::new().try_days(steps),
        "weeks" => Span::new().try_weeks(steps),
        "months" => Span::new().try_months(steps),
        "years" => Span::new().try_years(steps),
        _ => return None,
    };
    let date = first.checked_add(span.ok()?).ok()?;
    let last = row.text(ty, "end_date");
    (last.is_empty() || last.parse::<Date>().is_ok_and(|last| date <= last)).then_some(date)
}

/// Makes one document of a profile as if it had been sent on its day.
fn make(organization: &mut Organization, profile: &Profile, id: u64, date: Date) {
    let (Some(ty), Some(child)) = (named(profile.of), named(profile.makes)) else {
        return;
    };
    let Some(row) = organization.row(ty, id).cloned() else {
        return;
    };
    let mut sent = Map::new();
    // Each document is numbered by its own type, and no file goes with it.
    let number = child.numbering.map_or("", |numbering| numbering.field);
    let copied = |field: &&Field| field.writable && field.name != "documents" && field.name != number;
    for field in child.fields.iter().filter(copied) {
        if let Some(value) = row.get(ty, field.name) {
            sent.insert(field.name.into(), value.clone());
        }
    }
    for line in sent
        .get_mut("line_items")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        line.as_object_mut().and_then(|line| line.remove("line_item_id"));
    }
    sent.insert(profile.date.into(), date.to_string().into());
    sent.insert(profile.link.into(), id.to_string().into());
    let now = organization.now;
    let morning = date
        .to_zoned_datetime(organization.zone.clone())
        .map_or(now, |morning| morning.timestamp().as_second());
    organization.now = morning.max(row.created);
    // A profile whose party or items are gone makes nothing; its days pass all the same.
    if let Err(refusal) = write::create(organization, child, 0, &sent) {
        tracing::debug!(
            ?refusal,
            profile = profile.of,
            id,
            "a recurring document was not made"
        );
    }
    organization.now = now;
    let mut row = row;
    row.times += 1;
    let next = due(organization, ty, profile, &row, row.times);
    row.set(
        ty,
        profile.next,
        next.map_or_else(String::new, |next| next.to_string()),
    );
    row.set(ty, profile.last, date.to_string());
    if next.is_none() {
        row.status = "expired";
    }
    organization.put(ty, row);
}
