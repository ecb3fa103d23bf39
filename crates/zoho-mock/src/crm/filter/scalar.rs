//! The values that conditions compare.

use std::borrow::Cow;
use std::cmp::Ordering;

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Num(f64),
    Date(i32),
    Time(i64),
    Id(u64),
    Text(Cow<'a, str>),
    Texts(Vec<Cow<'a, str>>),
}

/// A value of a query. Texts are in lower case: Zoho compares without regard to case.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Bool(bool),
    Int(i64),
    Num(f64),
    Date(i32),
    Time(i64),
    Id(u64),
    Text(String),
}

impl Scalar<'_> {
    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, when it is one.
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    /// The order in which rows are sorted: null before everything, texts without regard to case.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Null, Self::Null) => Ordering::Equal,
            (Self::Null, _) => Ordering::Less,
            (_, Self::Null) => Ordering::Greater,
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Num(a), Self::Num(b)) => a.total_cmp(b),
            (Self::Int(a), Self::Num(b)) => (*a as f64).total_cmp(b),
            (Self::Num(a), Self::Int(b)) => a.total_cmp(&(*b as f64)),
            (Self::Date(a), Self::Date(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            (Self::Id(a), Self::Id(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()),
            (Self::Texts(a), Self::Texts(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}

impl Operand {
    /// A text, ready to be compared.
    pub(crate) fn folded(text: &str) -> Self {
        Self::Text(text.to_lowercase())
    }

    /// How a row's value stands to this one; `None` when the two cannot be compared.
    pub(super) fn order(&self, scalar: &Scalar<'_>) -> Option<Ordering> {
        match (scalar, self) {
            (Scalar::Bool(value), Self::Bool(operand)) => Some(value.cmp(operand)),
            (Scalar::Int(value), Self::Int(operand)) => Some(value.cmp(operand)),
            (Scalar::Int(value), Self::Num(operand)) => (*value as f64).partial_cmp(operand),
            (Scalar::Num(value), Self::Int(operand)) => value.partial_cmp(&(*operand as f64)),
            (Scalar::Num(value), Self::Num(operand)) => value.partial_cmp(operand),
            (Scalar::Date(value), Self::Date(operand)) => Some(value.cmp(operand)),
            (Scalar::Time(value), Self::Time(operand)) => Some(value.cmp(operand)),
            (Scalar::Id(value), Self::Id(operand)) => Some(value.cmp(operand)),
            (Scalar::Text(value), Self::Text(operand)) => Some(value.to_lowercase().as_str().cmp(operand)),
            _ => None,
        }
    }
}

/// A `like` pattern: texts with anything between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    parts: Vec<String>,
}

impl Pattern {
    /// A pattern in which `%` stands for any text.
    pub(crate) fn new(text: &str) -> Self {
        let parts = text.to_lowercase().split('%').map(str::to_owned).collect();
        Self { parts }
    }

    /// Whether a whole text fits.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let Some((first, rest)) = self.parts.split_first() else {
            return false;
        };
        let Some((last, middle)) = rest.split_last() else {
            return text == *first;
        };
        let Some(mut text) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        for part in middle {
            // The leftmost match leaves most for the parts that follow.
            let Some(at) = text.find(part.as_str()) else {
                return false;
            };
            text = text.get(at + part.len()..).unwrap_or_default();
        }
        text.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Backtracking, plain and slow.
    fn naive(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('%', rest)) => (0..=text.len()).any(|at| naive(rest, &text[at..])),
            Some((c, rest)) => text.first() == Some(c) && naive(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn a_pattern_matches_what_backtracking_matches(pattern in "[ab%]{0,8}", text in "[ab]{0,10}") {
            let letters = |text: &str| text.chars().collect::<Vec<_>>();
            prop_assert_eq!(Pattern::new(&pattern).matches(&text), naive(&letters(&pattern), &letters(&text)));
        }
    }
}
