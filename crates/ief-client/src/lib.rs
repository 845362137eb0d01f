//! How the IEF service is reached: credentials, signing, transport, retry and paging.
//!
//! A request is built purely (`request`, [`sign`]), sent in one place (`transport`) and repeated by
//! one rule (`retry`). Everything about an operation comes from its declaration in [`ief_api`]; nothing
//! here knows an operation by name but the two of IAM.
//!
//! **Not here:** the guard, confirmations and the journal (they belong to the console), and any cache of
//! answers.

mod client;
mod clock;
mod config;
mod connection;
mod credential;
mod error;
mod page;
pub mod regions;
mod request;
mod retry;
pub mod sign;
#[cfg(test)]
mod testing;
mod token;
mod transport;

pub use client::{Answer, Client, Environment, check};
pub use clock::{ClockSkew, Now, SystemClock};
pub use config::{ClientConfig, Proxy, Timeouts};
pub use connection::{ConnectionReport, Party, Step, StepOutcome, StepReport};
pub use credential::Credential;
pub use error::{Context, Error, ErrorKind, Source};
pub use ief_api::iam::Project;
pub use page::{IdSet, ListEvent, ListOptions, ListSummary};
