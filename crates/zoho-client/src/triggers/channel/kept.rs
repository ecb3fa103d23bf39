//! What a store keeps of a channel.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::crm::ChannelId;
use crate::error::{Error, ErrorKind, Result};

const FORMAT: u32 = 1;

/// A channel that was opened, or is about to be.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    format: u32,
    pub(super) channel_id: String,
    pub(super) token: String,
    /// When it ends; `None` before Zoho said so.
    pub(super) expires: Option<Timestamp>,
    /// Whether it is being closed.
    pub(super) closing: bool,
}

impl Kept {
    /// A channel with an id and a token out of random numbers.
    pub(super) fn made_up(id: u64, token: [u64; 2]) -> Self {
        Self {
            format: FORMAT,
            // A positive number of 63 bits.
            channel_id: ((id >> 1) | 1).to_string(),
            token: format!("{:016x}{:016x}", token[0], token[1]),
            expires: None,
            closing: false,
        }
    }

    pub(super) fn id(&self) -> Result<ChannelId> {
        self.channel_id.parse()
    }

    pub(super) fn encode(&self) -> Result<Vec<u8>> {
        serde_json::to_vec(self).map_err(|cause| {
            Error::new(ErrorKind::Store, "the channel can not be written").with_source(cause)
        })
    }

    pub(super) fn decode(key: &str, value: &[u8]) -> Result<Self> {
        crate::triggers::read_kept(key, value, FORMAT)
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept")
            .field("channel_id", &self.channel_id)
            .field("expires", &self.expires)
            .field("closing", &self.closing)
            .finish_non_exhaustive()
    }
}
