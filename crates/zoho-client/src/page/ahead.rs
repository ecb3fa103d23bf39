//! Pages that are fetched before they are wanted: while rows are consumed, the next pages are under way.

use std::sync::Arc;

use futures_util::{FutureExt, Stream, stream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tracing::Instrument;

use super::{At, Fetch, Ready, step};
use crate::error::{Error, ErrorKind, Result};

/// A task that ends with whoever waits for it.
pub(crate) struct Task(JoinHandle<()>);

impl Task {
    /// Starts it, in the span of the caller.
    pub(crate) fn spawn(work: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(work.in_current_span()))
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What a task hands over: a thing, an error behind which nothing comes, or word that this was all.
enum Word<R> {
    Item(Result<R>),
    End,
}

/// Where a task puts what it made.
pub(crate) struct Outlet<R>(mpsc::Sender<Word<R>>);

impl<R> Outlet<R> {
    /// Hands a thing over, once there is room. `false`: nobody waits for it any more.
    pub(crate) async fn put(&self, item: Result<R>) -> bool {
        self.0.send(Word::Item(item)).await.is_ok()
    }
}

/// What a task of its own makes, at most `room` things of it unconsumed. The task starts when the stream is polled
/// first, ends when the stream is dropped, and never looks finished when it is not.
pub(crate) fn made_by<R, F, W>(room: usize, work: F) -> impl Stream<Item = Result<R>> + Send
where
    R: Send + 'static,
    F: FnOnce(Arc<Outlet<R>>) -> W + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    async move {
        let (sender, receiver) = mpsc::channel(room.max(1));
        let task = Task::spawn(async move {
            let outlet = Arc::new(Outlet(sender));
            work(Arc::clone(&outlet)).await;
            // Nobody may wait any more; then nobody misses the word.
            let _ = outlet.0.send(Word::End).await;
        });
        stream::unfold(Some((receiver, task)), |state| async move {
            let (mut receiver, task) = state?;
            match receiver.recv().await {
                Some(Word::Item(Ok(item))) => Some((Ok(item), Some((receiver, task)))),
                Some(Word::Item(Err(error))) => Some((Err(error), None)),
                Some(Word::End) => None,
                None => {
                    let message = "what fetched the list in advance was ended from outside";
                    Some((Err(Error::new(ErrorKind::Transport, message)), None))
                }
            }
        })
    }
    .flatten_stream()
}

/// The pages of a list, so many of them fetched before they are wanted, their rows left to whoever consumes them.
pub(super) fn pages<T: Send + 'static>(
    list: Arc<impl Fetch<T>>,
    begin: At,
    ahead: usize,
) -> impl Stream<Item = Result<Ready<T>>> + Send {
    made_by(ahead, move |outlet| async move {
        let mut coming = step(&*list, begin).await;
        loop {
            match coming {
                Ok(None) => return,
                Err(error) => {
                    outlet.put(Err(error)).await;
                    return;
                }
                Ok(Some((ready, then))) => {
                    // The next page is asked for first: it is under way while the rows of this one are read.
                    let (next, taken) =
                        futures_util::future::join(step(&*list, then), outlet.put(Ok(ready))).await;
                    if !taken {
                        return;
                    }
                    coming = next;
                }
            }
        }
    })
}
