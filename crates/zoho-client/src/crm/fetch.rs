//! How all records of a module are fetched: page by page, by query, or by an export.

mod alike;
mod consumed;
mod facts;
mod hidden;
mod plan;
mod walk;

#[cfg(feature = "bulk")]
mod export;

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;

use super::list::List;
use super::progress::{Hook, Progress, watched};
use crate::error::{Error, Result};
use crate::page::{self, ListStream};
use crate::pipeline::meter::Meter;

/// By which way [`List::stream`] and [`List::all`] fetch the records of a module.
///
/// | way | rows a call | credits for 1,000 rows | order | what a change during the run does |
/// |---|--:|--:|---|---|
/// | [`Pages`](Way::Pages) | 200 | 5 | Zoho's | what a page token does |
/// | [`Query`](Way::Query) | 2,000, ten calls side by side | 1.5 | by id | a row that is there all the time comes once |
/// | [`Export`](Way::Export) | 200,000 a job | 0.25 | the export's | each job is what was there when Zoho made it |
///
/// None of them is a snapshot: a row that is made or deleted while the list runs may be in it or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Way {
    /// Page after page by token: each asked for when it is wanted, or earlier with [`List::prefetch`].
    #[default]
    Pages,
    /// The way that takes the fewest credits among those that give the same rows in the same order.
    ///
    /// It begins with a page of the list. Where there is more, and the list is a plain one in the order of ids, the
    /// rows are counted (one credit) unless [`List::expect_rows`] says how many there are. A query takes over where it
    /// is cheaper, all fields are of types that COQL shows as a list does, the connection may query, and the first
    /// page of both is the same, value by value. Converted leads are left out as the list leaves them out. A query that
    /// Zoho refuses half-way hands back to the pages; no row is lost or comes twice. An export takes over only with
    /// [`List::any_order`].
    Cheapest,
    /// A query, whatever else would be cheaper: values are shown as COQL shows them. Only for plain lists in the order
    /// of ids.
    Query,
    /// An export. Values are read from cells by the types of their fields; a lookup is its id. Only for plain lists; the
    /// order is that of the export. It needs the feature `bulk`.
    Export,
}

/// What a list says about how it is fetched.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wishes {
    pub(super) way: Way,
    pub(super) ahead: usize,
    pub(super) any_order: bool,
    pub(super) expected: Option<u64>,
    hook: Option<Hook>,
}

/// # How it is fetched
impl<T> List<T> {
    /// The way that [`List::stream`] and [`List::all`] take; [`Way::Pages`] without a word.
    ///
    /// ```
    /// # use zoho_client::{OAuthApp, Region, ServiceTransport, TokioClock, Zoho};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let mock = zoho_mock::MockZoho::builder().records("Leads", 10_000)?.in_process();
    /// # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
    /// #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
    /// #     .refresh_token(mock.refresh_token())
    /// #     .clock(TokioClock::starting_at(mock.now()))
    /// #     .transport(ServiceTransport::new(mock.service()))
    /// #     .build()?;
    /// use zoho_client::crm::Way;
    ///
    /// let leads = zoho.crm().records("Leads");
    /// let list = || leads.fields(["Last_Name", "Email"]);
    /// let cheap = list().way(Way::Cheapest).all().await?;
    /// let spent = zoho.credits_spent();
    /// assert_eq!(cheap, list().all().await?);
    /// assert_eq!((spent, zoho.credits_spent() - spent), (20, 50));
    /// # Ok(())
    /// # }
    /// ```
    pub fn way(mut self, way: Way) -> Self {
        self.wishes.way = way;
        self
    }

    /// Fetches pages before they are wanted: so many wait while the rows of one are consumed, and the next is under
    /// way; 0 without a word. Rows and order are the same. Up to two pages more are asked for than are consumed.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.wishes.ahead = pages;
        self
    }

    /// How many rows there are, as far as you know: for [`Way::Cheapest`], which otherwise counts them, and for
    /// [`Progress::rest`]. A wrong number costs credits or time, never rows.
    pub fn expect_rows(mut self, rows: u64) -> Self {
        self.wishes.expected = Some(rows);
        self
    }

    /// Takes the rows in any order, so that [`Way::Cheapest`] may choose an export.
    pub fn any_order(mut self) -> Self {
        self.wishes.any_order = true;
        self
    }

    /// Calls a function whenever some rows were handed over, from the task that consumes them.
    pub fn on_progress(mut self, hook: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.wishes.hook = Some(Hook::new(hook));
        self
    }
}

/// Some rows at once.
type Batch<T> = Vec<T>;
/// Rows as they come, some at once.
type Batches<T> = BoxStream<'static, Result<Batch<T>>>;

/// The rows of a list, by the way that it wishes.
pub(super) fn rows<T: DeserializeOwned + Send + 'static>(list: List<T>) -> ListStream<T> {
    ListStream::of_batches(batches(list))
}

/// All rows of a list.
pub(super) async fn all<T: DeserializeOwned + Send + 'static>(list: List<T>) -> Result<Vec<T>> {
    let mut batches = batches(list);
    let mut rows = Vec::new();
    while let Some(batch) = batches.try_next().await? {
        rows.extend(batch);
    }
    Ok(rows)
}

fn batches<T: DeserializeOwned + Send + 'static>(mut list: List<T>) -> Batches<T> {
    let Some(hook) = list.wishes.hook.take() else {
        return unwatched(list);
    };
    let meter = Meter::default();
    list.crm.core.meters.push(meter.clone());
    let expected = list.expected.clone();
    expected.say(list.wishes.expected);
    watched(unwatched(list), hook, meter, expected, Vec::len)
}

fn unwatched<T: DeserializeOwned + Send + 'static>(list: List<T>) -> Batches<T> {
    match list.wishes.way {
        Way::Pages => pages(list),
        Way::Cheapest => stream::once(consumed::cheapest(list)).try_flatten().boxed(),
        Way::Query => stream::once(consumed::query(list)).try_flatten().boxed(),
        #[cfg(feature = "bulk")]
        Way::Export => stream::once(export::forced(list)).try_flatten().boxed(),
        #[cfg(not(feature = "bulk"))]
        Way::Export => {
            let error = Error::config("an export needs the feature `bulk` of zoho-client");
            stream::once(std::future::ready(Err(error))).boxed()
        }
    }
}

/// The pages of a list, from where it starts.
fn pages<T: DeserializeOwned + Send + 'static>(list: List<T>) -> Batches<T> {
    let (start, ahead) = (list.start.clone(), list.wishes.ahead);
    page::batches(list, start, ahead)
}

/// Why a list can not go a way that was forced on it.
fn unfit<T>(list: &List<T>, way: &str, reason: &str) -> Error {
    Error::config(format!("this list can not be fetched by {way}: {reason}"))
        .with_operation(list.operation.id)
}
