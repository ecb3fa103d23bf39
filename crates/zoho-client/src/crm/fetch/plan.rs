//! The choice of a way: a pure function of what is known.

use super::super::coql::{REACH, ROWS as QUERY_ROWS};

/// Rows of a page of a list.
const PAGE: u64 = 200;
/// Rows of an export.
const EXPORT: u64 = 200_000;
/// Credits of an export.
const EXPORT_CREDITS: u64 = 50;

/// What is known of a list before it is fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    /// Rows that are still to come.
    pub(super) rows: u64,
    /// Whether a query would give the same rows: fields, order, filters and scopes allow it.
    pub(super) query: bool,
    /// Whether an export would, in whatever order.
    pub(super) export: bool,
    /// Calls that find out which rows the list hides, before a query or an export.
    pub(super) hidden: u64,
    /// Credits that are left of the day's, where that is known.
    pub(super) credits: Option<u64>,
    /// How many calls of a query may be under way at once.
    pub(super) at_once: u64,
}

/// A way, and what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) way: Chosen,
    pub(super) credits: u64,
    /// How many answers are waited for one after another.
    pub(super) turns: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    Pages,
    Query,
    Export,
}

/// The cheapest of the ways that give the same rows; of equally cheap ones that with the fewest turns. Where the credits
/// that are left do not reach for the cheapest, it is taken all the same: the calls wait for the day's next credits.
pub(super) fn choose(known: Known) -> Plan {
    let ways = [Chosen::Pages, Chosen::Query, Chosen::Export];
    let plans = ways.into_iter().filter_map(|way| plan(known, way));
    let rank = |plan: &Plan| {
        let short = known.credits.is_some_and(|left| left < plan.credits);
        (short, plan.credits, plan.turns)
    };
    plans.min_by_key(rank).unwrap_or(Plan {
        way: Chosen::Pages,
        credits: 0,
        turns: 0,
    })
}

/// What a way takes; `None` where it does not give the same rows.
fn plan(known: Known, way: Chosen) -> Option<Plan> {
    let (credits, turns) = match way {
        Chosen::Pages => {
            let pages = known.rows.div_ceil(PAGE);
            (pages, pages)
        }
        Chosen::Query if known.query => {
            let calls = known.rows.div_ceil(QUERY_ROWS - 1);
            let blocks = known.rows / REACH;
            let credits = query_credits(known.rows) + blocks + known.hidden;
            let turns = calls.div_ceil(known.at_once.max(1)) + blocks + known.hidden;
            (credits, turns)
        }
        Chosen::Export if known.export => {
            let jobs = known.rows.div_ceil(EXPORT).max(1);
            // Asked for, looked at some times, downloaded.
            (
                jobs * (EXPORT_CREDITS + 6) + known.hidden,
                jobs * 8 + known.hidden,
            )
        }
        Chosen::Query | Chosen::Export => return None,
    };
    Some(Plan { way, credits, turns })
}

/// Credits of the calls that query so many rows, each call as large as it may be.
fn query_credits(rows: u64) -> u64 {
    let step = QUERY_ROWS - 1;
    let rest = rows % step;
    let last = match rest {
        0 => 0,
        rest => u64::from(tier(rest).1),
    };
    rows / step * 3 + last
}

/// How many rows to ask for where so many are wanted, and the credits of it: 1 to 200 rows, 2 to 1,000, 3 to 2,000.
pub(super) fn tier(rows: u64) -> (u64, u32) {
    match rows {
        0..=200 => (200, 1),
        201..=1000 => (1000, 2),
        _ => (QUERY_ROWS, 3),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn known() -> impl Strategy<Value = Known> {
        let parts = (
            0..3_000_000_u64,
            any::<bool>(),
            any::<bool>(),
            0..20_u64,
            prop::option::of(0..100_000_u64),
            0..25_u64,
        );
        parts.prop_map(|(rows, query, export, hidden, credits, at_once)| Known {
            rows,
            query,
            export,
            hidden,
            credits,
            at_once,
        })
    }

    proptest! {
        #[test]
        fn no_way_is_chosen_that_would_give_other_rows_or_cost_more(known in known()) {
            let chosen = choose(known);
            prop_assert!(chosen.way != Chosen::Query || known.query);
            prop_assert!(chosen.way != Chosen::Export || known.export);
            prop_assert!(chosen.credits <= known.rows.div_ceil(200), "pages are always there");
            for way in [Chosen::Query, Chosen::Export] {
                if let Some(other) = plan(known, way) {
                    prop_assert!(chosen.credits <= other.credits);
                }
            }
            prop_assert_eq!(choose(known), chosen, "the same is chosen of the same");
        }

        #[test]
        fn knowing_that_a_way_is_open_never_makes_it_dearer(known in known()) {
            let closed = choose(Known { query: false, export: false, ..known });
            prop_assert_eq!(closed.way, Chosen::Pages);
            let open = choose(Known { query: true, export: true, ..known });
            prop_assert!(open.credits <= closed.credits);
        }
    }

    #[test]
    fn ways_by_size() {
        let known = |rows, export| Known {
            rows,
            query: true,
            export,
            hidden: 0,
            credits: None,
            at_once: 10,
        };
        assert_eq!(choose(known(0, true)).way, Chosen::Pages);
        assert_eq!(choose(known(1_000, true)).way, Chosen::Query);
        assert_eq!(choose(known(30_000, true)).way, Chosen::Query);
        assert_eq!(choose(known(50_000, true)).way, Chosen::Export);
        assert_eq!(choose(known(50_000, false)).way, Chosen::Query);
        let million = choose(known(1_000_000, false));
        assert!(million.credits <= 1_600, "{million:?}");
        let million = choose(known(1_000_000, true));
        assert!(
            (million.way, million.credits <= 300) == (Chosen::Export, true),
            "{million:?}"
        );
    }
}
