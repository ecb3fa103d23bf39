//! The grammar of search criteria: `((Last_Name:equals:Lee)and(City:in:Bonn,Rome))`.

/// Conditions, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Criteria {
    All(Vec<Criteria>),
    Any(Vec<Criteria>),
    Is(Is),
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Is {
    pub(crate) field: String,
    pub(crate) operator: String,
    /// One value, or those that commas divide where the operator takes several.
    pub(crate) values: Vec<String>,
}

/// Brackets within brackets.
const DEPTH: usize = 50;

/// Reads criteria; `None` when the text is none.
pub(crate) fn parse(text: &str) -> Option<Criteria> {
    let mut parser = Parser { rest: text };
    let criteria = parser.sequence(0)?;
    parser.blank();
    parser.rest.is_empty().then_some(criteria)
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    /// Units joined by `and` and `or`; `and` binds tighter.
    fn sequence(&mut self, depth: usize) -> Option<Criteria> {
        let mut any = Vec::new();
        let mut all = vec![self.unit(depth)?];
        loop {
            if self.keyword("and") {
                all.push(self.unit(depth)?);
            } else if self.keyword("or") {
                any.push(joined(std::mem::take(&mut all), Criteria::All)?);
                all.push(self.unit(depth)?);
            } else {
                break;
            }
        }
        any.push(joined(all, Criteria::All)?);
        joined(any, Criteria::Any)
    }

    fn unit(&mut self, depth: usize) -> Option<Criteria> {
        if depth > DEPTH || !self.mark('(') {
            return None;
        }
        self.blank();
        if !self.rest.starts_with('(') {
            return self.condition();
        }
        let inner = self.sequence(depth + 1)?;
        self.mark(')').then_some(inner)
    }

    /// What stands between the innermost brackets; takes the closing one.
    fn condition(&mut self) -> Option<Criteria> {
        let (field, rest) = self.rest.split_once(':')?;
        let (operator, rest) = rest.split_once(':')?;
        if [field, operator]
            .iter()
            .any(|word| word.is_empty() || word.contains(['(', ')', '\\']))
        {
            return None;
        }
        let several = matches!(operator, "in" | "between");
        let mut values = vec![String::new()];
        let mut chars = rest.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                ')' => {
                    self.rest = rest.get(at + 1..)?;
                    return Some(Criteria::Is(Is {
                        field: field.trim().to_owned(),
                        operator: operator.trim().to_owned(),
                        values,
                    }));
                }
                '(' => return None,
                ',' if several => values.push(String::new()),
                '\\' => values.last_mut()?.push(chars.next()?.1),
                c => values.last_mut()?.push(c),
            }
        }
        None
    }

    fn blank(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn mark(&mut self, mark: char) -> bool {
        self.blank();
        let rest = self.rest.strip_prefix(mark);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn keyword(&mut self, keyword: &str) -> bool {
        self.blank();
        let there = self
            .rest
            .get(..keyword.len())
            .is_some_and(|word| word.eq_ignore_ascii_case(keyword));
        if there {
            self.rest = self.rest.get(keyword.len()..).unwrap_or_default();
        }
        there
    }
}

fn joined(mut parts: Vec<Criteria>, join: fn(Vec<Criteria>) -> Criteria) -> Option<Criteria> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(join(parts)),
    }
}
