//! A local Zoho that outlives the program, and somebody who is busy in it.

use std::error::Error;
use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use tower::ServiceExt as _;
use zoho_client::webhook::{Notification, Receiver, Respond, WebhookService};
use zoho_client::{OAuthApp, OrganizationId, Record, Region, Zoho};
use zoho_mock::{MockZoho, Snapshot};

/// The mock, on a socket, with its world kept in a file between two runs.
pub(crate) struct Town {
    mock: MockZoho,
    receiver: Arc<Mutex<Option<WebhookService>>>,
}

impl Town {
    /// The world as it was left, or a new one.
    pub(crate) async fn open(store: &Path) -> Result<Self, Box<dyn Error>> {
        let receiver: Arc<Mutex<Option<WebhookService>>> = Arc::default();
        let mut builder = MockZoho::builder().start_now();
        if let Ok(text) = fs::read_to_string(world(store)) {
            builder = builder.snapshot(Snapshot::from_json(&text)?);
        }
        let deliver = receiver.clone();
        let service = tower::service_fn(move |request: Request<Full<Bytes>>| {
            let service = deliver.lock().ok().and_then(|service| service.clone());
            async move {
                match service {
                    Some(service) => service.oneshot(request).await,
                    None => Ok(Response::default()),
                }
            }
        });
        let mock = builder.deliver_to(service).start().await?;
        Ok(Self { mock, receiver })
    }

    /// Hands callbacks to a function, as a server behind the channel's address would.
    pub(crate) fn listen<F, Fut>(&self, receiver: Receiver, handler: F) -> Result<(), Box<dyn Error>>
    where
        F: Fn(Notification) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Respond> + Send + 'static,
    {
        let service = WebhookService::new(receiver, handler);
        *self.receiver.lock().map_err(|_| "a callback panicked")? = Some(service);
        Ok(())
    }

    /// Somebody creates, changes and deletes records, for ever.
    pub(crate) fn busy(&self) -> impl Future<Output = ()> + Send + 'static {
        let zoho = Zoho::builder(Region::custom(self.base_url()).unwrap_or(Region::Us))
            .oauth(OAuthApp::new(self.client_id(), self.client_secret()))
            .refresh_token(self.refresh_token())
            .build();
        let organization = OrganizationId::new(self.organization_id());
        async move {
            let Ok(zoho) = zoho else { return };
            for round in 0_u64.. {
                if let Err(error) = work(&zoho, &organization, round).await {
                    eprintln!("somebody in Zoho: {error}");
                }
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        }
    }

    /// Keeps the world for the next run.
    pub(crate) fn close(&self, store: &Path) -> Result<(), Box<dyn Error>> {
        Ok(fs::write(world(store), self.mock.snapshot().to_json())?)
    }

    pub(crate) fn base_url(&self) -> &str {
        self.mock.base_url()
    }

    pub(crate) fn notify_url(&self) -> String {
        format!("{}/callbacks", self.mock.base_url())
    }

    pub(crate) fn client_id(&self) -> String {
        self.mock.client_id()
    }

    pub(crate) fn client_secret(&self) -> String {
        self.mock.client_secret()
    }

    pub(crate) fn refresh_token(&self) -> String {
        self.mock.refresh_token()
    }

    pub(crate) fn organization_id(&self) -> String {
        self.mock.organization_id().to_owned()
    }
}

fn world(store: &Path) -> PathBuf {
    store.with_extension("world.json")
}

async fn work(zoho: &Zoho, organization: &OrganizationId, round: u64) -> zoho_client::Result<()> {
    let crm = zoho.crm();
    let name = format!("Ngo {}", zoho_client::wire::ZohoId::from(round));
    let row = || Record::new().set("Last_Name", name.as_str());
    let made = crm
        .records("Leads")
        .create([row().set("Company", "Acme")])
        .await?;
    crm.records("Contacts").create([row()]).await?;
    let contacts = zoho.books(organization.clone()).records("contacts");
    if let Some(known) = contacts
        .list()
        .sort_descending("created_time")
        .per_page(1)
        .send()
        .await?
        .items()
        .first()
        && let Some(id) = known.get_id("contact_id")
        && round % 2 == 1
    {
        contacts
            .update(id, Record::new().set("notes", format!("seen in round {round}")))
            .await?;
    } else {
        contacts
            .create(Record::new().set(
                "contact_name",
                format!("Acme {}", made[0].id().map_or("", |id| id.as_str())),
            ))
            .await?;
    }
    if round % 3 == 2
        && let Some(id) = made[0].id()
    {
        crm.records("Leads").delete([id]).await?;
    }
    Ok(())
}
