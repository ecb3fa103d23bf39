//! The pure machine against a model of Zoho: nothing is lost, nothing told twice, order is kept.

mod consumer;
mod order;
mod world;

use proptest::prelude::*;

use self::consumer::Consumer;
use self::world::{Act, Dialect, Fate, Jobs, World};
use crate::triggers::step::{Rules, Way};

fn acts(late: i64) -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        4 => (0..=late).prop_map(Act::Create),
        5 => (0usize..64).prop_map(Act::Edit),
        2 => (0usize..64).prop_map(Act::Delete),
        1 => (0usize..64).prop_map(Act::Restore),
        4 => (0i64..400).prop_map(Act::Pass),
        4 => (0i64..3).prop_map(Act::Pass),
        6 => Just(Act::Poll),
    ];
    prop::collection::vec(act, 1..60)
}

fn jobs() -> impl Strategy<Value = Jobs> {
    let fate = prop_oneof![
        4 => Just(Fate::Done),
        1 => Just(Fate::Refused),
        1 => any::<bool>().prop_map(|always| Fate::Fails { always }),
        2 => Just(Fate::Forgotten),
    ];
    (0u8..4, 1usize..28, fate).prop_map(|(looks, rows, fate)| Jobs { looks, rows, fate })
}

fn dialect() -> impl Strategy<Value = Dialect> {
    (
        1usize..6,
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
        0u8..4,
        jobs(),
    )
        .prop_map(|(page, inclusive, queries, sorted, spent, jobs)| Dialect {
            page,
            inclusive,
            queries,
            sorted,
            spent,
            jobs,
        })
}

fn rules() -> impl Strategy<Value = Rules> {
    (0i64..200, 2i64..60, any::<bool>(), 2usize..30).prop_map(|(overlap, lag, deletions, kept)| Rules {
        overlap,
        lag,
        deletions,
        kept,
        page: 8,
        bulk_above: None,
    })
}

/// What happens to a consumer at each batch: it deals with it, or the process ends before or after.
fn crashes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just(Vec::new()), prop::collection::vec(0u8..12, 1..40),]
}

fn play(
    way: Way,
    rules: Rules,
    dialect: Dialect,
    before: usize,
    history: &[Act],
    meanwhile: &[Act],
    crashes: &[u8],
) -> Result<(), TestCaseError> {
    let mut world = World::new(dialect, rules.overlap + rules.lag);
    for _ in 0..before {
        world.act(&Act::Create(0));
        world.act(&Act::Pass(1));
    }
    let mut consumer = Consumer::new(way, rules, meanwhile, crashes);
    if rules.bulk_above.is_none() {
        consumer.begin(&mut world);
    }
    for act in history {
        match act {
            Act::Poll => consumer.poll(&mut world)?,
            act => world.act(act),
        }
    }
    // Peace: everything is old enough, and a run finds it.
    consumer.leave_in_peace();
    for _ in 0..1_000 {
        if rules.bulk_above.is_none() || !consumer.backfills() {
            break;
        }
        consumer.poll(&mut world)?;
    }
    for _ in 0..2 {
        world.act(&Act::Pass(rules.lag + 1));
        consumer.poll(&mut world)?;
    }
    consumer.compare(&world)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5_000, max_shrink_iters: 100, ..ProptestConfig::default() })]

    #[test]
    fn a_module_is_told_of_without_loss(
        rules in rules(), dialect in dialect(), before in 0usize..12,
        (history, meanwhile) in (0i64..30).prop_flat_map(|late| (acts(late), acts(late))),
        crashes in crashes(),
    ) {
        play(Way::Ascending, rules, dialect, before, &history, &meanwhile, &crashes)?;
    }

    #[test]
    fn a_books_list_is_told_of_without_loss(
        rules in rules(), dialect in dialect(), before in 0usize..40,
        (history, meanwhile) in (0i64..30).prop_flat_map(|late| (acts(late), acts(late))),
        crashes in crashes(),
    ) {
        let rules = Rules { deletions: false, ..rules };
        play(Way::Descending, rules, dialect, before, &history, &meanwhile, &crashes)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, max_shrink_iters: 100, ..ProptestConfig::default() })]

    /// Whatever changes while Zoho makes the archive, and while it is read.
    #[test]
    fn a_backfill_in_bulk_and_the_polls_after_it_tell_everything_once(
        rules in rules(), dialect in dialect(), before in 0usize..60, above in 0u32..6, page in 8u32..12,
        (history, meanwhile) in (0i64..30).prop_flat_map(|late| (acts(late), acts(late))),
        crashes in crashes(),
    ) {
        let rules = Rules { bulk_above: Some(above), page, ..rules };
        play(Way::Ascending, rules, dialect, before, &history, &meanwhile, &crashes)?;
    }
}
