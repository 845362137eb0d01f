//! Sheets: whatever changes the service is shown here before it is sent, and its result after.
//!
//! [`send`] opens the sheet of one [`Change`], [`bulk`] that of the same [`Bulk`] action on many rows. A
//! form calls [`check_and_send`], so that what the host finds wrong shows at its fields. [`SheetHost`] stands
//! once in the frame.

mod diff;

#[cfg(target_arch = "wasm32")]
mod bulk;
#[cfg(target_arch = "wasm32")]
mod change;
#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod inspected;
#[cfg(target_arch = "wasm32")]
mod package;
#[cfg(target_arch = "wasm32")]
mod prevented;
#[cfg(target_arch = "wasm32")]
mod request;
#[cfg(target_arch = "wasm32")]
mod send;
#[cfg(target_arch = "wasm32")]
pub mod task;

#[cfg(target_arch = "wasm32")]
pub use bulk::BulkSheet;
#[cfg(target_arch = "wasm32")]
pub use change::{Bulk, Change};
#[cfg(target_arch = "wasm32")]
pub use host::{SheetHost, bulk, check_and_send, close, send};
#[cfg(target_arch = "wasm32")]
pub use send::{Progress, SendSheet};
