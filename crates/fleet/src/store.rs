//! The rows in memory: columns in chunks, copied on write.
//!
//! A [`table::Table`] is cheap to clone: its chunks, and within a chunk its columns, are shared until one side
//! writes. A change therefore copies a few tens of kilobytes however large the fleet is, and a reload that
//! finds little new costs little memory.

pub(crate) mod bitmap;
pub(crate) mod chunk;
pub(crate) mod column;
mod dense;
pub(crate) mod dictionary;
pub(crate) mod schema;
pub(crate) mod table;
pub(crate) mod text;
pub(crate) mod touched;
