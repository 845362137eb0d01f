//! What was seen of each kind of resource, and questions to it. Nothing here knows a resource by name.

pub(crate) mod commands;
mod load;
mod shelf;

use std::sync::Arc;

use console_ipc::error::NextStep;
use console_ipc::{ErrorKind, IpcError};

use load::{Loader, Typed};
pub(crate) use shelf::Shelf;

macro_rules! loaders {
    ($($resource:path,)+) => {
        /// A loader for each resource of the catalogue.
        fn loaders() -> Vec<Arc<dyn Loader>> {
            vec![$(Arc::new(Typed::<$resource>::new())),+]
        }
    };
}
ief_api::for_each_resource!(loaders);

/// The inventories of a session. Each is loaded when it is first asked about.
pub(crate) struct Inventories {
    shelves: Vec<Arc<Shelf>>,
}

impl Inventories {
    pub(crate) fn new() -> Self {
        let shelves = loaders()
            .into_iter()
            .map(|loader| Arc::new(Shelf::new(loader)));
        Self {
            shelves: shelves.collect(),
        }
    }

    /// Forgets all rows. Something may hold on to an ended session for long, but not to its rows.
    pub(crate) fn clear(&self) {
        for shelf in self.shelves.iter().filter(|shelf| shelf.in_use()) {
            // A reload without a page leaves nothing. One that is under way is superseded by it.
            let cleared = shelf.rows().reload().finish();
            debug_assert!(
                cleared.is_ok(),
                "no other reload begins in an ended session"
            );
        }
    }

    /// The inventory of a kind of resource.
    pub(crate) fn of(&self, kind: &str) -> Result<&Arc<Shelf>, IpcError> {
        let shelf = self.shelves.iter().find(|shelf| shelf.spec().kind == kind);
        shelf.ok_or_else(|| {
            IpcError::new(ErrorKind::Protocol, NextStep::Report).with("resource", kind)
        })
    }
}
