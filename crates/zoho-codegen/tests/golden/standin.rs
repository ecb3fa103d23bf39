//! A core in small: the paths that generated code names, a transport that records and answers.

use std::sync::Mutex;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;
pub(crate) type Body = bytes::Bytes;

/// A form that is ready: content type and body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Multipart(pub(crate) &'static str, pub(crate) &'static str);

#[derive(Debug)]
pub(crate) struct Error(pub(crate) String);

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<progenitor_client::Error<()>> for Error {
    fn from(error: progenitor_client::Error<()>) -> Self {
        Self(error.to_string())
    }
}

#[derive(Debug)]
pub(crate) struct Reply<T> {
    pub(crate) body: T,
    pub(crate) status: u16,
}

pub(crate) mod wire {
    use super::*;

    macro_rules! text {
        ($($name:ident)*) => {$(
            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[serde(transparent)]
            pub(crate) struct $name(pub(crate) String);

            impl std::fmt::Display for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(&self.0)
                }
            }
        )*};
    }
    text!(ZohoId DateTime Date);

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub(crate) struct Decimal(pub(crate) serde_json::Number);

    #[derive(Clone, Debug, Default, PartialEq)]
    pub(crate) enum Lenient<T> {
        #[default]
        Absent,
        Null,
        Value(T),
        Raw(serde_json::Value),
    }

    impl<T> Lenient<T> {
        pub(crate) fn is_absent(&self) -> bool {
            matches!(self, Self::Absent)
        }
    }

    impl<T: Serialize> Serialize for Lenient<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            match self {
                Self::Absent | Self::Null => serializer.serialize_unit(),
                Self::Value(value) => value.serialize(serializer),
                Self::Raw(value) => value.serialize(serializer),
            }
        }
    }

    impl<'de, T: DeserializeOwned> Deserialize<'de> for Lenient<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let value = serde_json::Value::deserialize(deserializer)?;
            if value.is_null() {
                return Ok(Self::Null);
            }
            Ok(T::deserialize(&value).map_or(Self::Raw(value), Self::Value))
        }
    }
}

pub(crate) mod record {
    use super::*;

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub(crate) struct Record(pub(crate) serde_json::Map<String, serde_json::Value>);
}

pub(crate) mod region {
    #[derive(Debug)]
    pub(crate) struct RegionRow {
        pub(crate) code: &'static str,
        pub(crate) name: &'static str,
        pub(crate) accounts: &'static str,
        pub(crate) api: &'static str,
        pub(crate) sandbox: &'static str,
        pub(crate) developer: &'static str,
        pub(crate) upload: &'static str,
    }
}

pub(crate) mod books {
    pub(crate) use crate::route as catalogue;
}

pub(crate) mod pipeline {
    pub(crate) use crate::operation;

    pub(crate) mod request {
        pub(crate) fn encode_segment(name: &str, value: &str) -> crate::Result<String> {
            match value {
                "" | "." | ".." => Err(crate::Error(format!("{name} makes no path"))),
                value => Ok(progenitor_client::encode_path(value)),
            }
        }
    }

    pub(crate) mod typed {
        use super::super::*;
        use crate::operation::Operation;

        pub(crate) const BASE_URL: &str = "http://zoho.invalid";

        /// Answers every call alike, and keeps what was sent.
        #[derive(Debug, Default)]
        pub(crate) struct Core {
            pub(crate) status: u16,
            pub(crate) answer: &'static str,
            pub(crate) sent: Mutex<Vec<(&'static str, reqwest::Request)>>,
        }

        impl Core {
            pub(crate) fn builder() -> Result<reqwest::Client> {
                Ok(reqwest::Client::builder().tls_certs_only([]).no_proxy().build()?)
            }
        }

        pub(crate) fn multipart(_: &Core, form: crate::Multipart) -> (&'static str, reqwest::Body) {
            (form.0, form.1.into())
        }

        pub(crate) async fn exec(
            core: &Core,
            operation: &'static Operation,
            request: reqwest::Request,
        ) -> reqwest::Result<reqwest::Response> {
            core.sent.lock().unwrap().push((operation.id, request));
            Ok(http::Response::builder()
                .status(core.status)
                .body(core.answer)
                .unwrap()
                .into())
        }

        pub(crate) async fn decode<T: DeserializeOwned>(
            operation: &'static Operation,
            response: reqwest::Response,
        ) -> Result<Reply<T>> {
            let status = response.status().as_u16();
            let bytes = response.bytes().await?;
            let body = serde_json::from_slice(&bytes).map_err(|e| Error(format!("{}: {e}", operation.id)))?;
            Ok(Reply { body, status })
        }

        pub(crate) async fn empty_or<T: DeserializeOwned>(
            operation: &'static Operation,
            response: reqwest::Response,
        ) -> Result<Reply<Option<T>>> {
            match response.status().as_u16() {
                status @ (204 | 304) => Ok(Reply { body: None, status }),
                _ => decode(operation, response).await,
            }
        }

        pub(crate) async fn unit(_: &'static Operation, response: reqwest::Response) -> Result<Reply<()>> {
            Ok(Reply {
                body: (),
                status: response.status().as_u16(),
            })
        }

        pub(crate) async fn bytes(_: &'static Operation, response: reqwest::Response) -> Result<Reply<Body>> {
            let status = response.status().as_u16();
            Ok(Reply {
                body: response.bytes().await?,
                status,
            })
        }

        pub(crate) async fn bytes_or(
            operation: &'static Operation,
            response: reqwest::Response,
        ) -> Result<Reply<Option<Body>>> {
            let Reply { body, status } = bytes(operation, response).await?;
            Ok(Reply {
                body: (status != 204).then_some(body),
                status,
            })
        }
    }
}
