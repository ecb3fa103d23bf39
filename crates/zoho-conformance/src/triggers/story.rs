//! What a history is made of.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

/// Something that happens.
#[derive(Clone, Debug)]
pub enum Act {
    /// So many records are created at once.
    Create(usize),
    /// Records are changed, counted from a place.
    Edit(usize, usize),
    /// A record is deleted.
    Delete(usize),
    /// A lead is converted; of Books, a contact is changed.
    Convert(usize),
    /// Seconds pass.
    Pass(u64),
    /// The trigger runs, while the acts after it go on.
    Poll,
    /// Of the next reads, the n-th goes wrong.
    Fault(Mishap, u32),
    /// All access tokens end.
    ExpireTokens,
    /// The process ends: at the next batch, before or after it was dealt with.
    Crash {
        /// Whether the batch was dealt with, though not acknowledged.
        dealt_with: bool,
    },
}

/// What goes wrong with a read.
#[derive(Clone, Copy, Debug)]
pub enum Mishap {
    /// 429 with a wait.
    Throttled,
    /// 503, more often than the client tries.
    Unavailable,
    /// The connection breaks.
    Dropped,
    /// The answer is cut short.
    Truncated,
    /// The page token is spent, whether there is one or not.
    TokenSpent,
    /// The answer takes seconds.
    Slow(u64),
}

/// A history, and the world it happens in.
#[derive(Clone, Debug)]
pub struct Story {
    /// When it begins.
    pub start: Timestamp,
    /// The user's time zone.
    pub zone: (&'static str, TimeZone),
    /// Seconds by which the machine's clock is ahead of Zoho's.
    pub ahead: i64,
    /// Rows of a page.
    pub page: u32,
    /// Rows that a walk keeps.
    pub kept: usize,
    /// Seconds.
    pub lag: u64,
    /// Seconds.
    pub overlap: u64,
    /// Whether deletions are told.
    pub deletions: bool,
    /// Records that are there before.
    pub before: usize,
    /// What happens.
    pub acts: Vec<Act>,
}

fn any_act() -> impl Strategy<Value = Act> {
    let mishap = prop_oneof![
        Just(Mishap::Throttled),
        Just(Mishap::Unavailable),
        Just(Mishap::Dropped),
        Just(Mishap::Truncated),
        Just(Mishap::TokenSpent),
        (1u64..40).prop_map(Mishap::Slow),
    ];
    prop_oneof![
        4 => (1usize..20).prop_map(Act::Create),
        5 => (0usize..50, 1usize..12).prop_map(|(from, count)| Act::Edit(from, count)),
        2 => (0usize..50).prop_map(Act::Delete),
        1 => (0usize..50).prop_map(Act::Convert),
        3 => (0u64..3).prop_map(Act::Pass),
        2 => (3u64..200).prop_map(Act::Pass),
        4 => Just(Act::Poll),
        3 => (mishap, 0u32..4).prop_map(|(mishap, skip)| Act::Fault(mishap, skip)),
        1 => Just(Act::ExpireTokens),
        1 => any::<bool>().prop_map(|dealt_with| Act::Crash { dealt_with }),
    ]
}

/// Any history.
pub fn any_story() -> impl Strategy<Value = Story> {
    let zones = prop_oneof![
        Just(("UTC", TimeZone::UTC)),
        Just((
            "America/New_York",
            TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").expect("a zone")
        )),
        Just(("Asia/Kolkata", TimeZone::posix("IST-5:30").expect("a zone"))),
    ];
    // A quiet day, and the hours around both changes of New York's clocks in 2026.
    let start = prop_oneof![
        Just("2026-05-14T09:00:00Z"),
        Just("2026-03-08T06:58:00Z"),
        Just("2026-11-01T05:56:00Z"),
    ];
    let world = (start, zones, -200_000i64..200_000, 8u32..12, 12usize..60);
    let rules = (2u64..40, 0u64..150, any::<bool>(), 0usize..12);
    (world, rules, prop::collection::vec(any_act(), 1..24)).prop_map(
        |((start, zone, ahead, page, kept), (lag, overlap, deletions, before), acts)| Story {
            start: start.parse().expect("an instant"),
            zone,
            ahead,
            page,
            kept,
            lag,
            overlap,
            deletions,
            before,
            acts,
        },
    )
}
