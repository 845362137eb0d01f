//! What a thing uses and what uses it, for any kind of thing: drawn on its page, told before it is deleted.
//!
//! It is found by the relations that `ief-api` declares, in the inventory where its columns tell, else by asking
//! the service.

use ief_api::relation::{RELATIONS, Relation};
mod before;
mod follow;
mod view;

pub use before::BeforeDeletion;
pub use view::{Relations, part};

use crate::words;

/// From which end a relation is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// From what uses.
    Uses,
    /// From what is used.
    UsedBy,
}

/// One thing at the other end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Other {
    /// Its identifier; `None` where nothing is there that is called so.
    id: Option<String>,
    /// Its name, or the beginning of its identifier.
    name: String,
}

/// What is at the other end of a relation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Others {
    /// How many there are.
    count: u64,
    /// The first of them.
    first: Vec<Other>,
}

impl Side {
    /// The relations in which things of a kind stand at this end.
    fn relations(self, kind: &str) -> impl Iterator<Item = &'static Relation> {
        RELATIONS.iter().filter(move |relation| match self {
            Self::Uses => relation.user == kind,
            Self::UsedBy => relation.used == kind,
        })
    }

    /// The kind of thing at the other end.
    fn other(self, relation: &Relation) -> &'static str {
        match self {
            Self::Uses => relation.used,
            Self::UsedBy => relation.user,
        }
    }

    /// What the others are to the thing, in words.
    fn heading(self, relation: &Relation) -> String {
        let end = match self {
            Self::Uses => "uses",
            Self::UsedBy => "used_by",
        };
        words::find_or(&format!("relations.{}.{end}", relation.name), relation.name)
    }
}
