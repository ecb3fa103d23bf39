//! Queries from parts: what goes in arrives unchanged, or is refused.

use proptest::prelude::*;
use zoho_client::crm::{Column, Select, SortOrder};
use zoho_client::{ErrorKind, Record};

use crate::support::{create, runtime, start};

/// Texts with everything that a quoted text could stumble over.
fn text() -> impl Strategy<Value = String> {
    let awkward = prop::sample::select(vec![
        "'",
        "\"",
        "\\",
        "\\'",
        "\n",
        "\r\n",
        "\t",
        "%",
        "_",
        ";",
        "--",
        ")",
        "(",
        ",",
        " or 1 = 1",
        "limit 1",
        "ü",
        "日本",
        "😀",
        "\u{202e}",
        "\u{0}",
        "\u{7}",
        "x",
    ]);
    prop::collection::vec(awkward, 1..8).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_value_arrives_unchanged_or_is_refused(value in text(), other in text()) {
        let runtime = runtime();
        runtime.block_on(async {
            let (_mock, zoho) = start();
            let crm = zoho.crm();
            // What Zoho keeps and what it compares must be the same text: no blanks at the ends.
            let value = format!("<{value}>");
            let other = format!("<{other}>");
            let leads = crm.records("Leads");
            leads
                .create([
                    Record::new().set("Last_Name", "A").set("Description", value.clone()).set("Company", value.clone()),
                    Record::new().set("Last_Name", "B").set("Company", other.clone()),
                ])
                .await
                .unwrap();
            let query = Select::new(["id", "Last_Name", "Company"])
                .from("Leads")
                .filter(Column::of("Company").eq(value.as_str()));
            let hidden = value.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
            match crm.coql(query).all().await {
                Ok(rows) => {
                    assert!(!hidden);
                    let expected = if value.eq_ignore_ascii_case(&other) { 2 } else { 1 };
                    assert_eq!(rows.len(), expected, "{value:?} {rows:?}");
                    assert_eq!(rows[0].get_str("Company"), Some(value.as_str()));
                }
                Err(error) => {
                    assert!(hidden, "{value:?}: {error}");
                    assert_eq!(error.kind(), ErrorKind::Config);
                }
            }
        });
    }

    #[test]
    fn a_name_that_is_none_is_refused(name in "[ -~]{0,12}") {
        let good = |name: &str| {
            let name = name.strip_prefix('$').unwrap_or(name);
            name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let column = Select::new([name.clone()]).from("Leads").to_coql();
        prop_assert_eq!(column.is_ok(), name.split('.').all(good));
        let module = Select::new(["id"]).from(name.clone()).to_coql();
        prop_assert_eq!(module.is_ok(), good(&name));
        let filter = Select::new(["id"]).from("Leads").filter(Column::of(name.clone()).is_null()).to_coql();
        prop_assert_eq!(filter.is_ok(), name.split('.').all(good));
    }
}

#[tokio::test(start_paused = true)]
async fn every_condition_is_understood() {
    let (_mock, zoho) = start();
    let crm = zoho.crm();
    for (name, staff, day) in [
        ("Ada", 1, "2026-01-01"),
        ("Ben", 20, "2026-02-01"),
        ("Cem", 300, "2026-03-01"),
    ] {
        let lead = Record::new()
            .set("Last_Name", name)
            .set("No_of_Employees", staff)
            .set("Description", day);
        create(&crm, "Leads", lead).await;
    }
    let staff = || Column::of("No_of_Employees");
    let name = || Column::of("Last_Name");
    for (condition, expected) in [
        (staff().eq(20), "Ben"),
        (staff().ne(20), "Ada Cem"),
        (staff().lt(20), "Ada"),
        (staff().le(20), "Ada Ben"),
        (staff().gt(20), "Cem"),
        (staff().ge(20), "Ben Cem"),
        (staff().is_in([1, 300]), "Ada Cem"),
        (staff().not_in([1, 300]), "Ben"),
        (staff().between(2, 400), "Ben Cem"),
        (name().starts_with("A"), "Ada"),
        (name().ends_with("m"), "Cem"),
        (name().contains("e"), "Ben Cem"),
        (name().is_not_null(), "Ada Ben Cem"),
        (name().is_null(), ""),
        (
            name().eq("Ada").or(staff().gt(100)).and(staff().lt(1_000)),
            "Ada Cem",
        ),
    ] {
        let query = Select::new(["id", "Last_Name"])
            .from("Leads")
            .filter(condition)
            .order_by("Last_Name", SortOrder::Asc);
        let text = query.to_coql().unwrap();
        let rows = crm
            .coql(query)
            .all()
            .await
            .unwrap_or_else(|error| panic!("{text}: {error}"));
        let names: Vec<&str> = rows.iter().filter_map(|row| row.get_str("Last_Name")).collect();
        assert_eq!(names.join(" "), expected, "{text}");
    }
    let many = (0..26)
        .map(|n| staff().eq(n))
        .reduce(zoho_client::crm::Condition::or)
        .unwrap();
    let none: [i64; 0] = [];
    for wrong in [
        Select::new(["id"]).from("Leads").filter(many),
        Select::new(["id"]).from("Leads").filter(staff().is_in(none)),
        Select::new(["id"]).from("Leads").filter(name().contains("50%")),
        Select::new(Vec::<String>::new()).from("Leads"),
    ] {
        assert_eq!(wrong.to_coql().unwrap_err().kind(), ErrorKind::Config);
    }
}
