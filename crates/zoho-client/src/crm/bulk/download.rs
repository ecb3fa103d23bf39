//! An archive on its way: downloaded, unpacked as it arrives, taken up again when the connection breaks.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream};
use futures_util::{FutureExt, StreamExt};
use http::StatusCode;

use super::unpack::Unpack;
use crate::error::{Error, Result};
use crate::pipeline::transport::Body;
use crate::record::Record;

/// So often the download of an archive is begun anew; Zoho takes ten in a minute.
const DOWNLOADS: u32 = 3;

/// The rows of an archive, as they arrive.
pub(super) struct Download {
    operation: &'static str,
    /// Begins the download, the first time and again.
    begin: Box<dyn Fn() -> BoxFuture<'static, Result<Body>> + Send>,
    body: Body,
    unpack: Unpack,
    /// What came and is still to be unpacked.
    piece: Bytes,
    /// Rows that were handed over.
    given: usize,
    /// Rows of this download that were handed over before it.
    skip: usize,
    /// How often it may be begun anew.
    left: u32,
}

impl Download {
    /// Begins a download.
    pub(super) async fn begin<F>(
        operation: &'static str,
        begin: impl Fn() -> F + Send + 'static,
    ) -> Result<Self>
    where
        F: Future<Output = Result<Body>> + Send + 'static,
    {
        Ok(Self {
            operation,
            body: begin().await?,
            begin: Box::new(move || begin().boxed()),
            unpack: Unpack::new(),
            piece: Bytes::new(),
            given: 0,
            skip: 0,
            left: DOWNLOADS,
        })
    }

    /// The rows, some at once. They end after an error.
    pub(super) fn batches(self) -> BoxStream<'static, Result<Vec<Record>>> {
        let batches = stream::try_unfold(Some(self), |download| async move {
            let Some(mut download) = download else {
                return Ok::<_, Error>(None);
            };
            let (rows, more) = download.next().await?;
            Ok(Some((rows, more.then_some(download))))
        });
        batches.boxed()
    }

    /// The next rows, and whether there may be more.
    async fn next(&mut self) -> Result<(Vec<Record>, bool)> {
        loop {
            let mut rows = Vec::new();
            let told = |error: Error| error.with_operation(self.operation);
            let coming = match self.piece.is_empty() {
                true => self.body.chunk().await,
                false => Some(Ok(std::mem::take(&mut self.piece))),
            };
            let more = match coming {
                None => {
                    self.unpack.end(&mut rows).map_err(told)?;
                    false
                }
                Some(Ok(piece)) => {
                    // A little at a time, however much came: rows take more room than the archive.
                    let read = self.unpack.push(&piece, &mut rows).map_err(told)?;
                    self.piece = piece.slice(read.min(piece.len())..);
                    true
                }
                Some(Err(error)) if self.left > 0 => {
                    tracing::warn!(%error, given = self.given, "the archive is downloaded anew");
                    self.left -= 1;
                    self.body = (self.begin)().await?;
                    self.unpack = Unpack::new();
                    self.skip = self.given;
                    continue;
                }
                Some(Err(error)) => {
                    let error = crate::pipeline::classify::cut_short(StatusCode::OK, error);
                    return Err(told(error));
                }
            };
            let skipped = self.skip.min(rows.len());
            self.skip -= skipped;
            rows.drain(..skipped);
            self.given += rows.len();
            return Ok((rows, more));
        }
    }
}
