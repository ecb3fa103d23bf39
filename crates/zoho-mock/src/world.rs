//! The state of the mock: one value, no HTTP types, changed only by handlers.

use crate::books::BooksWorld;
use crate::call::Call;
use crate::clock::Clock;
use crate::crm::CrmWorld;

/// A handler of one operation: a pure step on the world.
pub(crate) type Handler = fn(&mut World, &Call<'_>) -> crate::answer::Outcome;

/// Everything the mock knows.
#[derive(Debug)]
pub(crate) struct World {
    /// What time it is.
    pub(crate) clock: Clock,
    /// Zoho CRM.
    pub(crate) crm: CrmWorld,
    /// Zoho Books.
    pub(crate) books: BooksWorld,
}
