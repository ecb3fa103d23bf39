//! A request or response body: bytes in memory, or a stream of them.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use parking_lot::Mutex;

use super::{BoxError, TooLarge, TransportError};

/// Room that is made for a body before it comes, at most.
const KNOWN: usize = 16 * 1024 * 1024;

/// A body of bytes, in memory or streaming.
///
/// It implements [`http_body::Body`], so it fits tower, axum and hyper as it is.
#[derive(Default)]
pub struct Body(Repr);

enum Repr {
    Bytes(Option<Bytes>),
    // The mutex is never contended: it makes a `Send` stream `Sync` too.
    Stream(Mutex<Pin<Box<dyn HttpBody<Data = Bytes, Error = BoxError> + Send>>>),
}

impl Default for Repr {
    fn default() -> Self {
        Self::Bytes(None)
    }
}

impl Body {
    /// No body.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// Any other body, handed over.
    pub fn wrap<B>(body: B) -> Self
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        Self(Repr::Stream(Mutex::new(Box::pin(body.map_err(Into::into)))))
    }

    /// A stream of bytes, sent as they come.
    pub fn stream<S, E>(stream: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self::wrap(http_body_util::StreamBody::new(
            stream.map(|chunk| chunk.map(Frame::data).map_err(Into::<BoxError>::into)),
        ))
    }

    /// The next bytes; `None` at the end.
    ///
    /// # Errors
    /// The connection broke before the end.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, TransportError>> {
        loop {
            let frame = match self.frame().await? {
                Ok(frame) => frame,
                Err(error) => return Some(Err(TransportError::maybe_sent(error))),
            };
            if let Ok(data) = frame.into_data()
                && !data.is_empty()
            {
                return Some(Ok(data));
            }
        }
    }

    /// All bytes at once, however many they are: for bodies of programs that you trust, and of your own.
    ///
    /// # Errors
    /// The connection broke before the end.
    pub async fn bytes(self) -> Result<Bytes, TransportError> {
        self.bytes_within(usize::MAX).await
    }

    /// All bytes at once, if they are no more than so many. What is beyond is not read.
    ///
    /// # Errors
    /// The connection broke before the end, or there were more.
    pub async fn bytes_within(mut self, limit: usize) -> Result<Bytes, TransportError> {
        let fits = |length: usize| match length <= limit {
            true => Ok(()),
            false => Err(TransportError::maybe_sent(TooLarge { limit })),
        };
        if let Repr::Bytes(bytes) = &mut self.0 {
            let bytes = bytes.take().unwrap_or_default();
            return fits(bytes.len()).map(|()| bytes);
        }
        // What is announced as too large is not waited for.
        fits(usize::try_from(self.size_hint().lower()).unwrap_or(usize::MAX))?;
        let Some(first) = self.chunk().await else {
            return Ok(Bytes::new());
        };
        let first = first?;
        fits(first.len())?;
        // What the server said is still to come: the pieces are put together without being moved again.
        let rest = usize::try_from(self.size_hint().lower())
            .unwrap_or(KNOWN)
            .min(KNOWN);
        let Some(second) = self.chunk().await else {
            return Ok(first);
        };
        let mut all = BytesMut::with_capacity(first.len() + rest);
        all.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(chunk) = next {
            let chunk = chunk?;
            fits(all.len().saturating_add(chunk.len()))?;
            all.extend_from_slice(&chunk);
            next = self.chunk().await;
        }
        Ok(all.freeze())
    }

    /// The bytes of a body in memory, or the stream that it is.
    pub(crate) fn into_memory(mut self) -> Result<Bytes, Self> {
        match &mut self.0 {
            Repr::Bytes(bytes) => Ok(bytes.take().unwrap_or_default()),
            Repr::Stream(_) => Err(self),
        }
    }

    /// The bytes of a body in memory, shared with it.
    pub(crate) fn shared(&self) -> Option<Bytes> {
        match &self.0 {
            Repr::Bytes(bytes) => Some(bytes.clone().unwrap_or_default()),
            Repr::Stream(_) => None,
        }
    }

    /// The bytes of a body in memory.
    pub(crate) fn as_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Repr::Bytes(bytes) => Some(bytes.as_deref().unwrap_or_default()),
            Repr::Stream(_) => None,
        }
    }
}

impl<B: Into<Bytes>> From<B> for Body {
    fn from(bytes: B) -> Self {
        Self(Repr::Bytes(Some(bytes.into())))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Never the content: it may be a form with a client secret in it.
        match &self.0 {
            Repr::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.as_ref().map_or(0, Bytes::len)),
            Repr::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.get_mut().0 {
            Repr::Bytes(bytes) => Poll::Ready(
                bytes
                    .take()
                    .filter(|bytes| !bytes.is_empty())
                    .map(|bytes| Ok(Frame::data(bytes))),
            ),
            Repr::Stream(stream) => stream.get_mut().as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Repr::Bytes(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
            Repr::Stream(stream) => stream.lock().is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Repr::Bytes(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |b| b.len() as u64)),
            Repr::Stream(stream) => stream.lock().size_hint(),
        }
    }
}
