//! The inspection itself.

pub mod calendar;
pub(crate) mod certificate;
pub(crate) mod chain;
pub(crate) mod checks;
mod compare;
pub(crate) mod der;
mod id;
mod judge;
pub(crate) mod key;
mod known;
pub(crate) mod material;
pub(crate) mod moment;
pub(crate) mod name;
mod natural;
pub(crate) mod oids;
mod open;
pub(crate) mod public_key;
mod serial;
pub(crate) mod signature;
pub(crate) mod sweep;
#[cfg(test)]
mod testing;
mod words;
pub mod write;

pub use compare::compare;
pub use id::id;
pub use judge::{Context, identity, judge};
pub use known::{Known, KnownSubject};
pub use moment::from_day as day;
pub use name::is_hidden;
pub use open::{Input, Limits, OpenOptions, Opened, Trouble, open};
pub use serial::{plain_serial, same_serial};
pub use words::Language;
