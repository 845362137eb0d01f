//! Deployment documents: one deployment, seen as parts, as forms and as text at once.
//!
//! Pure: no I/O, no clock, no randomness; times are passed in. Builds for the host and for wasm, where the window
//! links it. Words for people are the window's: what is told here are names, places and numbers.
//!
//! # Editing
//! ```
//! use deploy_doc::{Document, Edit, Editor, Severity, Surroundings, check};
//! use deploy_doc::source::Format;
//!
//! let text = "name: shop # ours\ndeployment:\n  replicas: 1\n".to_owned();
//! let mut editor = Editor::from_text(text, Format::Yaml, None);
//!
//! // A command of a form or of the picture shows in the text, where comments stay.
//! let (path, value) = ("/name".parse()?, "store".into());
//! editor.edit(Edit::Set { path, value }, 1_000)?;
//! assert!(editor.text().starts_with("name: store # ours\n"));
//!
//! // What is typed into the text shows in the document.
//! editor.type_text(editor.text().replace("replicas: 1", "replicas: 2"), 9_000);
//! assert_eq!(editor.document().value()["deployment"]["replicas"], 2);
//! editor.undo();
//! editor.undo();
//! assert!(editor.text().starts_with("name: shop # ours\n"));
//!
//! // Findings have places, in the document and in the text.
//! let findings = check(editor.document(), &Surroundings::default());
//! let missing = findings.iter().find(|it| it.id() == "containers").ok_or("no finding")?;
//! assert_eq!(missing.severity, Severity::Error);
//! let range = editor.parsed().map_err(Clone::clone)?.mark_of(&missing.path);
//! assert_eq!(&editor.text()[range], "deployment");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//! - A document has the shape of the body that creates a deployment, whatever it was read from. Unknown fields stay.
//! - Where the model has text a document has text: `0.25` and `yes` are what was written.
//! - Every change can be taken back exactly: order of fields and identifiers of parts included.
//! - Text that is written says what the document says: it is read again and compared before it is handed out.
//! - Of what isn't known of the world nothing is claimed.

mod align;
pub mod check;
pub mod diff;
pub mod document;
pub mod draft;
pub mod edit;
pub mod editor;
pub mod export;
pub mod history;
mod ids;
pub mod import;
pub mod merge;
mod normal;
mod path;
pub mod picture;
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
