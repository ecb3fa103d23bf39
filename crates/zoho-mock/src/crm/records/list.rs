//! `GET /{module}`: pages by number for the first 2,000 rows, by token to 100,000.

use std::ops::Bound;

use serde::Serialize;
use serde_json::json;

use super::page::{Page, Walk};
use super::params::{self, Converted};
use super::token::{self, Place};
use crate::answer::{Answer, Outcome, Refusal};
use crate::call::Call;
use crate::crm::CrmWorld;
use crate::crm::refuse;
use crate::crm::store::{Key, Order, Row, SortKey, Table};
use crate::world::World;

/// Pages by number end here.
const BY_NUMBER: usize = 2_000;
/// Pages by token end here.
const BY_TOKEN: usize = 100_000;
/// `If-Modified-Since` gathers so many changed rows before it walks the whole order instead.
const GATHER: usize = 5_000;

/// Lists the records of a module.
pub(super) fn list_records(world: &mut World, call: &Call<'_>) -> Outcome {
    let index = world.crm.module_of(call)?;
    let CrmWorld {
        schema, selections, ..
    } = &mut world.crm;
    let module = schema.module(index).ok_or_else(refuse::invalid_module)?;
    let selection = params::kept_fields(call, (index, module), selections)?;
    let crm = &world.crm;
    let table = crm.tables.get(index).ok_or_else(refuse::invalid_module)?;
    let size = params::page_size(call)?;
    let order = params::order(call)?;
    let (place, skip) = start(call, crm.caller(call), size)?;
    let filter = Filter {
        since: params::modified_since(call),
        converted: Converted::of(call)?,
        ids: params::id_list(call)?.map(|ids| ids.into_iter().filter_map(|(_, id)| id).collect()),
    };
    let mut page = Page::new(crm, index, &selection);
    let span = filter.fill(&mut page, table, (order, place.after), skip, size);
    let Some(span) = span else {
        // Nothing at all is newer: 304. A page behind the last one is 204, as without the header.
        let unchanged = filter.since.is_some() && place.after.is_none() && skip == 0 && table.len() > 0;
        return Ok(if unchanged {
            Answer::not_modified()
        } else {
            Answer::no_content()
        });
    };
    let turn = Turn {
        call,
        crm,
        order,
        place,
        size,
    };
    let info = turn.info(&span, page.rows, &filter, table);
    Ok(page.end(&info))
}

/// Where the call wants its page to begin: a place, and how many rows to pass over from there. A page
/// by number passes rows over, a page by token none.
fn start(call: &Call<'_>, user: u64, size: usize) -> Result<(Place, usize), Refusal> {
    let Some(text) = call.query("page_token").filter(|text| !text.is_empty()) else {
        let page = params::page_number(call)?;
        if page.saturating_mul(size) > BY_NUMBER {
            return Err(refuse::bad(
                "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
                "You can only get the first 2000 records without using page_token param",
                json!({"limit": BY_NUMBER}),
            ));
        }
        let page = u32::try_from(page).unwrap_or(u32::MAX);
        let served = (page - 1).saturating_mul(u32::try_from(size).unwrap_or(u32::MAX));
        let skip = (page as usize - 1) * size;
        return Ok((
            Place {
                after: None,
                page,
                served,
            },
            skip,
        ));
    };
    if call.query("page").is_some() {
        return Err(refuse::bad(
            "AMBIGUITY_DURING_PROCESSING",
            "ambiguity while processing the request",
            json!({"ambiguity_due_to": [{"param_name": "page"}, {"param_name": "page_token"}]}),
        ));
    }
    let place = token::open(text, call, user, call.now.as_second())?;
    if place.served as usize >= BY_TOKEN {
        return Err(refuse::bad(
            "PAGINATION_LIMIT_EXCEEDED",
            "You can only get upto 100000 records using page_token param",
            json!({"param_name": "page_token"}),
        ));
    }
    Ok((place, 0))
}

/// The keys of the first and the last row of a page, and whether there are more behind it.
struct Span {
    first: Key,
    last: Key,
    more: bool,
}

/// Which rows a list shows.
struct Filter {
    since: Option<i64>,
    converted: Converted,
    ids: Option<Vec<u64>>,
}

impl Filter {
    fn passes(&self, row: &Row) -> bool {
        self.since.is_none_or(|since| row.modified > since)
            && self.converted.shows(row)
            && self.ids.as_ref().is_none_or(|ids| ids.contains(&row.id))
    }

    /// Writes up to `size` rows after a key and so many others; nothing if there are none.
    fn fill<'a>(
        &self,
        page: &mut Page<'a>,
        table: &'a Table,
        (order, after): (Order, Option<Key>),
        skip: usize,
        size: usize,
    ) -> Option<Span> {
        if page.has_runs()
            && let Some(mut walk) = self.walk(table, order, after)
        {
            walk.pass(skip);
            let (first, last) = walk.fill(page, size)?;
            return Some(Span {
                first: (0, first),
                last: (0, last),
                more: walk.peek().is_some(),
            });
        }
        let mut rows = self.rows(table, order, after).skip(skip);
        let first = rows.next()?;
        let mut last = first;
        page.reserve(size);
        page.row(first);
        for row in rows.by_ref().take(size - 1) {
            page.row(row);
            last = row;
        }
        Some(Span {
            first: order.key_of(first),
            last: order.key_of(last),
            more: rows.next().is_some(),
        })
    }

    /// The way along the runs of a table, if this is a list of what they hold.
    fn walk<'a>(&self, table: &'a Table, order: Order, after: Option<Key>) -> Option<Walk<'a>> {
        let usual = self.since.is_none() && self.ids.is_none() && self.converted == Converted::Hidden;
        (usual && order.key == SortKey::Id).then(|| Walk {
            table,
            descending: order.descending,
            after: after.map(|(_, id)| id),
            seen: |row| Converted::Hidden.shows(row),
        })
    }

    /// The rows after a key, found by index.
    fn rows<'r, 'a: 'r>(
        &'r self,
        table: &'a Table,
        order: Order,
        after: Option<Key>,
    ) -> Box<dyn Iterator<Item = &'a Row> + 'r> {
        let few = match (&self.ids, self.since) {
            (Some(ids), _) => Some(ids.iter().filter_map(|id| table.get(*id)).collect()),
            (None, Some(since)) if order.key != SortKey::Modified => gather(table, since),
            _ => None,
        };
        if let Some(rows) = few {
            return Box::new(self.sorted(rows, order, after).into_iter());
        }
        let (mut low, mut high) = (Bound::Unbounded, Bound::Unbounded);
        if let (SortKey::Modified, Some(since)) = (order.key, self.since) {
            low = Bound::Excluded((since, u64::MAX));
        }
        match after {
            Some(key) if order.descending => high = Bound::Excluded(key),
            Some(key) => low = Bound::Excluded(key),
            None => {}
        }
        Box::new(table.range(order, low, high).filter(|row| self.passes(row)))
    }

    fn sorted<'a>(&self, mut rows: Vec<&'a Row>, order: Order, after: Option<Key>) -> Vec<&'a Row> {
        rows.retain(|row| {
            let key = order.key_of(row);
            let beyond = after.is_none_or(|after| {
                if order.descending {
                    key < after
                } else {
                    key > after
                }
            });
            beyond && self.passes(row)
        });
        rows.sort_unstable_by_key(|row| order.key_of(row));
        rows.dedup_by_key(|row| row.id);
        if order.descending {
            rows.reverse();
        }
        rows
    }
}

/// The rows modified after an instant, if they are few.
fn gather(table: &Table, since: i64) -> Option<Vec<&Row>> {
    let order = Order {
        key: SortKey::Modified,
        descending: false,
    };
    let newer = table.range(order, Bound::Excluded((since, u64::MAX)), Bound::Unbounded);
    let rows: Vec<&Row> = newer.take(GATHER + 1).collect();
    (rows.len() <= GATHER).then_some(rows)
}

/// What a list says of its page.
#[derive(Debug, Serialize)]
struct Info {
    per_page: usize,
    next_page_token: Option<String>,
    count: usize,
    sort_by: &'static str,
    page: u32,
    previous_page_token: Option<String>,
    page_token_expiry: Option<String>,
    sort_order: &'static str,
    more_records: bool,
}

/// One page of a list, for what `info` says of it.
struct Turn<'a> {
    call: &'a Call<'a>,
    crm: &'a CrmWorld,
    order: Order,
    place: Place,
    size: usize,
}

impl Turn<'_> {
    fn info(&self, span: &Span, count: usize, filter: &Filter, table: &Table) -> Info {
        let now = self.call.now.as_second();
        let user = self.crm.caller(self.call);
        let next = span.more.then(|| Place {
            after: Some(span.last),
            page: self.place.page.saturating_add(1),
            served: self
                .place
                .served
                .saturating_add(u32::try_from(count).unwrap_or(0)),
        });
        let previous = self.previous(span.first, filter, table);
        let token = |place: Option<Place>| place.map(|place| token::issue(place, self.call, user, now));
        let expiry = (next.is_some() || previous.is_some()).then(|| self.crm.zone.text(token::expiry(now)));
        let (sort_by, sort_order) = params::order_names(self.order);
        Info {
            per_page: self.size,
            next_page_token: token(next),
            count,
            sort_by,
            page: self.place.page,
            previous_page_token: token(previous),
            page_token_expiry: expiry,
            sort_order,
            more_records: span.more,
        }
    }

    /// Where the page before this one begins: a page back from its first row.
    fn previous(&self, first: Key, filter: &Filter, table: &Table) -> Option<Place> {
        if self.place.page < 2 {
            return None;
        }
        let back = Order {
            descending: !self.order.descending,
            ..self.order
        };
        let before = match filter.walk(table, back, Some(first)) {
            Some(mut walk) => {
                walk.pass(self.size);
                walk.peek()
            }
            None => filter.rows(table, back, Some(first)).nth(self.size),
        };
        Some(Place {
            after: before.map(|row| self.order.key_of(row)),
            page: self.place.page - 1,
            served: self
                .place
                .served
                .saturating_sub(u32::try_from(self.size).unwrap_or(0)),
        })
    }
}
