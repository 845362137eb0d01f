//! Every command and event between the window and the host, typed once.
//!
//! The window calls a command by sending its request type; the host answers with its response type.
//! [`for_each_command!`] lists them all: the host expands it, so a command without a handler does not
//! compile. Secrets cross inwards only: [`InwardSecret`](secret::InwardSecret) can be written by the
//! window and read by the host, never the other way round.

pub mod bulk;
pub mod calendar;
pub mod call;
pub mod command;
pub mod error;
pub mod event;
pub mod explorer;
pub mod export;
pub mod inspect;
pub mod inventory;
pub mod journal;
pub mod notice;
pub mod profile;
pub mod secret;
pub mod settings;
pub mod window;

pub use command::Command;
pub use error::{ErrorKind, IpcError};
pub use fleet::query;
