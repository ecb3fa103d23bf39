//! Interned text: a picklist value is stored once, and rows hold its number.

use indexmap::IndexSet;

/// The number of an interned text.
pub(crate) type Symbol = u32;

/// All interned texts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Symbols {
    texts: IndexSet<Box<str>>,
}

impl Symbols {
    /// The number of a text, given now if it has none.
    pub(crate) fn intern(&mut self, text: &str) -> Symbol {
        let index = match self.texts.get_index_of(text) {
            Some(index) => index,
            None => self.texts.insert_full(text.into()).0,
        };
        Symbol::try_from(index).unwrap_or(Symbol::MAX)
    }

    /// The text of a number.
    pub(crate) fn text(&self, symbol: Symbol) -> &str {
        self.texts.get_index(symbol as usize).map_or("", AsRef::as_ref)
    }
}
