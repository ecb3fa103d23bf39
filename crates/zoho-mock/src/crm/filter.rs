//! Conditions on rows, as COQL and search share them: typed, resolved to columns, evaluated on packed
//! cells.

mod bounds;
mod path;
mod scalar;

pub(crate) use bounds::Bounds;
pub(crate) use path::{Leaf, Path};
pub(crate) use scalar::{Operand, Pattern, Scalar};

use std::cmp::Ordering;

use super::CrmWorld;
use super::store::Row;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Comparison {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equal => ordering.is_eq(),
            Self::NotEqual => ordering.is_ne(),
            Self::Less => ordering.is_lt(),
            Self::LessEqual => ordering.is_le(),
            Self::Greater => ordering.is_gt(),
            Self::GreaterEqual => ordering.is_ge(),
        }
    }
}

/// What is asked of one value. A value that is null fails every test but [`Test::Null`], also the
/// negated ones.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Compare(Comparison, Operand),
    In(Vec<Operand>),
    Between(Operand, Operand),
    Like(Pattern),
    Contains(String),
    StartsWith(String),
    Null,
}

/// A condition on a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Predicate {
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
    Test { path: Path, test: Test, negated: bool },
}

impl Predicate {
    /// Whether a row fulfils it.
    pub(crate) fn holds(&self, crm: &CrmWorld, row: &Row) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds(crm, row)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(crm, row)),
            Self::Not(inner) => !inner.holds(crm, row),
            Self::Test { path, test, negated } => test.holds(&path.scalar(crm, row), *negated),
        }
    }

    /// The text that a column must be equal to for this to hold, when it says so of one.
    pub(crate) fn equality(&self) -> Option<(&Path, &str)> {
        match self {
            Self::All(parts) => parts.iter().find_map(Self::equality),
            Self::Test {
                path,
                test: Test::Compare(Comparison::Equal, Operand::Text(text)),
                negated: false,
            } => Some((path, text)),
            _ => None,
        }
    }
}

impl Test {
    fn holds(&self, scalar: &Scalar<'_>, negated: bool) -> bool {
        let holds = match (self, scalar) {
            (Self::Null, scalar) => return scalar.is_null() != negated,
            (_, Scalar::Null) => return false,
            // Several texts: one that passes is enough.
            (_, Scalar::Texts(texts)) => texts
                .iter()
                .any(|text| self.of(&Scalar::Text(text.as_ref().into()))),
            (test, scalar) => test.of(scalar),
        };
        holds != negated
    }

    fn of(&self, scalar: &Scalar<'_>) -> bool {
        match self {
            Self::Compare(comparison, operand) => operand
                .order(scalar)
                .is_some_and(|ordering| comparison.holds(ordering)),
            Self::In(operands) => operands
                .iter()
                .any(|operand| operand.order(scalar) == Some(Ordering::Equal)),
            Self::Between(low, high) => {
                low.order(scalar).is_some_and(Ordering::is_ge)
                    && high.order(scalar).is_some_and(Ordering::is_le)
            }
            Self::Like(pattern) => scalar.text().is_some_and(|text| pattern.matches(&text)),
            Self::Contains(part) => scalar
                .text()
                .is_some_and(|text| text.to_lowercase().contains(part)),
            Self::StartsWith(part) => scalar
                .text()
                .is_some_and(|text| text.to_lowercase().starts_with(part)),
            Self::Null => false,
        }
    }
}
