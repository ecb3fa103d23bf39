//! Trees back to text, for tests: what is printed is read again as the same tree.

use std::fmt;

use super::ast::{Ask, Condition, Expr, Item, Literal, Logic, Query, What};
use crate::crm::filter::Comparison;

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let select: Vec<String> = self.select.iter().map(ToString::to_string).collect();
        let select = select.join(", ");
        write!(f, "select {select} from {} where {}", self.from, self.filter)?;
        if !self.group.is_empty() {
            write!(f, " group by {}", self.group.join(", "))?;
        }
        for (count, sort) in self.order.iter().enumerate() {
            let start = if count == 0 { " order by" } else { "," };
            write!(
                f,
                "{start} {} {}",
                sort.by,
                if sort.descending { "desc" } else { "asc" }
            )?;
        }
        match self.limit {
            Some(limit) => write!(f, " limit {}, {limit}", self.offset),
            None => write!(f, " offset {}", self.offset),
        }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)?;
        match &self.alias {
            Some(alias) => write!(f, " as {alias}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Both(left, logic, right) => {
                let logic = match logic {
                    Logic::And => "and",
                    Logic::Or => "or",
                };
                write!(f, "({left}) {logic} ({right})")
            }
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::Condition(condition) => condition.fmt(f),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.negated { "not " } else { "" };
        let column = &self.column;
        match &self.ask {
            Ask::Compare(comparison, literal) => {
                let mark = match comparison {
                    Comparison::Equal => "=",
                    Comparison::NotEqual => "!=",
                    Comparison::Less => "<",
                    Comparison::LessEqual => "<=",
                    Comparison::Greater => ">",
                    Comparison::GreaterEqual => ">=",
                };
                write!(f, "{column} {mark} {literal}")
            }
            Ask::In(values) => {
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, "{column} {not}in ({})", values.join(", "))
            }
            Ask::Within(inner) => write!(f, "{column} {not}in ({})", inner.query),
            Ask::Like(pattern) => write!(f, "{column} {not}like {}", Literal::Text(pattern.clone())),
            Ask::Between(low, high) => write!(f, "{column} {not}between {low} and {high}"),
            Ask::Null => write!(f, "{column} is {not}null"),
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.replace('\\', "\\\\").replace('\'', "\\'")),
            Self::Number(digits) => f.write_str(digits),
            Self::Bool(value) => write!(f, "{value}"),
        }
    }
}
