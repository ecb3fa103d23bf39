//! What a command has to say, and whether it ends well.

/// The end of a command.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// For people.
    pub(crate) text: String,
    /// Whether something is not as it should be, so that the command ends with 1.
    pub(crate) stale: bool,
}
