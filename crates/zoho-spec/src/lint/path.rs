//! Path templates.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;

use crate::operation::base;
use crate::tree::Node;
use crate::view::View;
use crate::violation::{Origin, Report, rules};

rules! {
    TEMPLATE = "path-template": "a path starts with /, does not end with one, and every segment is a literal or exactly {snake_case}: no regular expressions";
    SIBLINGS = "path-siblings": "templates that agree up to a parameter call that parameter by one name";
    SERVERS = "path-servers": "servers of a path item or operation are one {url: address}: in CRM `https://www.zohoapis.com/crm/bulk/v8`, `https://www.zohoapis.com/crm/email/v8` or `https://content.zohoapis.com/crm/v8`";
}

pub(super) fn check(view: &View<'_>, report: &mut Report) {
    check_servers(view, report);
    let mut names: BTreeMap<String, &str> = BTreeMap::new();
    for path in view.root.get("paths").map(Node::entries).unwrap_or_default() {
        if !is_template(&path.key) {
            report.add(
                path.origin,
                TEMPLATE,
                format!("`{}` is no plain template", path.key),
            );
            continue;
        }
        let mut shape = String::new();
        for segment in path.key.split('/').skip(1) {
            shape.push('/');
            let Some(name) = parameter(segment) else {
                shape.push_str(segment);
                continue;
            };
            shape.push_str("{}");
            let known = names.entry(shape.clone()).or_insert(name);
            if *known != name {
                report.add(
                    path.origin,
                    SIBLINGS,
                    format!("{{{name}}} is called {{{known}}} elsewhere at `{shape}`"),
                );
            }
        }
    }
}

fn check_servers(view: &View<'_>, report: &mut Report) {
    // A path item's servers stand in each of its operations, and are wrong once.
    let wrong: BTreeSet<Origin> = view
        .operations
        .iter()
        .filter_map(|operation| operation.node.entry("servers"))
        .filter(|servers| base(&servers.value, view.product).is_none())
        .map(|servers| servers.origin)
        .collect();
    for origin in wrong {
        report.add(origin, SERVERS, "the servers are not one known base");
    }
}

/// Name of the parameter that a segment is, if it is one.
pub(super) fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn is_template(path: &str) -> bool {
    let Some(rest) = path.strip_prefix('/') else {
        return false;
    };
    rest.split('/').all(|segment| {
        let literal = |text: &str| {
            text.chars()
                .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
        };
        match parameter(segment) {
            Some(name) => !name.is_empty() && literal(name) && name.to_snake_case() == name,
            None => !segment.is_empty() && literal(segment),
        }
    })
}
