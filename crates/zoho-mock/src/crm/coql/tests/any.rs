//! Random queries over leads.

use proptest::prelude::*;

use crate::crm::coql::ast::{Ask, Condition, Expr, Inner, Item, Literal, Logic, Query, Sort, What};
use crate::crm::filter::Comparison;
use crate::crm::ids::Ids;
use crate::crm::testkit::{START, berlin};

/// The id of the `n`th record of a fresh world, from 1.
pub(super) fn nth_id(n: usize) -> u64 {
    let mut ids = Ids::new(1);
    let mut id = 0;
    for _ in 0..n {
        id = ids.next();
    }
    id
}

pub(super) const NAMES: [&str; 5] = ["Ann", "bob", "BOB", "B%b", "O'Né\\"];
pub(super) const CITIES: [&str; 3] = ["Bonn", "Rome", "bonn"];
pub(super) const SOURCES: [&str; 2] = ["Chat", "Cold Call"];
pub(super) const DAYS: [&str; 3] = ["2026-01-31", "2026-02-01", "2025-12-31"];

fn text() -> BoxedStrategy<Literal> {
    let known = NAMES.into_iter().chain(CITIES).chain(SOURCES).collect::<Vec<_>>();
    prop_oneof![4 => prop::sample::select(known).prop_map(str::to_owned), 1 => "[ab'\"\\\\% ]{0,4}"]
        .prop_map(Literal::Text)
        .boxed()
}

fn instant() -> BoxedStrategy<Literal> {
    (0..12_i64, any::<bool>())
        .prop_map(|(after, utc)| {
            let seconds = START + after;
            let text = berlin().text(seconds);
            let text = if utc {
                let time = jiff::Timestamp::from_second(seconds).unwrap().to_string();
                time.replace('Z', "+00:00")
            } else {
                text
            };
            Literal::Text(text)
        })
        .boxed()
}

fn number(quoted: bool, digits: impl Strategy<Value = String> + 'static) -> BoxedStrategy<Literal> {
    digits
        .prop_map(move |digits| {
            if quoted {
                Literal::Text(digits)
            } else {
                Literal::Number(digits)
            }
        })
        .boxed()
}

/// What can be asked of a kind of column.
struct Askable {
    columns: &'static [&'static str],
    literal: BoxedStrategy<Literal>,
    ordered: bool,
    like: bool,
    list: bool,
}

fn askables() -> Vec<Askable> {
    let id = || (1..32_usize).prop_map(|n| nth_id(n).to_string());
    let whole = || (-2..4_i64).prop_map(|n| n.to_string());
    let part = || prop::sample::select(vec!["0.5", "1", "2.0", "-1.25"]).prop_map(str::to_owned);
    let day = prop::sample::select(DAYS.to_vec()).prop_map(|day| Literal::Text(day.to_owned()));
    let make = |columns, literal, ordered, like, list| Askable {
        columns,
        literal,
        ordered,
        like,
        list,
    };
    vec![
        make(
            &["Last_Name", "City", "Lead_Source", "Full_Name"],
            text(),
            false,
            true,
            true,
        ),
        make(&["id"], number(false, id()), true, false, true),
        make(&["id"], number(true, id()), true, false, true),
        make(&["Modified_Time", "Created_Time"], instant(), true, false, true),
        make(&["No_of_Employees"], number(false, whole()), true, false, true),
        make(
            &["Score", "No_of_Employees"],
            number(false, part()),
            true,
            false,
            true,
        ),
        make(&["First_Contact"], day.boxed(), true, false, true),
        make(
            &["Email_Opt_Out"],
            any::<bool>().prop_map(Literal::Bool).boxed(),
            false,
            false,
            false,
        ),
    ]
}

fn comparison(ordered: bool) -> impl Strategy<Value = Comparison> {
    let all = vec![
        Comparison::Equal,
        Comparison::NotEqual,
        Comparison::Less,
        Comparison::LessEqual,
        Comparison::Greater,
        Comparison::GreaterEqual,
    ];
    prop::sample::select(if ordered { all } else { all[..2].to_vec() })
}

fn condition() -> impl Strategy<Value = Condition> {
    let kinds = askables().into_iter().map(|askable| {
        let literal = &askable.literal;
        let mut asks = vec![
            (
                4,
                (comparison(askable.ordered), literal.clone())
                    .prop_map(|(c, l)| Ask::Compare(c, l))
                    .boxed(),
            ),
            (1, Just(Ask::Null).boxed()),
        ];
        if askable.list {
            asks.push((
                1,
                prop::collection::vec(literal.clone(), 1..4)
                    .prop_map(Ask::In)
                    .boxed(),
            ));
        }
        if askable.ordered {
            asks.push((
                1,
                (literal.clone(), literal.clone())
                    .prop_map(|(a, b)| Ask::Between(a, b))
                    .boxed(),
            ));
        }
        if askable.like {
            asks.push((2, "%?[abBo%é]{0,3}%?".prop_map(Ask::Like).boxed()));
        }
        let ask = prop::strategy::Union::new_weighted(asks);
        (prop::sample::select(askable.columns.to_vec()), ask, any::<bool>())
            .prop_map(|(column, ask, negated)| {
                let negated = negated && !matches!(ask, Ask::Compare(..));
                Condition {
                    column: column.to_owned(),
                    ask,
                    negated,
                }
            })
            .boxed()
    });
    prop::strategy::Union::new(kinds)
}

/// A column that is asked to be among those of a query, whose conditions are `conditions`.
fn within(conditions: impl Strategy<Value = Condition>) -> impl Strategy<Value = Condition> {
    let columns = prop::sample::select(vec![
        ("id", "id"),
        ("City", "City"),
        ("City", "Last_Name"),
        ("No_of_Employees", "Score"),
        ("Created_Time", "Modified_Time"),
    ]);
    let limit = prop::option::of(0..8_usize);
    let rest = (any::<bool>(), order(), limit, 0..3_usize, any::<bool>());
    (columns, conditions, rest).prop_map(
        |((column, inner), condition, (grouped, order, limit, offset, negated))| {
            let query = Query {
                select: vec![item(inner, None)],
                from: "Leads".to_owned(),
                filter: Expr::Condition(condition),
                group: if grouped {
                    vec![inner.to_owned()]
                } else {
                    Vec::new()
                },
                order: if grouped { Vec::new() } else { order },
                limit,
                offset,
            };
            Condition {
                column: column.to_owned(),
                ask: Ask::Within(Box::new(Inner { sequence: 0, query })),
                negated,
            }
        },
    )
}

/// Numbers the queries within a condition as reading does.
fn number_inner(expr: &mut Expr, count: &mut usize) {
    match expr {
        Expr::Both(left, _, right) => {
            number_inner(left, count);
            number_inner(right, count);
        }
        Expr::Not(inner) => number_inner(inner, count),
        Expr::Condition(condition) => {
            if let Ask::Within(inner) = &mut condition.ask {
                *count += 1;
                inner.sequence = *count;
                number_inner(&mut inner.query.filter, count);
            }
        }
    }
}

pub(super) fn item(column: &str, alias: Option<&str>) -> Item {
    Item {
        what: What::Column(column.to_owned()),
        alias: alias.map(str::to_owned),
    }
}

/// A place in the order of two columns, as those ask for it who read on where they stopped.
fn keyset() -> impl Strategy<Value = Expr> {
    let column = prop::sample::select(vec!["Modified_Time", "Created_Time"]);
    (column, instant(), 1..32_usize).prop_map(|(column, instant, n)| {
        let ask = |column: &str, comparison, literal| {
            Box::new(Expr::Condition(Condition {
                column: column.to_owned(),
                ask: Ask::Compare(comparison, literal),
                negated: false,
            }))
        };
        let id = Literal::Number(nth_id(n).to_string());
        let same = Expr::Both(
            ask(column, Comparison::Equal, instant.clone()),
            Logic::And,
            ask("id", Comparison::Greater, id),
        );
        Expr::Both(
            Box::new(same),
            Logic::Or,
            ask(column, Comparison::Greater, instant),
        )
    })
}

pub(super) fn expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        8 => condition().prop_map(Expr::Condition),
        1 => within(condition()).prop_map(Expr::Condition),
        2 => keyset(),
    ];
    let expr = leaf.prop_recursive(3, 8, 2, |inner| {
        let logic = prop_oneof![Just(Logic::And), Just(Logic::Or)];
        prop_oneof![
            4 => (inner.clone(), logic, inner.clone())
                .prop_map(|(left, logic, right)| Expr::Both(Box::new(left), logic, Box::new(right))),
            1 => inner.prop_map(|inner| Expr::Not(Box::new(inner))),
        ]
    });
    expr.prop_map(|mut expr| {
        number_inner(&mut expr, &mut 0);
        expr
    })
}

fn order() -> impl Strategy<Value = Vec<Sort>> {
    let columns = vec![
        "Last_Name",
        "City",
        "No_of_Employees",
        "Score",
        "First_Contact",
        "Email_Opt_Out",
        "Lead_Source",
        "id",
        "Modified_Time",
        "Created_Time",
    ];
    let sort = (prop::sample::select(columns), any::<bool>()).prop_map(|(column, descending)| Sort {
        by: What::Column(column.to_owned()),
        descending,
    });
    let keyset = (
        prop::sample::select(vec!["Modified_Time", "Created_Time"]),
        any::<bool>(),
    )
        .prop_map(|(column, descending)| {
            ["id", column]
                .map(|column| Sort {
                    by: What::Column(column.to_owned()),
                    descending,
                })
                .into_iter()
                .rev()
                .collect()
        });
    prop_oneof![prop::collection::vec(sort, 0..4), keyset]
}

/// A query for rows, some of which call the name `who` and sort by that.
pub(super) fn query() -> impl Strategy<Value = Query> {
    let limit = prop::option::of(0..40_usize);
    let offset = prop_oneof![Just(0), 0..10_usize];
    (expr(), order(), limit, offset, any::<bool>()).prop_map(|(filter, mut order, limit, offset, aliased)| {
        let named = What::Column("Last_Name".to_owned());
        for sort in order.iter_mut().filter(|sort| aliased && sort.by == named) {
            sort.by = What::Column("who".to_owned());
        }
        Query {
            select: vec![item("Last_Name", aliased.then_some("who")), item("City", None)],
            from: "Leads".to_owned(),
            filter,
            group: Vec::new(),
            order,
            limit,
            offset,
        }
    })
}
