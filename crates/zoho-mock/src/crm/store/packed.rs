//! The cells of one row as bytes: column number, tag, payload, in column order, nothing for null.

use std::borrow::Cow;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Packed(Box<[u8]>);

impl Packed {
    /// Packs cells; of several for one column the last one counts.
    pub(crate) fn new(cells: impl IntoIterator<Item = (Column, Value)>) -> Self {
        Self::default().with(cells)
    }

    /// The same cells with some of them changed.
    #[must_use]
    pub(crate) fn with(&self, changes: impl IntoIterator<Item = (Column, Value)>) -> Self {
        let mut cells: std::collections::BTreeMap<Column, Cell<'_>> = self.iter().collect();
        for (column, change) in changes {
            cells.insert(column, change);
        }
        let mut bytes = Vec::with_capacity(self.0.len() + 32);
        for (column, cell) in &cells {
            write(&mut bytes, *column, cell);
        }
        Self(bytes.into_boxed_slice())
    }

    /// The cell of a column.
    pub(crate) fn get(&self, column: Column) -> Cell<'_> {
        self.iter()
            .take_while(|(at, _)| *at <= column)
            .find(|(at, _)| *at == column)
            .map_or(Cell::Null, |(_, cell)| cell)
    }

    /// All cells that hold something.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Column, Cell<'_>)> {
        let mut reader = Reader(&self.0);
        std::iter::from_fn(move || reader.cell())
    }

    /// How many bytes it owns.
    pub(crate) fn bytes(&self) -> usize {
        self.0.len()
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
        let column = Column::try_from(self.varint()?).ok()?;
        let cell = match self.byte()? {
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
        };
        Some((column, cell))
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn slice(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.varint()?).ok()?;
        std::str::from_utf8(self.slice(length)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Cell::Null),
            any::<bool>().prop_map(Cell::Bool),
            any::<i64>().prop_map(Cell::Int),
            any::<f64>()
                .prop_filter("a number", |n| !n.is_nan())
                .prop_map(Cell::Num),
            any::<i32>().prop_map(Cell::Date),
            any::<i64>().prop_map(Cell::Time),
            any::<u64>().prop_map(Cell::Ref),
            any::<u32>().prop_map(Cell::Sym),
            ".*".prop_map(Cell::text),
            prop::collection::vec(any::<u32>(), 0..5).prop_map(|list| Cell::List(Cow::Owned(list))),
            ".*".prop_map(|text| Cell::Json(Cow::Owned(text))),
        ]
    }

    proptest! {
        #[test]
        fn a_packed_row_gives_back_what_was_put_in(
            cells in prop::collection::btree_map(0..400_u16, any_value(), 0..30),
            changes in prop::collection::btree_map(0..400_u16, any_value(), 0..10),
        ) {
            let packed = Packed::new(cells.clone()).with(changes.clone());
            let mut expected: BTreeMap<Column, Value> = cells;
            expected.extend(changes);
            for column in 0..400 {
                let cell = expected.get(&column).cloned().unwrap_or(Cell::Null);
                prop_assert_eq!(packed.get(column), cell);
            }
            expected.retain(|_, cell| !cell.is_null());
            let read: BTreeMap<Column, Value> =
                packed.iter().map(|(column, cell)| (column, cell.into_owned())).collect();
            prop_assert_eq!(read, expected);
        }
    }
}
