//! How the IEF service is reached: credentials, signing, transport, retry and paging.
//!
//! A request is built purely ([`request`], [`sign`]), sent in one place ([`transport`]) and repeated by
//! one rule ([`retry`]). Everything about an operation comes from its declaration in [`ief_api`]; nothing
//! here knows an operation by name but the two of IAM.
//!
//! **Not here:** the guard, confirmations and the journal (they belong to the console), and any cache of
//! answers.

pub mod client;
pub mod clock;
pub mod config;
pub mod connection;
pub mod credential;
pub mod error;
pub mod page;
pub mod regions;
mod request;
mod retry;
pub mod sign;
mod token;
mod transport;

pub use client::{Answer, Client, Environment};
pub use clock::{ClockSkew, Now};
pub use config::{ClientConfig, Proxy, Timeouts};
pub use connection::{ConnectionReport, Party, Step, StepOutcome, StepReport};
pub use credential::Credential;
pub use error::{Context, Error, ErrorKind};
pub use ief_api::iam::Project;
pub use page::{IdSet, ListEvent, ListOptions, ListSummary};
