//! Everything that was said, and the search for what must not have been.

use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::fmt::{Debug, Write as _};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use zoho_client::Error;

/// Texts by where they stood.
#[derive(Default)]
pub(crate) struct Told(BTreeMap<String, String>);

impl Told {
    /// Notes a text.
    pub(crate) fn text(&mut self, place: &str, text: &str) {
        let all = self.0.entry(place.to_owned()).or_default();
        all.push_str(text);
        all.push('\n');
    }

    /// Notes the `Debug` of a value, on one line and on many.
    pub(crate) fn debug(&mut self, place: &str, value: &impl Debug) {
        self.text(place, &format!("{value:?}\n{value:#?}"));
    }

    /// Notes an error, all its causes, and the panic of whoever unwraps it.
    pub(crate) fn error(&mut self, place: &str, error: Error) {
        let mut text = format!("{error}\n{error:?}\n{error:#?}\n");
        let mut cause = error.source();
        while let Some(below) = cause {
            writeln!(text, "{below}\n{below:?}").unwrap();
            cause = below.source();
        }
        self.text(place, &text);
        let failed = std::hint::black_box(Err::<(), _>(error));
        let unwrapped = catch_unwind(AssertUnwindSafe(|| failed.unwrap()));
        let panic = unwrapped.expect_err("an error panics when it is unwrapped");
        let message = panic.downcast_ref::<String>().expect("a panic has a message");
        self.text(&format!("panic of {place}"), message);
    }

    /// Fails with the place of each secret that was told.
    pub(crate) fn holds_none_of(&self, secrets: &BTreeMap<String, String>) {
        let mut found = Vec::new();
        for (place, text) in &self.0 {
            for (name, secret) in secrets {
                assert!(secret.len() >= 8, "{name} is too short to be looked for");
                if text.contains(secret.as_str()) {
                    found.push(format!("{name} in {place}"));
                }
            }
        }
        assert!(found.is_empty(), "secrets were told:\n{}", found.join("\n"));
    }

    /// The places that hold a text, to see that something was looked at.
    pub(crate) fn places_with(&self, wanted: &str) -> Vec<&str> {
        let holds = self.0.iter().filter(|(_, text)| text.contains(wanted));
        holds.map(|(place, _)| place.as_str()).collect()
    }
}

/// Where a trace goes.
#[derive(Clone, Default)]
pub(crate) struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    /// What was traced.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
