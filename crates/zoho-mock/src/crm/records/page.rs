//! The text of a page. What a list shows of rows that stand one after another is kept as a run, so that pages of
//! unchanged rows are put together from a few pieces, which nobody copies any more.

use std::ops::Bound;

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

use crate::answer::{Answer, Payload};
use crate::crm::CrmWorld;
use crate::crm::render::Selection;
use crate::crm::schema::ModuleIndex;
use crate::crm::store::run::{self, Run};
use crate::crm::store::{self, Row, Table};
use crate::pieces::Piece;

const BEGIN: &[u8] = b"{\"data\":[";
/// About how many bytes a row takes.
const ROW: usize = 256;
/// And what follows the rows, two tokens in it.
const INFO: usize = 1_024;

/// A page that is being written. Each row ends with a comma; the last one is taken back.
pub(super) struct Page<'a> {
    crm: &'a CrmWorld,
    index: ModuleIndex,
    selection: &'a Selection,
    pieces: Vec<Piece>,
    /// The piece that is being written.
    out: Vec<u8>,
    payloads: Vec<store::Payload<'a>>,
    pub(super) rows: usize,
}

impl<'a> Page<'a> {
    pub(super) fn new(crm: &'a CrmWorld, index: ModuleIndex, selection: &'a Selection) -> Self {
        Self {
            crm,
            index,
            selection,
            pieces: Vec::new(),
            out: Vec::new(),
            payloads: Vec::new(),
            rows: 0,
        }
    }

    /// Whether runs of its fields can be kept.
    pub(super) fn has_runs(&self) -> bool {
        self.selection.run_key(false).is_some()
    }

    /// Makes room for so many rows that are written one by one.
    pub(super) fn reserve(&mut self, rows: usize) {
        self.out.reserve(rows * ROW + INFO);
    }

    /// Appends a row.
    pub(super) fn row(&mut self, row: &'a Row) {
        if self.rows == 0 {
            self.out.extend_from_slice(BEGIN);
        }
        let Self {
            crm,
            index,
            selection,
            out,
            payloads,
            ..
        } = self;
        crm.write_next(out, *index, row, selection, payloads);
        out.push(b',');
        self.rows += 1;
    }

    /// Appends a run.
    fn run(&mut self, run: Run) {
        if self.rows == 0 {
            // Mostly runs, and what is written before and after them.
            self.pieces.reserve(12);
            self.kept(Bytes::from_static(BEGIN));
        } else if !self.out.is_empty() {
            self.pieces.push(Piece {
                bytes: std::mem::take(&mut self.out).into(),
                compact: false,
            });
        }
        self.kept(run.text);
        self.rows += run.rows;
    }

    fn kept(&mut self, bytes: Bytes) {
        self.pieces.push(Piece { bytes, compact: true });
    }

    /// The answer, with what it says of itself.
    pub(super) fn end(mut self, info: &impl Serialize) -> Answer {
        if self.rows == 0 {
            self.out.extend_from_slice(BEGIN);
        } else if self.out.pop().is_none()
            && let Some(Piece { bytes, .. }) = self.pieces.last_mut()
        {
            bytes.truncate(bytes.len().saturating_sub(1));
        }
        self.out.reserve(INFO);
        self.out.extend_from_slice(b"],\"info\":");
        // A vector takes whatever is written to it.
        serde_json::to_writer(&mut self.out, info).unwrap_or_default();
        self.out.push(b'}');
        let payload = if self.pieces.is_empty() {
            Payload::Json(self.out)
        } else {
            self.pieces.push(Piece {
                bytes: self.out.into(),
                compact: false,
            });
            Payload::Pieces(self.pieces)
        };
        Answer {
            status: StatusCode::OK,
            headers: Vec::new(),
            payload,
        }
    }
}

/// The answer of a page: rows and `info`.
pub(crate) fn write_page(
    crm: &CrmWorld,
    index: ModuleIndex,
    rows: &[&Row],
    selection: &Selection,
    info: &impl Serialize,
) -> Answer {
    let mut page = Page::new(crm, index, selection);
    page.reserve(rows.len());
    for row in rows {
        page.row(row);
    }
    page.end(info)
}

/// A way through the rows of a table in the order of their ids, block by block.
pub(super) struct Walk<'a> {
    pub(super) table: &'a Table,
    pub(super) descending: bool,
    /// The id that was reached.
    pub(super) after: Option<u64>,
    /// Which rows are seen. Runs hold no others, so that it must always be the same.
    pub(super) seen: fn(&Row) -> bool,
}

impl<'a> Walk<'a> {
    /// Passes over so many rows that are seen, or over all there are.
    pub(super) fn pass(&mut self, mut rows: usize) {
        while rows > 0
            && let Some((block, whole)) = self.ahead()
        {
            // Whatever a run shows of its rows, it says how many there are.
            let known = whole.then(|| self.table.run_rows(block)).flatten();
            if let Some(known) = known.filter(|known| *known <= rows) {
                rows -= known;
                self.after = Some(self.end_of(block));
                continue;
            }
            for row in self.rest(block) {
                if rows == 0 {
                    break;
                }
                self.after = Some(row.id);
                rows -= usize::from((self.seen)(row));
            }
        }
    }

    /// Appends rows until there are `size` in the page; the ids of the first and the last.
    pub(super) fn fill(&mut self, page: &mut Page<'a>, size: usize) -> Option<(u64, u64)> {
        let key = page.selection.run_key(self.descending)?;
        let mut ends: Option<(u64, u64)> = None;
        let mut add = |(first, last): (u64, u64)| ends = Some((ends.map_or(first, |(first, _)| first), last));
        while page.rows < size
            && let Some((block, whole)) = self.ahead()
        {
            let left = size - page.rows;
            let kept = whole.then(|| self.table.run(block, key)).flatten();
            let run = kept.or_else(|| {
                let fits = whole && left >= run::MOST;
                fits.then(|| self.make(page, block, key)).flatten()
            });
            if let Some(run) = run.filter(|run| run.rows <= left) {
                add(run.ends);
                page.run(run);
                self.after = Some(self.end_of(block));
                continue;
            }
            page.reserve(left.min(run::MOST));
            for row in self.rest(block) {
                if page.rows == size {
                    break;
                }
                self.after = Some(row.id);
                if (self.seen)(row) {
                    page.row(row);
                    add((row.id, row.id));
                }
            }
        }
        ends
    }

    /// The next row that is seen.
    pub(super) fn peek(&self) -> Option<&'a Row> {
        self.rows(self.bounds(self.after)).find(|row| (self.seen)(row))
    }

    /// The block of the next row, seen or not, and whether all of that block is ahead.
    fn ahead(&self) -> Option<(u64, bool)> {
        let Some(after) = self.after else {
            return Some((self.next_block()?, true));
        };
        let at = run::block(after);
        if after != self.end_of(at) {
            let block = self.next_block()?;
            return Some((block, block != at));
        }
        // Where the following block has a run, nobody needs to look for a row.
        let following = match self.descending {
            true => at.checked_sub(1)?,
            false => at + 1,
        };
        match self.table.run_rows(following) {
            Some(_) => Some((following, true)),
            None => Some((self.next_block()?, true)),
        }
    }

    fn next_block(&self) -> Option<u64> {
        let next = self.rows(self.bounds(self.after)).next()?;
        Some(run::block(next.id))
    }

    /// The run of a block, if it has enough rows.
    fn make(&self, page: &Page<'a>, block: u64, key: u64) -> Option<Run> {
        let ids = run::ids(block);
        let ids = (Bound::Included(*ids.start()), Bound::Included(*ids.end()));
        let rows: Vec<&Row> = self.rows(ids).filter(|row| (self.seen)(row)).collect();
        let (first, last) = (rows.first()?, rows.last()?);
        if rows.len() < run::LEAST {
            return None;
        }
        let mut text = Vec::with_capacity(rows.len() * ROW);
        let mut payloads = Vec::new();
        for row in &rows {
            page.crm
                .write_next(&mut text, page.index, row, page.selection, &mut payloads);
            text.push(b',');
        }
        let run = Run {
            key,
            text: text.into_boxed_slice().into(),
            rows: rows.len(),
            ends: (first.id, last.id),
        };
        self.table.keep_run(block, &run);
        Some(run)
    }

    /// What is ahead of an id.
    fn bounds(&self, after: Option<u64>) -> (Bound<u64>, Bound<u64>) {
        match (after, self.descending) {
            (None, _) => (Bound::Unbounded, Bound::Unbounded),
            (Some(after), true) => (Bound::Unbounded, Bound::Excluded(after)),
            (Some(after), false) => (Bound::Excluded(after), Bound::Unbounded),
        }
    }

    /// The rows of a block that are still ahead.
    fn rest(&self, block: u64) -> impl Iterator<Item = &'a Row> + use<'a> {
        let rows = self.rows(self.bounds(self.after));
        rows.take_while(move |row| run::block(row.id) == block)
    }

    fn rows(&self, ids: (Bound<u64>, Bound<u64>)) -> impl Iterator<Item = &'a Row> + use<'a> {
        self.table.by_id(ids, self.descending)
    }

    /// The id of a block that this way comes to last.
    fn end_of(&self, block: u64) -> u64 {
        let ids = run::ids(block);
        if self.descending { *ids.start() } else { *ids.end() }
    }
}
