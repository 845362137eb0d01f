//! The inspection itself.

#![allow(dead_code, reason = "what judges is still to come, and uses all of it")]

pub(crate) mod certificate;
pub(crate) mod der;
pub(crate) mod key;
pub(crate) mod material;
pub(crate) mod moment;
pub(crate) mod name;
mod natural;
pub(crate) mod oids;
mod open;
pub(crate) mod public_key;
pub(crate) mod signature;
pub(crate) mod sweep;
#[cfg(test)]
mod testing;

pub use open::{
    Convert, Foreign, Input, Limits, OpenOptions, Opened, Refusal, Trouble, TroubleFound, open,
};
