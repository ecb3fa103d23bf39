//! Every call of the typed client against the mock: each request is as described, each answer decodes.
#![allow(clippy::expect_used, clippy::panic)]

mod generated;
mod given;
mod shape;
mod wire;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use zoho_client::{ErrorKind, OrganizationId, RetryPolicy, books, crm};
use zoho_conformance::decode::spec;
use zoho_conformance::harness::Harness;
use zoho_conformance::proof;
use zoho_mock::MockZoho;
use zoho_spec::{Operation, Product};

use given::Given;
use wire::Wire;

type Outcome<'a> = BoxFuture<'a, zoho_client::Result<()>>;

/// One call by the id of its operation.
enum Call {
    Crm(
        &'static str,
        for<'a> fn(&'a crm::api::Api<'a>, &'a Given) -> Outcome<'a>,
    ),
    Books(
        &'static str,
        for<'a> fn(&'a books::api::Api<'a>, &'a Given) -> Outcome<'a>,
    ),
}

impl Call {
    fn operation(&self) -> &'static Operation {
        let (product, id) = match self {
            Self::Crm(id, _) => (Product::Crm, *id),
            Self::Books(id, _) => (Product::Books, *id),
        };
        spec(product).operation(id).expect("generated from it")
    }
}

/// How a world of the mock answers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum World {
    /// Everything from its schema.
    Schemas,
    /// With state where it keeps some: what is made up is often refused.
    State,
}

/// Makes every call of a product `times` times, each with other arguments, and returns how many were accepted and how
/// many there are.
fn run(product: Product, world: World, times: u32) -> (usize, usize) {
    let builder = MockZoho::builder()
        .books_per_minute(None)
        .books_per_day(u32::MAX)
        .crm_credits(u32::MAX)
        .answer_from_schemas(world == World::Schemas);
    let wire = Arc::new(Wire::default());
    let recorder = wire.clone();
    let harness = Harness::of(builder, |mock, client| {
        client.transport(recorder.before(mock)).retry(RetryPolicy::none())
    });
    let (crm, organization) = (
        harness.zoho.crm(),
        OrganizationId::new(harness.mock.organization_id()),
    );
    let books = harness.zoho.books(organization);
    let (crm, books) = (crm.api(), books.api());
    let calls: Vec<&Call> = generated::crm::CALLS
        .iter()
        .chain(generated::books::CALLS)
        .copied()
        .flatten()
        .filter(|call| call.operation().product == product)
        .collect();
    assert_eq!(calls.len(), spec(product).operations().len());
    let (mut accepted, mut made, mut odd) = (0, 0, Vec::new());
    for call in (0..times).flat_map(|_| &calls) {
        let operation = call.operation();
        // The same arguments in every run; some other ones in every operation and every round.
        let given = Given::new(operation, made);
        wire.forget();
        let outcome = harness.run(async {
            match call {
                Call::Crm(_, call) => call(&crm, &given).await,
                Call::Books(_, call) => call(&books, &given).await,
            }
        });
        made += 1;
        let checks = [
            wire.last().and_then(|request| request.check(operation, &given)),
            wire.answered().and_then(|answer| answer.check(operation)),
        ];
        for error in checks.into_iter().filter_map(Result::err) {
            odd.push(format!(
                "{}: {error}\n  from {given:?}\n  answered {outcome:?}",
                operation.id
            ));
        }
        match &outcome {
            Ok(()) => accepted += 1,
            Err(error) if world == World::State && is_refusal(error) => {}
            Err(error) => odd.push(format!("{}: {error:?}\n  from {given:?}", operation.id)),
        }
    }
    assert!(
        odd.is_empty(),
        "{world:?}, {} odd calls:\n{}",
        odd.len(),
        odd.join("\n")
    );
    (accepted, calls.len() * times as usize)
}

/// Whether an error is Zoho's own word, which decoded.
fn is_refusal(error: &zoho_client::Error) -> bool {
    error.kind() != ErrorKind::Decode && error.api().is_some_and(|api| !api.code().is_empty())
}

/// The operations of both products, about: each gets as many cases.
const OPERATIONS: usize = 1_320;

#[test]
fn every_call_of_crm_is_answered_from_its_schema() {
    let (accepted, all) = run(
        Product::Crm,
        World::Schemas,
        proof::cases_each("calls::from_schemas", OPERATIONS),
    );
    assert_eq!(accepted, all);
}

#[test]
fn every_call_of_books_is_answered_from_its_schema() {
    let (accepted, all) = run(
        Product::Books,
        World::Schemas,
        proof::cases_each("calls::from_schemas", OPERATIONS),
    );
    assert_eq!(accepted, all);
}

#[test]
fn every_call_of_crm_is_answered_or_refused_by_the_world() {
    let (accepted, all) = run(
        Product::Crm,
        World::State,
        proof::cases_each("calls::of_the_world", OPERATIONS),
    );
    assert!(accepted > all / 4, "{accepted} of {all}");
}

#[test]
fn every_call_of_books_is_answered_or_refused_by_the_world() {
    let (accepted, all) = run(
        Product::Books,
        World::State,
        proof::cases_each("calls::of_the_world", OPERATIONS),
    );
    assert!(accepted > all / 4, "{accepted} of {all}");
}
