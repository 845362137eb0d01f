//! Whom a run asks for certificates, and what is told of it.

use std::collections::BTreeMap;

use console_ipc::IpcError;
use console_ipc::query::Filter;
use ief_api::operation::Call;

use crate::pages::parts::call_of;

/// What certificates belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HolderKind {
    /// A node.
    Node,
    /// A node group.
    Group,
}

impl HolderKind {
    /// Its kind in the inventory.
    pub(super) fn resource(self) -> &'static str {
        match self {
            Self::Node => "node",
            Self::Group => "node_group",
        }
    }

    /// Address of its pages.
    pub(super) fn address(self) -> &'static str {
        match self {
            Self::Node => "nodes",
            Self::Group => "groups",
        }
    }

    /// Where the certificates stand in the answer that lists them.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Node => "node_certs",
            Self::Group => "groupcerts",
        }
    }
}

/// A node or a group that is asked for its certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Holder {
    pub(super) kind: HolderKind,
    pub(super) id: String,
    pub(super) name: String,
}

impl Holder {
    /// Lists its certificates.
    pub(super) fn call(&self) -> Call {
        let id = self.id.as_str();
        match self.kind {
            HolderKind::Node => call_of("list_edge_node_certs", &[("node_id", id)], &[]),
            HolderKind::Group => call_of("list_edge_group_certs", &[("group_id", id)], &[]),
        }
    }
}

/// Whose certificates are read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scope {
    /// Those of all groups.
    pub(super) groups: bool,
    /// Those of nodes.
    pub(super) nodes: bool,
    /// Of which nodes.
    pub(super) filter: Filter,
}

impl Default for Scope {
    /// Groups are few. Nodes may be very many, so they are asked only when somebody says so.
    fn default() -> Self {
        Self {
            groups: true,
            nodes: false,
            filter: Filter::default(),
        }
    }
}

/// Where a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing was read yet.
    #[default]
    Unread,
    /// Whom to ask is looked up.
    LookingUp,
    /// They are asked.
    Reading,
    /// No more are asked; some answers are still to come.
    Stopping,
    /// All were asked.
    Complete,
    /// Somebody stopped it.
    Stopped,
    /// It ended by itself, as nothing could be read any more.
    GaveUp,
}

impl Phase {
    /// Whether it goes on.
    pub(super) fn is_at_work(self) -> bool {
        matches!(self, Self::LookingUp | Self::Reading | Self::Stopping)
    }
}

/// What is told of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct State {
    pub(super) phase: Phase,
    /// How many have answered or failed.
    pub(super) done: u64,
    /// How many are to be asked.
    pub(super) total: u64,
    /// How many failed.
    pub(super) failed: u64,
    /// Certificates of nodes.
    pub(super) of_nodes: u64,
    /// Certificates of groups.
    pub(super) of_groups: u64,
    /// Certificates by their type.
    pub(super) by_type: BTreeMap<String, u64>,
    /// When it ended, in milliseconds since the epoch.
    pub(super) read_at: Option<i64>,
    /// Why it could not be looked up whom to ask.
    pub(super) error: Option<IpcError>,
}

impl State {
    /// Certificates found.
    pub(super) fn found(&self) -> u64 {
        self.of_nodes + self.of_groups
    }

    /// The phase of what was read before, when nothing comes of looking up whom to ask.
    pub(super) fn phase_before(&self) -> Phase {
        match self.read_at {
            Some(_) if self.done < self.total => Phase::Stopped,
            Some(_) => Phase::Complete,
            None => Phase::Unread,
        }
    }
}
