//! The console at `/_mock/`: a page of static files, and the JSON under `/_mock/api/` that it is made
//! from. The page knows nothing that a program could not ask for too.

mod api;
mod hosts;
mod page;

pub(crate) use hosts::Hosts;
pub(crate) use page::page;

/// The rest of a path of the mock itself.
pub(crate) fn below(path: &str) -> Option<&str> {
    match path.strip_prefix("/_mock")? {
        "" => Some(""),
        rest => rest.strip_prefix('/'),
    }
}
