//! What was sent both ways, for whoever looks at an exchange: bounded in bytes, the oldest go first.
//!
//! An exchange is copied. Holding on to what the connection read into, or to a body that is under way, would cost
//! more: the connection could not use its buffer again, and more would be kept than is counted. Copies stand one
//! after the other in large pieces of memory, which are used again, so that keeping one allocates nothing.

use std::collections::VecDeque;

use http::HeaderMap;
use http::request::Parts;

/// Bytes of one body that are kept.
const EACH: usize = 64 << 10;
/// Bytes that are kept in all.
const ALL: usize = 16 << 20;
/// Bytes of a piece of memory: large beside one exchange, so that little of it stays empty.
const PIECE: usize = 1 << 20;

/// One direction of an exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message<'a> {
    head: &'a [u8],
    /// The beginning of the body.
    pub(crate) body: &'a [u8],
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
}

/// How much of the bytes is a message.
#[derive(Clone, Copy, Debug)]
struct Extent {
    head: usize,
    body: usize,
    /// How long the body was before it was cut.
    length: usize,
}

impl Extent {
    fn of(headers: &HeaderMap, body: &[u8]) -> Self {
        // A colon and a line end for each.
        let head = headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + 2);
        Self {
            head: head.sum(),
            body: body.len().min(EACH),
            length: body.len(),
        }
    }

    fn bytes(self) -> usize {
        self.head + self.body
    }

    fn write(self, out: &mut Vec<u8>, headers: &HeaderMap, body: &[u8]) {
        for (name, value) in headers {
            out.extend_from_slice(name.as_str().as_bytes());
            out.push(b':');
            out.extend_from_slice(value.as_bytes());
            // No header holds one.
            out.push(b'\n');
        }
        out.extend_from_slice(body.get(..self.body).unwrap_or_default());
    }

    fn message(self, bytes: &[u8]) -> Message<'_> {
        let (head, body) = bytes.split_at_checked(self.head).unwrap_or_default();
        Message {
            head,
            body: body.get(..self.body).unwrap_or_default(),
            length: self.length,
        }
    }
}

impl<'a> Content<'a> {
    /// The request.
    pub(crate) fn request(&self) -> Message<'a> {
        self.extents.request.message(self.bytes)
    }

    /// What came back; nothing where the connection broke.
    pub(crate) fn response(&self) -> Option<Message<'a>> {
        let after = self.bytes.get(self.extents.request.bytes()..).unwrap_or_default();
        self.extents.response.map(|extent| extent.message(after))
    }
}

/// Where the content of an exchange stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    number: u64,
    piece: u64,
    begin: usize,
    extents: Extents,
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
        response: Option<(&HeaderMap, &[u8])>,
    ) {
        let extents = Extents {
            request: Extent::of(&parts.headers, body),
            response: response.map(|(headers, body)| Extent::of(headers, body)),
        };
        self.bytes += extents.bytes();
        while self.bytes > ALL
            && let Some(dropped) = self.kept.pop_front()
        {
            self.let_go(&dropped);
        }
        self.make_room(extents.bytes());
        let piece = self.first + self.full.len() as u64;
        let Piece { bytes, wanted } = &mut self.open;
        *wanted += 1;
        let begin = bytes.len();
        extents.request.write(bytes, &parts.headers, body);
        if let (Some(extent), Some((headers, body))) = (extents.response, response) {
            extent.write(bytes, headers, body);
        }
        let place = Place {
            number,
            piece,
            begin,
            extents,
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
            ..
        } = *self.kept.get(at)?;
        let at = usize::try_from(piece - self.first).ok()?;
        let piece = self.full.get(at).unwrap_or(&self.open);
        let bytes = piece.bytes.get(begin..)?.get(..extents.bytes())?;
        Some(Content { bytes, extents })
    }

    /// The oldest number of which it knows the content.
    pub(super) fn first(&self) -> Option<u64> {
        self.kept.front().map(|place| place.number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parts() -> Parts {
        http::Request::new(()).into_parts().0
    }

    #[test]
    fn the_oldest_make_room_and_long_bodies_are_cut() {
        let mut contents = Contents::default();
        let many = (ALL / EACH) as u64 * 3;
        // They end in another order than they came in.
        for number in 1..=many {
            let body = vec![number as u8; EACH * 3];
            contents.keep(number ^ 1, &parts(), &body, None);
            assert!(contents.bytes <= ALL);
            let memory = contents.full.iter().chain([&contents.open]);
            let memory: usize = memory.map(|piece| piece.bytes.capacity()).sum();
            assert!(memory + contents.spare.capacity() <= ALL + 2 * PIECE);
        }
        assert!(contents.get(2).is_none());
        for place in &contents.kept {
            let message = contents.get(place.number).unwrap().request();
            assert_eq!((message.body.len(), message.length), (EACH, EACH * 3));
            assert_eq!(message.body.first(), Some(&((place.number ^ 1) as u8)));
        }
        let numbers: Vec<u64> = contents.kept.iter().map(|place| place.number).collect();
        assert!(numbers.is_sorted() && numbers.len() == ALL / EACH);
        assert_eq!(contents.first(), numbers.first().copied());
    }

    #[test]
    fn both_directions_are_read_back_as_they_were() {
        let request = http::Request::post("/")
            .header("x-note", "a: b")
            .header("x-note", "")
            .header("x-bytes", http::HeaderValue::from_bytes(b"\xff\t:").unwrap())
            .body(())
            .unwrap();
        let (parts, ()) = request.into_parts();
        let answered = HeaderMap::from_iter([(http::header::ETAG, "\"1\"".parse().unwrap())]);
        let mut contents = Contents::default();
        contents.keep(1, &parts, b"in\n:", Some((&answered, b"out")));
        contents.keep(2, &parts, b"", None);
        let message = contents.get(1).unwrap().request();
        let headers: Vec<_> = message.headers().collect();
        let expected: [(&str, &[u8]); 3] = [("x-note", b"a: b"), ("x-note", b""), ("x-bytes", b"\xff\t:")];
        assert_eq!(headers, expected);
        assert_eq!((message.body, message.length), (b"in\n:".as_slice(), 4));
        assert_eq!(
            (message.header("x-note"), message.header("x-bytes")),
            (Some("a: b"), None)
        );
        let message = contents.get(1).unwrap().response().unwrap();
        assert_eq!(
            (message.header("etag"), message.body),
            (Some("\"1\""), b"out".as_slice())
        );
        assert!(contents.get(2).unwrap().response().is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        /// Beside a plain list of what was kept.
        #[test]
        fn what_is_kept_is_what_was_sent(lengths in prop::collection::vec(0_usize..EACH * 2, 1..400), swap in any::<bool>()) {
            let mut contents = Contents::default();
            let (parts, ()) = http::Request::get("/").header("a", "b").body(()).unwrap().into_parts();
            for (number, length) in lengths.iter().enumerate() {
                let body = vec![number as u8; *length];
                let number = number as u64 ^ u64::from(swap);
                contents.keep(number, &parts, &body, Some((&parts.headers, &body)));
                let all: usize = contents.kept.iter().map(|place| place.extents.bytes()).sum();
                prop_assert_eq!(contents.bytes, all);
            }
            for place in &contents.kept {
                let was = (place.number ^ u64::from(swap)) as usize;
                let content = contents.get(place.number).unwrap();
                for message in [content.request(), content.response().unwrap()] {
                    prop_assert_eq!(message.length, lengths[was]);
                    prop_assert_eq!(message.body.len(), lengths[was].min(EACH));
                    prop_assert!(message.body == vec![was as u8; message.body.len()]);
                    prop_assert_eq!(message.header("a"), Some("b"));
                }
            }
        }
    }
}
