//! What the form of a job begins with: nothing, nodes selected in their list, or another job.

use leptos::prelude::*;
use serde_json::Value;

use super::entry;
use super::targets::{DEPLOYMENTS, GROUPS, NODES, Targets};
use crate::names;
use crate::pages::parts::{Pair, Rows, read_pairs};
use crate::table::Picked;
use crate::table::reading::{list, text};

/// Longest name of a job (table 4-498).
const NAME_LENGTH: usize = 26;

/// What is typed, but for what is deployed.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    /// What the job does: a value of table 4-498.
    pub(super) kind: RwSignal<String>,
    pub(super) name: RwSignal<String>,
    pub(super) description: RwSignal<String>,
    /// `node` or `node_group`, where both can be.
    pub(super) place: RwSignal<String>,
    pub(super) nodes: Targets,
    pub(super) groups: Targets,
    pub(super) deployments: Targets,
    /// What the names of the deployed applications begin with.
    pub(super) prefix: RwSignal<String>,
    pub(super) tags: Rows<Pair>,
}

impl Draft {
    /// The draft of a job of a kind, or one that is like another job.
    pub(super) fn new(kind: &str, like: Option<&Value>) -> Self {
        let field = |name: &str| like.and_then(|job| text(job, name)).unwrap_or_default();
        let target_type = field("target_type");
        let of = |target: &'static super::targets::TargetKind| {
            let picked = match like {
                Some(job) if target_type == target.wire => picked(job),
                _ => Vec::new(),
            };
            Targets::new(target, picked)
        };
        let kind = match like {
            Some(_) => field("job_type"),
            None => kind.to_owned(),
        };
        let name = field("job_name");
        let prefix = like.and_then(task_data).and_then(|data| {
            let prefix = data.pointer("/source/userdefined/name_prefix")?;
            prefix.as_str().map(str::to_owned)
        });
        let place = match target_type.as_str() {
            "node_group" => "node_group",
            _ => "node",
        };
        Self {
            kind: RwSignal::new(kind),
            name: RwSignal::new(match name.as_str() {
                "" => String::new(),
                name => names::next(name, NAME_LENGTH),
            }),
            description: RwSignal::new(field("description")),
            place: RwSignal::new(place.to_owned()),
            nodes: of(&NODES),
            groups: of(&GROUPS),
            deployments: of(&DEPLOYMENTS),
            prefix: RwSignal::new(prefix.unwrap_or_default()),
            tags: like.map_or_else(Rows::new, |job| read_pairs(job, "tags")),
        }
    }

    /// Whether the job upgrades nodes, and deploys nothing. Tracked.
    pub(super) fn upgrades_nodes(self) -> bool {
        self.kind.with(|kind| kind == "node_upgrade")
    }

    /// The targets in use. Tracked.
    pub(super) fn targets(self) -> Targets {
        let on_applications = self.kind.with(|kind| kind == "deployment_upgrade");
        match (on_applications, self.place.get().as_str()) {
            (true, _) => self.deployments,
            (false, "node_group") => self.groups,
            (false, _) => self.nodes,
        }
    }
}

/// What a job deploys.
pub(super) fn task_data(job: &Value) -> Option<Value> {
    serde_json::from_str(&text(job, "task_data")?).ok()
}

/// The targets of a job. One whose name it doesn't tell is called by its identifier.
fn picked(job: &Value) -> Vec<Picked> {
    let targets = list(job, "targets").iter();
    targets
        .filter_map(|target| {
            let id = text(target, "target_id")?;
            let name = entry(target, "extension_info", "node_name");
            Some(Picked {
                name: name.unwrap_or_else(|| id.clone()),
                id,
            })
        })
        .collect()
}
