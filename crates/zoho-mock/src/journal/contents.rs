//! What was sent both ways, for whoever looks at an exchange: bounded in bytes, the oldest go first.

use std::collections::VecDeque;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Response};

/// Bytes of one body that are kept.
const EACH: usize = 64 << 10;
/// Bytes that are kept in all.
const ALL: usize = 16 << 20;

/// One direction of an exchange.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    pub(crate) headers: HeaderMap,
    /// The beginning of the body.
    pub(crate) body: Bytes,
    /// How long the body was.
    pub(crate) length: usize,
}

impl Message {
    fn new(headers: &HeaderMap, body: &Bytes) -> Self {
        let kept = match body.get(..EACH) {
            // A slice would keep all of it.
            Some(beginning) => Bytes::copy_from_slice(beginning),
            None => body.clone(),
        };
        Self {
            headers: headers.clone(),
            body: kept,
            length: body.len(),
        }
    }

    fn bytes(&self) -> usize {
        let headers: usize = self
            .headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        self.body.len() + headers
    }
}

/// What was sent in one exchange.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) request: Message,
    /// What came back; nothing where the connection broke.
    pub(crate) response: Option<Message>,
}

impl Content {
    /// The content of an exchange; the answer's body comes with whether it broke off.
    pub(crate) fn new(parts: &Parts, body: &Bytes, response: Option<&Response<(Bytes, bool)>>) -> Self {
        Self {
            request: Message::new(&parts.headers, body),
            response: response.map(|response| Message::new(response.headers(), &response.body().0)),
        }
    }

    fn bytes(&self) -> usize {
        self.request.bytes() + self.response.as_ref().map_or(0, Message::bytes)
    }
}

/// The contents of the latest exchanges.
#[derive(Debug, Default)]
pub(super) struct Contents {
    kept: VecDeque<(u64, Content)>,
    bytes: usize,
}

impl Contents {
    /// Keeps one more, and lets go of the oldest as long as there is not enough room.
    pub(super) fn keep(&mut self, number: u64, content: Content) {
        self.bytes += content.bytes();
        // Requests end roughly in the order they came, so its place is near the end.
        let after = self.kept.iter().rposition(|(other, _)| *other < number);
        self.kept.insert(after.map_or(0, |at| at + 1), (number, content));
        while self.bytes > ALL
            && let Some((_, dropped)) = self.kept.pop_front()
        {
            self.bytes -= dropped.bytes();
        }
    }

    pub(super) fn get(&self, number: u64) -> Option<&Content> {
        let at = self
            .kept
            .binary_search_by_key(&number, |(number, _)| *number)
            .ok()?;
        self.kept.get(at).map(|(_, content)| content)
    }

    /// The oldest number of which it knows the content.
    pub(super) fn first(&self) -> Option<u64> {
        self.kept.front().map(|(number, _)| *number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(bytes: usize) -> Content {
        let (parts, ()) = http::Request::new(()).into_parts();
        Content::new(&parts, &Bytes::from(vec![b'x'; bytes]), None)
    }

    #[test]
    fn the_oldest_make_room_and_long_bodies_are_cut() {
        let mut contents = Contents::default();
        let many = (ALL / EACH) as u64 + 10;
        // They end in another order than they came in.
        for number in 1..=many {
            contents.keep(number ^ 1, content(EACH * 3));
            assert!(contents.bytes <= ALL);
        }
        assert!(contents.get(2).is_none());
        let latest = contents.get(many + 1).unwrap();
        assert_eq!(
            (latest.request.body.len(), latest.request.length),
            (EACH, EACH * 3)
        );
        let numbers: Vec<u64> = contents.kept.iter().map(|(number, _)| *number).collect();
        assert!(numbers.is_sorted());
        assert_eq!(contents.first(), numbers.first().copied());
        assert_eq!(
            contents.bytes,
            contents
                .kept
                .iter()
                .map(|(_, content)| content.bytes())
                .sum::<usize>()
        );
    }
}
