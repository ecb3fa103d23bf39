//! What a trigger watches, and how its asks become requests.

mod books;
mod crm;

use std::time::Duration;

use http::header::DATE;
use jiff::{SignedDuration, Timestamp};

use self::books::BooksFeed;
use self::crm::CrmFeed;
use super::cursor::{Cursor, Second};
use super::step::{Answer, Ask, Rules, Way};
use crate::books::{Books, Records};
use crate::clock;
use crate::crm::Crm;
use crate::error::{Error, ErrorKind, Result};
use crate::pipeline;
use crate::pipeline::request::Request;
use crate::pipeline::typed::Core;

/// Records whose changes a trigger tells of: those of a CRM module, or of a Books record type.
///
/// Changes are read by `Modified_Time` (Books: `last_modified_time`) as Zoho's own clock has it.
/// What does not touch it is not seen: formula and rollup fields, and records that are restored
/// without being changed.
///
/// ```
/// use std::time::Duration;
/// use zoho_client::triggers::Feed;
/// # use zoho_client::{OAuthApp, OrganizationId, Region, ServiceTransport, Zoho};
/// # let mock = zoho_mock::MockZoho::in_process();
/// # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
/// #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
/// #     .refresh_token(mock.refresh_token())
/// #     .transport(ServiceTransport::new(mock.service()))
/// #     .build()?;
///
/// let leads = Feed::crm(&zoho.crm(), "Leads").fields(["Last_Name", "Email"]).deletions(true);
/// let contacts = Feed::books(&zoho.books(OrganizationId::new("10234695")), "contacts")
///     .lag(Duration::from_secs(10));
/// # let _ = (leads, contacts);
/// # Ok::<(), zoho_client::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a feed is watched by a trigger"]
pub struct Feed {
    source: Source,
    overlap: Duration,
    lag: Duration,
    deletions: bool,
    start: Option<Timestamp>,
    kept: usize,
    page: Option<u32>,
    bulk_above: Option<u32>,
}

#[derive(Clone, Debug)]
enum Source {
    Crm(CrmFeed),
    Books(BooksFeed),
}

impl Feed {
    /// The records of a CRM module, custom ones too, by its API name. Converted leads are told of.
    ///
    /// They are read by COQL, 2,000 rows a request; where Zoho refuses queries of the module, or the
    /// connection lacks the scope for them, by its list with `If-Modified-Since`.
    pub fn crm(crm: &Crm, module: impl Into<String>) -> Self {
        Self::new(Source::Crm(CrmFeed::new(crm.clone(), module.into())))
    }

    /// The records of a Books type whose lists carry `last_modified_time`.
    ///
    /// The list is read newest first until known records are met, so that a poll without changes is
    /// one request. A type that Zoho does not sort by `last_modified_time` is read whole each time.
    pub fn books(books: &Books, record_type: &str) -> Self {
        Self::of(books.records(record_type))
    }

    /// The same for records below a parent: `books.records("comments").of("invoices", id)`.
    pub fn of(records: Records) -> Self {
        Self::new(Source::Books(BooksFeed::new(records)))
    }

    fn new(source: Source) -> Self {
        Self {
            source,
            overlap: Duration::from_secs(120),
            lag: Duration::from_secs(30),
            deletions: false,
            start: None,
            kept: 10_000,
            page: None,
            bulk_above: None,
        }
    }

    /// The fields to bring of CRM records; without a word all that a list can bring. The id and the
    /// times of creation and change are always brought. More than 50 cost further requests, and a
    /// record that changes between those may show a mixture of both states until its change is told.
    pub fn fields<S: Into<String>>(mut self, fields: impl IntoIterator<Item = S>) -> Self {
        if let Source::Crm(crm) = &mut self.source {
            crm.fields = Some(fields.into_iter().map(Into::into).collect());
        }
        self
    }

    /// Whether to tell of deleted CRM records too: one request more for each poll. Books has no such
    /// feed.
    pub fn deletions(mut self, tell: bool) -> Self {
        self.deletions = tell;
        self
    }

    /// How far back each run reads again, for changes that Zoho shows late; two minutes without a
    /// word. What was told already is not told again.
    pub fn overlap(mut self, overlap: Duration) -> Self {
        self.overlap = overlap;
        self
    }

    /// How old a change must be to be told, by Zoho's clock: 2 seconds to 10 minutes, 30 seconds
    /// without a word. A record can change twice within a second, so a second is read once it is over.
    pub fn lag(mut self, lag: Duration) -> Self {
        self.lag = lag;
        self
    }

    /// Tells of changes since an instant, when the trigger runs for the first time; without a word
    /// since that first run.
    pub fn since(mut self, instant: Timestamp) -> Self {
        self.start = Some(instant);
        self
    }

    /// Tells of all records there are as created, when the trigger runs for the first time, oldest
    /// change first, and of their changes from then on.
    pub fn backfill(self) -> Self {
        self.since(Timestamp::UNIX_EPOCH)
    }

    /// The same by bulk read jobs, when a CRM module holds more than so many records (0 to 90,000); fewer
    /// are read by query, and so are all where Zoho makes no jobs: it refuses, the scope
    /// `ZohoCRM.bulk.ALL` is missing, or this crate was built without the feature `bulk`.
    ///
    /// A job costs 50 credits for up to 200,000 records, and Zoho takes minutes for it; runs ask every
    /// half minute whether it is done, whatever the schedule says. Rows of an archive are texts: of a
    /// lookup they have the id. What changed while the job was made follows by the polls.
    pub fn backfill_in_bulk(self, above: u32) -> Self {
        Self {
            bulk_above: Some(above),
            start: None,
            ..self
        }
    }

    /// How many records a walk through a Books list keeps in memory at most; 10,000 without a word.
    /// More than that are told in several walks.
    pub fn keep_at_most(mut self, rows: usize) -> Self {
        self.kept = rows;
        self
    }

    /// The rows that one request brings at most: 8 to 2,000 of CRM, whose queries cost a credit up to
    /// 200 rows, two up to 1,000 and three up to 2,000, which is the default; 8 to 200 of Books.
    pub fn page(mut self, rows: u32) -> Self {
        self.page = Some(rows);
        self
    }

    /// What it is, for errors and to know its cursor by: `crm/Leads`, `books/contacts`.
    pub(crate) fn identity(&self) -> String {
        match &self.source {
            Source::Crm(crm) => format!("crm/{}", crm.module),
            Source::Books(books) => format!("books/{}", books.name()),
        }
    }

    /// The module that callbacks name.
    pub(crate) fn module(&self) -> Option<&str> {
        match &self.source {
            Source::Crm(crm) => Some(&crm.module),
            Source::Books(_) => None,
        }
    }

    pub(crate) fn check(&self) -> Result<()> {
        if !(Duration::from_secs(2)..=Duration::from_secs(600)).contains(&self.lag) {
            return Err(Error::config("the lag of a feed is 2 seconds to 10 minutes"));
        }
        if self.overlap > Duration::from_secs(86_400) {
            return Err(Error::config("the overlap of a feed is a day at most"));
        }
        if self.kept == 0 {
            return Err(Error::config("a walk keeps at least one record"));
        }
        let most = self.most_rows();
        if self.page.is_some_and(|rows| !(8..=most).contains(&rows)) {
            return Err(Error::config(format!("a page of this feed has 8 to {most} rows")));
        }
        if self.bulk_above.is_some_and(|above| above > 90_000) {
            return Err(Error::config(
                "whether there are more than 90,000 records can not be asked",
            ));
        }
        match &self.source {
            Source::Crm(crm) => crm.check(),
            Source::Books(_) if self.bulk_above.is_some() => Err(Error::config("Books has no bulk jobs")),
            Source::Books(_) if self.deletions => {
                Err(Error::config("Books does not say which records were deleted"))
            }
            Source::Books(books) => books.check(),
        }
    }

    pub(crate) fn rules(&self) -> Rules {
        let seconds = |duration: Duration| Second::try_from(duration.as_secs()).unwrap_or(Second::MAX);
        Rules {
            overlap: seconds(self.overlap),
            lag: seconds(self.lag).saturating_add(Second::from(self.lag.subsec_nanos() > 0)),
            deletions: self.deletions,
            kept: self.kept,
            page: self.page.unwrap_or_else(|| self.most_rows()),
            bulk_above: self.bulk_above,
        }
    }

    fn most_rows(&self) -> u32 {
        match &self.source {
            Source::Crm(_) => 2_000,
            Source::Books(_) => 200,
        }
    }

    pub(crate) fn way(&self) -> Way {
        match &self.source {
            Source::Crm(_) => Way::Ascending,
            Source::Books(_) => Way::Descending,
        }
    }

    /// The cursor of a first run, when it needs nobody to say what time it is.
    pub(crate) fn first_cursor(&self) -> Option<Cursor> {
        self.start.map(|start| Cursor::starting_at(start.as_second()))
    }

    pub(crate) fn core(&self) -> &Core {
        match &self.source {
            Source::Crm(crm) => crm.core(),
            Source::Books(books) => books.core(),
        }
    }

    /// Asks Zoho.
    pub(crate) async fn ask(&self, ask: &Ask) -> Result<Answer> {
        match &self.source {
            Source::Crm(crm) => crm.ask(ask, self.rules().page).await,
            Source::Books(books) => books.ask(ask).await,
        }
    }
}

/// An answer, and the second in which it was asked for or one before, by the server's clock.
pub(crate) struct Timed {
    pub(crate) answer: pipeline::Answer,
    pub(crate) asked_at: Second,
}

/// Sends a request, and reads off the server's clock.
pub(crate) async fn timed(core: &Core, request: Request) -> Result<Timed> {
    let started = clock::moment();
    let answer = core.call(request).await?;
    let took = SignedDuration::try_from(clock::since(started)).unwrap_or(SignedDuration::MAX);
    let date = answer.headers.get(DATE).and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
    let Some(date) = date else {
        return Err(Error::new(
            ErrorKind::Decode,
            "the answer does not say what time it is (Date header)",
        )
        .with_operation(answer.id.clone())
        .with_status(answer.status));
    };
    // The date was written after the rows were read, as late as at the end of the wait.
    let asked = date.timestamp().saturating_sub(took).unwrap_or(Timestamp::MIN);
    let asked_at = asked.as_second();
    Ok(Timed { answer, asked_at })
}
