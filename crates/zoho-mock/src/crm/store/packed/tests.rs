//! Packed rows give back what was put in.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Cell::Null),
        any::<bool>().prop_map(Cell::Bool),
        any::<i64>().prop_map(Cell::Int),
        any::<f64>()
            .prop_filter("a number", |n| !n.is_nan())
            .prop_map(Cell::Num),
        any::<i32>().prop_map(Cell::Date),
        any::<i64>().prop_map(Cell::Time),
        any::<u64>().prop_map(Cell::Ref),
        any::<u32>().prop_map(Cell::Sym),
        ".*".prop_map(Cell::text),
        prop::collection::vec(any::<u32>(), 0..5).prop_map(|list| Cell::List(Cow::Owned(list))),
        ".*".prop_map(|text| Cell::Json(Cow::Owned(text))),
    ]
}

proptest! {
    #[test]
    fn a_packed_row_gives_back_what_was_put_in(
        cells in prop::collection::btree_map(0..400_u16, any_value(), 0..30),
        changes in prop::collection::btree_map(0..400_u16, any_value(), 0..10),
        some in prop::collection::btree_set(0..400_u16, 0..60),
    ) {
        let packed = Packed::new(cells.clone()).with(changes.clone());
        let mut expected: BTreeMap<Column, Value> = cells;
        expected.extend(changes);
        for column in 0..400 {
            let cell = expected.get(&column).cloned().unwrap_or(Cell::Null);
            prop_assert_eq!(&packed.get(column), &cell);
        }
        let wanted: Vec<_> = some.iter().copied().zip(0..).collect();
        let mut found = vec![Payload::default(); wanted.len()];
        packed.find(&wanted, &mut found);
        for (column, payload) in some.iter().zip(found) {
            let cell = packed.get(*column);
            let text = payload.text().map(|text| std::str::from_utf8(text).unwrap());
            prop_assert_eq!(text, if let Cell::Text(text) = &cell { Some(text.as_ref()) } else { None });
            prop_assert_eq!(payload.cell(), cell);
        }
        expected.retain(|_, cell| !cell.is_null());
        let read: BTreeMap<Column, Value> =
            packed.iter().map(|(column, cell)| (column, cell.into_owned())).collect();
        prop_assert_eq!(read, expected);
    }
}

#[test]
fn what_was_written_is_of_the_same_cells_and_fields() {
    let packed = Packed::new([(1, Cell::Int(1))]);
    let again = |packed: &Packed, key| {
        let mut out = b"[".to_vec();
        packed.write_again(key, &mut out).then_some(out)
    };
    assert_eq!(again(&packed, 7), None);
    packed.keep_written(7, b"one");
    assert_eq!(again(&packed, 7).as_deref(), Some(&b"[one"[..]));
    assert_eq!(again(&packed, 7).as_deref(), Some(&b"[one"[..]));
    assert_eq!(again(&packed, 8), None);
    assert_eq!(again(&packed.clone(), 7), None);
    assert_eq!(again(&packed.with([(1, Cell::Int(2))]), 7), None);
}

proptest! {
    #[test]
    fn of_several_cells_for_a_column_the_last_counts(cells in prop::collection::vec((0..6_u16, any_value()), 0..20)) {
        let packed = Packed::new(cells.clone());
        let mut expected: BTreeMap<Column, Value> = cells.into_iter().collect();
        expected.retain(|_, cell| !cell.is_null());
        let read: BTreeMap<Column, Value> =
            packed.iter().map(|(column, cell)| (column, cell.into_owned())).collect();
        prop_assert_eq!(read, expected);
    }
}
