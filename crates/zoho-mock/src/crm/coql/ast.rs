//! The tree of a query.

use crate::crm::filter::Comparison;

/// A whole query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    /// Column names, with dots where they follow lookups.
    pub(crate) select: Vec<String>,
    pub(crate) from: String,
    pub(crate) filter: Expr,
    pub(crate) order: Vec<Sort>,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

/// One column of `order by`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sort {
    pub(crate) column: String,
    pub(crate) descending: bool,
}

/// A condition, or conditions joined.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Both(Box<Expr>, Logic, Box<Expr>),
    Not(Box<Expr>),
    Condition(Condition),
}

/// How two conditions are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Logic {
    And,
    Or,
}

/// A question about one column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    pub(crate) column: String,
    pub(crate) ask: Ask,
    /// `not in`, `not like`, `is not null`, `not between`.
    pub(crate) negated: bool,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Ask {
    Compare(Comparison, Literal),
    In(Vec<Literal>),
    Like(String),
    Between(Literal, Literal),
    Null,
}

/// A value as it was written; what it means depends on the column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    /// The digits as they stood, so that no id passes through a float.
    Number(String),
    Bool(bool),
}
