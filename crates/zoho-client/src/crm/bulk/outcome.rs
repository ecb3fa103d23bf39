//! What became of each row of an import: the result archive of the job, row by row.

use futures_util::{StreamExt, stream};
use http::Method;

use super::download::Download;
use super::write::WriteJob;
use crate::error::{Error, ErrorKind, Result};
use crate::page::ListStream;
use crate::pipeline::operation::Product;
use crate::pipeline::request::Request;
use crate::pipeline::transport::Body;
use crate::record::Record;
use crate::region::download_address;
use crate::wire::ZohoId;

/// What the download is called in errors and traces: it is no operation of the API, for another host has it.
const OPERATION: &str = "download_bulk_write";

/// A row of an import, and what became of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WrittenRow {
    /// Which row of the import it was, from 0: the place of its record among those that were given to
    /// [`BulkWrite::rows`](super::BulkWrite::rows).
    pub index: usize,
    /// What became of it.
    pub outcome: RowOutcome,
    /// The line of the result as Zoho wrote it: the first three columns of the import, and `STATUS`, `RECORD_ID` and
    /// `ERRORS`.
    pub line: Record,
}

/// What became of a row of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowOutcome {
    /// It is a new record.
    Added(ZohoId),
    /// It changed a record.
    Updated(ZohoId),
    /// Zoho did not take it, for these reasons.
    Skipped(Vec<RowFault>),
    /// Zoho did not come to it.
    Unprocessed,
    /// A word of Zoho's that is not known here.
    Other(String),
}

/// Why a row was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowFault {
    /// Zoho's code, such as `MANDATORY_NOT_FOUND`.
    pub code: String,
    /// The columns at fault; none where Zoho names none.
    pub columns: Vec<String>,
}

impl RowOutcome {
    /// The id of the record that was made or changed.
    #[must_use]
    pub fn id(&self) -> Option<&ZohoId> {
        match self {
            Self::Added(id) | Self::Updated(id) => Some(id),
            _ => None,
        }
    }

    /// Whether the row is a record.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.id().is_some()
    }

    /// Reads the three columns that Zoho adds.
    fn of(line: &Record) -> std::result::Result<Self, &'static str> {
        let cell = |name: &str| line.get_str(name).unwrap_or_default().trim();
        let id = || match ZohoId::from_wire(cell("RECORD_ID")) {
            id if id.is_empty() => Err("has no `RECORD_ID`"),
            id => Ok(id),
        };
        Ok(match cell("STATUS") {
            "" => return Err("has no `STATUS`"),
            status if status.eq_ignore_ascii_case("added") => Self::Added(id()?),
            status if status.eq_ignore_ascii_case("updated") => Self::Updated(id()?),
            status if status.eq_ignore_ascii_case("skipped") => Self::Skipped(faults(cell("ERRORS"))),
            status if status.eq_ignore_ascii_case("unprocessed") => Self::Unprocessed,
            other => Self::Other(other.to_owned()),
        })
    }
}

/// `CODE-column,column:CODE-column`, as Zoho writes it.
fn faults(cell: &str) -> Vec<RowFault> {
    let fault = |text: &str| {
        let (code, columns) = text.split_once('-').unwrap_or((text, ""));
        let columns = columns.split(',').map(str::trim).filter(|name| !name.is_empty());
        RowFault {
            code: code.trim().to_owned(),
            columns: columns.map(str::to_owned).collect(),
        }
    };
    let parts = cell.split(':').filter(|part| !part.trim().is_empty());
    parts.map(fault).collect()
}

impl WriteJob {
    /// What became of each row, in the order of the rows, each read as it arrives: neither the archive nor its CSV is held in
    /// memory. A connection that breaks on the way is taken up again some times. Zoho keeps the result for a day.
    ///
    /// Of an archive of your own with several files, it is the rows of the first.
    ///
    /// ```
    /// # use zoho_client::{OAuthApp, Region, ServiceTransport, TokioClock, Zoho};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> zoho_client::Result<()> {
    /// # let mock = zoho_mock::MockZoho::in_process();
    /// # let zoho = Zoho::builder(Region::custom(mock.base_url())?)
    /// #     .oauth(OAuthApp::new(mock.client_id(), mock.client_secret()))
    /// #     .refresh_token(mock.refresh_token())
    /// #     .clock(TokioClock::starting_at(mock.now()))
    /// #     .transport(ServiceTransport::new(mock.service()))
    /// #     .build()?;
    /// use zoho_client::Record;
    /// use zoho_client::crm::{BulkWrite, RowOutcome};
    ///
    /// let lead = |name: &str| Record::new().set("Company", "Acme").set("Last_Name", name);
    /// let leads = [lead("Ngo"), lead(""), lead("Lee")];
    /// let job = zoho.crm().bulk().write(BulkWrite::insert("Leads").rows(leads.clone())).await?;
    /// job.wait().await?;
    ///
    /// let mut rows = job.outcomes().await?;
    /// while let Some(row) = rows.try_next().await? {
    ///     match row.outcome {
    ///         RowOutcome::Added(id) => assert!(!id.is_empty()),
    ///         RowOutcome::Skipped(faults) => {
    ///             assert_eq!((row.index, &leads[row.index]), (1, &lead("")));
    ///             assert_eq!(faults[0].code, "MANDATORY_NOT_FOUND");
    ///             assert_eq!(faults[0].columns, ["Last_Name"]);
    ///         }
    ///         other => panic!("row {}: {other:?}", row.index),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Config`]: the job is not done, or names an address that must not be given a token. Otherwise a call
    /// failed. On the stream [`ErrorKind::Decode`]: the archive can not be read, or has other rows than the job.
    pub async fn outcomes(&self) -> Result<ListStream<WrittenRow>> {
        let told = |error: Error| error.with_operation(OPERATION);
        let status = self.status().await?;
        let result = status.details.get("result");
        let url = result.and_then(|result| result.get("download_url")?.as_str());
        let url = url.filter(|url| !url.is_empty()).ok_or_else(|| {
            let message = format!(
                "the job {} has no result to download: it is {}",
                self.id(),
                status.state
            );
            told(Error::config(message))
        })?;
        let engine = &self.crm().core.engine;
        let api = &engine.tokens.access().await?.api;
        let (origin, path) = download_address(api, url).map_err(told)?;
        let core = self.crm().core.clone();
        let download = Download::begin(OPERATION, move || {
            let (core, origin, path) = (core.clone(), origin.clone(), path.clone());
            async move {
                let mut request = Request::untabled(OPERATION, Product::Crm, Method::GET, path);
                request.origin = Some(origin);
                request.whole_path = true;
                request.binary = true;
                Ok::<Body, Error>(core.call(request).await?.body)
            }
        });
        let (mut index, total) = (0, status.total());
        let lines = download.await?.batches().map(Some);
        let batches = lines
            .chain(stream::iter([None]))
            .scan(false, move |failed, batch| {
                let rows = match batch {
                    _ if *failed => return std::future::ready(None),
                    Some(batch) => batch.and_then(|lines| rows(lines, &mut index)),
                    None => all_came(index, total).map(|()| Vec::new()),
                };
                *failed = rows.is_err();
                std::future::ready(Some(rows.map_err(|error| error.with_operation(OPERATION))))
            });
        Ok(ListStream::of_batches(batches.boxed()))
    }
}

/// The lines as rows, counted on.
fn rows(lines: Vec<Record>, index: &mut usize) -> Result<Vec<WrittenRow>> {
    let row = |line: Record| {
        let outcome = RowOutcome::of(&line)
            .map_err(|what| Error::new(ErrorKind::Decode, format!("row {index} of the result {what}")))?;
        let row = WrittenRow {
            index: *index,
            outcome,
            line,
        };
        *index += 1;
        Ok(row)
    };
    lines.into_iter().map(row).collect()
}

/// A result that ends early must not look like a whole one.
fn all_came(rows: usize, total: Option<u64>) -> Result<()> {
    match total {
        Some(total) if total != rows as u64 => {
            let message = format!("the result has {rows} rows, and the job had {total}");
            Err(Error::new(ErrorKind::Decode, message))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: &str, id: &str, errors: &str, expected: &std::result::Result<RowOutcome, &str>) {
        let line = Record::new()
            .set("STATUS", status)
            .set("RECORD_ID", id)
            .set("ERRORS", errors);
        assert_eq!(&RowOutcome::of(&line), expected);
    }

    #[test]
    fn zohos_three_columns_are_read() {
        let fault = |code: &str, columns: &[&str]| RowFault {
            code: code.to_owned(),
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        };
        check("ADDED", "7", "", &Ok(RowOutcome::Added(ZohoId::from_wire("7"))));
        check(
            "Updated",
            "7",
            "",
            &Ok(RowOutcome::Updated(ZohoId::from_wire("7"))),
        );
        check("UNPROCESSED", "", "", &Ok(RowOutcome::Unprocessed));
        check("PARKED", "", "", &Ok(RowOutcome::Other("PARKED".to_owned())));
        check("ADDED", "", "", &Err("has no `RECORD_ID`"));
        check("", "7", "", &Err("has no `STATUS`"));
        let faults = vec![
            fault("MANDATORY_NOT_FOUND", &["Company", "Last_Name"]),
            fault("DUPLICATE_DATA", &["Email"]),
        ];
        let told = "MANDATORY_NOT_FOUND-Company,Last_Name:DUPLICATE_DATA-Email";
        check("SKIPPED", "", told, &Ok(RowOutcome::Skipped(faults)));
        let whole = vec![fault("NOT_APPROVED", &[])];
        check("SKIPPED", "", "NOT_APPROVED", &Ok(RowOutcome::Skipped(whole)));
    }

    #[test]
    fn a_result_with_other_rows_than_the_job_is_an_error() {
        assert!(all_came(2, Some(2)).is_ok() & all_came(2, None).is_ok());
        let error = all_came(2, Some(3)).unwrap_err();
        assert!(
            error.to_string().contains("has 2 rows, and the job had 3"),
            "{error}"
        );
    }
}
