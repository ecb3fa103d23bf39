//! A body in pieces, of which somebody may keep some for longer than the answer lasts.

use std::borrow::Cow;

use bytes::Bytes;

/// One piece of a body.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) bytes: Bytes,
    /// Whether it owns just the memory that it shows, so that to hold it costs no more than it counts.
    pub(crate) compact: bool,
}

/// A body: mostly one piece, which needs no memory for a list of them.
#[derive(Clone, Debug)]
pub(crate) enum Pieces {
    One(Piece),
    Several(Vec<Piece>),
}

impl Pieces {
    /// The pieces in their order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Piece> {
        match self {
            Self::One(piece) => std::slice::from_ref(piece),
            Self::Several(pieces) => pieces,
        }
        .iter()
    }

    /// Bytes of all pieces.
    pub(crate) fn len(&self) -> usize {
        self.iter().map(|piece| piece.bytes.len()).sum()
    }

    /// All of it in one piece.
    pub(crate) fn whole(&self) -> Bytes {
        match self {
            Self::One(piece) => piece.bytes.clone(),
            Self::Several(pieces) => joined(pieces).into(),
        }
    }
}

impl From<Bytes> for Pieces {
    fn from(bytes: Bytes) -> Self {
        Self::One(Piece {
            bytes,
            compact: false,
        })
    }
}

/// Pieces as one text.
pub(crate) fn joined(pieces: &[Piece]) -> Vec<u8> {
    let mut all = Vec::with_capacity(pieces.iter().map(|piece| piece.bytes.len()).sum());
    for piece in pieces {
        all.extend_from_slice(&piece.bytes);
    }
    all
}

/// Pieces as one text, copied only if they are several.
pub(crate) fn flat(pieces: &[Piece]) -> Cow<'_, [u8]> {
    match pieces {
        [one] => Cow::Borrowed(&one.bytes),
        pieces => Cow::Owned(joined(pieces)),
    }
}
