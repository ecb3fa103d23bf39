//! Exchanges with the real Zoho as files: stored with what is personal masked, read again, and answered
//! from.
//!
//! `zoho-mock record` writes them with a [`Recorder`], [`MockBuilder::replay`](crate::MockBuilder::replay)
//! answers from them, and [`read`] is for whoever wants to look through them.

mod replay;
mod store;
mod target;

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) use replay::Replay;
pub use store::Recorder;
pub use target::{Target, UnknownTarget};

/// The number of the format; another one is refused.
const FORMAT: u32 = 1;

/// One exchange as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Recording {
    format: u32,
    /// `crm`, `books` or `accounts`.
    pub product: String,
    /// The operation id; `unknown` where the path leads nowhere.
    pub operation: String,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query string.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// What was sent.
    pub request: RecordedMessage,
    /// The status of the answer.
    pub status: u16,
    /// What came back.
    pub response: RecordedMessage,
}

/// One direction of an exchange.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RecordedMessage {
    /// Header names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(default)]
    pub body: RecordedBody,
}

/// A body as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RecordedBody {
    /// There was none.
    #[default]
    Nothing,
    /// JSON.
    Json(Value),
    /// Other text.
    Text(String),
    /// Neither: so many bytes that were not stored, since nothing in them could be masked.
    Omitted(usize),
}

/// A recording that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// The folder or file cannot be read or written.
    #[error("{}", path.display())]
    File {
        /// The folder or file.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The file is not a recording.
    #[error("{} is not a recording: at {at}: {message}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where, as a JSON path.
        at: String,
        /// What is wrong there.
        message: String,
    },
    /// There is nothing in the folder.
    #[error("{} holds no recordings", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
}

/// Reads the recordings of a folder, oldest first.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use zoho_mock::recording::{self, Recorder};
///
/// let folder = tempfile::tempdir()?;
/// let recorder = Recorder::open(folder.path())?;
/// let (request, ()) = http::Request::get("/crm/v8/Leads?fields=Email").body(())?.into_parts();
/// let answer = br#"{"data":[{"id":"1","Email":"ada@customer.example"}]}"#;
/// recorder.store(&request, b"", http::StatusCode::OK, &http::HeaderMap::new(), answer)?;
///
/// let stored = recording::read(folder.path())?;
/// assert_eq!(stored[0].operation, "list_records");
/// assert!(!format!("{stored:?}").contains("ada@"));
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`RecordingError`], naming the file, when one cannot be read or when there is none.
pub fn read(folder: impl AsRef<Path>) -> Result<Vec<Recording>, RecordingError> {
    let folder = folder.as_ref();
    let files = store::files(folder)?;
    if files.is_empty() {
        return Err(RecordingError::Empty {
            path: folder.to_owned(),
        });
    }
    files.into_iter().map(read_file).collect()
}

fn read_file(path: PathBuf) -> Result<Recording, RecordingError> {
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(RecordingError::File { path, source }),
    };
    let mut json = serde_json::Deserializer::from_str(&text);
    let recording: Recording = match serde_path_to_error::deserialize(&mut json) {
        Ok(recording) => recording,
        Err(error) => {
            return Err(RecordingError::Malformed {
                path,
                at: format!("$.{}", error.path()),
                message: error.inner().to_string(),
            });
        }
    };
    if recording.format != FORMAT {
        let message = format!("this version reads format {FORMAT}, not {}", recording.format);
        let at = "$.format".to_owned();
        return Err(RecordingError::Malformed { path, at, message });
    }
    Ok(recording)
}
