//! The accounts server from Rust: registering, and consenting without a browser.

use http::Uri;
use jiff::Timestamp;

use super::consent::{ConsentError, Moment, Shown};
use super::form::Form;
use super::pages::DECISIONS;
use super::{Accounts, DataCentre, split};
use crate::config::{Client, User};
use crate::front::Shared;
use crate::history::Step;
use crate::query;

/// The accounts server of a mock.
///
/// What is registered here is there until the mock is reset; what the builder registered stays.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), zoho_mock::ConsentError> {
/// use zoho_mock::{DataCentre, MockZoho};
///
/// let zoho = MockZoho::in_process();
/// let accounts = zoho.accounts();
/// accounts.add_client(DataCentre::US, "1000.APP", "secret", ["http://127.0.0.1:9/callback"]);
/// let callback = accounts.approve(
///     "http://localhost/oauth/v2/auth?response_type=code&client_id=1000.APP\
///      &scope=ZohoCRM.modules.ALL&redirect_uri=http://127.0.0.1:9/callback&state=7",
/// )?;
/// assert!(callback.starts_with("http://127.0.0.1:9/callback?code=1000."));
/// assert!(callback.ends_with("&location=us&accounts-server=http%3A%2F%2Flocalhost&state=7"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct AccountsServer<'a> {
    shared: &'a Shared,
}

impl<'a> AccountsServer<'a> {
    pub(crate) fn new(shared: &'a Shared) -> Self {
        Self { shared }
    }

    /// Registers a client with a data centre, in place of one of the same id there. Without
    /// redirect addresses any address will do.
    pub fn add_client<S: Into<String>>(
        &self,
        centre: DataCentre,
        id: impl Into<String>,
        secret: impl Into<String>,
        redirect_uris: impl IntoIterator<Item = S>,
    ) {
        let client = Client {
            id: id.into(),
            secret: secret.into(),
            redirect_uris: redirect_uris.into_iter().map(Into::into).collect(),
            centre,
        };
        // Nothing of a registration can be refused.
        let _ = self.with(Step::Client(client));
    }

    /// Registers a user who can consent; tokens belong to the user's data centre.
    pub fn add_user(&self, name: impl Into<String>, email: impl Into<String>, centre: DataCentre) {
        let user = User {
            name: name.into(),
            email: email.into(),
            centre,
        };
        let _ = self.with(Step::User(user));
    }

    /// Opens an authorization address, accepts as the first user, and returns the address that the
    /// browser is sent to.
    ///
    /// # Errors
    /// What the error page would say.
    pub fn approve(&self, address: &str) -> Result<String, ConsentError> {
        self.answer(address, None, "accept")
    }

    /// As [`AccountsServer::approve`], as the user of an email address.
    ///
    /// # Errors
    /// What the error page would say.
    pub fn approve_as(&self, email: &str, address: &str) -> Result<String, ConsentError> {
        self.answer(address, Some(email), "accept")
    }

    /// Opens an authorization address, rejects, and returns the address that the browser is sent to.
    ///
    /// # Errors
    /// What the error page would say.
    pub fn reject(&self, address: &str) -> Result<String, ConsentError> {
        self.answer(address, None, "reject")
    }

    /// Enters the user code of a device and accepts.
    ///
    /// # Errors
    /// [`ConsentError::InvalidUserCode`] when no device waits for it.
    pub fn approve_device(&self, user_code: &str) -> Result<(), ConsentError> {
        self.answer_device(user_code, None, "accept")
    }

    /// As [`AccountsServer::approve_device`], as the user of an email address.
    ///
    /// # Errors
    /// [`ConsentError::InvalidUserCode`], [`ConsentError::InvalidUser`].
    pub fn approve_device_as(&self, email: &str, user_code: &str) -> Result<(), ConsentError> {
        self.answer_device(user_code, Some(email), "accept")
    }

    /// Enters the user code of a device and rejects.
    ///
    /// # Errors
    /// [`ConsentError::InvalidUserCode`] when no device waits for it.
    pub fn reject_device(&self, user_code: &str) -> Result<(), ConsentError> {
        self.answer_device(user_code, None, "reject")
    }

    /// Answers the question behind an authorization address.
    pub(crate) fn answer(
        &self,
        address: &str,
        email: Option<&str>,
        decision: &str,
    ) -> Result<String, ConsentError> {
        let sent = self.with(Step::Consent {
            address: address.to_owned(),
            user: email.map(str::to_owned),
            decision: decision.to_owned(),
        })?;
        sent.ok_or(ConsentError::InvalidAnswer)
    }

    /// Answers the question behind a user code.
    pub(crate) fn answer_device(
        &self,
        user_code: &str,
        email: Option<&str>,
        decision: &str,
    ) -> Result<(), ConsentError> {
        let step = Step::Device {
            user_code: user_code.to_owned(),
            user: email.map(str::to_owned),
            decision: decision.to_owned(),
        };
        self.with(step).map(|_| ())
    }

    /// Takes a step and notes it.
    fn with(&self, step: Step) -> Result<Option<String>, ConsentError> {
        let mut state = self.shared.state.lock();
        let now = state.world.clock.hold();
        let outcome = act(&mut state.world.accounts, &step, &self.shared.base_url, now);
        state.note(step);
        state.world.clock.release();
        outcome
    }
}

/// Takes a step of the accounts server's: where the browser is sent, if it is sent anywhere.
pub(crate) fn act(
    accounts: &mut Accounts,
    step: &Step,
    base_url: &str,
    now: Timestamp,
) -> Result<Option<String>, ConsentError> {
    let moment = Moment {
        centre: DataCentre::US,
        base_url,
        now,
    };
    match step {
        Step::Client(client) => accounts.registry.add_client(client.clone()),
        Step::User(user) => accounts.registry.add_user(user.clone()),
        Step::Consent {
            address,
            user,
            decision,
        } => {
            let address: Uri = address.parse().map_err(|_| ConsentError::InvalidAnswer)?;
            let (centre, path) = split(address.path());
            if path != DECISIONS {
                return Err(ConsentError::InvalidAnswer);
            }
            let form = Form::of(query::pairs(address.query().unwrap_or_default()));
            let moment = Moment { centre, ..moment };
            let shown = accounts.authorize(&form, moment)?;
            if let Shown::Redirect(address) = answered(accounts, shown, user.as_deref(), decision, moment)? {
                return Ok(Some(address));
            }
        }
        Step::Device {
            user_code,
            user,
            decision,
        } => {
            let shown = accounts.ask_for_device(user_code, now)?;
            answered(accounts, shown, user.as_deref(), decision, moment)?;
        }
        Step::Request(_)
        | Step::Operate(_)
        | Step::Seed { .. }
        | Step::Grant { .. }
        | Step::ExpireAccessTokens
        | Step::Dialect(_)
        | Step::Allowances(_) => {}
    }
    Ok(None)
}

/// What follows what is shown: a question is answered, all else stands.
fn answered(
    accounts: &mut Accounts,
    shown: Shown,
    email: Option<&str>,
    decision: &str,
    moment: Moment<'_>,
) -> Result<Shown, ConsentError> {
    let Shown::Question(question) = shown else {
        return Ok(shown);
    };
    let mut pairs = vec![
        ("ticket".to_owned(), question.ticket),
        ("decision".to_owned(), decision.to_owned()),
    ];
    pairs.extend(email.map(|email| ("user".to_owned(), email.to_owned())));
    accounts.decide(&Form::of(pairs), moment)
}
