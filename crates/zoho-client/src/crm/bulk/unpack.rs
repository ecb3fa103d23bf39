//! An archive read as it arrives: the first file of a ZIP, unpacked piece by piece, and its CSV as records.

use std::sync::Arc;

use csv_core::ReadRecordResult;
use flate2::{Crc, Decompress, FlushDecompress, Status};
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind, Result};
use crate::record::Record;

/// The fixed part of a file's header.
const HEADER: usize = 30;
/// What stands behind a file whose sizes were not known when it was begun: signature, checksum, two sizes.
const DESCRIPTOR: usize = 16;
/// Flag of a header: the checksum comes behind the file.
const LATER: u16 = 0x0008;
/// Bytes that are unpacked at once.
const PIECE: usize = 16 * 1024;
/// The bytes of a row at most; 500 fields of 32,000 characters, as large as text fields get. A small archive can hold a row
/// without end.
const ROW: usize = 16 << 20;

/// Unpacks an archive that comes in pieces.
pub(super) struct Unpack {
    state: State,
    crc: Crc,
    rows: Rows,
}

enum State {
    /// The header, as far as it came.
    Header(Vec<u8>),
    Deflated(Box<Decompress>, Tail),
    /// A file that is not packed, and how many of its bytes are to come.
    Stored(u64, Tail),
    /// What follows the file.
    Tail(Vec<u8>, Tail),
}

/// Where the checksum of the file stands.
#[derive(Clone, Copy)]
enum Tail {
    Known(u32),
    Behind,
}

impl Unpack {
    pub(super) fn new() -> Self {
        Self {
            state: State::Header(Vec::new()),
            crc: Crc::new(),
            rows: Rows::new(),
        }
    }

    /// Takes a piece of the archive, and adds the records that it completes. It stops where there are some, and says how much
    /// of the piece it read: a small piece can hold very many.
    pub(super) fn push(&mut self, piece: &[u8], records: &mut Vec<Record>) -> Result<usize> {
        let mut rest = piece;
        while !rest.is_empty() && records.is_empty() {
            match &mut self.state {
                State::Header(held) => {
                    let (more, behind) = header(held, rest)?;
                    rest = behind;
                    if let Some(state) = more {
                        self.state = state;
                    }
                }
                State::Deflated(inflate, tail) => {
                    let mut out = Vec::with_capacity(PIECE);
                    let before = inflate.total_in();
                    let status = inflate
                        .decompress_vec(rest, &mut out, FlushDecompress::None)
                        .map_err(unreadable)?;
                    let read = usize::try_from(inflate.total_in() - before).unwrap_or(rest.len());
                    rest = rest.get(read..).unwrap_or_default();
                    if status == Status::StreamEnd {
                        self.state = State::Tail(Vec::new(), *tail);
                    } else if read == 0 && out.is_empty() {
                        return Err(broken("the archive is damaged"));
                    }
                    self.crc.update(&out);
                    self.rows.push(&out, records)?;
                }
                State::Stored(left, tail) => {
                    let here = usize::try_from(*left)
                        .unwrap_or(usize::MAX)
                        .min(rest.len())
                        .min(PIECE);
                    let (file, behind) = rest.split_at(here);
                    rest = behind;
                    *left -= here as u64;
                    if *left == 0 {
                        self.state = State::Tail(Vec::new(), *tail);
                    }
                    self.crc.update(file);
                    self.rows.push(file, records)?;
                }
                State::Tail(held, _) => {
                    let here = (DESCRIPTOR - held.len().min(DESCRIPTOR)).min(rest.len());
                    held.extend_from_slice(rest.get(..here).unwrap_or_default());
                    // The directory of the archive follows; one file was all that was wanted.
                    return Ok(piece.len());
                }
            }
        }
        Ok(piece.len() - rest.len())
    }

    /// Says that the archive is over, and adds the record that was not ended by a line.
    pub(super) fn end(&mut self, records: &mut Vec<Record>) -> Result<()> {
        let State::Tail(held, tail) = &self.state else {
            return Err(broken("the archive is cut short"));
        };
        let number = |at: usize| {
            let bytes = held.get(at..at + 4)?.try_into().ok()?;
            Some(u32::from_le_bytes(bytes))
        };
        let crc = match tail {
            Tail::Known(crc) => Some(*crc),
            // The signature is optional.
            Tail::Behind if number(0) == Some(0x0807_4b50) => number(4),
            Tail::Behind => number(0),
        };
        if crc != Some(self.crc.sum()) {
            return Err(broken("the archive is damaged"));
        }
        self.rows.end(records)
    }
}

/// Reads on in a file's header: what the file is, once the header is whole, and what of the piece is left.
fn header<'a>(held: &mut Vec<u8>, piece: &'a [u8]) -> Result<(Option<State>, &'a [u8])> {
    let short = |at: usize, held: &[u8]| {
        let pair = held.get(at..at + 2).and_then(|pair| pair.try_into().ok());
        u16::from_le_bytes(pair.unwrap_or_default())
    };
    let long = |at: usize, held: &[u8]| u32::from(short(at, held)) | u32::from(short(at + 2, held)) << 16;
    let whole = |held: &[u8]| match held.len() {
        ..HEADER => HEADER,
        _ => HEADER + usize::from(short(26, held)) + usize::from(short(28, held)),
    };
    let mut rest = piece;
    while held.len() < whole(held) && !rest.is_empty() {
        let (more, left) = rest.split_at((whole(held) - held.len()).min(rest.len()));
        held.extend_from_slice(more);
        rest = left;
    }
    if held.len() < whole(held) {
        return Ok((None, rest));
    }
    if !held.starts_with(b"PK\x03\x04") {
        return Err(broken("this is no archive"));
    }
    let (flags, method, size) = (short(6, held), short(8, held), long(18, held));
    let tail = match flags & LATER {
        0 => Tail::Known(long(14, held)),
        _ => Tail::Behind,
    };
    let state = match (method, tail) {
        _ if flags & 1 != 0 => return Err(broken("the archive is encrypted")),
        (8, tail) => State::Deflated(Box::new(Decompress::new(false)), tail),
        (0, Tail::Known(_)) if size == 0 => State::Tail(Vec::new(), tail),
        (0, Tail::Known(_)) if size < u32::MAX => State::Stored(size.into(), tail),
        (0, _) => return Err(broken("the archive does not say how long its file is")),
        (other, _) => {
            return Err(broken(format!(
                "the archive is packed by method {other}, which is not known here"
            )));
        }
    };
    Ok((Some(state), rest))
}

/// Records out of CSV that comes in pieces. The first line has their names; `Id` is `id` here.
struct Rows {
    reader: csv_core::Reader,
    /// The cells of the line so far, one behind another, and how many bytes of it are used.
    text: Vec<u8>,
    used: usize,
    /// Where each cell ends, and how many are known.
    ends: Vec<usize>,
    known: usize,
    names: Option<Arc<[String]>>,
}

impl Rows {
    fn new() -> Self {
        Self {
            reader: csv_core::Reader::new(),
            text: vec![0; 1024],
            used: 0,
            ends: vec![0; 64],
            known: 0,
            names: None,
        }
    }

    fn push(&mut self, mut piece: &[u8], records: &mut Vec<Record>) -> Result<()> {
        while !piece.is_empty() {
            let (result, read) = self.step(piece)?;
            piece = piece.get(read..).unwrap_or_default();
            if result == ReadRecordResult::Record {
                self.line(records)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, records: &mut Vec<Record>) -> Result<()> {
        loop {
            match self.step(&[])?.0 {
                ReadRecordResult::Record => self.line(records)?,
                ReadRecordResult::End => return Ok(()),
                _ => {}
            }
        }
    }

    /// Reads on, and makes room where that is what was lacking.
    fn step(&mut self, piece: &[u8]) -> Result<(ReadRecordResult, usize)> {
        let text = self.text.get_mut(self.used..).unwrap_or_default();
        let ends = self.ends.get_mut(self.known..).unwrap_or_default();
        let (result, read, wrote, ended) = self.reader.read_record(piece, text, ends);
        self.used += wrote;
        self.known += ended;
        let full = match result {
            ReadRecordResult::OutputFull => self.text.len() >= ROW,
            ReadRecordResult::OutputEndsFull => self.ends.len() >= ROW / size_of::<usize>(),
            _ => false,
        };
        if full {
            return Err(unreadable(format!("a row is larger than {ROW} bytes")));
        }
        match result {
            ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
            ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
            _ => {}
        }
        Ok((result, read))
    }

    fn line(&mut self, records: &mut Vec<Record>) -> Result<()> {
        let mut from = 0;
        let mut cells = Vec::with_capacity(self.known);
        for end in self.ends.iter().take(self.known) {
            let cell = self.text.get(from..*end).unwrap_or_default();
            cells.push(std::str::from_utf8(cell).map_err(unreadable)?);
            from = *end;
        }
        match &self.names {
            None => {
                let name = |cell: &&str| match cell.trim_start_matches('\u{feff}') {
                    "Id" => "id".to_owned(),
                    name => name.to_owned(),
                };
                self.names = Some(cells.iter().map(name).collect());
            }
            Some(names) => {
                let mut record = Map::with_capacity(names.len().min(cells.len()));
                for (name, cell) in names.iter().zip(&cells) {
                    let value = match *cell {
                        "" => Value::Null,
                        cell => Value::from(cell),
                    };
                    record.insert(name.clone(), value);
                }
                records.push(Record::from(record));
            }
        }
        (self.used, self.known) = (0, 0);
        Ok(())
    }
}

fn broken(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Decode, message)
}

fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    broken("the archive can not be read").with_source(error)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::archive::pack;
    use super::*;

    /// The records of an archive that comes in pieces of a size.
    fn read(archive: &[u8], size: usize) -> Result<Vec<Record>> {
        let (mut unpack, mut records) = (Unpack::new(), Vec::new());
        for piece in archive.chunks(size) {
            let mut rest = piece;
            while !rest.is_empty() {
                let mut some = Vec::new();
                let read = unpack.push(rest, &mut some)?;
                records.append(&mut some);
                rest = &rest[read..];
            }
        }
        unpack.end(&mut records)?;
        Ok(records)
    }

    proptest! {
        #[test]
        fn what_is_packed_is_read_again_in_pieces_of_any_size(
            cells in prop::collection::vec(("[^\u{feff}]{0,12}", "\\PC{0,12}"), 1..20), size in 1_usize..400,
        ) {
            let records: Vec<Record> = cells
                .iter()
                .map(|(a, b)| Record::new().set("A", a.as_str()).set("B, \"b\"", b.as_str()))
                .collect();
            let (archive, columns) = pack(&records).unwrap();
            prop_assert_eq!(columns, ["A", "B, \"b\""]);
            let read = read(&archive, size).unwrap();
            let value = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
            for (row, (a, b)) in read.iter().zip(&cells) {
                prop_assert_eq!(row.get("A"), Some(&value(a)));
                prop_assert_eq!(row.get("B, \"b\""), Some(&value(b)));
            }
            prop_assert_eq!(read.len(), cells.len());
        }

        #[test]
        fn a_cut_or_damaged_archive_is_an_error_and_never_fewer_rows(
            rows in 1_usize..40, at in any::<prop::sample::Index>(), flip in any::<bool>(), size in 1_usize..400,
        ) {
            let records: Vec<Record> = (0..rows).map(|n| Record::new().set("A", format!("some text {n}"))).collect();
            let (archive, _) = pack(&records).unwrap();
            let mut broken = archive.to_vec();
            let place = at.index(broken.len());
            if flip { broken[place] ^= 0x5a } else { broken.truncate(place) }
            // What follows the file is not looked at: the rows are whole without it.
            if let Ok(read) = read(&broken, size) {
                let names = |rows: &[Record]| rows.iter().map(|row| row.clone().into_map().values().cloned().collect::<Vec<_>>()).collect::<Vec<_>>();
                prop_assert_eq!(names(&read), names(&records));
            }
        }

        #[test]
        fn no_bytes_are_too_strange(bytes in prop::collection::vec(any::<u8>(), 0..200), head in any::<bool>()) {
            let bytes = if head { [b"PK\x03\x04".as_slice(), &bytes].concat() } else { bytes };
            let _ = read(&bytes, 7);
        }
    }
}
