//! A query's rows: along an index where the order is that of one, by gathering and sorting elsewhere.

use std::cmp::Ordering;

use http::StatusCode;

use super::ast::{Query, Sort};
use super::{compile, error};
use crate::answer::{Answer, Outcome, Payload};
use crate::crm::CrmWorld;
use crate::crm::filter::{Bounds, Path, Predicate, Scalar};
use crate::crm::render;
use crate::crm::schema::{Field, ModuleIndex, Source};
use crate::crm::store::{Order, Row, SortKey, Table};

/// So many rows of a range of instants are sorted before a walk along the wanted order is cheaper.
const GATHER: usize = 5_000;

/// Answers a query.
pub(super) fn run(crm: &CrmWorld, query: &Query) -> Outcome {
    let index = crm
        .schema
        .find(&query.from)
        .ok_or_else(|| error::invalid_module(&query.from))?;
    let mut columns = Vec::with_capacity(query.select.len() + 1);
    for name in query.select.iter().map(String::as_str).chain(["id"]) {
        if !columns.iter().any(|(known, _)| *known == name) {
            columns.push((name, compile::column(crm, index, name)?));
        }
    }
    let predicate = compile::predicate(crm, index, &query.filter)?;
    let order = order(crm, index, &query.order)?;
    let (rows, more) = select(crm, index, &predicate, &order, query.offset, query.limit);
    if rows.is_empty() {
        return Ok(Answer::no_content());
    }
    let mut out = b"{\"data\":[".to_vec();
    for (count, row) in rows.iter().enumerate() {
        out.extend_from_slice(if count == 0 { b"{" } else { b",{" });
        for (place, (name, path)) in columns.iter().enumerate() {
            if place > 0 {
                out.push(b',');
            }
            render::string(&mut out, name);
            out.push(b':');
            path.write(&mut out, crm, row);
        }
        out.push(b'}');
    }
    let info = format!(
        "],\"info\":{{\"count\":{},\"more_records\":{more}}}}}",
        rows.len()
    );
    out.extend_from_slice(info.as_bytes());
    Ok(Answer {
        status: StatusCode::OK,
        headers: Vec::new(),
        payload: Payload::Json(out),
    })
}

type Sorting = Vec<(Path, bool)>;

fn order(crm: &CrmWorld, index: ModuleIndex, sorts: &[Sort]) -> Result<Sorting, crate::answer::Refusal> {
    sorts
        .iter()
        .map(|sort| Ok((compile::column(crm, index, &sort.column)?, sort.descending)))
        .collect()
}

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

fn page<'a>(rows: impl Iterator<Item = &'a Row>, offset: usize, limit: usize) -> (Vec<&'a Row>, bool) {
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
