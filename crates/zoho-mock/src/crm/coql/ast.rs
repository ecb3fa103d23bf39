//! The tree of a query.

use crate::crm::filter::Comparison;

/// A whole query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Query {
    pub(crate) select: Vec<Item>,
    pub(crate) from: String,
    pub(crate) filter: Expr,
    /// Column names.
    pub(crate) group: Vec<String>,
    pub(crate) order: Vec<Sort>,
    /// As written.
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
}

/// One thing that is selected.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) what: What,
    pub(crate) alias: Option<String>,
}

/// A column, or something made of all values of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A name, with dots where it follows lookups.
    Column(String),
    /// `None` counts rows.
    Aggregate(Function, Option<String>),
}

/// What is made of many values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Count,
    Sum,
    Min,
    Max,
    Avg,
}

impl Function {
    pub(crate) const ALL: [Self; 5] = [Self::Count, Self::Sum, Self::Min, Self::Max, Self::Avg];

    /// Its name in queries and in the keys of answers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Count => "COUNT",
            Self::Sum => "SUM",
            Self::Min => "MIN",
            Self::Max => "MAX",
            Self::Avg => "AVG",
        }
    }
}

impl What {
    /// The name under which it is answered when it has no alias.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Column(name) => name.clone(),
            Self::Aggregate(function, column) => {
                format!("{}({})", function.name(), column.as_deref().unwrap_or("*"))
            }
        }
    }
}

impl Item {
    /// The name under which it is answered.
    pub(crate) fn key(&self) -> String {
        self.alias.clone().unwrap_or_else(|| self.what.key())
    }
}

/// One column of `order by`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sort {
    /// A column's name may be an alias as well.
    pub(crate) by: What,
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
    /// `in (select ...)`
    Within(Box<Inner>),
    Like(String),
    Between(Literal, Literal),
    Null,
}

/// A query within a query.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Inner {
    /// Its number among them, from 1, in the order in which they begin.
    pub(crate) sequence: usize,
    pub(crate) query: Query,
}

/// A value as it was written; what it means depends on the column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    /// The digits as they stood, so that no id passes through a float.
    Number(String),
    Bool(bool),
}
