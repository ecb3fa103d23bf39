//! Tests of the table: indexes agree with rows, pages cost a page, rows are small.

use proptest::prelude::*;

use super::*;

impl Table {
    /// How many rows were looked at since the last question.
    pub(crate) fn visited(&self) -> usize {
        self.visits.take()
    }

    /// About how many bytes the rows and their indexes own. Tree nodes are counted as half full,
    /// which is what ascending inserts leave behind.
    pub(crate) fn bytes(&self) -> usize {
        let row = size_of::<(u64, Row)>();
        let key = size_of::<Key>();
        let probes: usize = self.probes.iter().map(|probe| probe.entries.len()).sum();
        /// What an allocator adds to a small block.
        const BLOCK: usize = 16;
        self.packed + self.rows.len() * BLOCK + 2 * (self.rows.len() * (row + 2 * key) + probes * key)
    }

    /// Every index says what the rows say.
    pub(crate) fn agrees(&self) -> bool {
        let created: BTreeSet<Key> = self.rows.values().map(|row| (row.created, row.id)).collect();
        let modified: BTreeSet<Key> = self.rows.values().map(|row| (row.modified, row.id)).collect();
        let packed: usize = self.rows.values().map(|row| row.cells.bytes()).sum();
        let probes = self.probes.iter().all(|probe| {
            let entries: BTreeSet<(u64, u64)> = self
                .rows
                .values()
                .filter_map(|row| probe_hash(&row.cells.get(probe.column)).map(|hash| (hash, row.id)))
                .collect();
            entries == probe.entries
        });
        created == self.created
            && modified == self.modified
            && packed == self.packed
            && probes
            && self.rows.iter().all(|(id, row)| *id == row.id)
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put(u64, i64, i64, String),
    Take(u64),
    Discard(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1..40_u64, 0..20_i64, 0..20_i64, "[aAbB ]{0,3}").prop_map(|(id, c, m, t)| Step::Put(id, c, m, t)),
        1 => (1..40_u64).prop_map(Step::Take),
        1 => (1..40_u64).prop_map(Step::Discard),
    ];
    prop::collection::vec(step, 0..80)
}

fn run(steps: &[Step]) -> Table {
    let mut table = Table::new([3]);
    for step in steps {
        match step {
            Step::Put(id, created, modified, text) => table.put(Row {
                id: *id,
                created: *created,
                modified: *modified,
                cells: Packed::new([(3, Cell::text(text.clone())), (9, Cell::Int(7))]),
                ..Row::default()
            }),
            Step::Take(id) => drop(table.take(*id)),
            Step::Discard(id) => drop(table.discard(*id, None, 1, 5)),
        }
    }
    table
}

fn any_bound() -> impl Strategy<Value = Bound<Key>> {
    let key = (0..20_i64, 0..40_u64);
    prop_oneof![
        Just(Bound::Unbounded),
        key.clone().prop_map(Bound::Included),
        key.prop_map(Bound::Excluded),
    ]
}

proptest! {
    #[test]
    fn indexes_agree_with_rows_after_any_writes(steps in steps()) {
        prop_assert!(run(&steps).agrees());
    }

    #[test]
    fn a_probe_finds_exactly_the_rows_with_that_text(steps in steps(), text in "[aAbB ]{0,3}") {
        let table = run(&steps);
        let found: BTreeSet<u64> = table.probe(3, &text).unwrap().map(|row| row.id).collect();
        let expected: BTreeSet<u64> = table
            .rows
            .values()
            .filter(|row| matches!(row.cells.get(3), Cell::Text(value) if fold(&value) == fold(&text)))
            .map(|row| row.id)
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_range_is_the_sorted_rows_between_its_bounds(
        steps in steps(),
        low in any_bound(),
        high in any_bound(),
        key in prop_oneof![Just(SortKey::Id), Just(SortKey::Created), Just(SortKey::Modified)],
        descending in any::<bool>(),
    ) {
        let table = run(&steps);
        let order = Order { key, descending };
        let found: Vec<Key> = table.range(order, low, high).map(|row| order.key_of(row)).collect();
        let strip = |bound: Bound<Key>| if key == SortKey::Id { bound.map(|key| (0, key.1)) } else { bound };
        let (low, high) = (strip(low), strip(high));
        let mut expected: Vec<Key> = table
            .rows
            .values()
            .map(|row| order.key_of(row))
            .filter(|key| std::ops::RangeBounds::contains(&(low, high), key))
            .collect();
        expected.sort_unstable();
        if descending {
            expected.reverse();
        }
        prop_assert_eq!(found, expected);
    }
}
