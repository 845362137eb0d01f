//! Node groups: what they are, and which nodes belong to them.
//!
//! A node knows its groups, a group does not know its nodes: those of the seed follow from the seed, and the
//! others are among the nodes that are kept anyway.

use ief_api::codes;
use ief_api::node::EdgeNode;
use ief_api::node_group::{
    CreateEdgeGroup, DeleteEdgeGroup, GroupCertificate, GroupDeployment, ListEdgeGroups, NodeGroup,
    NodeGroupList, ShowEdgeGroupDetail, UpdateEdgeGroup, UpdateEdgeGroupNodeBinding,
};
use ief_api::quota::QuotaType;
use ief_api::resource::Resource;
use ief_api::wire::Nothing;

use crate::answer::{Refusal, Reply};
use crate::options::Edition;
use crate::routes::{Context, Handle};
use crate::seed::Stream;
use crate::seeded_nodes::{DAY, FIRST, stamp};
use crate::stock::Stocked;
use crate::store::Named;
use crate::world::{Sort, World, missing, taken};

/// A group with its certificates.
#[derive(Debug, Clone)]
pub(crate) struct GroupRecord {
    /// The group, without its nodes and what they add up to.
    pub(crate) group: NodeGroup,
    /// Its certificates, the oldest first.
    pub(crate) certificates: Vec<GroupCertificate>,
}

impl Named for GroupRecord {
    fn id(&self) -> &str {
        Resource::id(&self.group)
    }
    fn name(&self) -> &str {
        Resource::name(&self.group)
    }
}

impl Handle<CreateEdgeGroup> for World {
    fn handle(
        &mut self,
        operation: CreateEdgeGroup,
        _: &Context,
    ) -> Result<Reply<NodeGroup>, Refusal> {
        let new = operation.body;
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.stock.groups.named(&name).is_some() {
            return Err(taken("node group", &name));
        }
        self.check_quota(&QuotaType::EdgeGroup)?;
        for id in &new.device_ids {
            self.find_device(id)?;
        }
        let id = self.new_id();
        let group = NodeGroup {
            id: Some(id.clone()),
            name: Some(name),
            description: Some(new.description.unwrap_or_default()),
            created_at: Some(self.stamp()),
            updated_at: Some(String::new()),
            tags: new.tags,
            ..self.blank_group()
        };
        self.stock.groups.add(GroupRecord {
            group: group.clone(),
            certificates: Vec::new(),
        });
        let (added, failed) = self.add_to_group(&id, new.node_ids);
        Ok(Reply::new(NodeGroup {
            success_node_add: added,
            failed_node_add: failed,
            ..self.group_view(group)
        }))
    }
}

impl Handle<UpdateEdgeGroup> for World {
    fn handle(
        &mut self,
        operation: UpdateEdgeGroup,
        _: &Context,
    ) -> Result<Reply<NodeGroup>, Refusal> {
        let id = operation.group_id.as_str();
        let group = &self.find_group(id)?.group;
        Self::told_to_fail(Resource::name(group), "update")?;
        let description = operation.body.description;
        let group = self.change_group(id, |group| {
            group.description = description.or(group.description.take());
        })?;
        Ok(Reply::new(self.group_view(group)))
    }
}

impl Handle<ShowEdgeGroupDetail> for World {
    fn handle(
        &mut self,
        operation: ShowEdgeGroupDetail,
        _: &Context,
    ) -> Result<Reply<NodeGroup>, Refusal> {
        let group = self.find_group(&operation.group_id)?.group.clone();
        Ok(Reply::new(self.group_view(group)))
    }
}

impl Handle<ListEdgeGroups> for World {
    fn handle(
        &mut self,
        operation: ListEdgeGroups,
        context: &Context,
    ) -> Result<Reply<NodeGroupList>, Refusal> {
        let fields = ["name", "created_at", "updated_at"];
        let sort = Sort::read(operation.sort.as_deref(), &fields)?;
        let name = operation.name.as_deref();
        let (count, rows) = self.stock.groups.page_by(name, context.page, |a, b| {
            Sort::order(sort, |field| match field {
                "name" => a.group.name.cmp(&b.group.name),
                "created_at" => a.group.created_at.cmp(&b.group.created_at),
                _ => a.group.updated_at.cmp(&b.group.updated_at),
            })
        });
        let groups = rows.into_iter().map(|record| self.group_view(record.group));
        Ok(Reply::new(NodeGroupList {
            count: Some(count),
            edge_groups: groups.collect(),
            ..NodeGroupList::default()
        }))
    }
}

impl Handle<DeleteEdgeGroup> for World {
    fn handle(
        &mut self,
        operation: DeleteEdgeGroup,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.group_id.as_str();
        let name = self.find_group(id)?.name();
        Self::told_to_fail(name, "delete")?;
        if let Some(index) = self.deployments_to_group(id).first() {
            // No code says so; the status does.
            let user = self.deployment_name(*index);
            let message = format!("The node group {name} is in use by the deployment {user}.");
            return Err(Refusal::with_status(409, codes::PARAMETER.code, message));
        }
        for node in self.members(id) {
            self.change_node(node, |node| node.group_ids.retain(|group| group != id));
        }
        self.stock.groups.remove(id);
        Ok(Reply::new(Nothing {}))
    }
}

impl Handle<UpdateEdgeGroupNodeBinding> for World {
    fn handle(
        &mut self,
        operation: UpdateEdgeGroupNodeBinding,
        _: &Context,
    ) -> Result<Reply<NodeGroup>, Refusal> {
        let id = operation.group_id.as_str();
        Self::told_to_fail(self.find_group(id)?.name(), "bind")?;
        let members = self.members(id);
        let (mut removed, mut kept) = (Vec::new(), Vec::new());
        for node_id in operation.body.remove_node_ids {
            match self.find_node(&node_id) {
                Ok(node) if members.contains(&node) => {
                    self.change_node(node, |node| node.group_ids.retain(|group| group != id));
                    removed.push(node_id);
                }
                _ => kept.push(node_id),
            }
        }
        let (added, failed) = self.add_to_group(id, operation.body.add_node_ids);
        self.group_changed(id);
        let group = self.change_group(id, |_| {})?;
        Ok(Reply::new(NodeGroup {
            success_node_add: added,
            success_node_del: removed,
            failed_node_add: failed,
            failed_node_del: kept,
            ..self.group_view(group)
        }))
    }
}

impl World {
    pub(crate) fn find_group(&self, id: &str) -> Result<&GroupRecord, Refusal> {
        let found = self.stock.groups.get(id);
        found.ok_or_else(|| missing(&codes::NOT_FOUND, "node group", id))
    }

    /// Changes a group that is there, notes when, and returns it.
    fn change_group(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut NodeGroup),
    ) -> Result<NodeGroup, Refusal> {
        let now = self.stamp();
        let record = self.stock.groups.get_mut(id);
        let group = &mut record
            .ok_or_else(|| missing(&codes::NOT_FOUND, "node group", id))?
            .group;
        change(group);
        group.updated_at = Some(now);
        Ok(group.clone())
    }

    /// Puts nodes into a group. Returns those that are in it now, and those that can't be.
    fn add_to_group(&mut self, id: &str, nodes: Vec<String>) -> (Vec<String>, Vec<String>) {
        nodes.into_iter().partition(|node_id| {
            let node = match self.find_node(node_id) {
                Ok(node) if !self.node_name(node).contains("fail-bind") => node,
                _ => return false,
            };
            self.change_node(node, |node| {
                if !node.group_ids.iter().any(|group| group == id) {
                    node.group_ids.push(id.to_owned());
                }
            });
            true
        })
    }

    /// The nodes of a group, in ascending order.
    pub(crate) fn members(&self, id: &str) -> Vec<u64> {
        let place = self.seed.index(Stream::Group, id);
        let untouched = place
            .into_iter()
            .flat_map(|place| self.seed.group_nodes(place));
        let untouched = untouched
            .filter(|node| self.nodes.contains(*node) && self.nodes.record(*node).is_none());
        let is_in = |node: &EdgeNode| node.group_ids.iter().any(|group| group == id);
        let kept = self.nodes.records();
        let kept = kept.filter(|(_, record)| is_in(&record.node));
        let mut members: Vec<u64> = untouched.chain(kept.map(|(node, _)| node)).collect();
        members.sort_unstable();
        members
    }

    /// A group as the service answers it, with its nodes and its deployments.
    fn group_view(&self, mut group: NodeGroup) -> NodeGroup {
        let members = self.members(Resource::id(&group));
        let deployments = self.deployments_to_group(Resource::id(&group));
        let deployments = deployments.into_iter().rev();
        group.deployments = deployments.map(|it| self.deployed(it)).collect();
        let nodes: Vec<EdgeNode> = members.into_iter().map(|node| self.member(node)).collect();
        let sum = |of: fn(&EdgeNode) -> Option<i64>| nodes.iter().filter_map(of).sum();
        group.cpu = Some(sum(|node| node.cpu));
        group.memory = Some(sum(|node| node.memory));
        group.gpu_num = Some(sum(|node| node.gpu_num));
        group.nodes = nodes;
        group
    }

    /// A deployment as the group shows it to which it is deployed.
    fn deployed(&self, deployment: u64) -> GroupDeployment {
        let deployment = self.deployment_view(deployment);
        GroupDeployment {
            id: deployment.id,
            name: deployment.name,
            description: deployment.description,
            project_id: deployment.project_id,
            created_at: deployment.created_at,
            updated_at: deployment.updated_at,
            ..GroupDeployment::default()
        }
    }

    /// A node as its group shows it: without logs, history and the like, which a list of groups would carry
    /// for all nodes of all groups.
    fn member(&self, node: u64) -> EdgeNode {
        let node = self.node_view(node);
        EdgeNode {
            id: node.id,
            name: node.name,
            description: node.description,
            created_at: node.created_at,
            updated_at: node.updated_at,
            project_id: node.project_id,
            state: node.state,
            error_reason: node.error_reason,
            cpu: node.cpu,
            memory: node.memory,
            arch: node.arch,
            os_name: node.os_name,
            deployment_num: node.deployment_num,
            device_num: node.device_num,
            gpu_num: node.gpu_num,
            npu_num: node.npu_num,
            ief_node_version: node.ief_node_version,
            host_name: node.host_name,
            host_ips: node.host_ips,
            group_ids: node.group_ids,
            tags: node.tags,
            ..EdgeNode::default()
        }
    }

    fn blank_group(&self) -> NodeGroup {
        NodeGroup {
            project_id: Some(self.account.project_id.clone()),
            iam_role: Some(String::new()),
            ..NodeGroup::default()
        }
    }
}

impl Stocked for GroupRecord {
    type Thing = NodeGroup;

    const ROOM: i64 = 100;

    /// A group for each site at which nodes stand. The professional edition has none.
    fn seeded(world: &mut World) -> Vec<Self> {
        if world.edition == Edition::Professional {
            return Vec::new();
        }
        let seed = world.seed;
        let places = 0..seed.sites();
        places
            .map(|place| {
                let created = FIRST + (place as i64 * 3 + 20) * DAY;
                let (site, city) = seed.site(place);
                let group = NodeGroup {
                    id: Some(seed.id(Stream::Group, place).to_string()),
                    name: Some(format!("plant-{site}")),
                    description: Some(format!("Gateways of the plant in {city}")),
                    created_at: Some(stamp(created)),
                    updated_at: Some(stamp(created + 90 * DAY)),
                    tags: vec![ief_api::node::KeyValue::new("site", site)],
                    ..world.blank_group()
                };
                let certificates = world.group_certificates_of_seed(place, &group);
                Self {
                    group,
                    certificates,
                }
            })
            .collect()
    }
}
