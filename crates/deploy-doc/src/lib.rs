//! Deployment documents.

mod align;
pub mod check;
pub mod document;
pub mod draft;
pub mod edit;
pub mod editor;
pub mod history;
mod ids;
mod path;
pub mod placement;
pub mod shape;
pub mod source;
pub mod surroundings;

pub use check::{Finding, Matter, Severity, check};
pub use document::{ContainerList, Document, Origin, Patch, PatchError};
pub use draft::Draft;
pub use edit::{Done, Edit};
pub use editor::{Changed, Editor};
pub use ids::{Anchor, PartId};
pub use path::{Path, PathError, Step};
pub use surroundings::Surroundings;
