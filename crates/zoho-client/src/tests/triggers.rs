//! The pure machine against a model of Zoho: nothing is lost, nothing told twice, order is kept.

mod consumer;
mod world;

use proptest::prelude::*;

use self::consumer::Consumer;
use self::world::{Act, Dialect, World};
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

fn dialect() -> impl Strategy<Value = Dialect> {
    (1usize..6, any::<bool>(), any::<bool>(), any::<bool>(), 0u8..4).prop_map(
        |(page, inclusive, queries, sorted, spent)| Dialect {
            page,
            inclusive,
            queries,
            sorted,
            spent,
        },
    )
}

fn rules() -> impl Strategy<Value = Rules> {
    (0i64..200, 2i64..60, any::<bool>(), 2usize..30).prop_map(|(overlap, lag, deletions, kept)| Rules {
        overlap,
        lag,
        deletions,
        kept,
        page: 8,
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
    consumer.begin(&mut world);
    for act in history {
        match act {
            Act::Poll => consumer.poll(&mut world)?,
            act => world.act(act),
        }
    }
    // Peace: everything is old enough, and a run finds it.
    consumer.leave_in_peace();
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
