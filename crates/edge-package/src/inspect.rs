//! The inspection itself.

pub(crate) mod material;
