//! Calls under way, and when one more is one too many.

use std::collections::BTreeMap;

use parking_lot::Mutex;

use crate::config::Allowances;

/// Who shares slots.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Pool {
    /// The CRM calls of one application, by its client id.
    Crm(String),
    /// The Books calls of one organization.
    Books(String),
}

/// The slots that a call wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) pool: Pool,
    pub(crate) slots: u32,
    /// Whether it counts among the calls that share the smaller pool too.
    pub(crate) heavy: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Taken {
    slots: u32,
    heavy: u32,
}

/// The calls under way. It is no part of the world: a snapshot holds no call that has not ended, and a reset
/// ends none.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    taken: Mutex<BTreeMap<Pool, Taken>>,
}

/// Slots that a call holds until it is dropped.
#[derive(Debug)]
pub(crate) struct Held<'a> {
    slots: &'a Slots,
    claim: Claim,
}

impl Slots {
    /// Whether no call is under way.
    pub(crate) fn are_free(&self) -> bool {
        self.taken.lock().is_empty()
    }

    /// How many calls of each pool are under way, in slots.
    pub(crate) fn taken(&self) -> Vec<(Pool, u32)> {
        let taken = self.taken.lock();
        taken
            .iter()
            .map(|(pool, taken)| (pool.clone(), taken.slots))
            .collect()
    }

    /// Whether a call that ends at once finds its slots free.
    pub(crate) fn admit(&self, claim: &Claim, allowances: &Allowances) -> bool {
        let taken = self.taken.lock().get(&claim.pool).copied().unwrap_or_default();
        taken.with(claim, allowances).is_some()
    }

    /// Takes the slots of a call; `None` when it would be one too many.
    pub(crate) fn take(&self, claim: Claim, allowances: &Allowances) -> Option<Held<'_>> {
        let mut taken = self.taken.lock();
        let before = taken.get(&claim.pool).copied().unwrap_or_default();
        let after = before.with(&claim, allowances)?;
        taken.insert(claim.pool.clone(), after);
        Some(Held { slots: self, claim })
    }
}

impl Taken {
    /// What is taken with one more call; `None` when that is too much.
    fn with(self, claim: &Claim, allowances: &Allowances) -> Option<Self> {
        let limit = match claim.pool {
            Pool::Crm(_) => allowances.crm_concurrency,
            Pool::Books(_) => allowances.books_concurrency,
        };
        // A call that wants more slots than there are can only be alone.
        let wanted = claim.slots.min(limit.unwrap_or(u32::MAX));
        let slots = self.slots.saturating_add(wanted);
        let heavy = self.heavy.saturating_add(u32::from(claim.heavy));
        let crowded = limit.is_some_and(|limit| slots > limit)
            || claim.heavy && allowances.crm_sub_concurrency.is_some_and(|limit| heavy > limit);
        let after = Self {
            slots: self.slots.saturating_add(claim.slots),
            heavy,
        };
        (!crowded).then_some(after)
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let mut taken = self.slots.taken.lock();
        let Some(mine) = taken.get_mut(&self.claim.pool) else {
            return;
        };
        mine.slots = mine.slots.saturating_sub(self.claim.slots);
        mine.heavy = mine.heavy.saturating_sub(u32::from(self.claim.heavy));
        if *mine == Taken::default() {
            taken.remove(&self.claim.pool);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn claim(pool: Pool, slots: u32, heavy: bool) -> Claim {
        Claim { pool, slots, heavy }
    }

    fn allowances(crm: u32, heavy: u32, books: u32) -> Allowances {
        Allowances {
            crm_concurrency: Some(crm),
            crm_sub_concurrency: Some(heavy),
            books_concurrency: Some(books),
            ..Allowances::default()
        }
    }

    fn crm(name: &str) -> Pool {
        Pool::Crm(name.to_owned())
    }

    proptest! {
        /// Takes and drops at random, beside a plain list of what is held.
        #[test]
        fn no_pool_holds_more_than_it_may(
            steps in prop::collection::vec((0_usize..6, prop_oneof![9 => Just(1_u32), 1 => Just(5)], any::<bool>(), any::<bool>()), 1..200),
        ) {
            let slots = Slots::default();
            let limits = allowances(7, 3, 4);
            let mut held: Vec<Held<'_>> = Vec::new();
            for (at, wanted, heavy, ends) in steps {
                if ends && !held.is_empty() {
                    held.swap_remove(at % held.len());
                } else {
                    let pool = [crm("a"), crm("b"), Pool::Books("1".to_owned())][at % 3].clone();
                    let books = matches!(pool, Pool::Books(_));
                    let claim = claim(pool, if books { 1 } else { wanted }, heavy && !books);
                    let of = |held: &[Held<'_>]| -> (u32, u32) {
                        let mine = held.iter().filter(|held| held.claim.pool == claim.pool);
                        mine.fold((0, 0), |(slots, heavy), held| (slots + held.claim.slots, heavy + u32::from(held.claim.heavy)))
                    };
                    let (before, heavy_before) = of(&held);
                    let room = before + claim.slots <= if books { 4 } else { 7 } && (!claim.heavy || heavy_before < 3);
                    prop_assert_eq!(slots.admit(&claim, &limits), room);
                    let taken = slots.take(claim.clone(), &limits);
                    prop_assert_eq!(taken.is_some(), room);
                    held.extend(taken);
                }
            }
            drop(held);
            prop_assert!(slots.are_free());
        }
    }

    #[test]
    fn a_call_that_wants_more_than_there_is_can_be_alone() {
        let slots = Slots::default();
        let limits = allowances(3, 3, 3);
        let composite = claim(crm("a"), 5, true);
        let held = slots.take(composite.clone(), &limits);
        assert!(held.is_some());
        assert!(!slots.admit(&claim(crm("a"), 1, false), &limits));
        assert_eq!(slots.taken(), [(crm("a"), 5)]);
        drop(held);
        let one = slots.take(claim(crm("a"), 1, false), &limits);
        assert!(one.is_some() && !slots.admit(&composite, &limits));
    }

    #[test]
    fn without_limit_there_is_always_room() {
        let slots = Slots::default();
        let held: Vec<_> = (0..1_000)
            .map(|_| slots.take(claim(crm("a"), 5, true), &Allowances::UNLIMITED))
            .collect();
        assert!(held.iter().all(Option::is_some));
    }
}
