//! The kinds of connections.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use super::input::{Default, Input, Kind};
use super::inputs::Inputs;
use super::schema;
use crate::auth::{AuthorizeUrl, OAuthApp, Scopes};
use crate::error::{Error, Result};
use crate::region::Region;
use crate::zoho::{Zoho, ZohoBuilder};

/// The scopes of a connection that says no others.
const SCOPES: &str = "ZohoCRM.coql.READ ZohoCRM.notifications.ALL ZohoCRM.users.ALL ZohoCRM.org.ALL ZohoCRM.settings.ALL \
                      ZohoCRM.modules.ALL ZohoCRM.bulk.ALL ZohoBooks.fullaccess.all";

/// A kind of connection.
#[derive(Clone, Copy, Serialize)]
#[non_exhaustive]
pub struct Connection {
    /// The name to call it by.
    pub key: &'static str,
    /// The name that users see.
    pub label: &'static str,
    /// What it is.
    pub description: &'static str,
    /// Whether another kind should be used.
    pub deprecated: bool,
    /// What it takes.
    pub inputs: &'static [Input],
}

impl Connection {
    /// The inputs as a JSON Schema, draft 2020-12.
    #[must_use]
    pub fn schema(&self) -> Value {
        schema::of(self.key, self.description, self.inputs)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

const SCOPE_INPUT: Input = Input::new(
    "scopes",
    "Scopes",
    Kind::Text,
    "What the connection may do, for CRM and Books together, with spaces or commas between.",
)
.or(Default::Text(SCOPES));

const CLIENT_ID: Input = Input::new(
    "client_id",
    "Client ID",
    Kind::Text,
    "The id of your client application, from Zoho's API console.",
)
.required();

const CLIENT_SECRET: Input = Input::new(
    "client_secret",
    "Client Secret",
    Kind::Secret,
    "The secret of your client application, from Zoho's API console.",
)
.required();

/// All kinds of connections.
pub(super) const ALL: &[Connection] = &[
    Connection {
        key: "oauth2",
        label: "OAuth 2.0",
        description: "A user's consent at one of Zoho's data centres, for CRM and Books together.",
        deprecated: false,
        inputs: &[
            Input::new(
                "region_url",
                "Region URL",
                Kind::Text,
                "The accounts server of the user's data centre, such as https://accounts.zoho.eu, or its code, such as eu.",
            )
            .required(),
            SCOPE_INPUT,
            CLIENT_ID,
            CLIENT_SECRET,
        ],
    },
    Connection {
        key: "zoho_oauth2",
        label: "Zoho OAuth 2.0 (Deprecated)",
        description: "The same with each address of the accounts server written out. Use the other kind.",
        deprecated: true,
        inputs: &[
            Input::new(
                "authorize_url",
                "Authorize URL",
                Kind::Text,
                "Where users give consent, such as https://accounts.zoho.eu/oauth/v2/auth.",
            )
            .required(),
            Input::new(
                "token_url",
                "Token URL",
                Kind::Text,
                "Where tokens come from, such as https://accounts.zoho.eu/oauth/v2/token.",
            )
            .required(),
            SCOPE_INPUT,
            Input::new(
                "revoke_url",
                "Refresh Token Revoke URL",
                Kind::Text,
                "Where refresh tokens are revoked, such as https://accounts.zoho.eu/oauth/v2/token/revoke.",
            ),
            CLIENT_ID,
            CLIENT_SECRET,
        ],
    },
];

/// What a connection begins with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Start {
    /// The data centre.
    pub region: Region,
    /// The application.
    pub app: OAuthApp,
    /// What the connection may do.
    pub scopes: Scopes,
}

impl Start {
    /// Makes the address at which the user gives consent. They are sent back to the redirect address.
    #[must_use]
    pub fn authorize(&self, redirect_uri: impl Into<String>) -> AuthorizeUrl {
        let app = self.app.clone().redirect_uri(redirect_uri);
        AuthorizeUrl::new(self.region.clone(), app).scopes(self.scopes.clone())
    }

    /// Makes the connection; tokens are yours to add.
    pub fn builder(&self) -> ZohoBuilder {
        Zoho::builder(self.region.clone()).oauth(self.app.clone())
    }
}

/// Starts a connection of a kind from its inputs.
///
/// ```
/// use serde_json::json;
/// use zoho_client::{Region, connector};
///
/// let start = connector::connect(
///     "oauth2",
///     json!({"region_url": "https://accounts.zoho.eu", "client_id": "1000.X", "client_secret": "s"}),
/// )?;
/// let zoho = start.builder().refresh_token("1000.r").build()?;
/// assert_eq!(zoho.region(), &Region::Eu);
/// # Ok::<(), zoho_client::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Config`](crate::ErrorKind::Config): there is no such kind, inputs are unknown, missing or of the wrong type,
/// or an address is not one of Zoho's accounts servers.
pub fn connect(key: &str, inputs: Value) -> Result<Start> {
    let Some(kind) = ALL.iter().find(|kind| kind.key == key) else {
        let shown: String = key.chars().take(60).collect();
        return Err(Error::config(format!(
            "`{}` is no kind of connection",
            shown.escape_debug()
        )));
    };
    let inputs =
        Inputs::check(kind.inputs, inputs, "connection").map_err(|error| error.with_operation(kind.key))?;
    let mut region: Option<Region> = None;
    for input in ["region_url", "authorize_url", "token_url", "revoke_url"] {
        let Some(address) = inputs.given(input) else {
            continue;
        };
        let found = region_of(address).map_err(|_| {
            Error::config(format!("`{input}` is on none of Zoho's accounts servers")).with_operation(kind.key)
        })?;
        if region.as_ref().is_some_and(|region| *region != found) {
            let message = format!("`{input}` is in another region than the addresses before it");
            return Err(Error::config(message).with_operation(kind.key));
        }
        region = Some(found);
    }
    let region = region.ok_or_else(|| Error::config("a connection needs a region"))?;
    let app = OAuthApp::new(inputs.text("client_id"), inputs.text("client_secret"));
    let scopes: Scopes = inputs
        .text("scopes")
        .split([' ', ','])
        .filter(|scope| !scope.is_empty())
        .collect();
    Ok(Start { region, app, scopes })
}

/// The region of an address on an accounts server, or of a code.
fn region_of(address: &str) -> Result<Region> {
    let Ok(url) = url::Url::parse(address) else {
        return address.trim().parse();
    };
    let base = url::Url::join(&url, "/").map_err(|_| Error::config("no address"))?;
    Region::custom(base.as_str())
}
