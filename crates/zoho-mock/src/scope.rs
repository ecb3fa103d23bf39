//! Which scopes contain which.

use std::borrow::Cow;

/// Whether a token that holds `held` may do what `needed` names.
///
/// `ZohoCRM.modules.ALL` contains `ZohoCRM.modules.Leads.READ`; `WRITE` contains creating and
/// updating; `ZohoBooks.fullaccess.all` contains all of Books. A placeholder in `needed` stands for
/// a part that the path did not give: any value of that part will do.
pub(crate) fn contains(held: &str, needed: &str) -> bool {
    let (Some((held, held_verb)), Some((needed, needed_verb))) =
        (held.rsplit_once('.'), needed.rsplit_once('.'))
    else {
        return false;
    };
    let (mut held, mut needed) = (held.split('.'), needed.split('.'));
    let same_service = match (held.next(), needed.next()) {
        (Some(held), Some(needed)) => held.eq_ignore_ascii_case(needed),
        _ => false,
    };
    if !same_service {
        return false;
    }
    let mut groups = held.clone();
    if let (Some(group), None) = (groups.next(), groups.next())
        && group.eq_ignore_ascii_case("fullaccess")
        && held_verb.eq_ignore_ascii_case("all")
    {
        return true;
    }
    // What is held may end before what is needed, not the other way round.
    held.all(|held| needed.next().is_some_and(|needed| part_contains(held, needed)))
        && verb_contains(held_verb, needed_verb)
}

fn part_contains(held: &str, needed: &str) -> bool {
    held.eq_ignore_ascii_case(needed)
        || needed.starts_with('{')
        || held.eq_ignore_ascii_case("custom")
            && !STANDARD.iter().any(|name| name.eq_ignore_ascii_case(needed))
}

fn verb_contains(held: &str, needed: &str) -> bool {
    held.eq_ignore_ascii_case(needed)
        || held.eq_ignore_ascii_case("ALL")
        || held.eq_ignore_ascii_case("WRITE")
            && ["CREATE", "UPDATE"]
                .iter()
                .any(|verb| verb.eq_ignore_ascii_case(needed))
}

/// Whether the held scopes satisfy one of the alternatives, with the path's values filled in.
pub(crate) fn allows<'a>(
    held: &[String],
    alternatives: &[&[&str]],
    value: impl Fn(&str) -> Option<&'a str>,
) -> bool {
    alternatives.is_empty()
        || alternatives.iter().any(|together| {
            together.iter().all(|needed| {
                let needed = filled(needed, &value);
                held.iter().any(|held| contains(held, &needed))
            })
        })
}

/// The scope with `{name}` parts replaced by what the path gave.
fn filled<'s, 'a>(scope: &'s str, value: &impl Fn(&str) -> Option<&'a str>) -> Cow<'s, str> {
    if !scope.contains('{') {
        return Cow::Borrowed(scope);
    }
    let parts: Vec<&str> = scope
        .split('.')
        .map(|part| {
            part.strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
                .and_then(value)
                .unwrap_or(part)
        })
        .collect();
    Cow::Owned(parts.join("."))
}

/// The scope that contains a template for every value of its placeholders.
pub(crate) fn widest(scope: &str) -> String {
    let mut parts: Vec<&str> = scope.split('.').collect();
    if let (Some(at), Some(verb)) = (
        parts.iter().position(|part| part.starts_with('{')),
        parts.last().copied(),
    ) {
        parts.truncate(at);
        parts.push(verb);
    }
    parts.join(".")
}

/// Modules that `ZohoCRM.modules.custom` does not contain.
const STANDARD: &[&str] = &[
    "accounts",
    "activities",
    "appointments",
    "attachments",
    "calls",
    "campaigns",
    "cases",
    "contacts",
    "deals",
    "events",
    "invoices",
    "leads",
    "notes",
    "pricebooks",
    "products",
    "purchaseorders",
    "quotes",
    "salesorders",
    "services",
    "solutions",
    "tasks",
    "vendors",
    "visits",
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn containment_by_example() {
        for (held, needed, expected) in [
            ("ZohoCRM.modules.ALL", "ZohoCRM.modules.Leads.READ", true),
            ("ZohoCRM.modules.READ", "ZohoCRM.modules.Leads.READ", true),
            ("ZohoCRM.modules.READ", "ZohoCRM.modules.Leads.CREATE", false),
            ("ZohoCRM.modules.leads.ALL", "ZohoCRM.modules.Leads.DELETE", true),
            (
                "ZohoCRM.modules.contacts.ALL",
                "ZohoCRM.modules.Leads.READ",
                false,
            ),
            (
                "ZohoCRM.modules.custom.ALL",
                "ZohoCRM.modules.Machines.READ",
                true,
            ),
            ("ZohoCRM.modules.custom.ALL", "ZohoCRM.modules.Leads.READ", false),
            (
                "ZohoCRM.modules.leads.READ",
                "ZohoCRM.modules.{module}.READ",
                true,
            ),
            (
                "ZohoCRM.notifications.WRITE",
                "ZohoCRM.notifications.CREATE",
                true,
            ),
            ("ZohoCRM.notifications.WRITE", "ZohoCRM.notifications.READ", false),
            ("ZohoCRM.settings.ALL", "ZohoCRM.modules.Leads.READ", false),
            ("ZohoBooks.fullaccess.all", "ZohoBooks.invoices.DELETE", true),
            ("ZohoBooks.fullaccess.all", "ZohoCRM.modules.READ", false),
            ("ZohoBooks.invoices.READ", "ZohoBooks.invoices.READ", true),
            ("ZohoBooks.invoices.READ", "ZohoBooks.contacts.READ", false),
            ("", "ZohoBooks.contacts.READ", false),
            ("ZohoBooks", "ZohoBooks.contacts.READ", false),
        ] {
            assert_eq!(contains(held, needed), expected, "{held} / {needed}");
        }
    }

    #[test]
    fn all_scopes_of_one_alternative_are_needed() {
        let search: &[&[&str]] = &[&["ZohoCRM.modules.{module}.READ", "ZohoSearch.securesearch.READ"]];
        let held = |scopes: &[&str]| scopes.iter().map(|&scope| scope.to_owned()).collect::<Vec<_>>();
        let value = |name: &str| (name == "module").then_some("Leads");
        assert!(!allows(&held(&["ZohoCRM.modules.ALL"]), search, value));
        assert!(allows(
            &held(&["ZohoCRM.modules.ALL", "ZohoSearch.securesearch.READ"]),
            search,
            value
        ));
        assert!(allows(&[], &[], value));
    }

    fn scope() -> impl Strategy<Value = String> {
        (
            "(ZohoCRM|ZohoBooks)",
            "(modules|settings)",
            proptest::option::of("(Leads|Deals)"),
            "(ALL|READ|CREATE)",
        )
            .prop_map(|(service, group, part, verb)| match part {
                Some(part) => format!("{service}.{group}.{part}.{verb}"),
                None => format!("{service}.{group}.{verb}"),
            })
    }

    proptest! {
        #[test]
        fn containment_is_a_preorder(a in scope(), b in scope(), c in scope()) {
            prop_assert!(contains(&a, &a));
            if contains(&a, &b) && contains(&b, &c) {
                prop_assert!(contains(&a, &c), "{a} {b} {c}");
            }
            if contains(&a, &b) && contains(&b, &a) {
                prop_assert_eq!(a, b);
            }
        }

        #[test]
        fn any_text_is_answered(held in ".*", needed in ".*") {
            let _ = contains(&held, &needed);
            let wide = widest("ZohoCRM.modules.{module}.READ");
            prop_assert!(contains(&wide, "ZohoCRM.modules.Leads.READ"));
        }
    }
}
