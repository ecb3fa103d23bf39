//! What a condition says about where in an index its rows can lie.

use std::ops::Bound;

use super::scalar::Operand;
use super::{Comparison, Path, Predicate, Test};
use crate::crm::CrmWorld;
use crate::crm::schema::Source;
use crate::crm::store::{Key, SortKey};

/// The least and the greatest key that a row can have, for an order by (instant, id) or by id.
///
/// Both ends are inclusive. A row outside fails the condition; a row inside may still fail it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    time: (i64, i64),
    id: (u64, u64),
    key: (Key, Key),
}

const EVERYTHING: Bounds = Bounds {
    time: (i64::MIN, i64::MAX),
    id: (0, u64::MAX),
    key: ((i64::MIN, 0), (i64::MAX, u64::MAX)),
};

/// Holds nothing; what is united with it stays as it is.
const NOTHING: Bounds = Bounds {
    time: (i64::MAX, i64::MIN),
    id: (u64::MAX, 0),
    key: ((i64::MAX, u64::MAX), (i64::MIN, 0)),
};

impl Bounds {
    /// The bounds that a condition puts on an order.
    pub(crate) fn of(crm: &CrmWorld, predicate: &Predicate, order: SortKey) -> Self {
        match predicate {
            Predicate::All(parts) => {
                let parts = parts.iter().map(|part| Self::of(crm, part, order));
                parts.fold(EVERYTHING, Self::meet).closed()
            }
            Predicate::Any(parts) => {
                let parts = parts.iter().map(|part| Self::of(crm, part, order).closed());
                parts.fold(NOTHING, Self::join)
            }
            Predicate::Not(_) | Predicate::Test { negated: true, .. } => EVERYTHING,
            Predicate::Test { path, test, .. } => Self::test(crm, path, test, order),
        }
    }

    /// Whether the instants are bounded from below or above.
    pub(crate) fn limits_time(&self) -> bool {
        self.time != EVERYTHING.time
    }

    /// The ends, as a range over the index of the order takes them.
    pub(crate) fn range(&self, order: SortKey) -> (Bound<Key>, Bound<Key>) {
        let (low, high) = match order {
            SortKey::Id => ((0, self.id.0), (0, self.id.1)),
            _ => self.key,
        };
        (Bound::Included(low), Bound::Included(high))
    }

    fn test(crm: &CrmWorld, path: &Path, test: &Test, order: SortKey) -> Self {
        let Some(field) = path.own(crm) else {
            return EVERYTHING;
        };
        let mut bounds = EVERYTHING;
        match (field.source, order) {
            (Source::Id, _) => bounds.id = ids(test),
            (Source::CreatedTime, SortKey::Created) | (Source::ModifiedTime, SortKey::Modified) => {
                bounds.time = instants(test);
            }
            _ => {}
        }
        bounds
    }

    fn meet(self, other: Self) -> Self {
        Self {
            time: (self.time.0.max(other.time.0), self.time.1.min(other.time.1)),
            id: (self.id.0.max(other.id.0), self.id.1.min(other.id.1)),
            key: (self.key.0.max(other.key.0), self.key.1.min(other.key.1)),
        }
    }

    fn join(self, other: Self) -> Self {
        Self {
            time: (self.time.0.min(other.time.0), self.time.1.max(other.time.1)),
            id: (self.id.0.min(other.id.0), self.id.1.max(other.id.1)),
            key: (self.key.0.min(other.key.0), self.key.1.max(other.key.1)),
        }
    }

    /// The same with what instants and ids say of keys: a row at or after the least instant, whose id is
    /// at or after the least id, cannot come before the two together.
    pub(crate) fn closed(mut self) -> Self {
        self.key.0 = self.key.0.max((self.time.0, self.id.0));
        self.key.1 = self.key.1.min((self.time.1, self.id.1));
        self
    }
}

fn ids(test: &Test) -> (u64, u64) {
    let all = EVERYTHING.id;
    match test {
        Test::Compare(comparison, Operand::Id(id)) => match comparison {
            Comparison::Equal => (*id, *id),
            Comparison::Less => (all.0, id.saturating_sub(1)),
            Comparison::LessEqual => (all.0, *id),
            Comparison::Greater => (id.saturating_add(1), all.1),
            Comparison::GreaterEqual => (*id, all.1),
            Comparison::NotEqual => all,
        },
        Test::Between(Operand::Id(low), Operand::Id(high)) => (*low, *high),
        Test::In(operands) => operands
            .iter()
            .fold(NOTHING.id, |(low, high), operand| match operand {
                Operand::Id(id) => (low.min(*id), high.max(*id)),
                _ => (low, high),
            }),
        _ => all,
    }
}

fn instants(test: &Test) -> (i64, i64) {
    let all = EVERYTHING.time;
    match test {
        Test::Compare(comparison, Operand::Time(time)) => match comparison {
            Comparison::Equal => (*time, *time),
            Comparison::Less => (all.0, time.saturating_sub(1)),
            Comparison::LessEqual => (all.0, *time),
            Comparison::Greater => (time.saturating_add(1), all.1),
            Comparison::GreaterEqual => (*time, all.1),
            Comparison::NotEqual => all,
        },
        Test::Between(Operand::Time(low), Operand::Time(high)) => (*low, *high),
        Test::In(operands) => operands
            .iter()
            .fold(NOTHING.time, |(low, high), operand| match operand {
                Operand::Time(time) => (low.min(*time), high.max(*time)),
                _ => (low, high),
            }),
        _ => all,
    }
}
