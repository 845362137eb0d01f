//! The application without a window: profiles, sessions, inventories, calls, journal.
//!
//! [`Console::dispatch`] is the only way in. It expands `console_ipc::for_each_command!`, so that a
//! command without a handler does not compile. A command's handler stands in the module of its subject.
//!
//! **Where things are decided:** whatever changes something at the service passes `calls`' one function
//! for sending, where the write lock, the rules, the confirmation and the journal sit. Secrets leave
//! `secrets` and the vault of `calls` for the client, for files the user chose and for the opening of an inspection, which
//! keeps none, and for nothing else.
//!
//! **Not here:** anything of a desktop but [`Host`].

#![allow(
    clippy::result_large_err,
    reason = "the border's error is made once for a command that failed; a box would be in every signature"
)]

mod bulk;
mod calls;
mod clock;
mod console;
mod error;
mod events;
mod explorer;
mod export;
mod files;
mod guard;
mod host;
mod inspect;
mod inventory;
mod journal;
mod kept;
mod profiles;
mod secrets;
mod session;
mod settings;

pub use clock::{Clock, Deadline, Random, SystemClock, SystemRandom};
pub use console::{Console, Options, StartError};
pub use host::{Copied, Host, OPEN_FOLDER_VARIABLE, SAVE_FOLDER_VARIABLE, SaveFolder};
pub use inspect::{Ending, Terminal, inspect_line};
pub use secrets::{SecretBackend, SecretError, SystemKeyring};
