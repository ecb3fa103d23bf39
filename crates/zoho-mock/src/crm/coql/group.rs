//! Rows to groups: equal keys together, and aggregates over each.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::ast::Function;
use super::plan::{Aggregate, Grouping, Part};
use crate::crm::CrmWorld;
use crate::crm::filter::{Path, Scalar};
use crate::crm::render;
use crate::crm::store::Row;

/// Rows that are equal in all keys.
pub(super) struct Group<'a> {
    key: Key<'a>,
    /// One of them; there is none when nothing was grouped by and nothing found.
    row: Option<&'a Row>,
    made: Vec<Made<'a>>,
}

/// The values that a group's rows share.
struct Key<'a>(Vec<Scalar<'a>>);

impl Ord for Key<'_> {
    /// As rows are sorted; letter case decides where nothing else does.
    fn cmp(&self, other: &Self) -> Ordering {
        let columns = self.0.iter().zip(&other.0).map(|(a, b)| match (a, b) {
            (Scalar::Text(left), Scalar::Text(right)) => a.compare(b).then_with(|| left.cmp(right)),
            _ => a.compare(b),
        });
        columns.fold(Ordering::Equal, Ordering::then)
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key<'_> {}

/// An aggregate that is being made.
enum Made<'a> {
    Count(u32),
    Sum(Total),
    Avg(Total),
    /// The row with the least or the greatest value so far.
    Extreme(Option<&'a Row>, Ordering),
}

/// A sum, exact as long as all are whole.
#[derive(Default)]
struct Total {
    count: u32,
    whole: i128,
    part: f64,
    fractional: bool,
}

/// The groups in the wanted order.
pub(super) fn groups<'a>(
    crm: &'a CrmWorld,
    grouping: &Grouping,
    rows: impl Iterator<Item = &'a Row>,
) -> Vec<Group<'a>> {
    let mut found: BTreeMap<Key<'a>, (Option<&'a Row>, Vec<Made<'a>>)> = BTreeMap::new();
    let fresh = || grouping.aggregates.iter().map(Made::new).collect::<Vec<_>>();
    if grouping.keys.is_empty() {
        found.insert(Key(Vec::new()), (None, fresh()));
    }
    for row in rows {
        let key = Key(grouping.keys.iter().map(|path| path.scalar(crm, row)).collect());
        let (_, made) = found.entry(key).or_insert_with(|| (Some(row), fresh()));
        for (made, aggregate) in made.iter_mut().zip(&grouping.aggregates) {
            made.add(crm, row, aggregate.path.as_ref());
        }
    }
    let mut groups: Vec<Group<'a>> = found
        .into_iter()
        .map(|(key, (row, made))| Group { key, row, made })
        .collect();
    // They come sorted by key, and that order stays where the wanted one leaves it open.
    groups.sort_by(|a, b| {
        let columns = grouping.order.iter().map(|(part, descending)| {
            let ordering = a.compare(crm, grouping, *part, b);
            if *descending { ordering.reverse() } else { ordering }
        });
        columns.fold(Ordering::Equal, Ordering::then)
    });
    groups
}

impl<'a> Group<'a> {
    fn compare(&self, crm: &'a CrmWorld, grouping: &Grouping, part: Part, other: &Self) -> Ordering {
        match part {
            Part::Key(at) => match (self.key.0.get(at), other.key.0.get(at)) {
                (Some(a), Some(b)) => a.compare(b),
                _ => Ordering::Equal,
            },
            Part::Made(at) => match (self.made.get(at), other.made.get(at)) {
                (Some(a), Some(b)) => {
                    let path = grouping
                        .aggregates
                        .get(at)
                        .and_then(|aggregate| aggregate.path.as_ref());
                    a.scalar(crm, path).compare(&b.scalar(crm, path))
                }
                _ => Ordering::Equal,
            },
        }
    }

    /// The value of a key.
    pub(super) fn key(&self, at: usize) -> Option<&Scalar<'a>> {
        self.key.0.get(at)
    }

    /// Appends a column of the group as JSON.
    pub(super) fn write(&self, out: &mut Vec<u8>, crm: &CrmWorld, grouping: &Grouping, part: Part) {
        let (path, row) = match part {
            Part::Key(at) => (grouping.keys.get(at), self.row),
            Part::Made(at) => {
                let path = grouping
                    .aggregates
                    .get(at)
                    .and_then(|aggregate| aggregate.path.as_ref());
                match self.made.get(at) {
                    Some(Made::Extreme(row, _)) => (path, *row),
                    Some(made) => return made.write(out, crm),
                    None => (None, None),
                }
            }
        };
        match (path, row) {
            (Some(path), Some(row)) => path.write(out, crm, row),
            _ => out.extend_from_slice(b"null"),
        }
    }
}

impl<'a> Made<'a> {
    fn new(aggregate: &Aggregate) -> Self {
        match aggregate.function {
            Function::Count => Self::Count(0),
            Function::Sum => Self::Sum(Total::default()),
            Function::Avg => Self::Avg(Total::default()),
            Function::Min => Self::Extreme(None, Ordering::Less),
            Function::Max => Self::Extreme(None, Ordering::Greater),
        }
    }

    /// Takes a row in. Values that are null count nowhere.
    fn add(&mut self, crm: &'a CrmWorld, row: &'a Row, path: Option<&Path>) {
        let scalar = path.map(|path| path.scalar(crm, row));
        if scalar.as_ref().is_some_and(Scalar::is_null) {
            return;
        }
        match self {
            Self::Count(count) => *count += 1,
            Self::Sum(total) | Self::Avg(total) => total.add(scalar.as_ref()),
            Self::Extreme(best, wanted) => {
                let known = best.and_then(|best| Some(path?.scalar(crm, best)));
                let better = match (&scalar, &known) {
                    (Some(scalar), Some(known)) => scalar.compare(known) == *wanted,
                    _ => true,
                };
                if better {
                    *best = Some(row);
                }
            }
        }
    }

    fn scalar(&self, crm: &'a CrmWorld, path: Option<&Path>) -> Scalar<'a> {
        match self {
            Self::Count(count) => Scalar::Int(i64::from(*count)),
            Self::Sum(total) => total.sum(),
            Self::Avg(total) => total.average(),
            Self::Extreme(row, _) => match (path, row) {
                (Some(path), Some(row)) => path.scalar(crm, row),
                _ => Scalar::Null,
            },
        }
    }

    fn write(&self, out: &mut Vec<u8>, crm: &'a CrmWorld) {
        match self.scalar(crm, None) {
            Scalar::Int(value) => out.extend_from_slice(value.to_string().as_bytes()),
            Scalar::Num(value) => render::number(out, value),
            _ => out.extend_from_slice(b"null"),
        }
    }
}

impl Total {
    fn add(&mut self, scalar: Option<&Scalar<'_>>) {
        self.count += 1;
        match scalar {
            Some(Scalar::Int(value)) => self.whole += i128::from(*value),
            Some(Scalar::Num(value)) => {
                self.part += value;
                self.fractional = true;
            }
            _ => {}
        }
    }

    fn sum(&self) -> Scalar<'static> {
        match i64::try_from(self.whole) {
            _ if self.count == 0 => Scalar::Null,
            Ok(whole) if !self.fractional => Scalar::Int(whole),
            _ => Scalar::Num(rounded(self.whole as f64 + self.part)),
        }
    }

    fn average(&self) -> Scalar<'static> {
        if self.count == 0 {
            return Scalar::Null;
        }
        Scalar::Num(rounded((self.whole as f64 + self.part) / f64::from(self.count)))
    }
}

/// Without the dust that adding fractions leaves.
fn rounded(value: f64) -> f64 {
    format!("{value:.9}").parse().unwrap_or(value)
}
