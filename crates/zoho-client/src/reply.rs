//! What a call gives back: the body, with the status and headers it came with.

use std::ops::{Deref, DerefMut};

use http::{HeaderMap, StatusCode};

/// A decoded body with its status and headers. It dereferences to the body.
#[derive(Clone, Debug)]
pub struct Reply<T> {
    body: T,
    status: StatusCode,
    headers: HeaderMap,
}

impl<T> Reply<T> {
    pub(crate) fn new(body: T, status: StatusCode, headers: HeaderMap) -> Self {
        Self {
            body,
            status,
            headers,
        }
    }

    /// The status of the answer. A batch write that Zoho answered with 400 although it holds one
    /// outcome per record says 207 here.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body alone.
    pub fn into_inner(self) -> T {
        self.body
    }

    /// The same reply with its body changed.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reply<U> {
        Reply {
            body: change(self.body),
            status: self.status,
            headers: self.headers,
        }
    }
}

impl<T> Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T> DerefMut for Reply<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.body
    }
}
