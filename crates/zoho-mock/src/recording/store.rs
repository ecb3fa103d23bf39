//! Exchanges to files. The same address or number always gets the same mask, so that what belonged
//! together still does.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use parking_lot::Mutex;
use serde_json::Value;

use super::{FORMAT, RecordedBody, RecordedMessage, Recording, RecordingError};
use crate::accounts;
use crate::masking::{Masking, Sensitive};
use crate::routing::{self, Found};

/// Headers that are about one connection or one moment.
const PASSING: [&str; 6] = [
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "date",
    "keep-alive",
];

/// Stores exchanges in a folder, one file each.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    state: Mutex<Known>,
}

/// The number of the last file, and what was masked so far.
#[derive(Debug, Default)]
struct Known {
    last: u64,
    masks: BTreeMap<(Sensitive, String), usize>,
}

impl Recorder {
    /// A recorder that adds to a folder; the folder is made if need be.
    ///
    /// # Errors
    /// [`RecordingError::File`] when the folder cannot be made or read.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, RecordingError> {
        let folder = folder.into();
        if let Err(source) = std::fs::create_dir_all(&folder) {
            return Err(RecordingError::File { path: folder, source });
        }
        let last = files(&folder)?
            .iter()
            .filter_map(|file| number(file))
            .max()
            .unwrap_or(0);
        let state = Known {
            last,
            ..Known::default()
        };
        Ok(Self {
            folder,
            state: Mutex::new(state),
        })
    }

    /// Stores one exchange, masked, and gives the file.
    ///
    /// # Errors
    /// [`RecordingError::File`].
    pub fn store(
        &self,
        request: &Parts,
        sent: &[u8],
        status: StatusCode,
        headers: &HeaderMap,
        answer: &[u8],
    ) -> Result<PathBuf, RecordingError> {
        let mut known = self.state.lock();
        let (product, operation) = operation(request);
        let masks = &mut known.masks;
        let mut masking = Masking::new(|what, found: &str| Some(mask(masks, what, found)));
        let recording = Recording {
            format: FORMAT,
            product: product.to_owned(),
            operation: operation.to_owned(),
            method: request.method.to_string(),
            path: masking.text(request.uri.path()),
            query: masking.query(request.uri.query().unwrap_or_default()),
            request: message(&mut masking, &request.headers, sent),
            status: status.as_u16(),
            response: message(&mut masking, headers, answer),
        };
        let failed = |path: &Path, source| RecordingError::File {
            path: path.to_owned(),
            source,
        };
        // Another process may be writing to the folder: a file that is there already is not replaced.
        loop {
            known.last += 1;
            let path = self
                .folder
                .join(format!("{:06}-{product}-{operation}.json", known.last));
            match std::fs::File::create_new(&path) {
                Ok(mut file) => {
                    let mut text =
                        serde_json::to_vec_pretty(&recording).map_err(|error| failed(&path, error.into()))?;
                    text.push(b'\n');
                    file.write_all(&text).map_err(|source| failed(&path, source))?;
                    return Ok(path);
                }
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(source) => return Err(failed(&path, source)),
            }
        }
    }
}

/// The recordings of a folder, oldest first.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, RecordingError> {
    let failed = |source| RecordingError::File {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if number(&path).is_some() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The number of a recording, by its name.
fn number(file: &Path) -> Option<u64> {
    let name = file.file_name()?.to_str()?.strip_suffix(".json")?;
    name.split('-').next()?.parse().ok()
}

/// The operation that a request is for.
fn operation(request: &Parts) -> (&'static str, &'static str) {
    let (_, path) = accounts::split(request.uri.path());
    if let Some(endpoint) = accounts::endpoint(&request.method, path.trim_end_matches('/')) {
        return ("accounts", endpoint.id());
    }
    match routing::find(&request.method, path) {
        Found::Route(route, _) => (route.product.name(), route.id),
        Found::WrongMethod(product) | Found::Nothing(product) => (product.name(), "unknown"),
    }
}

/// What stands in place of a find.
fn mask(masks: &mut BTreeMap<(Sensitive, String), usize>, what: Sensitive, found: &str) -> String {
    let next = masks.keys().filter(|(known, _)| *known == what).count() + 1;
    let number = *masks.entry((what, found.to_owned())).or_insert(next);
    match what {
        Sensitive::Secret => format!("masked-secret-{number}"),
        Sensitive::Email => format!("person{number}@masked.example"),
        Sensitive::Phone => format!("+1 555 01{number:05}"),
    }
}

fn message<F>(masking: &mut Masking<F>, headers: &HeaderMap, body: &[u8]) -> RecordedMessage
where
    F: FnMut(Sensitive, &str) -> Option<String>,
{
    let shown = headers
        .iter()
        .filter(|(name, _)| !PASSING.contains(&name.as_str()));
    let shown = shown.map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.to_string(), masking.header(name.as_str(), &value))
    });
    let headers_shown = shown.collect();
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let multipart = kind.starts_with("multipart/");
    let body = match std::str::from_utf8(body) {
        Ok("") => RecordedBody::Nothing,
        Ok(text) if !multipart => match serde_json::from_str::<Value>(text) {
            Ok(mut value) => {
                masking.json(&mut value);
                RecordedBody::Json(value)
            }
            Err(_) if kind.starts_with("application/x-www-form-urlencoded") => {
                RecordedBody::Text(masking.query(text))
            }
            Err(_) => RecordedBody::Text(masking.text(text)),
        },
        _ => RecordedBody::Omitted(body.len()),
    };
    RecordedMessage {
        headers: headers_shown,
        body,
    }
}
