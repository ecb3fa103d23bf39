//! What was sent both ways, for whoever looks at an exchange: bounded in bytes, the oldest go first.
//!
//! An exchange is copied. Holding on to what the connection read into, or to a body that is under way, would cost
//! more: the connection could not use its buffer again, and more would be kept than is counted. Copies stand one
//! after the other in large pieces of memory, which are used again, so that keeping one allocates nothing.
//!
//! Only pieces of an answer that own just the memory they show are held instead: they cost what is counted for them,
//! and whoever made them keeps them anyway.

use std::borrow::Cow;
use std::collections::VecDeque;

use bytes::Bytes;

use http::HeaderMap;
use http::request::Parts;

use crate::pieces::Pieces;

/// Bytes of one body that are kept.
const EACH: usize = 64 << 10;
/// Bytes of a piece that is held: to hold a small one takes as long as to copy it.
const LARGE: usize = 1 << 10;
/// Bytes that are kept in all.
const ALL: usize = 16 << 20;
/// Bytes of a piece of memory: large beside one exchange, so that little of it stays empty.
const PIECE: usize = 1 << 20;

/// One direction of an exchange.
#[derive(Clone, Debug)]
pub(crate) struct Message<'a> {
    head: &'a [u8],
    /// The beginning of the body.
    pub(crate) body: Cow<'a, [u8]>,
    /// How long the body was.
    pub(crate) length: usize,
}

impl<'a> Message<'a> {
    /// The headers, as they came.
    pub(crate) fn headers(&self) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        let lines = self.head.split(|byte| *byte == b'\n');
        lines.filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at_checked(colon)?;
            Some((std::str::from_utf8(name).ok()?, value.get(1..)?))
        })
    }

    /// The first header of this name, which is in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let found = self.headers().find(|(other, _)| *other == name)?;
        std::str::from_utf8(found.1).ok()
    }
}

/// What was sent in one exchange: head and body of the request, then of the response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content<'a> {
    bytes: &'a [u8],
    extents: Extents,
    held: &'a [Held],
}

/// A piece of a response's body that is not copied, and how many copied bytes stand before it.
#[derive(Clone, Debug)]
struct Held {
    after: usize,
    bytes: Bytes,
}

/// How much of an exchange's bytes is what.
#[derive(Clone, Copy, Debug)]
struct Extents {
    request: Extent,
    response: Option<Extent>,
}

impl Extents {
    fn bytes(self) -> usize {
        self.request.bytes() + self.response.map_or(0, Extent::bytes)
    }

    /// Bytes of the copy.
    fn written(self) -> usize {
        self.request.written() + self.response.map_or(0, Extent::written)
    }
}

/// How much of the bytes is a message.
#[derive(Clone, Copy, Debug)]
struct Extent {
    head: usize,
    /// Bytes of the body that are kept, and how many of them are a copy.
    body: usize,
    copied: usize,
    /// How long the body was before it was cut.
    length: usize,
}

impl Extent {
    fn of(headers: &HeaderMap, length: usize) -> Self {
        // A colon and a line end for each.
        let head = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + 2);
        let body = length.min(EACH);
        Self {
            head: head.sum(),
            body,
            copied: body,
            length,
        }
    }

    /// What of a body in pieces is held; the rest is copied.
    fn hold(&mut self, pieces: &Pieces) -> Vec<Held> {
        let compact = pieces.iter().filter(|piece| piece.compact);
        let mut held = Vec::with_capacity(compact.count());
        let mut after = 0;
        for (bytes, is_held) in sorted(pieces, self.body) {
            if is_held {
                let bytes = bytes.clone();
                self.copied -= bytes.len();
                held.push(Held { after, bytes });
            } else {
                after += bytes.len();
            }
        }
        held
    }

    fn bytes(self) -> usize {
        self.head + self.body
    }

    /// Bytes of the copy.
    fn written(self) -> usize {
        self.head + self.copied
    }

    fn write<'a>(self, out: &mut Vec<u8>, headers: &HeaderMap, body: impl Iterator<Item = &'a [u8]>) {
        for (name, value) in headers {
            out.extend_from_slice(name.as_str().as_bytes());
            out.push(b':');
            out.extend_from_slice(value.as_bytes());
            // No header holds one.
            out.push(b'\n');
        }
        let mut left = self.copied;
        for piece in body {
            let piece = piece.get(..left).unwrap_or(piece);
            out.extend_from_slice(piece);
            left -= piece.len();
        }
    }

    fn message<'a>(self, bytes: &'a [u8], held: &[Held]) -> Message<'a> {
        let (head, copied) = bytes.split_at_checked(self.head).unwrap_or_default();
        let copied = copied.get(..self.copied).unwrap_or_default();
        let body = match held {
            [] => Cow::Borrowed(copied),
            held => {
                let mut body = Vec::with_capacity(self.body);
                let mut begin = 0;
                for Held { after, bytes } in held {
                    body.extend_from_slice(copied.get(begin..*after).unwrap_or_default());
                    body.extend_from_slice(bytes);
                    begin = *after;
                }
                body.extend_from_slice(copied.get(begin..).unwrap_or_default());
                Cow::Owned(body)
            }
        };
        Message {
            head,
            body,
            length: self.length,
        }
    }
}

/// The pieces of a body, and whether each is held. One that is cut would own more than is counted.
fn sorted(pieces: &Pieces, kept: usize) -> impl Iterator<Item = (&Bytes, bool)> {
    let mut seen = 0;
    pieces.iter().map(move |piece| {
        let bytes = piece.bytes.len();
        seen += bytes;
        (&piece.bytes, piece.compact && bytes >= LARGE && seen <= kept)
    })
}

/// The pieces of a body that are copied.
fn copied(pieces: &Pieces, kept: usize) -> impl Iterator<Item = &[u8]> {
    let pieces = sorted(pieces, kept).filter(|(_, is_held)| !is_held);
    pieces.map(|(bytes, _)| bytes.as_ref())
}

impl<'a> Content<'a> {
    /// The request.
    pub(crate) fn request(&self) -> Message<'a> {
        self.extents.request.message(self.bytes, &[])
    }

    /// What came back; nothing where the connection broke.
    pub(crate) fn response(&self) -> Option<Message<'a>> {
        let after = self
            .bytes
            .get(self.extents.request.written()..)
            .unwrap_or_default();
        let response = self.extents.response;
        response.map(|extent| extent.message(after, self.held))
    }
}

/// Where the content of an exchange stands.
#[derive(Debug)]
struct Place {
    number: u64,
    piece: u64,
    begin: usize,
    extents: Extents,
    held: Vec<Held>,
}

/// Memory for many contents.
#[derive(Debug, Default)]
struct Piece {
    bytes: Vec<u8>,
    /// Of how many contents in it are still wanted.
    wanted: usize,
}

/// The contents of the latest exchanges.
#[derive(Debug, Default)]
pub(super) struct Contents {
    kept: VecDeque<Place>,
    /// Pieces that are full, and the number of the first of them.
    full: VecDeque<Piece>,
    first: u64,
    /// The piece after them, which is being filled.
    open: Piece,
    /// The memory of a piece that nobody wants any more.
    spare: Vec<u8>,
    bytes: usize,
}

impl Contents {
    /// Keeps one more, and lets go of the oldest as long as there is not enough room: the request, and what was
    /// answered if anything was.
    pub(super) fn keep(
        &mut self,
        number: u64,
        parts: &Parts,
        body: &[u8],
        response: Option<(&HeaderMap, &Pieces)>,
    ) {
        let mut extents = Extents {
            request: Extent::of(&parts.headers, body.len()),
            response: response.map(|(headers, body)| Extent::of(headers, body.len())),
        };
        let held = match (&mut extents.response, response) {
            (Some(extent), Some((_, body))) => extent.hold(body),
            _ => Vec::new(),
        };
        self.bytes += extents.bytes();
        while self.bytes > ALL
            && let Some(dropped) = self.kept.pop_front()
        {
            self.let_go(&dropped);
        }
        self.make_room(extents.written());
        let piece = self.first + self.full.len() as u64;
        let Piece { bytes, wanted } = &mut self.open;
        *wanted += 1;
        let begin = bytes.len();
        extents
            .request
            .write(bytes, &parts.headers, std::iter::once(body));
        if let (Some(extent), Some((headers, body))) = (extents.response, response) {
            extent.write(bytes, headers, copied(body, extent.body));
        }
        let place = Place {
            number,
            piece,
            begin,
            extents,
            held,
        };
        // Requests end roughly in the order they came, so its place is near the end.
        let after = self.kept.iter().rposition(|other| other.number < number);
        self.kept.insert(after.map_or(0, |at| at + 1), place);
    }

    /// Sees to it that so many bytes fit into the open piece.
    fn make_room(&mut self, wanted: usize) {
        if self.open.bytes.capacity() - self.open.bytes.len() >= wanted {
            return;
        }
        let bytes = std::mem::take(&mut self.spare);
        let full = std::mem::replace(&mut self.open, Piece { bytes, wanted: 0 });
        self.full.push_back(full);
        self.open.bytes.reserve_exact(wanted.max(PIECE));
    }

    /// Lets go of what stands at a place, and of the pieces that nobody wants then.
    fn let_go(&mut self, place: &Place) {
        self.bytes -= place.extents.bytes();
        let at = usize::try_from(place.piece - self.first).ok();
        let piece = at.and_then(|at| self.full.get_mut(at)).unwrap_or(&mut self.open);
        piece.wanted -= 1;
        while self.full.front().is_some_and(|piece| piece.wanted == 0)
            && let Some(piece) = self.full.pop_front()
        {
            self.first += 1;
            self.spare = piece.bytes;
            self.spare.clear();
        }
    }

    pub(super) fn get(&self, number: u64) -> Option<Content<'_>> {
        let at = self
            .kept
            .binary_search_by_key(&number, |place| place.number)
            .ok()?;
        let Place {
            piece,
            begin,
            extents,
            held,
            ..
        } = self.kept.get(at)?;
        let at = usize::try_from(piece - self.first).ok()?;
        let piece = self.full.get(at).unwrap_or(&self.open);
        let bytes = piece.bytes.get(*begin..)?.get(..extents.written())?;
        let extents = *extents;
        Some(Content { bytes, extents, held })
    }

    /// The oldest number of which it knows the content.
    pub(super) fn first(&self) -> Option<u64> {
        self.kept.front().map(|place| place.number)
    }
}

#[cfg(test)]
mod tests;
