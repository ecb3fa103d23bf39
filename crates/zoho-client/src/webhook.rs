//! The receiver of CRM's notification callbacks.
//!
//! Zoho signs nothing: the token that a channel was enabled with, and whatever secret the address
//! holds, are all that tells a callback from a forgery. So a [`Receiver`] cannot be made without a
//! token, and refuses what lacks it. It is a pure function of headers and bytes; [`WebhookService`]
//! puts it behind any tower or axum server.
//!
//! ```
//! use zoho_client::webhook::{CallbackMaker, Operation, Receiver};
//!
//! let receiver = Receiver::new("a token of the channel")?;
//! let (headers, body) = CallbackMaker::new("Leads", Operation::Insert)
//!     .token("a token of the channel")
//!     .record(4876876000000589001_u64, [("Last_Name", "Ngo")])
//!     .make();
//!
//! let notification = receiver.receive(&headers, &body)?;
//! for event in notification.events() {
//!     assert_eq!(event.operation, Operation::Insert);
//!     assert_eq!(event.id.as_str(), "4876876000000589001");
//! }
//! assert!(receiver.receive(&headers, b"{}").is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A callback is a hint and no more: Zoho promises neither that it arrives, nor once, nor in order.
//! Give it to [`Hints`](crate::triggers::Hints), and a trigger reads what really changed.

mod notification;
mod receiver;
mod service;
mod testing;

pub use notification::{Notification, NotificationEvent, Operation};
pub use receiver::{Counts, Receiver, WebhookError};
pub use service::{Respond, WebhookService};
pub use testing::CallbackMaker;
