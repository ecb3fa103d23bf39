//! A world as one JSON file.

use std::fmt;
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::crm::CrmWorld;
use crate::history::{Entry, Step};
use crate::limits::Used;

/// The characters of an error's parts that are shown.
const LINE: usize = 400;
/// The number of the format; another one is refused.
const FORMAT: u32 = 1;

/// A world: its configuration, its clock, what was used of its limits, and the steps that made it.
///
/// Faults and the journal belong to a test, not to the world, and are not in it.
///
/// ```
/// # fn main() -> Result<(), zoho_mock::SnapshotError> {
/// use zoho_mock::{MockZoho, Snapshot};
///
/// let zoho = MockZoho::builder().seed(3).frozen(true).in_process();
/// let text = zoho.snapshot().to_json();
/// let again = MockZoho::builder().snapshot(Snapshot::from_json(&text)?).in_process();
/// assert_eq!(again.refresh_token(), zoho.refresh_token());
/// assert_eq!(again.snapshot().to_json(), text);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    format: u32,
    #[serde(default)]
    pub(crate) config: Config,
    /// Where the clock stands; at the configuration's start when left out.
    #[serde(default)]
    pub(crate) clock: Option<ClockShows>,
    #[serde(default)]
    pub(crate) limits: Option<Used>,
    #[serde(default)]
    pub(crate) history: Vec<Entry>,
}

impl fmt::Debug for Snapshot {
    // The steps hold tokens, secrets and people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("format", &self.format)
            .field("steps", &self.history.len())
            .finish_non_exhaustive()
    }
}

/// What the clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClockShows {
    pub(crate) now: Timestamp,
    pub(crate) frozen: bool,
}

/// A snapshot that cannot be read, written or restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The file cannot be read or written.
    #[error("{file}")]
    File {
        /// The file.
        file: String,
        /// Why not.
        source: std::io::Error,
    },
    /// It is not a snapshot.
    #[error("at {path}: {message}")]
    Malformed {
        /// Where, as a JSON path.
        path: String,
        /// What is wrong there.
        message: String,
    },
    /// The file is not a snapshot.
    #[error("{file}")]
    MalformedFile {
        /// The file.
        file: String,
        /// What is wrong with it.
        source: Box<SnapshotError>,
    },
    /// It is of a mock with another configuration.
    #[error(
        "the snapshot is of a mock with another configuration; start one from it (--seed FILE, MockBuilder::snapshot)"
    )]
    OtherConfiguration,
}

impl Snapshot {
    pub(crate) fn new(config: Config, clock: ClockShows, limits: Used, history: Vec<Entry>) -> Self {
        Self {
            format: FORMAT,
            config,
            clock: Some(clock),
            limits: Some(limits),
            history,
        }
    }

    /// The snapshot as JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a snapshot. All but `format` may be left out of one that is written by hand.
    ///
    /// # Errors
    /// [`SnapshotError::Malformed`], with the JSON path.
    pub fn from_json(text: &str) -> Result<Self, SnapshotError> {
        // What is wrong is told in a line, however long the name of an unknown field is.
        let short = |text: String| match text.char_indices().nth(LINE) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        };
        let malformed = |path: String, message: String| SnapshotError::Malformed {
            path: short(path),
            message: short(message),
        };
        let mut json = serde_json::Deserializer::from_str(text);
        let snapshot: Self = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| malformed(format!("$.{}", error.path()), error.inner().to_string()))?;
        json.end()
            .map_err(|error| malformed("$".to_owned(), error.to_string()))?;
        if snapshot.format != FORMAT {
            let message = format!("this version reads format {FORMAT}, not {}", snapshot.format);
            return Err(malformed("$.format".to_owned(), message));
        }
        for (number, (module, count)) in snapshot.config.records.iter().enumerate() {
            let path = format!("$.config.records[{number}]");
            let tried = CrmWorld::try_seed(&snapshot.config, module, *count);
            tried.map_err(|message| malformed(path, message))?;
        }
        for (number, entry) in snapshot.history.iter().enumerate() {
            let (kind, request) = match &entry.step {
                Step::Request(request) => ("request", request),
                Step::Operate(request) => ("operate", request),
                _ => continue,
            };
            let path = format!("$.history[{number}].step.{kind}");
            request.parts().map_err(|message| malformed(path, message))?;
        }
        Ok(snapshot)
    }

    /// Reads a snapshot from a file.
    ///
    /// # Errors
    /// [`SnapshotError`], naming the file.
    pub fn read(file: impl AsRef<Path>) -> Result<Self, SnapshotError> {
        let file = file.as_ref();
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|source| SnapshotError::File {
            file: name.clone(),
            source,
        })?;
        Self::from_json(&text).map_err(|source| SnapshotError::MalformedFile {
            file: name,
            source: Box::new(source),
        })
    }

    /// Writes the snapshot to a file.
    ///
    /// # Errors
    /// [`SnapshotError::File`].
    pub fn write(&self, file: impl AsRef<Path>) -> Result<(), SnapshotError> {
        let file = file.as_ref();
        std::fs::write(file, self.to_json()).map_err(|source| SnapshotError::File {
            file: file.display().to_string(),
            source,
        })
    }
}
