//! Tests of runs: pages that are put together from them show what rows show, whatever happens in between.

use proptest::prelude::*;
use serde_json::json;

use crate::answer::Payload;
use crate::crm::handler;
use crate::crm::testkit::{Got, Kit};

#[derive(Clone, Debug)]
enum Step {
    Insert(usize),
    Delete(prop::sample::Index),
    Restore,
    Change(prop::sample::Index),
    Convert(prop::sample::Index),
    Wait,
    Look {
        fields: &'static str,
        size: usize,
        page: usize,
        order: &'static str,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let fields = vec![
        "id",
        "Last_Name,Company",
        "Company,Modified_Time,Created_Time",
        "Owner,Last_Name",
    ];
    let look = (
        prop::sample::select(fields),
        prop::sample::select(&[1_usize, 15, 16, 33, 50, 200][..]),
        1..6_usize,
        prop::sample::select(&["asc", "desc"][..]),
    );
    prop_oneof![
        2 => (1..100_usize).prop_map(Step::Insert),
        2 => any::<prop::sample::Index>().prop_map(Step::Delete),
        1 => Just(Step::Restore),
        2 => any::<prop::sample::Index>().prop_map(Step::Change),
        1 => any::<prop::sample::Index>().prop_map(Step::Convert),
        1 => Just(Step::Wait),
        6 => look.prop_map(|(fields, size, page, order)| Step::Look { fields, size, page, order }),
    ]
}

/// The rows of a list as text, and what it says of itself apart from tokens.
fn shown(got: &Got) -> (u16, String, [serde_json::Value; 3]) {
    let text = String::from_utf8(got.bytes.clone()).unwrap();
    let rows = text.split("],\"info\":").next().unwrap_or_default().to_owned();
    let info = ["/info/count", "/info/page", "/info/more_records"].map(|at| got.at(at).clone());
    (got.status, rows, info)
}

fn look(kit: &mut Kit, since: bool, fields: &str, size: usize, page: usize, order: &str) -> Got {
    let mut ask = kit.ask("list_records", ["Leads"]).query("fields", fields);
    if since {
        // All rows are newer, and such a list is not put together from runs.
        ask = ask.header("if-modified-since", "2001-01-01T00:00:00Z");
    }
    let ask = ask
        .query("per_page", size.to_string())
        .query("page", page.to_string());
    ask.query("sort_order", order).go()
}

fn leads(kit: &mut Kit, count: usize) -> Vec<u64> {
    let leads: Vec<_> = (0..count)
        .map(|count| json!({"Last_Name": format!("Lindqvist {count}"), "Company": "\"Ltd\""}))
        .collect();
    let ids = kit.create("Leads", &json!(leads));
    ids.iter().map(|id| id.parse().unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn a_page_of_runs_shows_what_its_rows_show(steps in prop::collection::vec(step(), 1..40)) {
        let mut kit = Kit::new();
        let mut ids = leads(&mut kit, 70);
        let mut gone = Vec::new();
        for step in steps {
            match step {
                Step::Insert(count) => ids.extend(leads(&mut kit, count)),
                Step::Delete(at) if !ids.is_empty() => {
                    let id = ids.remove(at.index(ids.len()));
                    gone.push(kit.world.crm.tables[0].get(id).cloned());
                    let got = kit.ask("delete_record", ["Leads", &id.to_string()]).go();
                    prop_assert_eq!(got.status, 200, "{}", got.body);
                }
                Step::Restore => if let Some(row) = gone.pop().flatten() {
                    ids.push(row.id);
                    kit.world.crm.tables[0].put(row);
                },
                Step::Change(at) if !ids.is_empty() => {
                    let id = ids[at.index(ids.len())].to_string();
                    let change = json!({"data": [{"Company": format!("Company {}", kit.now)}]});
                    kit.ask("update_record", ["Leads", &id]).json(&change).go();
                }
                Step::Convert(at) if !ids.is_empty() => {
                    kit.world.crm.mark_converted(0, ids[at.index(ids.len())]);
                }
                Step::Wait => kit.now += 1,
                Step::Look { fields, size, page, order } => {
                    let plain = look(&mut kit, true, fields, size, page, order);
                    // Once to make runs, and once to find them.
                    for _ in 0..2 {
                        let got = look(&mut kit, false, fields, size, page, order);
                        let (got, plain) = (shown(&got), shown(&plain));
                        prop_assert!(got == plain || (got.0, plain.0) == (204, 304), "{:?}\n{:?}", got, plain);
                    }
                    let got = look(&mut kit, false, fields, size, page, order);
                    if let Some(token) = got.at("/info/previous_page_token").as_str() {
                        let ask = kit.ask("list_records", ["Leads"]).query("fields", fields);
                        let ask = ask.query("per_page", size.to_string()).query("page_token", token);
                        let back = ask.query("sort_order", order).go();
                        let before = look(&mut kit, false, fields, size, page - 1, order);
                        prop_assert_eq!(shown(&back), shown(&before));
                    }
                }
                _ => {}
            }
        }
    }
}

#[test]
fn a_page_of_unchanged_rows_is_not_copied() {
    let mut kit = Kit::new();
    let ids: Vec<u64> = (0..3).flat_map(|_| leads(&mut kit, 100)).collect();
    let places = |kit: &mut Kit| -> Vec<(usize, usize)> {
        let mut ask = kit
            .ask("list_records", ["Leads"])
            .query("fields", "Last_Name,Modified_Time");
        let answer = ask
            .with(|world, call| handler("list_records").unwrap()(world, call))
            .unwrap();
        let Payload::Pieces(pieces) = answer.payload else {
            panic!("one piece: {:?}", answer.payload);
        };
        let kept = pieces.iter().filter(|piece| piece.compact);
        kept.map(|piece| (piece.bytes.as_ptr().addr(), piece.bytes.len()))
            .collect()
    };
    let first = places(&mut kit);
    assert!((5..9).contains(&first.len()), "{first:?}");
    assert_eq!(places(&mut kit), first);
    // One row changes, and its run alone.
    let change = json!({"data": [{"Last_Name": "Svensson"}]});
    kit.ask("update_record", ["Leads", &ids[200].to_string()])
        .json(&change)
        .go();
    let second = places(&mut kit);
    let same = first
        .iter()
        .zip(&second)
        .filter(|(first, second)| first == second);
    assert_eq!(same.count(), first.len() - 1, "{first:?}\n{second:?}");
}
