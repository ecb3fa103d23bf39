//! Queries put together from parts: names are checked, values are escaped.

use super::literal::Literal;
use crate::crm::SortOrder;
use crate::error::{Error, Result};
use crate::wire::ZohoId;

/// Zoho's bound on columns.
const COLUMNS: usize = 500;
/// Zoho's bound on conditions.
const CONDITIONS: usize = 25;
/// Zoho's bound on columns of an order.
const ORDER: usize = 10;

/// A COQL query without room for anybody else's: column and module names are held to what names are made of, values
/// arrive as they are or are refused.
///
/// ```
/// use zoho_client::crm::{Column, Select, SortOrder};
///
/// let query = Select::new(["Last_Name", "Owner.email"])
///     .from("Leads")
///     .filter(Column::of("Last_Name").eq("O'Hara").and(Column::of("Annual_Revenue").gt(10_000)))
///     .order_by("Last_Name", SortOrder::Asc);
/// assert_eq!(
///     query.to_coql()?,
///     r"select Last_Name, Owner.email from Leads where (Last_Name = 'O\'Hara' and Annual_Revenue > 10000) order by Last_Name asc"
/// );
/// assert!(Select::new(["id"]).from("Leads where id > 0; drop").to_coql().is_err());
/// # Ok::<(), zoho_client::Error>(())
/// ```
#[must_use = "a query is asked by Crm::coql"]
#[derive(Clone, Debug, Default)]
pub struct Select {
    columns: Vec<String>,
    module: String,
    condition: Option<Condition>,
    order: Vec<(String, SortOrder)>,
}

/// A column of a query, by API name; `Owner.email` reaches through a lookup.
#[derive(Clone, Debug)]
pub struct Column(String);

/// What rows must fulfil.
#[must_use = "a condition belongs into a query"]
#[derive(Clone, Debug)]
pub struct Condition(Node);

#[derive(Clone, Debug)]
enum Node {
    Test(String, Test),
    Pair(&'static str, Box<Node>, Box<Node>),
}

#[derive(Clone, Debug)]
enum Test {
    Compare(&'static str, Literal),
    In(&'static str, Vec<Literal>),
    Between(Literal, Literal),
    /// A pattern: what stands before and behind the text.
    Like(&'static str, String, &'static str),
    Null(&'static str),
}

impl Select {
    /// A query for columns.
    pub fn new<S: Into<String>>(columns: impl IntoIterator<Item = S>) -> Self {
        Self {
            columns: columns.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// The module, by API name.
    pub fn from(mut self, module: impl Into<String>) -> Self {
        self.module = module.into();
        self
    }

    /// What rows must fulfil, beside what they must fulfil already. Without a word all rows are asked for.
    pub fn filter(mut self, condition: Condition) -> Self {
        self.condition = Some(match self.condition.take() {
            Some(known) => known.and(condition),
            None => condition,
        });
        self
    }

    /// Sorts by a column, after those that it is sorted by already. Without a word Zoho sorts by id.
    pub fn order_by(mut self, column: impl Into<String>, order: SortOrder) -> Self {
        self.order.push((column.into(), order));
        self
    }

    /// The text of the query.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config): a name is none, a value can not be written, or a bound of
    /// Zoho's is not kept.
    pub fn to_coql(&self) -> Result<String> {
        if self.columns.is_empty() || self.columns.len() > COLUMNS {
            return Err(Error::config("a query has 1 to 500 columns"));
        }
        if self.order.len() > ORDER {
            return Err(Error::config("a query is sorted by 10 columns at most"));
        }
        for column in self
            .columns
            .iter()
            .chain(self.order.iter().map(|(column, _)| column))
        {
            name(column, true)?;
        }
        name(&self.module, false)?;
        let condition = match &self.condition {
            Some(Condition(node)) if node.count() > CONDITIONS => {
                return Err(Error::config("a query has 25 conditions at most"));
            }
            Some(Condition(node)) => node.write()?,
            // Zoho wants a condition in every query.
            None => "id is not null".to_owned(),
        };
        let columns = self.columns.join(", ");
        let mut query = format!("select {columns} from {} where {condition}", self.module);
        for (place, (column, order)) in self.order.iter().enumerate() {
            query.push_str(if place == 0 { " order by " } else { ", " });
            query.push_str(column);
            query.push_str(match order {
                SortOrder::Asc => " asc",
                SortOrder::Desc => " desc",
            });
        }
        Ok(query)
    }

    /// Whether the rows come by id and show it, so that the query can go on behind any of them.
    pub(super) fn goes_by_id(&self) -> bool {
        self.order.is_empty() && self.columns.iter().any(|column| column == "id")
    }

    /// The same query for the rows behind one.
    pub(super) fn behind(&self, id: &ZohoId) -> Self {
        self.clone().filter(Column::of("id").gt(id))
    }
}

impl Column {
    /// A column.
    pub fn of(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// Equal to a value.
    pub fn eq(self, value: impl Into<Literal>) -> Condition {
        self.compare("=", value)
    }

    /// Not equal to a value.
    pub fn ne(self, value: impl Into<Literal>) -> Condition {
        self.compare("!=", value)
    }

    /// Less than a value.
    pub fn lt(self, value: impl Into<Literal>) -> Condition {
        self.compare("<", value)
    }

    /// Less than a value, or equal to it.
    pub fn le(self, value: impl Into<Literal>) -> Condition {
        self.compare("<=", value)
    }

    /// Greater than a value.
    pub fn gt(self, value: impl Into<Literal>) -> Condition {
        self.compare(">", value)
    }

    /// Greater than a value, or equal to it.
    pub fn ge(self, value: impl Into<Literal>) -> Condition {
        self.compare(">=", value)
    }

    /// One of some values.
    pub fn is_in<L: Into<Literal>>(self, values: impl IntoIterator<Item = L>) -> Condition {
        self.test(Test::In("in", values.into_iter().map(Into::into).collect()))
    }

    /// None of some values.
    pub fn not_in<L: Into<Literal>>(self, values: impl IntoIterator<Item = L>) -> Condition {
        self.test(Test::In("not in", values.into_iter().map(Into::into).collect()))
    }

    /// From a value to a value, both included.
    pub fn between(self, from: impl Into<Literal>, to: impl Into<Literal>) -> Condition {
        self.test(Test::Between(from.into(), to.into()))
    }

    /// A text that begins so. A text with `%` in it is refused: COQL has no way to mean the sign itself.
    pub fn starts_with(self, text: impl Into<String>) -> Condition {
        self.test(Test::Like("", text.into(), "%"))
    }

    /// A text that ends so. As [`Column::starts_with`].
    pub fn ends_with(self, text: impl Into<String>) -> Condition {
        self.test(Test::Like("%", text.into(), ""))
    }

    /// A text that has this in it. As [`Column::starts_with`].
    pub fn contains(self, text: impl Into<String>) -> Condition {
        self.test(Test::Like("%", text.into(), "%"))
    }

    /// Without a value.
    pub fn is_null(self) -> Condition {
        self.test(Test::Null("is null"))
    }

    /// With any value.
    pub fn is_not_null(self) -> Condition {
        self.test(Test::Null("is not null"))
    }

    fn compare(self, operator: &'static str, value: impl Into<Literal>) -> Condition {
        self.test(Test::Compare(operator, value.into()))
    }

    fn test(self, test: Test) -> Condition {
        Condition(Node::Test(self.0, test))
    }
}

impl Condition {
    /// Both.
    pub fn and(self, other: Self) -> Self {
        Self(Node::Pair("and", Box::new(self.0), Box::new(other.0)))
    }

    /// Either.
    pub fn or(self, other: Self) -> Self {
        Self(Node::Pair("or", Box::new(self.0), Box::new(other.0)))
    }
}

impl Node {
    fn count(&self) -> usize {
        match self {
            Self::Test(..) => 1,
            Self::Pair(_, left, right) => left.count() + right.count(),
        }
    }

    fn write(&self) -> Result<String> {
        match self {
            Self::Pair(join, left, right) => Ok(format!("({} {join} {})", left.write()?, right.write()?)),
            Self::Test(column, test) => {
                name(column, true)?;
                Ok(format!("{column} {}", test.write(column)?))
            }
        }
    }
}

impl Test {
    fn write(&self, column: &str) -> Result<String> {
        Ok(match self {
            Self::Compare(operator, value) => format!("{operator} {}", value.write(column)?),
            Self::In(_, values) if values.is_empty() => {
                return Err(Error::config(format!(
                    "`{column}` is compared with an empty list"
                )));
            }
            Self::In(operator, values) => {
                let values: Vec<String> = values
                    .iter()
                    .map(|value| value.write(column))
                    .collect::<Result<_>>()?;
                format!("{operator} ({})", values.join(", "))
            }
            Self::Between(from, to) => format!("between {} and {}", from.write(column)?, to.write(column)?),
            Self::Like(_, text, _) if text.contains('%') => {
                return Err(Error::config(format!(
                    "a text that `{column}` is like holds no `%`"
                )));
            }
            Self::Like(before, text, behind) => {
                let pattern = Literal::from(format!("{before}{text}{behind}"));
                format!("like {}", pattern.write(column)?)
            }
            Self::Null(test) => (*test).to_owned(),
        })
    }
}

/// Refuses what is no API name, or no path of them.
fn name(text: &str, path: bool) -> Result<()> {
    let part = |part: &str| {
        let rest = part.strip_prefix('$').unwrap_or(part);
        rest.starts_with(|c: char| c.is_ascii_alphabetic())
            && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    if text.split('.').all(part) && (path || !text.contains('.')) {
        return Ok(());
    }
    let shown: String = text.chars().take(60).collect();
    let what = if path { "column" } else { "module" };
    Err(Error::config(format!(
        "`{}` is no API name of a {what}",
        shown.escape_debug()
    )))
}
