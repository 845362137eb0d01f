//! What hangs on a certificate: names and relations from the lists that are loaded.

use std::collections::{BTreeSet, HashMap};

use console_ipc::calendar::{Carried, Thing};
use fleet::query::{Filter, Op, Query, Term};
use fleet::{CellValue, Snapshot};
use ief_api::deployment::Deployment;
use ief_api::node::EdgeNode;
use ief_api::node_group::NodeGroup;
use ief_api::product::Product;
use ief_api::resource::{Resource, ResourceSpec};

use crate::inspect::listed::{Holder, HolderKind};
use crate::session::Session;

/// So many things of a kind are named.
const NAMED: usize = 20;

/// Rows are looked at in windows of this many.
const WINDOW: usize = 500;

/// The lists that are loaded, each with when it was, in milliseconds since the epoch.
#[derive(Default)]
pub(super) struct Fleet {
    nodes: Option<(Snapshot, i64)>,
    groups: Option<(Snapshot, i64)>,
    registrations: Option<(Snapshot, i64)>,
    deployments: Option<(Snapshot, i64)>,
}

impl Fleet {
    /// Those of a session. A list that is not complete yet would tell of things that are missing.
    pub(super) fn of(session: &Session) -> Self {
        let loaded = |spec: &ResourceSpec| {
            let shelf = session.inventories.of(spec.kind).ok()?;
            let as_of_ms = shelf.freshness().as_of_ms?;
            Some((shelf.rows().snapshot(), as_of_ms))
        };
        Self {
            nodes: loaded(EdgeNode::SPEC),
            groups: loaded(NodeGroup::SPEC),
            registrations: loaded(Product::SPEC),
            deployments: loaded(Deployment::SPEC),
        }
    }

    pub(super) fn node_list(&self) -> Option<(&Snapshot, i64)> {
        self.nodes
            .as_ref()
            .map(|(snapshot, as_of_ms)| (snapshot, *as_of_ms))
    }

    /// Whether a holder is no longer there.
    pub(super) fn is_gone(&self, holder: &Holder) -> bool {
        let list = match holder.kind {
            HolderKind::Node => &self.nodes,
            HolderKind::Group => &self.groups,
        };
        let list = list.as_ref();
        list.is_some_and(|(snapshot, _)| snapshot.row(&holder.id, None).is_none())
    }

    /// A node by the name it has now, or `otherwise`.
    pub(super) fn node(&self, id: &str, otherwise: &str) -> Thing {
        named(&self.nodes, id, otherwise)
    }

    /// A group likewise.
    pub(super) fn group(&self, id: &str, otherwise: &str) -> Thing {
        named(&self.groups, id, otherwise)
    }

    /// A registration likewise.
    pub(super) fn registration(&self, id: &str, otherwise: &str) -> Thing {
        named(&self.registrations, id, otherwise)
    }

    /// These nodes, those of these groups, and those that came of these registrations.
    pub(super) fn nodes_below(
        &self,
        nodes: &BTreeSet<Thing>,
        groups: &BTreeSet<Thing>,
        registrations: &BTreeSet<Thing>,
    ) -> BTreeSet<Thing> {
        let mut all = nodes.clone();
        for (column, used) in [("group", groups), ("product", registrations)] {
            all.extend(self.nodes_with(column, used));
        }
        all
    }

    fn nodes_with(&self, column: &str, used: &BTreeSet<Thing>) -> Vec<Thing> {
        let Some((snapshot, as_of_ms)) = self.nodes.as_ref().filter(|_| !used.is_empty()) else {
            return Vec::new();
        };
        let term = Term {
            column: Some(column.to_owned()),
            op: Op::Is,
            values: used.iter().map(|thing| thing.id.clone()).collect(),
        };
        let query = Query {
            filter: Filter { terms: vec![term] },
            ..Query::default()
        };
        let mut found = Vec::new();
        if let Ok(view) = snapshot.query(&query, *as_of_ms) {
            for offset in (0..view.answer().matched).step_by(WINDOW) {
                found.extend(
                    view.window(offset, WINDOW, None)
                        .into_iter()
                        .map(|row| Thing {
                            id: row.id,
                            name: row.name,
                        }),
                );
            }
        }
        found
    }

    /// Deployments by where they run.
    pub(super) fn deployments(&self) -> Deployments {
        let mut by_place = Deployments::default();
        let Some((snapshot, as_of_ms)) = &self.deployments else {
            return by_place;
        };
        let (node, group) = (
            Deployment::SPEC.column("node"),
            Deployment::SPEC.column("group"),
        );
        let Ok(view) = snapshot.query(&Query::default(), *as_of_ms) else {
            return by_place;
        };
        for offset in (0..view.answer().matched).step_by(WINDOW) {
            for row in view.window(offset, WINDOW, None) {
                let at = |place: Option<usize>| match place.and_then(|it| row.cells.get(it)) {
                    Some(CellValue::Text(id)) if !id.is_empty() => Some(id.clone()),
                    _ => None,
                };
                let thing = Thing {
                    id: row.id.clone(),
                    name: row.name.clone(),
                };
                if let Some(id) = at(node) {
                    by_place.nodes.entry(id).or_default().push(thing.clone());
                }
                if let Some(id) = at(group) {
                    by_place.groups.entry(id).or_default().push(thing);
                }
            }
        }
        by_place
    }
}

/// Deployments by the node or the group they run on.
#[derive(Default)]
pub(super) struct Deployments {
    nodes: HashMap<String, Vec<Thing>>,
    groups: HashMap<String, Vec<Thing>>,
}

impl Deployments {
    /// Those that run on any of these.
    pub(super) fn on(&self, nodes: &BTreeSet<Thing>, groups: &BTreeSet<Thing>) -> BTreeSet<Thing> {
        let on_nodes = nodes.iter().filter_map(|node| self.nodes.get(&node.id));
        let on_groups = groups.iter().filter_map(|group| self.groups.get(&group.id));
        on_nodes.chain(on_groups).flatten().cloned().collect()
    }
}

/// How many there are, and the first by name.
pub(super) fn first(things: BTreeSet<Thing>) -> Carried {
    let count = things.len() as u64;
    let mut first: Vec<Thing> = things.into_iter().collect();
    first.sort_by(|one, other| (&one.name, &one.id).cmp(&(&other.name, &other.id)));
    first.truncate(NAMED);
    Carried { count, first }
}

fn named(list: &Option<(Snapshot, i64)>, id: &str, otherwise: &str) -> Thing {
    let row = list
        .as_ref()
        .and_then(|(snapshot, _)| snapshot.row(id, None));
    let name = match row {
        Some(row) => row.name,
        None if otherwise.is_empty() => id.to_owned(),
        None => otherwise.to_owned(),
    };
    Thing {
        id: id.to_owned(),
        name,
    }
}
