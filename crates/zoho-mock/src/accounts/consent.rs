//! Consent: what a client asks for, the question put to the user, and what follows the answer.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::clients::{Person, may_redirect};
use super::codes::Grant;
use super::form::Form;
use super::pkce::Challenge;
use super::tokens::Holder;
use super::{Accounts, DataCentre, after, scopes};

/// How long a question may wait for its answer.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// Questions that wait at once; one more ends the oldest.
const OPEN_QUESTIONS: usize = 1_000;
/// What stands for itself in a query.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Why the accounts server shows an error page instead of asking, or instead of going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConsentError {
    /// The data centre does not know the client.
    #[error("Invalid Client")]
    InvalidClient,
    /// The address is not one that the client registered, or not one at all.
    #[error("Invalid Redirect Uri")]
    InvalidRedirectUri,
    /// No scope, or one that does not exist.
    #[error("Invalid OAuth scope")]
    InvalidScope,
    /// Anything but `code`.
    #[error("Invalid response type")]
    InvalidResponseType,
    /// A code challenge method other than `plain` and `S256`.
    #[error("Invalid code challenge method")]
    InvalidChallengeMethod,
    /// The page was answered before, is too old or was never shown; or its answer is neither yes
    /// nor no.
    #[error("This page is no longer valid")]
    InvalidAnswer,
    /// Nobody of that name can sign in.
    #[error("Invalid user")]
    InvalidUser,
    /// No device waits for that code.
    #[error("Invalid user code")]
    InvalidUserCode,
}

/// What a client asks its user for.
#[derive(Clone, Debug)]
struct Wish {
    client: String,
    redirect_uri: String,
    scopes: Vec<String>,
    state: Option<String>,
    offline: bool,
    forced: bool,
    challenge: Option<Challenge>,
}

/// What a question is about.
#[derive(Clone, Debug)]
enum Subject {
    Code(Wish),
    Device(String),
}

/// Questions that wait for an answer, and what was answered yes.
#[derive(Clone, Debug, Default)]
pub(super) struct Consents {
    open: BTreeMap<String, (Subject, Timestamp)>,
    given: BTreeMap<(String, u64), Vec<String>>,
}

/// What the consent page shows.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// The one-time token that the answer has to carry.
    pub(super) ticket: String,
    pub(super) client: String,
    pub(super) scopes: Vec<String>,
    pub(super) people: Vec<Person>,
    /// Where the browser goes afterwards; `None` for a device.
    pub(super) redirect_uri: Option<String>,
}

/// What a browser gets.
#[derive(Clone, Debug)]
pub(super) enum Shown {
    Question(Question),
    Redirect(String),
    /// A device was allowed in, or not.
    DeviceAnswered(bool),
}

/// Where and when a request came in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment<'a> {
    pub(super) centre: DataCentre,
    pub(super) base_url: &'a str,
    pub(super) now: Timestamp,
}

impl Accounts {
    /// Puts a client's wish to the user; one that was granted before is granted again unasked,
    /// unless the client wants the user to be asked.
    pub(super) fn authorize(&mut self, form: &Form, moment: Moment<'_>) -> Result<Shown, ConsentError> {
        let wish = self.wish(form, moment.centre)?;
        let only = self.registry.people().count() == 1;
        let user = self.registry.first().clone();
        let given = self.consents.given.get(&(wish.client.clone(), user.id));
        if only && !wish.forced && given.is_some_and(|given| scopes::cover(given, &wish.scopes)) {
            return self.grant_wish(wish, &user, moment);
        }
        Ok(Shown::Question(self.ask(Subject::Code(wish), moment.now)))
    }

    /// Puts a device's wish to the user.
    pub(super) fn ask_for_device(&mut self, user_code: &str, now: Timestamp) -> Result<Shown, ConsentError> {
        let waiting = self.devices.waiting(user_code, now);
        let code = waiting.ok_or(ConsentError::InvalidUserCode)?.to_owned();
        Ok(Shown::Question(self.ask(Subject::Device(code), now)))
    }

    /// Takes the user's answer.
    pub(super) fn decide(&mut self, form: &Form, moment: Moment<'_>) -> Result<Shown, ConsentError> {
        let ticket = form.get("ticket").unwrap_or_default();
        let accepted = match form.get("decision") {
            Some("accept") => true,
            Some("reject") => false,
            _ => return Err(ConsentError::InvalidAnswer),
        };
        let user = match form.get("user") {
            None => Some(self.registry.first()),
            Some(wanted) => self
                .registry
                .people()
                .find(|person| person.id.to_string() == wanted || person.user.email == wanted),
        };
        let user = user.cloned().ok_or(ConsentError::InvalidUser)?;
        let (subject, expires) = self
            .consents
            .open
            .remove(ticket)
            .ok_or(ConsentError::InvalidAnswer)?;
        if moment.now >= expires {
            return Err(ConsentError::InvalidAnswer);
        }
        match subject {
            Subject::Device(code) => {
                self.devices
                    .answer(&code, accepted.then_some((user.id, user.user.centre)));
                Ok(Shown::DeviceAnswered(accepted))
            }
            Subject::Code(wish) if accepted => self.grant_wish(wish, &user, moment),
            Subject::Code(wish) => Ok(denied(&wish)),
        }
    }

    fn wish(&self, form: &Form, centre: DataCentre) -> Result<Wish, ConsentError> {
        let client = form
            .get("client_id")
            .and_then(|id| self.registry.client(id, centre))
            .ok_or(ConsentError::InvalidClient)?;
        let redirect_uri = form
            .get("redirect_uri")
            .filter(|address| may_redirect(client, address))
            .ok_or(ConsentError::InvalidRedirectUri)?;
        let scopes = scopes::known(form.get("scope")).ok_or(ConsentError::InvalidScope)?;
        if form.get("response_type") != Some("code") {
            return Err(ConsentError::InvalidResponseType);
        }
        let challenge = Challenge::read(form.get("code_challenge"), form.get("code_challenge_method"))
            .map_err(|()| ConsentError::InvalidChallengeMethod)?;
        Ok(Wish {
            client: client.id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            scopes,
            state: form.get("state").map(str::to_owned),
            offline: form.get("access_type") == Some("offline"),
            forced: form.get("prompt") == Some("consent"),
            challenge,
        })
    }

    fn ask(&mut self, subject: Subject, now: Timestamp) -> Question {
        let ticket = self.minter.hex(32);
        let (client, scopes, redirect_uri) = match &subject {
            Subject::Code(wish) => (
                wish.client.clone(),
                wish.scopes.clone(),
                Some(wish.redirect_uri.clone()),
            ),
            Subject::Device(code) => {
                let (client, scopes) = self.devices.wish(code).unwrap_or_default();
                (client.to_owned(), scopes.to_vec(), None)
            }
        };
        let open = &mut self.consents.open;
        open.retain(|_, (_, expires)| now < *expires);
        if open.len() >= OPEN_QUESTIONS {
            let oldest = open.iter().min_by_key(|(_, (_, expires))| *expires);
            if let Some(oldest) = oldest.map(|(ticket, _)| ticket.clone()) {
                open.remove(&oldest);
            }
        }
        open.insert(ticket.clone(), (subject, after(now, PATIENCE)));
        Question {
            ticket,
            client,
            scopes,
            people: self.registry.people().cloned().collect(),
            redirect_uri,
        }
    }

    /// Sends the browser back with a code, which the user's own data centre will exchange.
    fn grant_wish(&mut self, wish: Wish, person: &Person, moment: Moment<'_>) -> Result<Shown, ConsentError> {
        let centre = person.user.centre;
        self.registry
            .client(&wish.client, centre)
            .ok_or(ConsentError::InvalidClient)?;
        if !self.codes.allow(&wish.client, moment.now) {
            return Ok(denied(&wish));
        }
        let key = (wish.client.clone(), person.id);
        let first = !self.consents.given.contains_key(&key);
        let given = self.consents.given.entry(key).or_default();
        for scope in &wish.scopes {
            if !given.contains(scope) {
                given.push(scope.clone());
            }
        }
        let grant = Grant {
            holder: Holder {
                client: wish.client,
                user: person.id,
                centre,
            },
            scopes: wish.scopes,
            redirect_uri: Some(wish.redirect_uri.clone()),
            refreshable: wish.offline && (wish.forced || first),
            challenge: wish.challenge,
        };
        let code = self.codes.issue(&mut self.minter, grant, moment.now);
        let mut answer = vec![
            ("code", code),
            ("location", centre.code().to_owned()),
            ("accounts-server", centre.address(moment.base_url).into_owned()),
        ];
        answer.extend(wish.state.map(|state| ("state", state)));
        Ok(Shown::Redirect(with_query(&wish.redirect_uri, &answer)))
    }
}

fn denied(wish: &Wish) -> Shown {
    let mut answer = vec![("error", "access_denied".to_owned())];
    answer.extend(wish.state.clone().map(|state| ("state", state)));
    Shown::Redirect(with_query(&wish.redirect_uri, &answer))
}

/// An address with parameters added to its query.
fn with_query(address: &str, pairs: &[(&str, String)]) -> String {
    let mut address = address.to_owned();
    for (name, value) in pairs {
        let join = match address.rsplit_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some(_) => "&",
        };
        let value = utf8_percent_encode(value, PLAIN);
        // Writing to a string cannot fail.
        let _ = write!(address, "{join}{name}={value}");
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_redirect_carries_any_state_unchanged(state in ".*", query in prop::sample::select(vec!["", "?", "?a=1"])) {
            let address = with_query(
                &format!("http://127.0.0.1:1/callback{query}"),
                &[("code", "1000.a.b".to_owned()), ("state", state.clone())],
            );
            prop_assert!(address.bytes().all(|byte| byte.is_ascii_graphic()));
            let (_, sent) = address.split_once('?').unwrap();
            let mut expected = vec![("code".to_owned(), "1000.a.b".to_owned()), ("state".to_owned(), state)];
            if query == "?a=1" {
                expected.insert(0, ("a".to_owned(), "1".to_owned()));
            }
            prop_assert_eq!(query::pairs(sent), expected);
        }
    }
}
