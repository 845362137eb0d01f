//! Node groups and their certificates. No section of the reference describes them: their facts are those of the
//! service's own model and of its public pages.

mod certificate;

use std::borrow::Cow;

use crate::node::{EdgeNode, KeyValue, NodeState};
use crate::operation::{Edition, Effect, Operation, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::rules::{Check, Problem, Violations, common, device, node, node_group as rules};
use crate::wire::Nothing;
use crate::{operation, wire};

pub use certificate::{
    CreateEdgeGroupCert, CreateGroupCertificateBody, DeleteEdgeGroupCert, GroupCertificate,
    GroupCertificateList, GroupCertificates, ListEdgeGroupCerts, ShowEdgeGroupCertDetail,
};

/// The nodes of a group have the fields in which a node carries its key when it is new.
const NODES: &[&str] = &["nodes.*.private_key", "nodes.*.package"];

operation! {
    /// POST /v2/{project_id}/edgemgr/groups
    ///
    /// Creates a group, with nodes in it. Which nodes could be added stands in the answer.
    CreateEdgeGroup = "create_edge_group", Post "/v2/{project_id}/edgemgr/groups" {
        path: {},
        query: {},
        body: NewNodeGroup,
        response: NodeGroup,
        spec: {
            effect: Effect::Create,
            repeat: Repeat::Never,
            edition: Edition::Platinum,
            touches: &["node_group", "node"],
            secret_in_response: NODES,
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/groups/{group_id}
    ///
    /// Changes the description of a group.
    UpdateEdgeGroup = "update_edge_group", Put "/v2/{project_id}/edgemgr/groups/{group_id}" {
        path: { group_id },
        query: {},
        body: NodeGroupUpdate,
        response: NodeGroup,
        spec: {
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            edition: Edition::Platinum,
            touches: &["node_group"],
            secret_in_response: NODES,
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/groups/{group_id}
    ///
    /// Reads one group with its nodes.
    ShowEdgeGroupDetail = "show_edge_group_detail", Get "/v2/{project_id}/edgemgr/groups/{group_id}" {
        path: { group_id },
        query: {},
        response: NodeGroup,
        spec: {
            edition: Edition::Platinum,
            secret_in_response: NODES,
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/groups
    ///
    /// Lists groups. `name` matches anywhere in the name; `sort` is a field with `:asc` or `:desc` after it.
    ListEdgeGroups = "list_edge_groups", Get "/v2/{project_id}/edgemgr/groups" {
        path: {},
        query: { name: String, limit: i64, offset: i64, sort: String },
        response: NodeGroupList,
        spec: {
            // Nobody names limits for this list; those of its neighbours are used.
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "edge_groups" }),
            edition: Edition::Platinum,
            secret_in_response: &["edge_groups.*.nodes.*.private_key", "edge_groups.*.nodes.*.package"],
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/groups/{group_id}
    ///
    /// Deletes a group. Its nodes stay.
    DeleteEdgeGroup = "delete_edge_group", Delete "/v2/{project_id}/edgemgr/groups/{group_id}" {
        path: { group_id },
        query: {},
        response: Nothing,
        spec: {
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            edition: Edition::Platinum,
            touches: &["node_group", "node"],
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/groups/{group_id}/nodes
    ///
    /// Adds nodes to a group and removes others. Which of them could be stands in the answer.
    UpdateEdgeGroupNodeBinding = "update_edge_group_node_binding", Put "/v2/{project_id}/edgemgr/groups/{group_id}/nodes" {
        path: { group_id },
        query: {},
        body: NodeGroupBinding,
        response: NodeGroup,
        spec: {
            // Table 6-1 has this path, under the title of updating a node.
            action: Some("ief:node:update"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            edition: Edition::Platinum,
            touches: &["node_group", "node"],
            secret_in_response: NODES,
        }
    }
}

wire! {
    /// Body of [`CreateEdgeGroup`].
    pub struct NewNodeGroup {
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Nodes that belong to it.
        pub node_ids: Vec<String>,
        /// Tags.
        pub tags: Vec<KeyValue>,
        /// Devices that belong to it. No answer shows them.
        pub device_ids: Vec<String>,
    }

    /// Body of [`UpdateEdgeGroup`].
    pub struct NodeGroupUpdate {
        /// What it is.
        pub description: Option<String>,
    }

    /// Body of [`UpdateEdgeGroupNodeBinding`].
    pub struct NodeGroupBinding {
        /// Nodes to add.
        pub add_node_ids: Vec<String>,
        /// Nodes to remove.
        pub remove_node_ids: Vec<String>,
    }

    /// Answer of [`ListEdgeGroups`].
    pub struct NodeGroupList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The groups of this page.
        pub edge_groups: Vec<NodeGroup>,
    }

    /// A node group.
    pub struct NodeGroup {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
        /// Project.
        pub project_id: Option<String>,
        /// What the account may do.
        pub iam_role: Option<String>,
        /// CPU cores of all its nodes.
        pub cpu: Option<i64>,
        /// Memory of all its nodes in MB.
        pub memory: Option<i64>,
        /// GPUs of all its nodes.
        pub gpu_num: Option<i64>,
        /// Its nodes.
        pub nodes: Vec<EdgeNode>,
        /// Applications deployed to it.
        pub deployments: Vec<GroupDeployment>,
        /// Properties.
        pub attributes: Vec<KeyValue>,
        /// Tags.
        pub tags: Vec<KeyValue>,
        /// Nodes that were added; only in the answer to that.
        pub success_node_add: Vec<String>,
        /// Nodes that were removed; only in the answer to that.
        pub success_node_del: Vec<String>,
        /// Nodes that could not be added; only in the answer to that.
        pub failed_node_add: Vec<String>,
        /// Nodes that could not be removed; only in the answer to that.
        pub failed_node_del: Vec<String>,
    }

    /// An application deployed to a group.
    pub struct GroupDeployment {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was created.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
    }
}

impl NodeGroup {
    /// How many of its nodes run.
    #[must_use]
    pub fn running(&self) -> usize {
        let running = |node: &&EdgeNode| node.state == Some(NodeState::Running);
        self.nodes.iter().filter(running).count()
    }
}

impl Resource for NodeGroup {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "node_group",
        list: ListEdgeGroups::SPEC,
        show: Some(ShowEdgeGroupDetail::SPEC),
        id_parameter: "group_id",
        envelope: ResourceSpec::BARE,
        quota: Some("edge_group"),
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("nodes", ColumnKind::Integer),
            Column::new("running", ColumnKind::Integer),
            Column::new("deployments", ColumnKind::Integer),
            Column::new("cpu", ColumnKind::Integer),
            Column::new("memory", ColumnKind::Integer),
            Column::new("gpus", ColumnKind::Integer),
            Column::new("tag", ColumnKind::Set),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("description", ColumnKind::Text),
        ],
    };

    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn name(&self) -> &str {
        self.name.as_deref().unwrap_or_default()
    }

    fn cells<'a>(&'a self, cells: &mut Vec<Cell<'a>>) {
        cells.extend([
            Cell::text(self.name.as_deref()),
            Cell::length(self.nodes.len()),
            Cell::length(self.running()),
            Cell::length(self.deployments.len()),
            Cell::integer(self.cpu),
            Cell::integer(self.memory),
            Cell::integer(self.gpu_num),
            Cell::set(self.tags.iter().map(|tag| Cow::Owned(tag.joined()))),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.description.as_deref()),
        ]);
    }
}

impl Check for NewNodeGroup {
    fn check(&self, violations: &mut Violations) {
        violations.required("name", &rules::NODE_GROUP_NAME, self.name.as_deref());
        check_description(self.description.as_deref(), violations);
        check_ids("node_ids", &self.node_ids, violations);
        check_labels(&self.tags, violations);
        for (index, id) in self.device_ids.iter().enumerate() {
            let place = format!("device_ids.{index}");
            violations.required(&place, &node::DEVICE_IDS, Some(id));
        }
    }
}

impl Check for NodeGroupUpdate {
    fn check(&self, violations: &mut Violations) {
        check_description(self.description.as_deref(), violations);
    }
}

impl Check for NodeGroupBinding {
    fn check(&self, violations: &mut Violations) {
        if self.add_node_ids.is_empty() && self.remove_node_ids.is_empty() {
            violations.add("add_node_ids", &device::NODE_ID, Problem::Missing);
        }
        check_ids("add_node_ids", &self.add_node_ids, violations);
        check_ids("remove_node_ids", &self.remove_node_ids, violations);
    }
}

fn check_description(description: Option<&str>, violations: &mut Violations) {
    violations.optional("description", &rules::NODE_GROUP_DESCRIPTION, description);
}

fn check_ids(place: &str, ids: &[String], violations: &mut Violations) {
    for (index, id) in ids.iter().enumerate() {
        violations.required(&format!("{place}.{index}"), &device::NODE_ID, Some(id));
    }
}

/// Checks the tags of what has them in the form of a node's properties: groups, and jobs of both kinds
/// (tables 4-473 and 4-502).
pub(crate) fn check_labels(tags: &[KeyValue], violations: &mut Violations) {
    violations.count("tags", &node::NODE_TAGS, tags.len());
    let keys = tags.iter().filter_map(|tag| tag.key.as_deref());
    violations.unique("tags", &common::LABEL_KEY, keys);
    for (index, tag) in tags.iter().enumerate() {
        violations.at(format_args!("tags.{index}"), |violations| {
            violations.required("key", &common::LABEL_KEY, tag.key.as_deref());
            violations.optional("value", &common::LABEL_VALUE, tag.value.as_deref());
        });
    }
}
