//! The body of an answer: whole, or broken off by a scripted fault.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};

/// The connection broke, as a scripted fault wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the connection was broken off")]
#[non_exhaustive]
pub struct Broken;

/// The body of an answer.
#[derive(Debug, Default)]
pub struct Body {
    data: Option<Bytes>,
    broken: bool,
}

impl Body {
    /// A body that arrives whole.
    pub(crate) fn whole(data: impl Into<Bytes>) -> Self {
        Self {
            data: Some(data.into()).filter(|data: &Bytes| !data.is_empty()),
            broken: false,
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
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if let Some(data) = self.data.take() {
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
            false => SizeHint::with_exact(self.data.as_ref().map_or(0, |data| data.len() as u64)),
        }
    }
}
