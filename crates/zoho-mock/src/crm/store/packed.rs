//! The cells of one row as bytes: column number, tag, payload, in column order, nothing for null.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;

use super::cell::{Cell, Column, Value};

const FALSE: u8 = 0;
const TRUE: u8 = 1;
const INT: u8 = 2;
const NUM: u8 = 3;
const DATE: u8 = 4;
const TIME: u8 = 5;
const REF: u8 = 6;
const SYM: u8 = 7;
const TEXT: u8 = 8;
const LIST: u8 = 9;
const JSON: u8 = 10;

/// The cells of a row.
#[derive(Default)]
pub(crate) struct Packed {
    bytes: Box<[u8]>,
    written: RefCell<Option<Written>>,
}

/// What cells, and the id of their row, were last written as. Lists are asked for over and over, for the same fields
/// and mostly unchanged rows. Cells do not change and stay with their row, so this can only be outlived, never be
/// wrong. It is one piece of memory, for a page looks at hundreds of them: which fields they are, then the text.
type Written = Box<[u8]>;

impl fmt::Debug for Packed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Packed").field(&self.bytes).finish()
    }
}

impl Clone for Packed {
    fn clone(&self) -> Self {
        Self::of(self.bytes.clone())
    }
}

impl PartialEq for Packed {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Packed {}

impl Packed {
    fn of(bytes: Box<[u8]>) -> Self {
        Self {
            bytes,
            written: RefCell::default(),
        }
    }

    /// Appends what the cells were last written as, if it was for these fields.
    pub(crate) fn write_again(&self, key: u64, out: &mut Vec<u8>) -> bool {
        let written = self.written.borrow();
        let Some((kept, text)) = written.as_deref().and_then(<[u8]>::split_first_chunk) else {
            return false;
        };
        let same = u64::from_le_bytes(*kept) == key;
        if same {
            out.extend_from_slice(text);
        }
        same
    }

    /// Keeps what the cells were written as.
    pub(crate) fn keep_written(&self, key: u64, text: &[u8]) {
        let written: Written = [&key.to_le_bytes(), text].concat().into();
        self.written.replace(Some(written));
    }

    /// Packs cells; of several for one column the last one counts.
    pub(crate) fn new(cells: impl IntoIterator<Item = (Column, Value)>) -> Self {
        let mut cells: Vec<(Column, Value)> = cells.into_iter().collect();
        cells.sort_by_key(|(column, _)| *column);
        let mut bytes = Vec::with_capacity(128);
        let mut cells = cells.iter().peekable();
        while let Some((column, cell)) = cells.next() {
            if cells.peek().is_none_or(|(next, _)| next != column) {
                write(&mut bytes, *column, cell);
            }
        }
        Self::of(bytes.into_boxed_slice())
    }

    /// The same cells with some of them changed.
    #[must_use]
    pub(crate) fn with(&self, changes: impl IntoIterator<Item = (Column, Value)>) -> Self {
        let mut cells: std::collections::BTreeMap<Column, Cell<'_>> = self.iter().collect();
        for (column, change) in changes {
            cells.insert(column, change);
        }
        let mut bytes = Vec::with_capacity(self.bytes.len() + 32);
        for (column, cell) in &cells {
            write(&mut bytes, *column, cell);
        }
        Self::of(bytes.into_boxed_slice())
    }

    /// The cell of a column.
    pub(crate) fn get(&self, column: Column) -> Cell<'_> {
        let mut reader = Reader(&self.bytes);
        while let Some(at) = reader.column() {
            if at >= column {
                return Some(at)
                    .filter(|at| *at == column)
                    .and_then(|_| reader.payload())
                    .unwrap_or(Cell::Null);
            }
            if reader.skip().is_none() {
                break;
            }
        }
        Cell::Null
    }

    /// The payloads of some columns in one walk: `wanted` has them in ascending order, each with its place in
    /// `found`.
    pub(crate) fn find<'a>(&'a self, wanted: &[(Column, usize)], found: &mut [Payload<'a>]) {
        let mut reader = Reader(&self.bytes);
        let mut wanted = wanted.iter().peekable();
        while let (Some((column, place)), Some(at)) = (wanted.peek(), reader.column()) {
            let begin = reader.0;
            if reader.skip().is_none() {
                return;
            }
            let (mut column, mut place) = (*column, *place);
            // Columns that are not there hold nothing.
            while column < at {
                wanted.next();
                let Some(next) = wanted.peek() else { return };
                (column, place) = **next;
            }
            if column == at {
                if let Some(found) = found.get_mut(place) {
                    *found = Payload(begin);
                }
                wanted.next();
            }
        }
    }

    /// All cells that hold something.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Column, Cell<'_>)> {
        let mut reader = Reader(&self.bytes);
        std::iter::from_fn(move || reader.cell())
    }

    /// How many bytes it owns.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

/// A cell that was found and not read yet; nothing by default.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Payload<'a>(&'a [u8]);

impl<'a> Payload<'a> {
    /// The cell.
    pub(crate) fn cell(self) -> Cell<'a> {
        Reader(self.0).payload().unwrap_or(Cell::Null)
    }

    /// The bytes of a text, which were UTF-8 when they were packed.
    pub(crate) fn text(self) -> Option<&'a [u8]> {
        let mut reader = Reader(self.0);
        match reader.byte()? {
            TEXT => reader.bytes(),
            _ => None,
        }
    }
}

fn write(out: &mut Vec<u8>, column: Column, cell: &Cell<'_>) {
    if cell.is_null() {
        return;
    }
    varint(out, u64::from(column));
    match cell {
        Cell::Null => {}
        Cell::Bool(value) => out.push(if *value { TRUE } else { FALSE }),
        Cell::Int(value) => tagged(out, INT, zigzag(*value)),
        Cell::Num(value) => {
            out.push(NUM);
            out.extend_from_slice(&value.to_bits().to_le_bytes());
        }
        Cell::Date(value) => tagged(out, DATE, zigzag(i64::from(*value))),
        Cell::Time(value) => tagged(out, TIME, zigzag(*value)),
        Cell::Ref(value) => tagged(out, REF, *value),
        Cell::Sym(value) => tagged(out, SYM, u64::from(*value)),
        Cell::Text(value) => {
            tagged(out, TEXT, value.len() as u64);
            out.extend_from_slice(value.as_bytes());
        }
        Cell::List(value) => {
            tagged(out, LIST, value.len() as u64);
            for symbol in value.iter() {
                varint(out, u64::from(*symbol));
            }
        }
        Cell::Json(value) => {
            tagged(out, JSON, value.len() as u64);
            out.extend_from_slice(value.as_bytes());
        }
    }
}

fn tagged(out: &mut Vec<u8>, tag: u8, number: u64) {
    out.push(tag);
    varint(out, number);
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn zigzag(number: i64) -> u64 {
    (number.wrapping_shl(1) ^ (number >> 63)).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}

/// Reads packed bytes from the front.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn cell(&mut self) -> Option<(Column, Cell<'a>)> {
        Some((self.column()?, self.payload()?))
    }

    #[inline]
    fn column(&mut self) -> Option<Column> {
        Column::try_from(self.varint()?).ok()
    }

    /// Passes over a payload without reading it: most of the cells on the way to one are not wanted.
    #[inline]
    fn skip(&mut self) -> Option<()> {
        match self.byte()? {
            FALSE | TRUE => {}
            INT | DATE | TIME | REF | SYM => {
                self.varint()?;
            }
            NUM => {
                self.slice(8)?;
            }
            TEXT | JSON => {
                self.bytes()?;
            }
            LIST => {
                for _ in 0..self.varint()? {
                    self.varint()?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn payload(&mut self) -> Option<Cell<'a>> {
        Some(match self.byte()? {
            FALSE => Cell::Bool(false),
            TRUE => Cell::Bool(true),
            INT => Cell::Int(unzigzag(self.varint()?)),
            NUM => Cell::Num(f64::from_bits(u64::from_le_bytes(
                self.slice(8)?.try_into().ok()?,
            ))),
            DATE => Cell::Date(i32::try_from(unzigzag(self.varint()?)).ok()?),
            TIME => Cell::Time(unzigzag(self.varint()?)),
            REF => Cell::Ref(self.varint()?),
            SYM => Cell::Sym(u32::try_from(self.varint()?).ok()?),
            TEXT => Cell::Text(Cow::Borrowed(self.text()?)),
            LIST => {
                let count = self.varint()?;
                let symbols = (0..count).map_while(|_| self.varint().and_then(|n| u32::try_from(n).ok()));
                Cell::List(Cow::Owned(symbols.collect()))
            }
            JSON => Cell::Json(Cow::Borrowed(self.text()?)),
            _ => return None,
        })
    }

    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    #[inline]
    fn varint(&mut self) -> Option<u64> {
        // Columns, lengths and symbols are small, nearly all of them.
        match self.byte()? {
            small @ ..0x80 => Some(u64::from(small)),
            first => self.long_varint(first),
        }
    }

    fn long_varint(&mut self, first: u8) -> Option<u64> {
        let mut number = u64::from(first & 0x7f);
        for shift in (7..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    #[inline]
    fn slice(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    #[inline]
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.varint()?).ok()?;
        self.slice(length)
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }
}

#[cfg(test)]
mod tests;
