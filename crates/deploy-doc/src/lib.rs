//! Deployment documents.

mod align;
pub mod check;
pub mod diff;
pub mod document;
pub mod draft;
pub mod edit;
pub mod editor;
pub mod history;
mod ids;
pub mod merge;
mod normal;
mod path;
pub mod placement;
pub mod shape;
pub mod source;
pub mod surroundings;

pub use check::{Finding, Matter, Severity, check};
pub use diff::{Difference, Effect, diff, effects};
pub use document::{ContainerList, Document, Origin, Patch, PatchError};
pub use draft::Draft;
pub use edit::{Done, Edit};
pub use editor::{Changed, Editor};
pub use ids::{Anchor, PartId};
pub use merge::{Conflict, Merged, merge};
pub use path::{Path, PathError, Step};
pub use surroundings::Surroundings;
