//! A query's rows: along an index where the order is that of one, by gathering and sorting elsewhere.

use std::cmp::Ordering;

use http::StatusCode;

use super::ast::{Inner, Item, Query};
use super::group::{Group, groups};
use super::parser::INNER_ROWS;
use super::plan::{Grouping, Part, Plan, Shape, plan};
use super::{error, meta};
use crate::answer::{Answer, Outcome, Payload, Refusal};
use crate::crm::CrmWorld;
use crate::crm::filter::{Bounds, Path, Predicate, Scalar};
use crate::crm::render;
use crate::crm::schema::{Field, Kind, ModuleIndex, Source};
use crate::crm::store::{Order, Row, SortKey, Table};

/// So many rows of a range of instants are sorted before a walk along the wanted order is cheaper.
const GATHER: usize = 5_000;

/// Rows of one answer when the query does not say.
const ROWS: usize = 200;

/// Answers a query with at most `most` rows; `meta` adds what is known of the selected fields.
pub(super) fn run(crm: &CrmWorld, query: &Query, most: usize, meta: bool) -> Outcome {
    if query.limit.is_some_and(|limit| limit > most) {
        return Err(error::too_many("LIMIT_EXCEEDED", "limit", most));
    }
    let plan = plan(crm, query)?;
    let limit = query.limit.unwrap_or(ROWS).min(most);
    let mut out = b"{\"data\":[".to_vec();
    let (count, more) = match &plan.shape {
        Shape::Rows { columns, order } => {
            let (rows, more) = select(crm, plan.index, &plan.predicate, order, query.offset, limit);
            for (count, row) in rows.iter().enumerate() {
                let columns = columns.iter().map(|(name, path)| (name.as_str(), path));
                write(&mut out, count, columns, |out, path| path.write(out, crm, row));
            }
            (rows.len(), more)
        }
        Shape::Groups(grouping) => {
            let groups = grouped(crm, &plan, grouping);
            let (groups, more) = page(groups.into_iter(), query.offset, limit);
            for (count, group) in groups.iter().enumerate() {
                let columns = grouping.columns.iter().map(|(name, part)| (name.as_str(), *part));
                write(&mut out, count, columns, |out, part| {
                    group.write(out, crm, grouping, part);
                });
            }
            (groups.len(), more)
        }
    };
    if count == 0 {
        return Ok(Answer::no_content());
    }
    out.extend_from_slice(b"]");
    if meta {
        out.extend_from_slice(b",\"fields\":");
        out.extend_from_slice(meta::fields(crm, &plan).to_string().as_bytes());
    }
    let info = format!(",\"info\":{{\"count\":{count},\"more_records\":{more}}}}}");
    out.extend_from_slice(info.as_bytes());
    Ok(Answer {
        status: StatusCode::OK,
        headers: Vec::new(),
        payload: Payload::Json(out),
    })
}

/// The values of the one column of a query within a query, and their kind.
pub(super) fn values<'a>(crm: &'a CrmWorld, inner: &Inner) -> Result<(Kind, Vec<Scalar<'a>>), Refusal> {
    let Inner { sequence, query } = inner;
    let [item] = query.select.as_slice() else {
        let columns: Vec<String> = query.select.iter().map(Item::key).collect();
        return Err(error::too_wide(*sequence, &columns));
    };
    let plan = plan(crm, query)?;
    let limit = query.limit.unwrap_or(INNER_ROWS);
    match &plan.shape {
        Shape::Rows { columns, order } => {
            let (rows, _) = select(crm, plan.index, &plan.predicate, order, query.offset, limit);
            let path = columns.first().map(|(_, path)| path);
            let kind = path.map_or(Kind::Id, |path| path.kind(crm));
            let values = rows.into_iter().filter_map(|row| Some(path?.scalar(crm, row)));
            Ok((kind, values.collect()))
        }
        Shape::Groups(grouping) => match grouping.columns.as_slice() {
            [(_, Part::Key(at))] => {
                let (groups, _) = page(grouped(crm, &plan, grouping).into_iter(), query.offset, limit);
                let kind = grouping.keys.get(*at).map_or(Kind::Id, |path| path.kind(crm));
                let values = groups.iter().filter_map(|group| group.key(*at).cloned());
                Ok((kind, values.collect()))
            }
            _ => Err(error::misplaced(&item.key(), "select")),
        },
    }
}

/// Appends an object of a row's or a group's columns.
fn write<'a, T>(
    out: &mut Vec<u8>,
    count: usize,
    columns: impl Iterator<Item = (&'a str, T)>,
    mut value: impl FnMut(&mut Vec<u8>, T),
) {
    out.extend_from_slice(if count == 0 { b"{" } else { b",{" });
    for (place, (name, column)) in columns.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        render::string(out, name);
        out.push(b':');
        value(out, column);
    }
    out.push(b'}');
}

fn grouped<'a>(crm: &'a CrmWorld, plan: &Plan, grouping: &Grouping) -> Vec<Group<'a>> {
    let Some(table) = crm.tables.get(plan.index) else {
        return Vec::new();
    };
    let rows = few(crm, table, &plan.predicate, &Vec::new()).map_or_else(
        || candidates(crm, table, &plan.predicate),
        |rows| Box::new(rows.into_iter()),
    );
    groups(crm, grouping, rows.filter(|row| plan.predicate.holds(crm, row)))
}

type Sorting = Vec<(Path, bool)>;

/// The rows of a page of a query, and whether there are more.
fn select<'a>(
    crm: &'a CrmWorld,
    index: ModuleIndex,
    predicate: &Predicate,
    order: &Sorting,
    offset: usize,
    limit: usize,
) -> (Vec<&'a Row>, bool) {
    let Some(table) = crm.tables.get(index) else {
        return (Vec::new(), false);
    };
    let matching = |row: &&Row| predicate.holds(crm, row);
    if let Some(few) = few(crm, table, predicate, order) {
        let rows = sorted(crm, few.into_iter().filter(matching).collect(), order);
        return page(rows.into_iter(), offset, limit);
    }
    match indexed(crm, order) {
        Some(along) => {
            let (low, high) = Bounds::of(crm, predicate, along.key).closed().range(along.key);
            page(table.range(along, low, high).filter(matching), offset, limit)
        }
        None => {
            let rows = candidates(crm, table, predicate).filter(matching).collect();
            page(sorted(crm, rows, order).into_iter(), offset, limit)
        }
    }
}

fn page<T>(rows: impl Iterator<Item = T>, offset: usize, limit: usize) -> (Vec<T>, bool) {
    let mut rows = rows.skip(offset);
    let page = rows.by_ref().take(limit).collect();
    (page, rows.next().is_some())
}

/// The index whose order is the wanted one. Rows that are equal in all columns go by id, in the
/// direction of the last column.
fn indexed(crm: &CrmWorld, order: &Sorting) -> Option<Order> {
    let key = |path: &Path| match path.own(crm)?.source {
        Source::Id => Some(SortKey::Id),
        Source::CreatedTime => Some(SortKey::Created),
        Source::ModifiedTime => Some(SortKey::Modified),
        _ => None,
    };
    match order.as_slice() {
        [] => Some(Order {
            key: SortKey::Id,
            descending: false,
        }),
        [(path, descending)] => Some(Order {
            key: key(path)?,
            descending: *descending,
        }),
        [(first, descending), (second, also)] if descending == also && key(second) == Some(SortKey::Id) => {
            Some(Order {
                key: key(first)?,
                descending: *descending,
            })
        }
        _ => None,
    }
}

/// The candidates when an index shows that they are few, so that sorting them costs little: those equal
/// in a probed column, or a short range of instants where the order is another.
fn few<'a>(
    crm: &'a CrmWorld,
    table: &'a Table,
    predicate: &Predicate,
    order: &Sorting,
) -> Option<Vec<&'a Row>> {
    if let Some((path, text)) = predicate.equality()
        && let Some(column) = path.own(crm).and_then(Field::column)
        && let Some(rows) = table.probe(column, text)
    {
        return Some(rows.collect());
    }
    let along = indexed(crm, order)?;
    for key in [SortKey::Modified, SortKey::Created] {
        let bounds = Bounds::of(crm, predicate, key).closed();
        if along.key == SortKey::Id && bounds.limits_time() {
            let (low, high) = bounds.range(key);
            let order = Order {
                key,
                descending: false,
            };
            let rows: Vec<&Row> = table.range(order, low, high).take(GATHER + 1).collect();
            if rows.len() <= GATHER {
                return Some(rows);
            }
        }
    }
    None
}

/// The candidates for a query that has to sort: the shortest range that its bounds allow.
fn candidates<'a>(
    crm: &'a CrmWorld,
    table: &'a Table,
    predicate: &Predicate,
) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
    let key = [SortKey::Modified, SortKey::Created]
        .into_iter()
        .find(|key| Bounds::of(crm, predicate, *key).closed().limits_time())
        .unwrap_or(SortKey::Id);
    let (low, high) = Bounds::of(crm, predicate, key).closed().range(key);
    table.range(
        Order {
            key,
            descending: false,
        },
        low,
        high,
    )
}

fn sorted<'a>(crm: &'a CrmWorld, rows: Vec<&'a Row>, order: &Sorting) -> Vec<&'a Row> {
    let mut keyed: Vec<(Vec<Scalar<'a>>, &'a Row)> = rows
        .into_iter()
        .map(|row| (order.iter().map(|(path, _)| path.scalar(crm, row)).collect(), row))
        .collect();
    let last = order.last().is_some_and(|(_, descending)| *descending);
    keyed.sort_by(|(a, left), (b, right)| {
        let columns = a.iter().zip(b).zip(order);
        let ordering = columns
            .map(|((a, b), (_, descending))| turned(a.compare(b), *descending))
            .find(|ordering| ordering.is_ne());
        ordering.unwrap_or_else(|| turned(left.id.cmp(&right.id), last))
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

fn turned(ordering: Ordering, descending: bool) -> Ordering {
    if descending { ordering.reverse() } else { ordering }
}
