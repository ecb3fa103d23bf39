//! What the mock's own addresses are asked for, read from JSON: what is wrong is told with its place.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Reads a wish.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let wish = serde_path_to_error::deserialize(&mut json).map_err(|error| told(&error))?;
    json.end().map_err(|error| error.to_string())?;
    Ok(wish)
}

/// The same, where nothing at all is a wish too.
pub(crate) fn read_or_default<T: DeserializeOwned + Default>(body: &[u8]) -> Result<T, String> {
    match body.is_empty() {
        true => Ok(T::default()),
        false => read(body),
    }
}

/// Reads one thing, or several in a list.
pub(crate) fn several<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, String> {
    match body.trim_ascii_start().first() {
        Some(b'[') => read(body),
        _ => Ok(vec![read(body)?]),
    }
}

/// Settings with what the wish names of them changed; the rest stays.
pub(crate) fn changed<T: Serialize + DeserializeOwned>(settings: &T, body: &[u8]) -> Result<T, String> {
    let changes: Map<String, Value> = read(body)?;
    let mut wanted = json!(settings);
    if let Some(wanted) = wanted.as_object_mut() {
        wanted.extend(changes);
    }
    serde_path_to_error::deserialize(wanted).map_err(|error| told(&error))
}

fn told<E: std::fmt::Display>(error: &serde_path_to_error::Error<E>) -> String {
    match error.path().to_string().as_str() {
        "." => error.inner().to_string(),
        path if path.starts_with('[') => format!("${path}: {}", error.inner()),
        path => format!("$.{path}: {}", error.inner()),
    }
}
