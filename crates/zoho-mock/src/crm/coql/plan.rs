//! What a query answers with: its columns under their names, what is grouped, and in which order.

use super::ast::{Expr, Function, Item, Query, Sort, What};
use super::compile::{self, column};
use super::error;
use crate::answer::Refusal;
use crate::crm::CrmWorld;
use crate::crm::filter::{Path, Predicate};
use crate::crm::schema::{Kind, ModuleIndex};

/// Lookups that `where`, `group by` and `order by` may follow together.
const BASE_JOINS: usize = 5;
/// Lookups that `select` may follow.
const SELECT_JOINS: usize = 15;
/// Lookups that one column may follow.
const DEPTH: usize = 2;

/// A query whose names are resolved.
pub(super) struct Plan {
    pub(super) index: ModuleIndex,
    pub(super) predicate: Predicate,
    pub(super) shape: Shape,
}

/// Whether rows are answered as they are.
pub(super) enum Shape {
    Rows {
        columns: Vec<(String, Path)>,
        order: Vec<(Path, bool)>,
    },
    Groups(Grouping),
}

/// How rows become groups.
pub(super) struct Grouping {
    pub(super) keys: Vec<Path>,
    pub(super) aggregates: Vec<Aggregate>,
    pub(super) columns: Vec<(String, Part)>,
    pub(super) order: Vec<(Part, bool)>,
}

/// Something made of the rows of a group; without a path the rows are counted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Aggregate {
    pub(super) function: Function,
    pub(super) path: Option<Path>,
}

/// A column of a group, by its place among keys or aggregates.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Key(usize),
    Made(usize),
}

/// Resolves a query.
pub(super) fn plan(crm: &CrmWorld, query: &Query) -> Result<Plan, Refusal> {
    let index = crm
        .schema
        .find(&query.from)
        .ok_or_else(|| error::invalid_module(&query.from))?;
    names(crm, index, &query.select)?;
    joins(query)?;
    let aggregated = query
        .select
        .iter()
        .any(|item| matches!(item.what, What::Aggregate(..)));
    let shape = if aggregated || !query.group.is_empty() {
        Shape::Groups(grouping(crm, index, query)?)
    } else {
        rows(crm, index, query)?
    };
    let predicate = compile::predicate(crm, index, &query.filter)?;
    Ok(Plan {
        index,
        predicate,
        shape,
    })
}

/// Two columns of one name could not be told apart in an answer.
fn names(crm: &CrmWorld, index: ModuleIndex, select: &[Item]) -> Result<(), Refusal> {
    for (place, item) in select.iter().enumerate() {
        let key = item.key();
        if let Some(alias) = &item.alias
            && column(crm, index, alias).is_ok()
        {
            return Err(error::invalid_alias(&item.what.key()));
        }
        if let Some(other) = select.iter().take(place).find(|other| other.key() == key) {
            let columns = [other.what.key(), item.what.key()];
            return Err(match (&other.alias, &item.alias) {
                (None, None) => error::duplicate_data(&item.what),
                _ => error::duplicate_alias(&key, &columns),
            });
        }
    }
    Ok(())
}

fn rows(crm: &CrmWorld, index: ModuleIndex, query: &Query) -> Result<Shape, Refusal> {
    let mut columns = Vec::with_capacity(query.select.len() + 1);
    for item in &query.select {
        if let What::Column(name) = &item.what {
            columns.push((item.key(), column(crm, index, name)?));
        }
    }
    if !columns.iter().any(|(key, _)| key == "id") {
        columns.push(("id".to_owned(), column(crm, index, "id")?));
    }
    let order = query
        .order
        .iter()
        .map(|sort| match meant(&query.select, &sort.by) {
            What::Column(name) => Ok((column(crm, index, name)?, sort.descending)),
            What::Aggregate(..) => Err(error::misplaced(&sort.by.key(), "order by")),
        });
    let order = order.collect::<Result<_, _>>()?;
    Ok(Shape::Rows { columns, order })
}

fn grouping(crm: &CrmWorld, index: ModuleIndex, query: &Query) -> Result<Grouping, Refusal> {
    let mut grouping = Grouping {
        keys: Vec::new(),
        aggregates: Vec::new(),
        columns: Vec::new(),
        order: Vec::new(),
    };
    for (place, name) in query.group.iter().enumerate() {
        if query.group.iter().take(place).any(|other| other == name) {
            return Err(error::duplicate_data(&What::Column(name.clone())));
        }
        let path = column(crm, index, name)?;
        let kind = path.kind(crm);
        if matches!(
            kind,
            Kind::TextArea | Kind::Subform | Kind::Image | Kind::MultiPicklist | Kind::Tags
        ) {
            return Err(error::misplaced(name, "group by"));
        }
        grouping.keys.push(path);
    }
    for item in &query.select {
        let part = part(crm, index, query, &mut grouping, &item.what)?;
        grouping.columns.push((item.key(), part));
    }
    for Sort { by, descending } in &query.order {
        let by = meant(&query.select, by);
        let part = part(crm, index, query, &mut grouping, by)?;
        grouping.order.push((part, *descending));
    }
    Ok(grouping)
}

/// What a name in `order by` stands for: what has it as an alias, or itself.
fn meant<'a>(select: &'a [Item], by: &'a What) -> &'a What {
    let What::Column(name) = by else { return by };
    let named = select.iter().find(|item| item.alias.as_ref() == Some(name));
    named.map_or(by, |item| &item.what)
}

fn part(
    crm: &CrmWorld,
    index: ModuleIndex,
    query: &Query,
    grouping: &mut Grouping,
    what: &What,
) -> Result<Part, Refusal> {
    match what {
        What::Column(name) => {
            column(crm, index, name)?;
            let key = query.group.iter().position(|key| key == name);
            key.map(Part::Key)
                .ok_or_else(|| error::misplaced(name, "group by"))
        }
        What::Aggregate(function, name) => {
            let aggregate = aggregate(crm, index, *function, name.as_deref())?;
            let known = grouping.aggregates.iter().position(|other| *other == aggregate);
            Ok(Part::Made(known.unwrap_or_else(|| {
                grouping.aggregates.push(aggregate);
                grouping.aggregates.len() - 1
            })))
        }
    }
}

fn aggregate(
    crm: &CrmWorld,
    index: ModuleIndex,
    function: Function,
    name: Option<&str>,
) -> Result<Aggregate, Refusal> {
    let Some(name) = name else {
        return Ok(Aggregate { function, path: None });
    };
    let path = column(crm, index, name)?;
    let kind = path.kind(crm);
    let fits = match function {
        Function::Count => true,
        Function::Sum | Function::Avg => kind.is_number(),
        Function::Min | Function::Max => compile::ordered(kind),
    };
    if !fits {
        return Err(error::invalid_column(
            name,
            "aggregate function given is not supported for the column",
        ));
    }
    Ok(Aggregate {
        function,
        path: Some(path),
    })
}

/// Checks how many lookups are followed, and how far.
fn joins(query: &Query) -> Result<(), Refusal> {
    let selected = query.select.iter().filter_map(|item| name(&item.what));
    followed(selected, "select", SELECT_JOINS)?;
    let mut base = Vec::new();
    asked(&query.filter, &mut base);
    base.extend(query.group.iter().map(String::as_str));
    base.extend(
        query
            .order
            .iter()
            .filter_map(|sort| name(meant(&query.select, &sort.by))),
    );
    followed(base.into_iter(), "where", BASE_JOINS)
}

fn followed<'a>(
    names: impl Iterator<Item = &'a str>,
    clause: &'static str,
    limit: usize,
) -> Result<(), Refusal> {
    let exceeded = |limit| Err(error::too_many("JOIN_LIMIT_EXCEEDED", clause, limit));
    let mut joined: Vec<&str> = Vec::new();
    for name in names {
        let relations: Vec<&str> = name
            .match_indices('.')
            .filter_map(|(at, _)| name.get(..at))
            .collect();
        if relations.len() > DEPTH {
            return exceeded(DEPTH);
        }
        for relation in relations {
            if !joined.contains(&relation) {
                joined.push(relation);
            }
        }
        if joined.len() > limit {
            return exceeded(limit);
        }
    }
    Ok(())
}

fn name(what: &What) -> Option<&str> {
    match what {
        What::Column(name) => Some(name),
        What::Aggregate(_, name) => name.as_deref(),
    }
}

/// The columns that a condition asks about.
fn asked<'a>(expr: &'a Expr, names: &mut Vec<&'a str>) {
    match expr {
        Expr::Both(left, _, right) => {
            asked(left, names);
            asked(right, names);
        }
        Expr::Not(inner) => asked(inner, names),
        Expr::Condition(condition) => names.push(&condition.column),
    }
}
