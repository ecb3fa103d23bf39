//! What must hold of seeded records.

use std::collections::BTreeSet;

use crate::config::Config;
use crate::crm::CrmWorld;
use crate::crm::schema::Kind;

const NOW: i64 = 1_778_752_800;

fn seeded(seed: u64, wishes: &[(&str, usize)]) -> CrmWorld {
    let mut crm = CrmWorld::new(&Config {
        seed,
        ..Config::default()
    });
    for (module, count) in wishes {
        crm.seed(module, *count, NOW).unwrap();
    }
    crm
}

/// All rows of a module as text.
fn shown(crm: &CrmWorld, module: &str) -> Vec<String> {
    let table = crm.table(module).unwrap();
    let rows = table.ids().map(|id| format!("{:?}", table.get(id).unwrap()));
    rows.collect()
}

#[test]
fn every_module_can_be_seeded_in_the_order_of_the_schema() {
    let mut crm = seeded(1, &[]);
    let names: Vec<String> = crm
        .schema
        .modules
        .iter()
        .map(|module| module.api_name.to_string())
        .collect();
    let mut refused = Vec::new();
    for name in &names {
        if let Err(error) = crm.seed(name, 3, NOW) {
            refused.push(error);
        }
    }
    assert_eq!(refused, Vec::<String>::new());
    assert!(names.iter().all(|name| crm.table(name).unwrap().len() == 3));
}

#[test]
fn the_same_seed_gives_the_same_records_and_another_gives_others() {
    let wishes = [("Accounts", 20), ("Contacts", 50)];
    let [one, same, other] = [seeded(1, &wishes), seeded(1, &wishes), seeded(2, &wishes)];
    assert_eq!(shown(&one, "Contacts"), shown(&same, "Contacts"));
    assert_ne!(shown(&one, "Contacts"), shown(&other, "Contacts"));
}

#[test]
fn records_differ_lead_somewhere_and_are_spread_over_time() {
    let mut crm = seeded(1, &[("Accounts", 20), ("Contacts", 300)]);
    crm.seed("Contacts", 300, NOW).unwrap();
    let table = crm.table("Contacts").unwrap();
    let module = crm.schema.module(crm.schema.find("Contacts").unwrap()).unwrap();
    let rows: Vec<_> = table.ids().map(|id| table.get(id).unwrap().clone()).collect();
    assert_eq!(rows.len(), 600);
    assert_eq!(rows.iter().map(|row| row.modified).max(), Some(NOW));
    assert!(rows.iter().map(|row| row.modified).collect::<BTreeSet<_>>().len() >= 300);
    let column = |name: &str| module.field(name).unwrap().column().unwrap();
    let emails: BTreeSet<String> = rows
        .iter()
        .map(|row| format!("{:?}", row.cells.get(column("Email"))))
        .collect();
    assert!(emails.len() > 400, "{}", emails.len());
    let accounts: BTreeSet<String> = rows
        .iter()
        .map(|row| format!("{:?}", row.cells.get(column("Account_Name"))))
        .collect();
    assert!(accounts.len() > 15, "{accounts:?}");
    assert!(matches!(
        module.field("Account_Name").unwrap().kind,
        Kind::Lookup(_)
    ));
}

#[test]
fn an_unknown_module_is_named() {
    let refused = seeded(1, &[]).seed("Leafs", 1, NOW);
    assert_eq!(refused, Err("there is no module Leafs".to_owned()));
}
