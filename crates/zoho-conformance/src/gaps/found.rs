//! What there is, found by asking the mock.
//!
//! - `schema-made`: an operation that keeps no state and answers from its schema.
//! - `takes without`: an operation that keeps state and takes a request without what the description calls required.
//! - `status`: an operation that keeps state and succeeds with a status that the description does not have.
//! - `dialect`: where Zoho is known to behave in two ways, the one that is shown without a word.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zoho_mock::MockZoho;
use zoho_spec::{Body, Operation, ParameterLocation, Product};

use crate::compare::resolve;
use crate::decode::{operations, spec};
use crate::desk::{Answer, Desk};
use crate::made::{Maker, Manners};

/// A gap as kind and line.
type Found = (String, String);

/// What was found, and how much was asked for it.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// The gaps.
    pub gaps: Vec<Found>,
    /// Operations that keep state and were asked with all that the description requires.
    pub asked: usize,
    /// Of these, the ones that took it.
    pub taken: usize,
    /// Requests that lacked something that the description requires.
    pub lacking: usize,
}

/// All gaps that can be found by asking.
///
/// # Panics
/// When the mock does not answer.
#[must_use]
pub fn found() -> Survey {
    let mut survey = Survey::default();
    for (name, operation) in operations() {
        let product = match operation.product {
            Product::Crm => zoho_mock::route::Product::Crm,
            Product::Books => zoho_mock::route::Product::Books,
        };
        match MockZoho::is_stateful(product, &operation.id) {
            false => survey.gaps.push(("schema-made".to_owned(), name)),
            // A world of its own for each: nothing that was asked before is to help it.
            true => survey.ask(&name, operation),
        }
    }
    survey.gaps.extend(dialect());
    survey
}

impl Survey {
    /// Finds what an operation takes that it should not, and how it succeeds where it should not.
    fn ask(&mut self, name: &str, operation: &Operation) {
        let needed: Vec<_> = operation
            .parameters
            .iter()
            .filter(|parameter| parameter.required && parameter.location == ParameterLocation::Query)
            .filter(|parameter| parameter.name != "organization_id")
            .collect();
        // What names a thing of its own is refused for that: there is none.
        if operation.full_path.replace("{module}", "").contains('{') {
            return;
        }
        let component = match &operation.request {
            Body::Json {
                schema,
                required: true,
                ..
            } => Some(schema.as_str()),
            Body::None => None,
            _ => return,
        };
        let desk = Desk::new(|world| world);
        let organization = operation
            .organization
            .then(|| format!("organization_id={}", desk.mock.organization_id()));
        let path = operation.full_path.replace("{module}", "Leads");
        let mut maker = Maker::new(spec(operation.product), Manners::Proper, 7);
        let values: BTreeMap<&str, String> = needed
            .iter()
            .map(|parameter| {
                let value = maker.value(&parameter.name, &parameter.schema, 0);
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                (parameter.name.as_str(), text)
            })
            .collect();
        let ask = |without: Option<&str>, body: &Value| {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            let wanted = values.iter().filter(|(name, _)| Some(**name) != without);
            query.extend_pairs(wanted);
            let query = [organization.clone().unwrap_or_default(), query.finish()].join("&");
            let body = component.map_or_else(String::new, |_| body.to_string());
            send(&desk, operation.method.name(), &format!("{path}?{query}"), body).status
        };
        let full = component.map_or(Value::Null, |component| maker.component(component));
        for parameter in values.keys() {
            self.lacking += 1;
            if ask(Some(parameter), &full) < 300 {
                self.gaps
                    .push(("takes without".to_owned(), format!("{name}: query {parameter}")));
            }
        }
        if let Some(component) = component {
            let schema = json!({"$ref": format!("#/components/schemas/{component}")});
            let schema = resolve(spec(operation.product), &schema);
            let members = schema
                .get("required")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            for member in members.filter_map(Value::as_str) {
                let mut body = full.clone();
                if let Some(body) = body.as_object_mut() {
                    body.remove(member);
                }
                self.lacking += 1;
                if ask(None, &body) < 300 {
                    self.gaps
                        .push(("takes without".to_owned(), format!("{name}: body {member}")));
                }
            }
        }
        let status = ask(None, &full);
        self.asked += 1;
        self.taken += usize::from(status < 300);
        let batch = operation.batch.is_some() && status == 207;
        if status < 300 && !operation.success.contains(&status) && !batch {
            self.gaps.push(("status".to_owned(), format!("{name}: {status}")));
        }
    }
}

fn send(desk: &Desk, method: &str, target: &str, body: String) -> Answer {
    desk.ask(method, target, None, body.into())
        .expect("the target is an address")
}

/// The dialects, as they are without a word.
fn dialect() -> Vec<Found> {
    let desk = Desk::new(|world| world);
    let dialect = send(&desk, "GET", "/_mock/dialect", String::new()).json();
    let members = dialect.as_object().expect("the dialect is an object");
    members
        .iter()
        .map(|(name, shown)| ("dialect".to_owned(), format!("{name} = {shown}")))
        .collect()
}
