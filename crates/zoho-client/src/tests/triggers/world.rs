//! A model of what Zoho keeps and shows: no HTTP, no JSON, one second at a time.

use crate::record::Record;
use crate::triggers::cursor::Second;
use crate::triggers::step::{Answer, Ask, Found, Row};
use crate::wire::ZohoId;

/// Something that happens.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// A record is created, and shows so many seconds late.
    Create(i64),
    Edit(usize),
    Delete(usize),
    Restore(usize),
    Pass(i64),
    Poll,
}

/// Where Zoho behaves in more than one way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dialect {
    /// Rows of a page of an ascending read.
    pub(super) page: usize,
    /// Whether `If-Modified-Since` means "since" and not "after".
    pub(super) inclusive: bool,
    /// Whether the module can be queried.
    pub(super) queries: bool,
    /// Whether a Books list is sorted as asked.
    pub(super) sorted: bool,
    /// Every so many uses of a page token one is spent; 0: never.
    pub(super) expiring: u8,
}

/// A record as it stands.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) id: u64,
    pub(super) created: Second,
    pub(super) modified: Second,
    pub(super) version: u64,
    pub(super) deleted: Option<Second>,
    pub(super) restored: bool,
}

/// Everything that Zoho knows.
#[derive(Debug)]
pub(super) struct World {
    dialect: Dialect,
    pub(super) now: Second,
    pub(super) records: Vec<Kept>,
    versions: u64,
    tokens: u8,
}

impl World {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            now: 1_000_000,
            records: Vec::new(),
            versions: 0,
            tokens: 0,
        }
    }

    pub(super) fn act(&mut self, act: &Act) {
        self.versions += 1;
        let (now, version) = (self.now, self.versions);
        let place = |number: &usize, count: usize| number.checked_rem(count).unwrap_or(0);
        let count = self.records.len();
        match act {
            Act::Create(late) => {
                let at = now - late;
                self.records.push(Kept {
                    id: 100 + count as u64,
                    created: at,
                    modified: at,
                    version,
                    deleted: None,
                    restored: false,
                });
            }
            Act::Edit(number) => {
                if let Some(kept) = self.records.get_mut(place(number, count))
                    && kept.deleted.is_none()
                {
                    (kept.modified, kept.version) = (now, version);
                }
            }
            Act::Delete(number) => {
                if let Some(kept) = self.records.get_mut(place(number, count))
                    && kept.deleted.is_none()
                {
                    kept.deleted = Some(now);
                }
            }
            Act::Restore(number) => {
                if let Some(kept) = self.records.get_mut(place(number, count))
                    && kept.deleted.take().is_some()
                {
                    (kept.modified, kept.version, kept.restored) = (now, version, true);
                }
            }
            Act::Pass(seconds) => self.now += seconds,
            Act::Poll => {}
        }
    }

    /// Answers a question, as of now.
    pub(super) fn answer(&mut self, ask: &Ask) -> Answer {
        match ask {
            Ask::Time => self.found(Vec::new(), false, None),
            Ask::Deleted { from, page } => {
                let mut gone: Vec<Row> = self
                    .records
                    .iter()
                    .filter_map(|kept| Some((kept, kept.deleted?)))
                    .filter(|(_, at)| self.after(*at, *from))
                    .map(|(kept, at)| Row { at, ..row(kept) })
                    .collect();
                gone.sort_by_key(|row| (row.at, row.id.clone()));
                let size = self.dialect.page;
                let skip = (*page as usize - 1) * size;
                let more = gone.len() > skip + size;
                let rows = gone.into_iter().skip(skip).take(size).collect();
                self.found(rows, more, None)
            }
            Ask::Ascending { .. } if !self.dialect.queries => Answer::NoQueries,
            Ask::Ascending { from, after } => {
                let from = after.clone().unwrap_or((*from, ZohoId::default()));
                let rows = self.live(|row| (row.at, row.id.clone()) > from);
                self.page(rows, false)
            }
            Ask::Listed { from, token } => {
                let mut rows = self.live(|row| self.after(row.at, *from));
                if let Some(token) = token {
                    self.tokens += 1;
                    if self.dialect.expiring > 0 && self.tokens >= self.dialect.expiring {
                        self.tokens = 0;
                        return Answer::TokenSpent;
                    }
                    rows.retain(|row| format!("{} {}", row.at, row.id) > *token);
                }
                self.page(rows, true)
            }
            Ask::Descending { page, rows: size, .. } => {
                let mut rows = self.live(|_| true);
                if self.dialect.sorted {
                    rows.reverse();
                } else {
                    rows.sort_by_key(|row| row.id.clone());
                }
                let (skip, size) = ((*page as usize - 1) * *size as usize, *size as usize);
                let more = rows.len() > skip + size;
                let rows = rows.into_iter().skip(skip).take(size).collect();
                self.found(rows, more, None)
            }
        }
    }

    /// A header that asks for what is newer than the second before.
    fn after(&self, at: Second, from: Second) -> bool {
        at > from - 1 || (self.dialect.inclusive && at == from - 1)
    }

    /// Live records by instant and id.
    fn live(&self, passes: impl Fn(&Row) -> bool) -> Vec<Row> {
        let live = self.records.iter().filter(|kept| kept.deleted.is_none());
        let mut rows: Vec<Row> = live.map(row).filter(passes).collect();
        rows.sort_by_key(|row| (row.at, row.id.clone()));
        rows
    }

    fn page(&self, mut rows: Vec<Row>, tokens: bool) -> Answer {
        let more = rows.len() > self.dialect.page;
        rows.truncate(self.dialect.page);
        let last = rows.last().filter(|_| tokens && more);
        let token = last.map(|row| format!("{} {}", row.at, row.id));
        self.found(rows, more, token)
    }

    fn found(&self, rows: Vec<Row>, more: bool, token: Option<String>) -> Answer {
        Answer::Found(Found {
            asked_at: self.now,
            rows,
            more,
            token,
            sorted: self.dialect.sorted,
        })
    }
}

fn row(kept: &Kept) -> Row {
    Row {
        at: kept.modified,
        id: kept.id.into(),
        created: Some(kept.created),
        record: Record::new().set("version", kept.version),
    }
}
