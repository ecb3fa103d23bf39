//! The device flow: a device shows a short code, its user enters it in a browser, the device asks
//! until there is an answer.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};

use super::tokens::Holder;
use super::{DataCentre, Denial, after, opaque};
use crate::ids::Minter;

/// How long a device code lives.
pub(super) const CODE_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// How long a device has to wait between two questions.
pub(super) const INTERVAL: SignedDuration = SignedDuration::from_secs(30);
/// Requests that are remembered, answered or not.
const REMEMBERED: usize = 1_000;
/// What user codes are made of: nothing that can be mistaken for something else.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer {
    None,
    No,
    Yes(u64, DataCentre),
}

/// A request of a device.
#[derive(Clone, Debug)]
struct Device {
    code: String,
    user_code: String,
    client: String,
    centre: DataCentre,
    scopes: Vec<String>,
    offline: bool,
    expires: Timestamp,
    asked: Option<(DataCentre, Timestamp)>,
    answer: Answer,
}

/// What a device has to say to start.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub(super) client: String,
    pub(super) centre: DataCentre,
    pub(super) scopes: Vec<String>,
    pub(super) offline: bool,
}

/// What a device gets in the end.
#[derive(Clone, Debug)]
pub(super) struct Allowed {
    pub(super) holder: Holder,
    pub(super) scopes: Vec<String>,
    pub(super) offline: bool,
}

/// All requests of devices, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Devices(VecDeque<Device>);

impl Devices {
    /// Takes a request and gives its device code and its user code.
    pub(super) fn start(&mut self, minter: &mut Minter, start: Start, now: Timestamp) -> (String, String) {
        let code = opaque(minter).replacen("1000", "1004", 1);
        let mut user_code = short(minter);
        while self.0.iter().any(|device| device.user_code == user_code) {
            user_code = short(minter);
        }
        if self.0.len() >= REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(Device {
            code: code.clone(),
            user_code: user_code.clone(),
            client: start.client,
            centre: start.centre,
            scopes: start.scopes,
            offline: start.offline,
            expires: after(now, CODE_LIFE),
            asked: None,
            answer: Answer::None,
        });
        (code, user_code)
    }

    /// The device code behind a user code that waits for an answer, however it was typed.
    pub(super) fn waiting(&self, typed: &str, now: Timestamp) -> Option<&str> {
        let typed: String = typed
            .chars()
            .filter(|letter| !letter.is_whitespace() && *letter != '-')
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
        self.0
            .iter()
            .find(|device| device.user_code == typed && device.answer == Answer::None && now < device.expires)
            .map(|device| device.code.as_str())
    }

    /// The client and the scopes of a request.
    pub(super) fn wish(&self, code: &str) -> Option<(&str, &[String])> {
        let device = self.0.iter().find(|device| device.code == code)?;
        Some((&device.client, &device.scopes))
    }

    /// Notes the user's answer; the first one stands.
    pub(super) fn answer(&mut self, code: &str, user: Option<(u64, DataCentre)>) {
        let waiting = |device: &&mut Device| device.code == code && device.answer == Answer::None;
        if let Some(device) = self.0.iter_mut().find(waiting) {
            device.answer = user.map_or(Answer::No, |(user, centre)| Answer::Yes(user, centre));
        }
    }

    /// What a device that asks is told. A final answer is given once.
    pub(super) fn poll(
        &mut self,
        client: &str,
        centre: DataCentre,
        code: &str,
        now: Timestamp,
    ) -> Result<Allowed, Denial> {
        let at = self
            .0
            .iter()
            .position(|device| device.code == code && device.client == client)
            .ok_or(Denial::InvalidCode)?;
        let device = self.0.get_mut(at).ok_or(Denial::InvalidCode)?;
        if now >= device.expires {
            return Err(Denial::Expired);
        }
        let asked = device.asked.replace((centre, now));
        if asked.is_some_and(|(before, asked)| before == centre && now < after(asked, INTERVAL)) {
            return Err(Denial::SlowDown);
        }
        let home = device.centre == centre;
        match device.answer {
            Answer::Yes(user, residence) if residence == centre => {
                let device = self.0.remove(at).ok_or(Denial::InvalidCode)?;
                Ok(Allowed {
                    holder: Holder {
                        client: device.client,
                        user,
                        centre,
                    },
                    scopes: device.scopes,
                    offline: device.offline,
                })
            }
            Answer::Yes(_, residence) if home => Err(Denial::OtherCentre(residence)),
            Answer::No if home => {
                self.0.remove(at);
                Err(Denial::AccessDenied)
            }
            Answer::None if home => Err(Denial::AuthorizationPending),
            _ => Err(Denial::InvalidCode),
        }
    }
}

/// Six letters that a person can type.
fn short(minter: &mut Minter) -> String {
    let mut bits = minter.bits();
    let mut letters = String::with_capacity(6);
    for _ in 0..6 {
        let letter = LETTERS.get((bits % 32) as usize).copied().unwrap_or(b'A');
        letters.push(char::from(letter));
        bits /= 32;
    }
    letters
}
