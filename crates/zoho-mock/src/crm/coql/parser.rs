//! Tokens to tree, by descent; depth and counts are limited, so that no text can do harm.

use super::ast::{Ask, Condition, Expr, Function, Inner, Item, Literal, Logic, Query, Sort, What};
use super::error::{ParseError, Syntax};
use super::lexer::{Kind, Token, tokens};
use crate::crm::filter::Comparison;

/// Conditions in one query.
pub(crate) const CONDITIONS: usize = 25;
/// Brackets within brackets.
const DEPTH: usize = 50;
/// Columns after `select`.
const COLUMNS: usize = 500;
/// Aggregates after `select`.
const AGGREGATES: usize = 5;
/// Columns after `group by`.
const GROUPS: usize = 4;
/// Columns after `order by`.
const SORTS: usize = 10;
/// Queries within a query.
const SUBQUERIES: usize = 5;
/// Rows of a query within a query.
pub(super) const INNER_ROWS: usize = 100;
/// Values within `in (...)`.
const VALUES: usize = 50;
/// Rows of one answer.
pub(super) const ROWS: usize = 2_000;
/// Rows that may be passed over.
const OFFSET: usize = 100_000;

const RESERVED: [&str; 19] = [
    "select", "as", "from", "where", "and", "or", "not", "in", "like", "is", "null", "between", "group",
    "order", "by", "asc", "desc", "limit", "offset",
];

/// Reads a query.
///
/// # Errors
///
/// Where the text stops being a query, or what it has too much of.
pub(crate) fn parse(text: &str) -> Result<Query, ParseError> {
    let mut parser = Parser {
        tokens: tokens(text),
        at: 0,
        clause: "select",
        conditions: 0,
        subqueries: 0,
    };
    let query = parser.query(0, ROWS)?;
    parser.mark(";");
    match parser.token().map(|token| &token.kind) {
        None | Some(Kind::End) => Ok(query),
        Some(_) => Err(parser.stuck()),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    clause: &'static str,
    conditions: usize,
    subqueries: usize,
}

type Parsed<T> = Result<T, ParseError>;

impl Parser {
    /// A query of at most `rows` rows, `depth` brackets deep.
    fn query(&mut self, depth: usize, rows: usize) -> Parsed<Query> {
        self.clause = "select";
        self.expect("select")?;
        let select = self.list(COLUMNS, Self::item)?;
        let aggregates = select
            .iter()
            .filter(|item| matches!(item.what, What::Aggregate(..)));
        self.limited(aggregates.count(), AGGREGATES)?;
        self.clause = "from";
        self.expect("from")?;
        let from = self.name()?;
        self.clause = "where";
        self.expect("where")?;
        let filter = self.expr(depth)?;
        let mut group = Vec::new();
        if self.keyword("group") {
            self.clause = "group by";
            self.expect("by")?;
            group = self.list(GROUPS, Self::name)?;
        }
        let mut order = Vec::new();
        if self.keyword("order") {
            self.clause = "order by";
            self.expect("by")?;
            order = self.list(SORTS, Self::sort)?;
        }
        let (limit, offset) = self.limit(rows)?;
        Ok(Query {
            select,
            from,
            filter,
            group,
            order,
            limit,
            offset,
        })
    }

    /// `limit n`, `limit offset, n`, `limit n offset m`, `offset m`.
    fn limit(&mut self, rows: usize) -> Parsed<(Option<usize>, usize)> {
        let (mut limit, mut offset) = (None, 0);
        if self.keyword("limit") {
            self.clause = "limit";
            let mut count = self.count()?;
            if self.mark(",") {
                offset = count;
                count = self.count()?;
            }
            self.limited(count, rows)?;
            limit = Some(count);
        }
        if self.keyword("offset") {
            self.clause = "offset";
            offset = self.count()?;
        }
        if offset > OFFSET {
            return Err(ParseError::Limit {
                clause: "offset",
                limit: OFFSET,
            });
        }
        Ok((limit, offset))
    }

    fn limited(&self, count: usize, limit: usize) -> Parsed<()> {
        if count <= limit {
            return Ok(());
        }
        let clause = self.clause;
        Err(ParseError::Limit { clause, limit })
    }

    /// A column or an aggregate, and perhaps what it is to be called.
    fn item(&mut self) -> Parsed<Item> {
        let what = self.what()?;
        let alias = if self.keyword("as") {
            if matches!(self.token().map(|token| &token.kind), Some(Kind::Text(_))) {
                return Err(ParseError::Alias(what.key()));
            }
            let name = self.name()?;
            if !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
                return Err(ParseError::Alias(what.key()));
            }
            Some(name)
        } else {
            None
        };
        Ok(Item { what, alias })
    }

    fn what(&mut self) -> Parsed<What> {
        let opens = self.tokens.get(self.at + 1).map(|token| &token.kind) == Some(&Kind::Mark("("));
        let function = Function::ALL
            .into_iter()
            .find(|function| self.peek(function.name()));
        let Some(function) = function.filter(|_| opens) else {
            return self.name().map(What::Column);
        };
        self.at += 2;
        let rows = function == Function::Count && self.mark("*");
        let column = if rows { None } else { Some(self.name()?) };
        self.close()?;
        Ok(What::Aggregate(function, column))
    }

    /// One operand, or two that are joined. A third needs brackets.
    fn expr(&mut self, depth: usize) -> Parsed<Expr> {
        let left = self.operand(depth)?;
        let Some(logic) = self.logic() else {
            return Ok(left);
        };
        let right = self.operand(depth)?;
        if self.peek("and") || self.peek("or") {
            return Err(self.stuck());
        }
        Ok(Expr::Both(Box::new(left), logic, Box::new(right)))
    }

    fn logic(&mut self) -> Option<Logic> {
        if self.keyword("and") {
            Some(Logic::And)
        } else if self.keyword("or") {
            Some(Logic::Or)
        } else {
            None
        }
    }

    fn operand(&mut self, depth: usize) -> Parsed<Expr> {
        if depth > DEPTH {
            return Err(self.stuck());
        }
        if self.keyword("not") {
            return Ok(Expr::Not(Box::new(self.operand(depth + 1)?)));
        }
        if self.mark("(") {
            let inner = self.expr(depth + 1)?;
            self.close()?;
            return Ok(inner);
        }
        self.conditions += 1;
        self.limited(self.conditions, CONDITIONS)?;
        self.condition(depth).map(Expr::Condition)
    }

    fn condition(&mut self, depth: usize) -> Parsed<Condition> {
        let column = self.name()?;
        if self.keyword("is") {
            let negated = self.keyword("not");
            self.expect("null")?;
            return Ok(Condition {
                column,
                ask: Ask::Null,
                negated,
            });
        }
        let negated = self.keyword("not");
        let ask = if self.keyword("in") {
            self.open()?;
            let ask = if self.peek("select") {
                self.subqueries += 1;
                self.limited(self.subqueries, SUBQUERIES)?;
                let sequence = self.subqueries;
                let query = self.query(depth + 1, INNER_ROWS)?;
                Ask::Within(Box::new(Inner { sequence, query }))
            } else {
                Ask::In(self.list(VALUES, Self::literal)?)
            };
            self.close()?;
            self.clause = "where";
            ask
        } else if self.keyword("like") {
            match self.literal()? {
                Literal::Text(pattern) => Ask::Like(pattern),
                _ => return Err(self.back().stuck()),
            }
        } else if self.keyword("between") {
            let low = self.literal()?;
            self.expect("and")?;
            Ask::Between(low, self.literal()?)
        } else if negated {
            return Err(self.stuck());
        } else {
            let operator = self.token().map(|token| token.text.clone()).unwrap_or_default();
            let comparison = self.comparison()?;
            if self.mark("(") {
                if !self.peek("select") {
                    return Err(self.back().stuck());
                }
                return Err(ParseError::Compared(self.subqueries + 1, operator));
            }
            Ask::Compare(comparison, self.literal()?)
        };
        Ok(Condition { column, ask, negated })
    }

    fn comparison(&mut self) -> Parsed<Comparison> {
        for (mark, comparison) in [
            ("=", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<>", Comparison::NotEqual),
            ("<", Comparison::Less),
            ("<=", Comparison::LessEqual),
            (">", Comparison::Greater),
            (">=", Comparison::GreaterEqual),
        ] {
            if self.mark(mark) {
                return Ok(comparison);
            }
        }
        Err(self.stuck())
    }

    fn literal(&mut self) -> Parsed<Literal> {
        let literal = match self.token().map(|token| &token.kind) {
            Some(Kind::Text(text)) => Literal::Text(text.clone()),
            Some(Kind::Number(digits)) => Literal::Number(digits.clone()),
            Some(Kind::Word(word)) if word.eq_ignore_ascii_case("true") => Literal::Bool(true),
            Some(Kind::Word(word)) if word.eq_ignore_ascii_case("false") => Literal::Bool(false),
            _ => return Err(self.stuck()),
        };
        self.at += 1;
        Ok(literal)
    }

    fn sort(&mut self) -> Parsed<Sort> {
        let by = self.what()?;
        let descending = self.keyword("desc");
        if !descending {
            self.keyword("asc");
        }
        Ok(Sort { by, descending })
    }

    fn list<T>(&mut self, most: usize, item: fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.mark(",") {
            items.push(item(self)?);
            self.limited(items.len(), most)?;
        }
        Ok(items)
    }

    fn name(&mut self) -> Parsed<String> {
        match self.token().map(|token| &token.kind) {
            Some(Kind::Word(word))
                if !RESERVED
                    .iter()
                    .any(|reserved| word.eq_ignore_ascii_case(reserved)) =>
            {
                let name = word.clone();
                self.at += 1;
                Ok(name)
            }
            _ => Err(self.stuck()),
        }
    }

    fn count(&mut self) -> Parsed<usize> {
        match self.token().map(|token| &token.kind) {
            Some(Kind::Number(digits)) => match digits.parse() {
                Ok(count) => {
                    self.at += 1;
                    Ok(count)
                }
                Err(_) => Err(self.stuck()),
            },
            _ => Err(self.stuck()),
        }
    }

    fn token(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn peek(&self, keyword: &str) -> bool {
        matches!(self.token().map(|token| &token.kind), Some(Kind::Word(word)) if word.eq_ignore_ascii_case(keyword))
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        let there = self.peek(keyword);
        self.at += usize::from(there);
        there
    }

    fn mark(&mut self, mark: &str) -> bool {
        let there =
            matches!(self.token().map(|token| &token.kind), Some(Kind::Mark(found)) if *found == mark);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, keyword: &str) -> Parsed<()> {
        if self.keyword(keyword) {
            Ok(())
        } else {
            Err(self.stuck())
        }
    }

    fn open(&mut self) -> Parsed<()> {
        if self.mark("(") { Ok(()) } else { Err(self.stuck()) }
    }

    fn close(&mut self) -> Parsed<()> {
        if self.mark(")") { Ok(()) } else { Err(self.stuck()) }
    }

    fn back(&mut self) -> &Self {
        self.at = self.at.saturating_sub(1);
        self
    }

    /// The text stops being a query here.
    fn stuck(&self) -> ParseError {
        let (near, line, column) = match self.token() {
            Some(token) => (token.text.clone(), token.line, token.column),
            None => (String::new(), 1, 1),
        };
        ParseError::Syntax(Syntax {
            near,
            line,
            column,
            clause: self.clause,
        })
    }
}
