//! Who is known to the accounts server: OAuth clients and the users who can consent.

use super::{DataCentre, Denial};
use crate::config::{Client, Config, User};
use crate::ids::owner;

/// A user with the id that their tokens carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) id: u64,
    pub(super) user: User,
}

/// The registered clients and users.
#[derive(Clone, Debug)]
pub(super) struct Registry {
    clients: Vec<Client>,
    first: Person,
    others: Vec<Person>,
}

impl Registry {
    /// Those of the configuration, or the default ones.
    pub(super) fn new(config: &Config) -> Self {
        let mut users = config.users.iter().cloned();
        let first = Person {
            id: owner(config.seed),
            user: users.next().unwrap_or_else(User::usual),
        };
        let mut registry = Self {
            clients: match config.clients.is_empty() {
                true => vec![config.client()],
                false => config.clients.clone(),
            },
            first,
            others: Vec::new(),
        };
        users.for_each(|user| registry.add_user(user));
        registry
    }

    /// Registers a client; one of the same id in the same data centre gives way.
    pub(super) fn add_client(&mut self, client: Client) {
        self.clients
            .retain(|old| old.id != client.id || old.centre != client.centre);
        self.clients.push(client);
    }

    /// Registers a user.
    pub(super) fn add_user(&mut self, user: User) {
        let id = self.first.id + 1 + self.others.len() as u64;
        self.others.push(Person { id, user });
    }

    /// The client as a data centre knows it.
    pub(super) fn client(&self, id: &str, centre: DataCentre) -> Option<&Client> {
        self.clients
            .iter()
            .find(|client| client.id == id && client.centre == centre)
    }

    /// The client, if its secret is the one of this data centre.
    pub(super) fn authenticated(
        &self,
        id: &str,
        secret: &str,
        centre: DataCentre,
    ) -> Result<&Client, Denial> {
        let client = self.client(id, centre).ok_or(Denial::InvalidClient)?;
        match client.secret == secret {
            true => Ok(client),
            false => Err(Denial::InvalidClientSecret),
        }
    }

    /// The user who consents where nobody else is named.
    pub(super) fn first(&self) -> &Person {
        &self.first
    }

    /// All users.
    pub(super) fn people(&self) -> impl Iterator<Item = &Person> {
        std::iter::once(&self.first).chain(&self.others)
    }

    /// The first user of a data centre, or the first of all.
    pub(super) fn resident(&self, centre: DataCentre) -> &Person {
        self.people()
            .find(|person| person.user.centre == centre)
            .unwrap_or(&self.first)
    }
}

/// Whether codes for the client may be sent to an address: one of those it registered, or any where
/// it registered none, but nothing a browser would run or that breaks a header.
pub(super) fn may_redirect(client: &Client, address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else {
        return false;
    };
    let word = |letter: char| letter.is_ascii_alphanumeric() || "+-.".contains(letter);
    let harmless = !["javascript", "data", "vbscript", "file"]
        .iter()
        .any(|bad| bad.eq_ignore_ascii_case(scheme));
    let plain = |letter: char| letter.is_ascii_graphic() && letter != '#';
    scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && scheme.chars().all(word)
        && harmless
        && !rest.is_empty()
        && rest.chars().all(plain)
        && (client.redirect_uris.is_empty() || client.redirect_uris.iter().any(|known| known == address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_whole() {
        let mut client = Client::of(1);
        for (address, expected) in [
            ("http://127.0.0.1:4000/callback", true),
            ("com.example.app://callback", true),
            ("", false),
            ("/callback", false),
            ("javascript://%0aalert(1)", false),
            ("https://", false),
            ("https://a.example/\r\nset-cookie: a=b", false),
            ("https://a.example/#part", false),
            ("https://ä.example/", false),
        ] {
            assert_eq!(may_redirect(&client, address), expected, "{address}");
        }
        client.redirect_uris = vec!["https://a.example/callback".into()];
        for (address, expected) in [
            ("https://a.example/callback", true),
            ("https://a.example/callback/", false),
            ("https://a.example/callback?x=1", false),
            ("https://a.example.evil.example/callback", false),
            ("http://a.example/callback", false),
        ] {
            assert_eq!(may_redirect(&client, address), expected, "{address}");
        }
    }
}
