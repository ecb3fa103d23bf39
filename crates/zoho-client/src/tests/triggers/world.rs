//! A model of what Zoho keeps and shows: no HTTP, no JSON, one second at a time.

use crate::record::Record;
use crate::triggers::cursor::Second;
use crate::triggers::step::{Answer, Ask, Found, JobState, Row};
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
    /// Page tokens that are spent before they are used.
    pub(super) spent: u8,
    /// What becomes of bulk jobs.
    pub(super) jobs: Jobs,
}

/// What becomes of bulk jobs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jobs {
    /// How often a job is looked at before it is done.
    pub(super) looks: u8,
    /// Records of one archive.
    pub(super) rows: usize,
    pub(super) fate: Fate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Done,
    Refused,
    /// The first fails, or all do.
    Fails {
        always: bool,
    },
    /// Zoho forgets the first archive while it is read.
    Forgotten,
}

/// A bulk job.
#[derive(Clone, Debug)]
struct Job {
    after: u64,
    looks: u8,
    asked: u8,
    /// The records as the job found them.
    archive: Option<(Vec<Row>, bool)>,
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
    latest: Second,
    pub(super) now: Second,
    pub(super) records: Vec<Kept>,
    versions: u64,
    tokens: u8,
    jobs: Vec<Job>,
}

impl World {
    /// A world that shows nothing later than so many seconds.
    pub(super) fn new(dialect: Dialect, latest: Second) -> Self {
        Self {
            dialect,
            latest,
            now: 1_000_000,
            records: Vec::new(),
            versions: 0,
            tokens: 0,
            jobs: Vec::new(),
        }
    }

    pub(super) fn act(&mut self, act: &Act) {
        self.versions += 1;
        let (now, version) = (self.now, self.versions);
        let place = |number: &usize, count: usize| number.checked_rem(count).unwrap_or(0);
        let count = self.records.len();
        match act {
            Act::Create(late) => {
                let at = now - late.min(&self.latest);
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
        if let Ask::Listed { token: Some(_), .. } = ask
            && self.tokens < self.dialect.spent
        {
            self.tokens += 1;
            return Answer::TokenSpent;
        }
        let size = self.dialect.page;
        match ask {
            Ask::Time => self.found(&[], 0, 0, false),
            Ask::Deleted { from, page, rows } => {
                let gone = self.sorted(
                    |kept| Some((kept.deleted?, kept.id)),
                    |(at, _)| self.after(at, *from),
                );
                let size = *rows as usize;
                self.found(&gone, (*page as usize - 1) * size, size, false)
            }
            Ask::Ascending { .. } if !self.dialect.queries => Answer::NoQueries,
            Ask::Ascending { from, after } => {
                let from = after.as_ref().map_or((*from, 0), |(at, id)| (*at, number(id)));
                let rows = self.sorted(live, |place| place > from);
                self.found(&rows, 0, size, false)
            }
            Ask::Listed { from, token } => {
                let after = token.as_ref().and_then(|token| token.split_once(' '));
                let after = after.map_or((Second::MIN, 0), |(at, id)| {
                    (at.parse().unwrap(), id.parse().unwrap())
                });
                let rows = self.sorted(live, |place| self.after(place.0, *from) && place > after);
                self.found(&rows, 0, size, true)
            }
            Ask::Many { above } => {
                let rows = self.sorted(live, |_| true);
                self.found(&rows, *above as usize, 1, false)
            }
            Ask::Export { .. } if self.dialect.jobs.fate == Fate::Refused => Answer::Job(JobState::Refused),
            Ask::Export { after } => {
                self.jobs.push(Job {
                    after: after.as_ref().map_or(0, number),
                    looks: self.dialect.jobs.looks,
                    asked: 0,
                    archive: None,
                });
                Answer::Job(JobState::Made((self.jobs.len() - 1).to_string()))
            }
            Ask::ExportState { job } => Answer::Job(self.look(job.parse().unwrap())),
            Ask::ExportRows { job, skip, rows } => {
                let number: usize = job.parse().unwrap();
                let forgets = self.dialect.jobs.fate == Fate::Forgotten && number == 0;
                let job = &mut self.jobs[number];
                job.asked += 1;
                if forgets && job.asked > 1 {
                    return Answer::Job(JobState::Gone);
                }
                let (archive, _) = job.archive.as_ref().unwrap();
                let archive = archive.get(*skip as usize..).unwrap_or_default();
                let page = &archive[..archive.len().min(*rows as usize)];
                Answer::Found(Found {
                    rows: page.to_vec(),
                    more: page.len() < archive.len() || page.len() == *rows as usize,
                    ..Found::default()
                })
            }
            Ask::Descending { page, rows: size, .. } => {
                let mut rows = self.sorted(live, |_| true);
                if self.dialect.sorted {
                    rows.reverse();
                } else {
                    rows.sort_unstable_by_key(|(_, id)| *id);
                }
                self.found(
                    &rows,
                    (*page as usize - 1) * *size as usize,
                    *size as usize,
                    false,
                )
            }
        }
    }

    /// How far a job is. It reads the records at some time before it is done.
    fn look(&mut self, number: usize) -> JobState {
        let fails = match self.dialect.jobs.fate {
            Fate::Fails { always } => always || number == 0,
            // What was forgotten while it was read stays so.
            Fate::Forgotten => number == 0 && self.jobs[number].asked > 1,
            _ => false,
        };
        if self.jobs[number].looks > 0 {
            self.jobs[number].looks -= 1;
            return JobState::UnderWay;
        }
        if fails {
            return JobState::Gone;
        }
        if self.jobs[number].archive.is_none() {
            let after = self.jobs[number].after;
            let mut places = self.sorted(live, |(_, id)| id > after);
            places.sort_unstable_by_key(|(_, id)| *id);
            let more = places.len() > self.dialect.jobs.rows;
            places.truncate(self.dialect.jobs.rows);
            let Answer::Found(found) = self.found(&places, 0, places.len(), false) else {
                unreachable!("rows are found")
            };
            self.jobs[number].archive = Some((found.rows, more));
        }
        let more = self.jobs[number].archive.as_ref().is_some_and(|(_, more)| *more);
        JobState::Done { more }
    }

    /// A header that asks for what is newer than the second before.
    fn after(&self, at: Second, from: Second) -> bool {
        at > from - 1 || (self.dialect.inclusive && at == from - 1)
    }

    /// Where records stand in an order by instant and id.
    fn sorted(&self, place: impl Fn(&Kept) -> Option<Place>, passes: impl Fn(Place) -> bool) -> Vec<Place> {
        let mut places: Vec<Place> = self
            .records
            .iter()
            .filter_map(place)
            .filter(|at| passes(*at))
            .collect();
        places.sort_unstable();
        places
    }

    /// A page of what stands there.
    fn found(&self, places: &[Place], skip: usize, size: usize, tokens: bool) -> Answer {
        let page = places.get(skip..).unwrap_or_default();
        let more = page.len() > size;
        let page = &page[..page.len().min(size)];
        let token = page
            .last()
            .filter(|_| tokens && more)
            .map(|(at, id)| format!("{at} {id}"));
        let rows = page.iter().filter_map(|(at, id)| {
            let kept = self.records.iter().find(|kept| kept.id == *id)?;
            Some(Row {
                at: *at,
                id: kept.id.into(),
                created: Some(kept.created),
                record: Record::new().set("version", kept.version),
            })
        });
        Answer::Found(Found {
            asked_at: self.now,
            rows: rows.collect(),
            more,
            token,
            sorted: self.dialect.sorted,
        })
    }
}

/// An instant and an id.
type Place = (Second, u64);

fn live(kept: &Kept) -> Option<Place> {
    kept.deleted.is_none().then_some((kept.modified, kept.id))
}

fn number(id: &ZohoId) -> u64 {
    id.as_str().parse().unwrap()
}
