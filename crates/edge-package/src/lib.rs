//! Offline inspection of node packages and certificates: bytes in, a report out.
//!
//! Inspection goes in two steps. [`open`] unwraps the bytes and keeps only what may be known: entries, certificates,
//! public facts of keys, configuration. Private keys are checked while it runs and wiped before it returns. [`judge`]
//! looks at what was opened for a reference time and with what else is known, as often as wished.
//!
//! No I/O, no clock, no network: files are read and times are given by whoever calls.
//!
//! [`open`]: inspect::open
//! [`judge`]: inspect::judge

#[cfg(feature = "inspect")]
pub mod inspect;
pub mod report;
