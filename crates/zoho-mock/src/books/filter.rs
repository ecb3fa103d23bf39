//! Which rows a list lets through: status groups, field filters and search texts.

use std::cmp::Ordering;

use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::fmt::strtime;
use serde_json::{Value, json};

use super::catalogue::{Kind, Type};
use super::custom::plain;
use super::money::Money;
use super::organization::Organization;
use super::refuse::invalid;
use super::table::Row;
use crate::answer::Refusal;
use crate::call::Call;
use crate::route::Modified;

/// One condition on one field.
#[derive(Debug)]
enum Test {
    Equals(String),
    /// The same word, however it is cased and joined: `CreditCard`, `credit_card`.
    Called(String),
    StartsWith(String),
    Contains(String),
    /// The order to a value must be one of these.
    Compares(String, &'static [Ordering]),
}

/// The filter of a list.
#[derive(Debug)]
pub(super) struct Filter {
    ty: &'static Type,
    tests: Vec<(String, Test)>,
    search: Option<String>,
    modified_since: Option<i64>,
    group: String,
    criteria: Vec<Value>,
}

const FROM: &[Ordering] = &[Ordering::Greater, Ordering::Equal];
const UP_TO: &[Ordering] = &[Ordering::Less, Ordering::Equal];

const OPERATORS: &[(&str, &[Ordering])] = &[
    ("_start", FROM),
    ("_end", UP_TO),
    ("_before", &[Ordering::Less]),
    ("_after", &[Ordering::Greater]),
    ("_less_than", &[Ordering::Less]),
    ("_less_equals", UP_TO),
    ("_greater_than", &[Ordering::Greater]),
    ("_greater_equals", FROM),
];

impl Filter {
    /// Reads the query; what it does not know is ignored, as Zoho ignores it.
    pub(super) fn read(
        organization: &Organization,
        ty: &'static Type,
        call: &Call<'_>,
    ) -> Result<Self, Refusal> {
        let mut filter = Self {
            ty,
            tests: Vec::new(),
            search: None,
            modified_since: None,
            group: "Status.All".to_owned(),
            criteria: Vec::new(),
        };
        let by_modified = ty
            .described()
            .is_some_and(|known| known.modified == Modified::Filter);
        for (name, value) in call.query.iter().filter(|(_, value)| !value.is_empty()) {
            match name.as_str() {
                "filter_by" => filter.group(ty, value, organization.today()),
                "search_text" => filter.search = Some(value.to_lowercase()),
                "last_modified_time" if by_modified => {
                    filter.modified_since = Some(instant(value).ok_or_else(|| invalid(name))?);
                }
                _ => filter.field(ty, name, value),
            }
        }
        Ok(filter)
    }

    /// `Status.Sent`, or one of the type's own groups.
    fn group(&mut self, ty: &'static Type, value: &str, today: Date) {
        if let Some((group, field, value)) = ty.filters.iter().find(|(group, _, _)| *group == value) {
            self.tests
                .push(((*field).to_owned(), Test::Equals((*value).to_owned())));
            self.group = (*group).to_owned();
        } else if let Some(status) = value.strip_prefix("Status.").filter(|_| !ty.status.is_empty()) {
            if !status.eq_ignore_ascii_case("all") {
                let status = snake(status);
                self.tests.push(("status".to_owned(), Test::Equals(status)));
            }
            self.group = value.to_owned();
        } else if let Some((group, wanted)) = value.split_once('.') {
            let group = snake(group);
            let dated = ["date", "transaction_date"].contains(&group.as_str());
            let field = if dated { "date" } else { group.as_str() };
            let Some(field) = ty.field(field) else { return };
            match (field.kind, wanted) {
                (_, "All") => {}
                (Kind::Date, _) => {
                    let Some((first, last)) = span(today, wanted) else {
                        return;
                    };
                    for (day, orders) in [(first, FROM), (last, UP_TO)] {
                        let test = Test::Compares(day.to_string(), orders);
                        self.tests.push((field.name.to_owned(), test));
                    }
                }
                _ => self
                    .tests
                    .push((field.name.to_owned(), Test::Called(wanted.to_lowercase()))),
            }
            self.group = value.to_owned();
        }
    }

    fn field(&mut self, ty: &'static Type, name: &str, value: &str) {
        let known = |name: &str| {
            ty.field(name).is_some()
                || name == "status" && !ty.status.is_empty()
                || name.starts_with("cf_") && ty.custom
        };
        let lower = || value.to_lowercase();
        let (field, test, comparator) = if known(name) {
            (name, Test::Equals(lower()), "equal")
        } else if let Some(field) = name.strip_suffix("_startswith").filter(|field| known(field)) {
            (field, Test::StartsWith(lower()), "starts_with")
        } else if let Some(field) = name.strip_suffix("_contains").filter(|field| known(field)) {
            (field, Test::Contains(lower()), "contains")
        } else {
            let found = OPERATORS.iter().find_map(|(suffix, orders)| {
                Some((name.strip_suffix(suffix).filter(|field| known(field))?, *orders))
            });
            let Some((field, orders)) = found else { return };
            (field, Test::Compares(value.to_owned(), orders), "compare")
        };
        self.criteria
            .push(json!({"column_name": field, "search_text": value, "comparator": comparator}));
        self.tests.push((field.to_owned(), test));
    }

    /// What `page_context` calls the filter.
    pub(super) fn applied(&self) -> &str {
        &self.group
    }

    /// What `page_context` says of a search.
    pub(super) fn criteria(&self) -> Option<Value> {
        (!self.criteria.is_empty()).then(|| self.criteria.clone().into())
    }

    /// Whether a row passes all conditions.
    pub(super) fn lets_through(&self, organization: &Organization, row: &Row) -> bool {
        let ty = self.ty;
        self.modified_since.is_none_or(|since| row.modified >= since)
            && self.tests.iter().all(|(field, test)| {
                organization
                    .value(ty, row, field)
                    .is_some_and(|value| test.holds(&value))
            })
            && self.search.as_ref().is_none_or(|wanted| {
                ty.fields.iter().filter(|field| field.searched).any(|field| {
                    plain(&organization.field_value(ty, row, field))
                        .to_lowercase()
                        .contains(wanted)
                })
            })
    }
}

impl Test {
    fn holds(&self, value: &Value) -> bool {
        let text = || plain(value).to_lowercase();
        match self {
            Self::Equals(wanted) => match (value, Money::parse(wanted)) {
                (Value::Number(_), Some(wanted)) => Money::read(value) == Some(wanted),
                _ => text() == *wanted,
            },
            Self::Called(wanted) => text().replace(['_', ' '], "") == *wanted,
            Self::StartsWith(wanted) => text().starts_with(wanted),
            Self::Contains(wanted) => text().contains(wanted),
            Self::Compares(wanted, orders) => {
                let order = match (value, Money::parse(wanted)) {
                    (Value::Number(_), Some(wanted)) => Money::read(value).map(|value| value.cmp(&wanted)),
                    (Value::String(text), _) if !text.is_empty() => Some(text.as_str().cmp(wanted)),
                    _ => None,
                };
                order.is_some_and(|order| orders.contains(&order))
            }
        }
    }
}

/// The first and the last day of a time such as `ThisMonth` or `PreviousWeek`; weeks start on Sunday.
fn span(today: Date, name: &str) -> Option<(Date, Date)> {
    let (time, back) = match name.strip_prefix("Previous") {
        Some(time) => (time, 1),
        None if name == "Today" => ("Day", 0),
        None => (name.strip_prefix("This")?, 0),
    };
    let (first, length) = match time {
        "Day" => (today, 1.day()),
        "Week" => {
            let days = i64::from(today.weekday().to_sunday_zero_offset());
            (today.checked_sub(days.days()).ok()?, 1.week())
        }
        "Month" => (today.first_of_month(), 1.month()),
        "Quarter" => {
            let months = i64::from((today.month() - 1) % 3);
            let first = today.first_of_month().checked_sub(months.months()).ok()?;
            (first, 3.months())
        }
        "Year" => (today.first_of_year(), 1.year()),
        _ => return None,
    };
    let first = match back {
        0 => first,
        _ => first.checked_sub(length).ok()?,
    };
    let next = first.checked_add(length).ok()?;
    Some((first, next.yesterday().ok()?))
}

/// `PartiallyPaid` as records spell it: `partially_paid`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// `2026-01-01T00:00:00-0500`; a `+` that came as a space is taken for what it was.
fn instant(text: &str) -> Option<i64> {
    let text = text.trim().replace(' ', "+");
    ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S%:z"]
        .iter()
        .find_map(|format| strtime::parse(format, &text).ok()?.to_timestamp().ok())
        .map(jiff::Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Today is in this time, and the time before ends on the day before it starts.
        #[test]
        fn times_meet(days in 0_i64..20_000, time in prop::sample::select(vec!["Week", "Month", "Quarter", "Year"])) {
            let today = Date::constant(2000, 1, 1).checked_add(days.days()).unwrap();
            let (first, last) = span(today, &format!("This{time}")).unwrap();
            let (_, before) = span(today, &format!("Previous{time}")).unwrap();
            prop_assert!(first <= today && today <= last);
            prop_assert_eq!(before.tomorrow().unwrap(), first);
        }
    }
}
