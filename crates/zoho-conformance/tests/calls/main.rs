//! Every call of the typed client against the mock: each request is as described, each answer decodes.
#![allow(clippy::expect_used, clippy::panic)]

mod generated;
mod given;
mod wire;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use zoho_client::{ErrorKind, OrganizationId, RetryPolicy, books, crm};
use zoho_conformance::decode::spec;
use zoho_conformance::harness::Harness;
use zoho_mock::MockZoho;
use zoho_spec::Product;

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

/// How a world of the mock answers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum World {
    /// Everything from its schema.
    Schemas,
    /// With state where it keeps some: what is made up is often refused.
    State,
}

/// Makes every call of a product once, and returns how many were accepted and how many there are.
fn run(product: Product, world: World) -> (usize, usize) {
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
    let lists = generated::crm::CALLS.iter().chain(generated::books::CALLS);
    let (mut accepted, mut made, mut odd) = (0, 0, Vec::new());
    for call in lists.copied().flatten() {
        let (of, id) = match call {
            Call::Crm(id, _) => (Product::Crm, *id),
            Call::Books(id, _) => (Product::Books, *id),
        };
        if of != product {
            continue;
        }
        let operation = spec(product).operation(id).expect("generated from it");
        // The same arguments in every run; some other ones in every operation.
        let given = Given::new(operation, made);
        wire.forget();
        let outcome = harness.run(async {
            match call {
                Call::Crm(_, call) => call(&crm, &given).await,
                Call::Books(_, call) => call(&books, &given).await,
            }
        });
        made += 1;
        if let Err(error) = wire.last().and_then(|request| request.check(operation, &given)) {
            odd.push(format!("{id}: {error}\n  from {given:?}\n  answered {outcome:?}"));
        }
        match &outcome {
            Ok(()) => accepted += 1,
            Err(error) if world == World::State && is_refusal(error) => {}
            Err(error) => odd.push(format!("{id}: {error:?}\n  from {given:?}")),
        }
    }
    assert!(
        odd.is_empty(),
        "{world:?}, {} odd calls:\n{}",
        odd.len(),
        odd.join("\n")
    );
    assert_eq!(made as usize, spec(product).operations().len());
    (accepted, made as usize)
}

/// Whether an error is Zoho's own word, which decoded.
fn is_refusal(error: &zoho_client::Error) -> bool {
    error.kind() != ErrorKind::Decode && error.api().is_some_and(|api| !api.code().is_empty())
}

#[test]
fn every_call_of_crm_is_answered_from_its_schema() {
    let (accepted, all) = run(Product::Crm, World::Schemas);
    assert_eq!(accepted, all);
}

#[test]
fn every_call_of_books_is_answered_from_its_schema() {
    let (accepted, all) = run(Product::Books, World::Schemas);
    assert_eq!(accepted, all);
}

#[test]
fn every_call_of_crm_is_answered_or_refused_by_the_world() {
    let (accepted, all) = run(Product::Crm, World::State);
    assert!(accepted > all / 4, "{accepted} of {all}");
}

#[test]
fn every_call_of_books_is_answered_or_refused_by_the_world() {
    let (accepted, all) = run(Product::Books, World::State);
    assert!(accepted > all / 4, "{accepted} of {all}");
}
