//! How many calls may be under way at once, and the pause that a `Retry-After` puts on all of them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::operation::Product;
use super::request::Request;
use crate::clock;
use crate::error::{Error, ErrorKind, Result};

/// Slots that heavy CRM calls share in every edition.
const SUB_CONCURRENCY: usize = 10;

/// The limits of the organizations that one client speaks to.
#[derive(Debug)]
pub(crate) struct Limits {
    concurrency: usize,
    organizations: Mutex<HashMap<Key, Arc<Organization>>>,
}

/// CRM by its `X-CRM-ORG`, Books by its organization id.
type Key = (Product, Option<String>);

#[derive(Debug)]
struct Organization {
    slots: Arc<Semaphore>,
    heavy: Arc<Semaphore>,
    paused_until: Mutex<Option<Instant>>,
}

/// The right to have one call under way; it ends when dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    _slot: OwnedSemaphorePermit,
    _heavy: Option<OwnedSemaphorePermit>,
}

impl Limits {
    pub(crate) fn new(concurrency: usize) -> Self {
        Self {
            concurrency,
            organizations: Mutex::default(),
        }
    }

    fn organization(&self, request: &Request) -> Arc<Organization> {
        self.organizations
            .lock()
            .entry(key(request))
            .or_insert_with(|| {
                Arc::new(Organization {
                    slots: Arc::new(Semaphore::new(self.concurrency)),
                    heavy: Arc::new(Semaphore::new(SUB_CONCURRENCY)),
                    paused_until: Mutex::default(),
                })
            })
            .clone()
    }

    /// Waits until the call may start.
    pub(crate) async fn enter(&self, request: &Request) -> Result<Permit> {
        let organization = self.organization(request);
        let closed = |error| Error::new(ErrorKind::Transport, "the client is shut down").with_source(error);
        let waiting = clock::moment();
        let heavy = if is_heavy(request) {
            Some(organization.heavy.clone().acquire_owned().await.map_err(closed)?)
        } else {
            None
        };
        let slot = organization.slots.clone().acquire_owned().await.map_err(closed)?;
        loop {
            let until = *organization.paused_until.lock();
            match until {
                Some(until) if until > clock::moment() => tokio::time::sleep_until(until).await,
                _ => break,
            }
        }
        let waited = clock::since(waiting);
        if waited > Duration::from_millis(1) {
            tracing::debug!(waited_ms = waited.as_millis(), "waited for a free slot");
        }
        Ok(Permit {
            _slot: slot,
            _heavy: heavy,
        })
    }

    /// Holds back all calls of the organization: the server named a time.
    pub(crate) fn pause(&self, request: &Request, wait: Duration) {
        let organization = self.organization(request);
        let Some(until) = clock::moment().checked_add(wait) else {
            return;
        };
        let mut paused = organization.paused_until.lock();
        if paused.is_none_or(|before| before < until) {
            *paused = Some(until);
        }
    }
}

fn key(request: &Request) -> Key {
    let organization = match request.product {
        Product::Crm => request
            .headers
            .get("x-crm-org")
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned),
        Product::Books => request
            .query
            .iter()
            .find(|(name, _)| name == "organization_id")
            .map(|(_, value)| value.clone()),
    };
    (request.product, organization)
}

/// Whether CRM counts the call in its pool of heavy calls.
fn is_heavy(request: &Request) -> bool {
    let path = request.path.as_str();
    request.product == Product::Crm
        && (request.items > 10
            || path == "/coql"
            || path == "/__composite_requests"
            || path.ends_with("/search")
            || path.ends_with("/actions/convert")
            || path.ends_with("/actions/send_mail")
            || request
                .query
                .iter()
                .any(|(name, _)| name == "cvid" || name == "sort_by"))
}
