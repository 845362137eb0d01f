//! Deployment documents.

mod align;
pub mod document;
mod ids;
mod path;
pub mod shape;
pub mod source;

pub use document::{ContainerList, Document, Origin, Patch, PatchError};
pub use ids::{Anchor, PartId};
pub use path::{Path, PathError, Step};
