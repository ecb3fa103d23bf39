//! What an address does with a record type.

use super::Type;
use crate::answer::{Outcome, Refusal};
use crate::books::organization::Organization;
use crate::books::table::Row;
use crate::call::Call;

/// What a type does beyond the usual, with one record: a changed record, and what to say.
pub(crate) type Own =
    fn(&mut Organization, &'static Type, &Row, &Call<'_>) -> Result<(Row, &'static str), Refusal>;

/// What an address does that touches several records.
pub(crate) type Deed = fn(&mut Organization, &'static Type, &Call<'_>) -> Outcome;

/// What an address does with a record type.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Action {
    List,
    Create,
    Get,
    Update,
    Delete,
    Upsert,
    DeleteSeveral,
    Step(usize),
    /// A step of all records that the query names.
    StepSeveral(usize),
    /// Something of the type's own.
    Own(Own),
    /// Something of the type's own with several records.
    Deed(Deed),
    /// Sets a field of one record: (field, value, message).
    Mark(&'static str, bool, &'static str),
    /// Sets a text of one record: (field, value, message).
    Put(&'static str, &'static str, &'static str),
    /// Sets a text of all records that the query names.
    PutSeveral(&'static str, &'static str, &'static str),
    /// Sets a truth value of all records that the query names.
    MarkSeveral(&'static str, bool, &'static str),
    /// Takes these fields from the body, and no others: (names, message).
    Take(&'static [&'static str], &'static str),
    /// Sets a field to the last parameter of the path: (field, message).
    PathInto(&'static str, &'static str),
    /// One record as a document.
    PrintOne,
    /// Some fields of one record: (the key they stand under, their names).
    Part(&'static str, &'static [&'static str]),
    /// The templates that its documents may have.
    Templates,
    /// The mail that would go out with it, under this key; beside the code where it is empty.
    Mail(&'static str),
    /// A document among those that one record carries: downloaded, ordered, dropped.
    Document,
    OrderDocument,
    DropDocument,
    /// Changes the parts of an address: (field, message).
    Address(&'static str, &'static str),
    /// Sets the template that the address names.
    Template,
    /// Sets custom fields alone.
    CustomFields,
    /// Keeps, hands out or drops the file that the type has at this place among its files.
    Attach(usize),
    Attached(usize),
    Detach(usize),
    /// Records of another type that name this one: (type, its field, the list's key).
    Related(&'static str, &'static str, &'static str),
    /// The records that the query names, as one document.
    Print,
}
