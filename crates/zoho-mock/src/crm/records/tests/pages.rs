//! Tests of paging: each row once, in order, whatever happens between two pages.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::crm::change::Actor;
use crate::crm::records::token::{self, Place};
use crate::crm::schema::validate::Draft;
use crate::crm::testkit::{Got, Kit};

fn actor(kit: &Kit) -> Actor {
    Actor {
        user: kit.user,
        now: kit.now,
    }
}

/// Puts a lead in without the detour through JSON.
fn lead(kit: &mut Kit) -> u64 {
    let actor = actor(kit);
    kit.world.crm.insert(0, Draft::default(), actor)
}

fn leads(kit: &mut Kit, count: std::ops::Range<usize>) {
    for _ in count {
        lead(kit);
    }
}

fn page(kit: &mut Kit, query: &[(&str, String)], token: Option<&str>) -> Got {
    let mut ask = kit.ask("list_records", ["Leads"]).query("fields", "id");
    for (name, value) in query {
        ask = ask.query(name, value.as_str());
    }
    if let Some(token) = token {
        ask = ask.query("page_token", token);
    }
    ask.go()
}

fn ids(got: &Got) -> Vec<u64> {
    let rows = got.at("/data").as_array().cloned().unwrap_or_default();
    rows.iter()
        .map(|row| row["id"].as_str().unwrap().parse().unwrap())
        .collect()
}

/// Follows tokens from the first page to the last; `between` happens between two pages.
fn walk(kit: &mut Kit, query: &[(&str, String)], mut between: impl FnMut(&mut Kit)) -> Vec<u64> {
    let mut seen = Vec::new();
    let mut token: Option<String> = None;
    for number in 1.. {
        let got = page(kit, query, token.as_deref());
        if got.status == 204 {
            break;
        }
        assert_eq!(got.status, 200, "{}", got.body);
        assert_eq!(got.at("/info/page"), number);
        seen.extend(ids(&got));
        let more = got.at("/info/more_records").as_bool().unwrap();
        token = got.at("/info/next_page_token").as_str().map(str::to_owned);
        assert_eq!(more, token.is_some());
        if !more {
            break;
        }
        between(kit);
    }
    seen
}

#[derive(Clone, Debug)]
enum Between {
    Insert,
    Delete(prop::sample::Index),
    Touch(prop::sample::Index),
    Wait,
}

fn between() -> impl Strategy<Value = Vec<Between>> {
    let step = prop_oneof![
        Just(Between::Insert),
        any::<prop::sample::Index>().prop_map(Between::Delete),
        any::<prop::sample::Index>().prop_map(Between::Touch),
        Just(Between::Wait),
    ];
    prop::collection::vec(step, 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pages_of_any_size_give_each_row_once_in_order(
        n in 0..450_usize,
        size in 1..=200_usize,
        sort in prop_oneof![Just("id"), Just("Created_Time"), Just("Modified_Time")],
        direction in prop_oneof![Just("asc"), Just("desc")],
        pace in 1..5_usize,
    ) {
        let mut kit = Kit::new();
        let mut keys = Vec::new();
        for count in 0..n {
            // The clock may stand still for some rows, and jump back once.
            kit.now += i64::from(count % pace == 0);
            if count == n / 2 {
                kit.now -= 20;
            }
            let instant = if sort == "id" { 0 } else { kit.now };
            keys.push((instant, lead(&mut kit)));
        }
        keys.sort_unstable();
        if direction == "desc" {
            keys.reverse();
        }
        let query = [("per_page", size.to_string()), ("sort_by", sort.into()), ("sort_order", direction.into())];
        let expected: Vec<u64> = keys.iter().map(|key| key.1).collect();
        prop_assert_eq!(&walk(&mut kit, &query, |_| ()), &expected);
        // The same rows by page number, as far as numbers reach.
        let mut numbered = Vec::new();
        for number in 1..=2_000 / size {
            let mut query = query.to_vec();
            query.push(("page", number.to_string()));
            numbered.extend(ids(&page(&mut kit, &query, None)));
        }
        prop_assert_eq!(&numbered, &expected[..numbered.len()]);
        prop_assert_eq!(numbered.len(), n.min(2_000 / size * size));
    }

    #[test]
    fn rows_that_stay_are_seen_exactly_once_while_others_come_and_go(
        n in 0..150_usize,
        size in 1..40_usize,
        steps in between(),
        sort in prop_oneof![Just("id"), Just("Created_Time")],
        direction in prop_oneof![Just("asc"), Just("desc")],
    ) {
        let mut kit = Kit::new();
        let stay: Vec<u64> = (0..n).map(|_| lead(&mut kit)).collect();
        let mut gone = BTreeSet::new();
        let mut steps = steps.iter().cycle();
        let mut inserts = 0;
        let query = [("per_page", size.to_string()), ("sort_by", sort.into()), ("sort_order", direction.into())];
        let seen = walk(&mut kit, &query, |kit| {
            let actor = actor(kit);
            match steps.next() {
                // Ascending lists end only when inserts do.
                Some(Between::Insert) if inserts < 50 => {
                    inserts += 1;
                    lead(kit);
                }
                Some(Between::Delete(index)) => {
                    let id = stay[index.index(stay.len())];
                    kit.world.crm.delete(0, id, actor);
                    gone.insert(id);
                }
                Some(Between::Touch(index)) => {
                    kit.world.crm.update(0, stay[index.index(stay.len())], Draft::default(), actor);
                }
                _ => kit.now += 1,
            }
        });
        let unique: BTreeSet<u64> = seen.iter().copied().collect();
        prop_assert_eq!(unique.len(), seen.len(), "no row twice");
        for id in stay {
            prop_assert!(gone.contains(&id) || unique.contains(&id), "a row that stayed was not seen");
        }
    }

    #[test]
    fn no_text_passes_for_a_token(text in "[0-9a-f]{0,340}|.{0,40}") {
        let mut kit = Kit::new();
        lead(&mut kit);
        let got = page(&mut kit, &[], Some(&text));
        prop_assert!(text.is_empty() || got.at("/code") == "TOKEN_BOUND_DATA_MISMATCH");
    }
}

#[test]
fn info_has_all_its_keys_and_null_tokens_on_a_single_page() {
    let mut kit = Kit::new();
    lead(&mut kit);
    let got = page(&mut kit, &[], None);
    assert_eq!(
        got.body["info"],
        json!({"per_page": 200, "next_page_token": null, "count": 1, "sort_by": "id", "page": 1,
               "previous_page_token": null, "page_token_expiry": null, "sort_order": "desc", "more_records": false})
    );
}

#[test]
fn a_token_belongs_to_one_user_one_call_and_one_day() {
    let mut kit = Kit::new();
    leads(&mut kit, 0..30);
    let size = ("per_page", "10".to_owned());
    let first = page(&mut kit, std::slice::from_ref(&size), None);
    let token = first.at("/info/next_page_token").as_str().unwrap().to_owned();
    assert_eq!(token.len(), 320);
    assert!(
        token
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    );
    assert_eq!(first.at("/info/page_token_expiry"), "2026-05-15T12:00:00+02:00");

    let mismatch = json!("TOKEN_BOUND_DATA_MISMATCH");
    let other_size = page(&mut kit, &[("per_page", "11".into())], Some(&token));
    assert_eq!(other_size.at("/code"), &mismatch);
    let added = page(
        &mut kit,
        &[size.clone(), ("sort_order", "desc".into())],
        Some(&token),
    );
    assert_eq!(added.at("/code"), &mismatch);
    kit.user += 1;
    assert_eq!(
        page(&mut kit, std::slice::from_ref(&size), Some(&token)).at("/code"),
        &mismatch
    );
    kit.user -= 1;
    let mut forged = token.clone();
    let last = if forged.pop() == Some('0') { '1' } else { '0' };
    forged.push(last);
    assert_eq!(
        page(&mut kit, std::slice::from_ref(&size), Some(&forged)).at("/code"),
        &mismatch
    );

    kit.now += 86_399;
    let second = page(&mut kit, std::slice::from_ref(&size), Some(&token));
    assert_eq!((second.status, second.at("/info/page")), (200, &json!(2)));
    kit.now += 1;
    let late = page(&mut kit, &[size], Some(&token));
    assert_eq!(late.at("/code"), "EXPIRED_VALUE");
    assert_eq!(late.at("/details/json_path"), "$.query.page_token");
}

#[test]
fn the_previous_token_leads_back() {
    let mut kit = Kit::new();
    leads(&mut kit, 0..35);
    let size = [("per_page", "10".to_owned())];
    let mut pages = vec![page(&mut kit, &size, None)];
    for _ in 0..3 {
        let token = pages[pages.len() - 1]
            .at("/info/next_page_token")
            .as_str()
            .unwrap()
            .to_owned();
        pages.push(page(&mut kit, &size, Some(&token)));
    }
    for number in (1..4).rev() {
        let back = pages[number]
            .at("/info/previous_page_token")
            .as_str()
            .unwrap()
            .to_owned();
        let got = page(&mut kit, &size, Some(&back));
        assert_eq!(got.at("/data"), pages[number - 1].at("/data"));
        assert_eq!(got.at("/info/page"), &json!(number));
    }
}

#[test]
fn the_previous_token_leads_to_the_start_when_what_was_before_is_gone() {
    let mut kit = Kit::new();
    leads(&mut kit, 0..30);
    let size = [("per_page", "10".to_owned())];
    let first = page(&mut kit, &size, None);
    let token = |got: &Got, name: &str| got.at(&format!("/info/{name}")).as_str().unwrap().to_owned();
    let second = page(&mut kit, &size, Some(&token(&first, "next_page_token")));
    let third = page(&mut kit, &size, Some(&token(&second, "next_page_token")));
    let actor = actor(&kit);
    for id in ids(&first) {
        kit.world.crm.delete(0, id, actor);
    }
    let again = page(&mut kit, &size, Some(&token(&third, "previous_page_token")));
    assert_eq!(ids(&again), ids(&second));
    let before = page(&mut kit, &size, Some(&token(&again, "previous_page_token")));
    assert_eq!(ids(&before), ids(&second), "the rows that are first now");
}

#[test]
fn pages_by_token_end_at_a_hundred_thousand_rows() {
    let mut kit = Kit::new();
    leads(&mut kit, 0..600);
    let mut ask = kit.ask("list_records", ["Leads"]).query("fields", "id");
    let place = Place {
        after: None,
        page: 500,
        served: 99_800,
    };
    let token = ask.with(|world, call| token::issue(place, call, world.owner, call.now.as_second()));
    let last = ask.query("page_token", token).go();
    assert_eq!((last.status, last.at("/info/more_records")), (200, &json!(true)));
    let token = last.at("/info/next_page_token").as_str().unwrap();
    assert_eq!(
        page(&mut kit, &[], Some(token)).at("/code"),
        "PAGINATION_LIMIT_EXCEEDED"
    );
}

#[test]
fn if_modified_since_shows_what_is_newer_in_any_order() {
    let mut kit = Kit::new();
    assert_eq!(
        since(&mut kit, "id", 0).status,
        204,
        "nothing there is not nothing new"
    );
    let all: Vec<u64> = (0..30)
        .map(|_| {
            kit.now += 1;
            lead(&mut kit)
        })
        .collect();
    let boundary = kit.now - 10;
    for sort in ["id", "Created_Time", "Modified_Time"] {
        let mut expected = all[20..].to_vec();
        expected.reverse();
        assert_eq!(ids(&since(&mut kit, sort, boundary)), expected);
        let now = kit.now;
        assert_eq!(since(&mut kit, sort, now).status, 304);
    }
}

fn since(kit: &mut Kit, sort: &str, instant: i64) -> Got {
    let text = crate::crm::testkit::berlin().text(instant);
    kit.ask("list_records", ["Leads"])
        .query("fields", "id")
        .query("sort_by", sort)
        .header("if-modified-since", &text)
        .go()
}

#[test]
fn converted_leads_are_hidden_unless_asked_for() {
    let mut kit = Kit::new();
    let (open, converted) = (lead(&mut kit), lead(&mut kit));
    kit.world.crm.mark_converted(0, converted);
    for (query, expected) in [
        (vec![], vec![open]),
        (vec![("converted", "false".to_owned())], vec![open]),
        (vec![("converted", "true".to_owned())], vec![converted]),
        (vec![("converted", "both".to_owned())], vec![converted, open]),
    ] {
        assert_eq!(ids(&page(&mut kit, &query, None)), expected);
    }
    let ids_of = [("ids", format!("{open},x,17")), ("converted", "both".to_owned())];
    assert_eq!(ids(&page(&mut kit, &ids_of, None)), [open]);
    let count = |kit: &mut Kit, which: &str| {
        kit.ask("count_records", ["Leads"])
            .query("converted", which)
            .go()
            .body
    };
    assert_eq!(count(&mut kit, "both"), json!({"count": 2}) as Value);
    assert_eq!(count(&mut kit, "false"), json!({"count": 1}));
}
