//! Push and poll together: callbacks say that it is worth looking, and a trigger looks.

use std::sync::Arc;

use tokio::sync::watch;

use crate::webhook::Notification;

/// Hands callbacks to triggers as hints.
///
/// A hint lets a trigger run as soon as what it tells of is old enough to be read, instead of when it
/// is due. What is told are the records as the trigger reads them: so a callback that comes twice, too
/// late or out of order does no harm, and one that does not come at all costs nothing but time, until
/// the trigger is due. A channel that lapsed is such a time.
///
/// Clones hint the same triggers.
///
/// ```
/// use zoho_client::triggers::Hints;
/// use zoho_client::webhook::{CallbackMaker, Operation, Receiver, Respond, WebhookService};
///
/// let hints = Hints::new();
/// let for_service = hints.clone();
/// let service = WebhookService::new(Receiver::new("a token")?, move |notification| {
///     for_service.hint(&notification);
///     async { Respond::Done }
/// });
/// // trigger.hinted_by(&hints, "Leads")
/// # let _ = service;
/// # Ok::<(), zoho_client::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Hints(Arc<watch::Sender<Latest>>);

/// How many hints there were, and of which module the latest was.
#[derive(Clone, Debug, Default)]
struct Latest {
    count: u64,
    module: String,
}

/// One trigger's ear for hints.
#[derive(Clone, Debug)]
pub(crate) struct Ear {
    heard: watch::Receiver<Latest>,
    module: String,
    /// Hints that came while nobody listened may be of any module.
    count: u64,
}

impl Default for Hints {
    fn default() -> Self {
        Self::new()
    }
}

impl Hints {
    /// Hints that nobody listens to yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Latest::default())))
    }

    /// Takes a callback as a hint for the triggers of its module.
    pub fn hint(&self, notification: &Notification) {
        self.hint_module(&notification.module);
    }

    /// Hints the triggers of a module.
    pub fn hint_module(&self, module: &str) {
        self.0.send_modify(|latest| {
            latest.count += 1;
            module.clone_into(&mut latest.module);
        });
    }

    pub(crate) fn ear(&self, module: &str) -> Ear {
        Ear {
            heard: self.0.subscribe(),
            module: module.to_owned(),
            count: 0,
        }
    }
}

impl Ear {
    /// Waits for a hint; for ever when nobody can give one any more. Cancel safe.
    pub(crate) async fn hear(&mut self) {
        loop {
            if self.heard.changed().await.is_err() {
                return std::future::pending().await;
            }
            let latest = self.heard.borrow_and_update();
            // Several at once show as the latest: one that was passed over may have been ours.
            let several = latest.count > self.count + 1;
            self.count = latest.count;
            if several || latest.module == self.module {
                return;
            }
        }
    }
}
