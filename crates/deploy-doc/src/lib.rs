//! Deployment documents.

mod align;
pub mod check;
pub mod document;
pub mod edit;
mod ids;
mod path;
pub mod placement;
pub mod shape;
pub mod source;
pub mod surroundings;

pub use check::{Finding, Matter, Severity, check};
pub use document::{ContainerList, Document, Origin, Patch, PatchError};
pub use edit::{Done, Edit};
pub use ids::{Anchor, PartId};
pub use path::{Path, PathError, Step};
pub use surroundings::Surroundings;
