//! The body of an answer: whole, or broken off by a scripted fault.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::pieces::{Piece, Pieces};

/// The connection broke, as a scripted fault wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection was broken off")]
#[non_exhaustive]
pub struct Broken;

/// The body of an answer. A page of records may come in several frames.
#[derive(Debug, Default)]
pub struct Body {
    data: Option<Bytes>,
    /// What follows.
    rest: std::vec::IntoIter<Piece>,
    broken: bool,
    slow: Option<Slow>,
}

/// How a body comes in pieces.
#[derive(Debug)]
struct Slow {
    bytes: usize,
    pause: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Body {
    /// A body that arrives whole.
    pub(crate) fn whole(data: impl Into<Bytes>) -> Self {
        Self {
            data: Some(data.into()).filter(|data: &Bytes| !data.is_empty()),
            ..Self::default()
        }
    }

    /// A body that arrives whole, in the pieces that it is made of.
    pub(crate) fn of(pieces: Pieces) -> Self {
        match pieces {
            Pieces::One(piece) => Self::whole(piece.bytes),
            Pieces::Several(pieces) => {
                let mut body = Self {
                    rest: pieces.into_iter(),
                    ..Self::default()
                };
                body.data = body.following();
                body
            }
        }
    }

    fn following(&mut self) -> Option<Bytes> {
        let mut rest = self.rest.by_ref().map(|piece| piece.bytes);
        rest.find(|bytes| !bytes.is_empty())
    }

    /// A body that comes in pieces of so many bytes, with a pause before each.
    pub(crate) fn slow(data: impl Into<Bytes>, bytes: usize, pause: Duration) -> Self {
        let slow = Slow {
            bytes: bytes.max(1),
            pause,
            waiting: None,
        };
        Self {
            slow: Some(slow),
            ..Self::whole(data)
        }
    }

    /// A body that breaks off after these bytes.
    pub(crate) fn broken_after(data: impl Into<Bytes>) -> Self {
        Self {
            broken: true,
            ..Self::whole(data)
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let Self { data, slow, .. } = &mut *self;
        if let (Some(slow), Some(left)) = (slow, data.as_mut()) {
            let pause = slow.pause;
            let waiting = slow.waiting.get_or_insert_with(|| Box::pin(sleep(pause)));
            std::task::ready!(waiting.as_mut().poll(context));
            slow.waiting = None;
            let piece = left.split_to(slow.bytes.min(left.len()));
            if left.is_empty() {
                *data = None;
            }
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        if let Some(data) = self.data.take() {
            self.data = self.following();
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match std::mem::take(&mut self.broken) {
            true => Poll::Ready(Some(Err(Broken))),
            false => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none() && !self.broken
    }

    fn size_hint(&self) -> SizeHint {
        match self.broken {
            true => SizeHint::default(),
            false => {
                let rest = self.rest.as_slice().iter().map(|piece| piece.bytes.len());
                let left = self.data.as_ref().map_or(0, Bytes::len) + rest.sum::<usize>();
                SizeHint::with_exact(left as u64)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body::Body as _;
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_in_pieces_arrives_whole_and_says_what_is_left() {
        for pieces in [
            vec!["", "one", "", "two", "three", ""],
            vec!["one"],
            vec!["", ""],
            vec![],
        ] {
            let mut left: usize = pieces.iter().map(|piece| piece.len()).sum();
            let list = pieces.iter().map(|piece| Piece {
                bytes: Bytes::from_static(piece.as_bytes()),
                compact: true,
            });
            let mut body = Body::of(Pieces::Several(list.collect()));
            let mut all = Vec::new();
            while !body.is_end_stream() {
                assert_eq!(body.size_hint().exact(), Some(left as u64));
                let data = body.frame().await.unwrap().unwrap().into_data().unwrap();
                // An empty piece is not worth a frame.
                assert!(!data.is_empty());
                left -= data.len();
                all.extend_from_slice(&data);
            }
            assert_eq!(body.size_hint().exact(), Some(0));
            assert!(left == 0 && body.frame().await.is_none());
            assert_eq!(all, pieces.concat().as_bytes());
        }
    }
}
