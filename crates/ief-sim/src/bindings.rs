//! Which device is bound to which node (sections 4.1.7 and 4.2.6).

use ief_api::codes;
use ief_api::device::{DeviceNodes, DeviceNodesAnswer, UpdateNodeByDeviceId};
use ief_api::node::{DeviceInfos, NodeDevices, NodeDevicesAnswer, UpdateEdgeNodeDevice};

use crate::answer::{Refusal, Reply};
use crate::devices::Bound;
use crate::routes::{Context, Handle};
use crate::world::{World, invalid};

impl Handle<UpdateEdgeNodeDevice> for World {
    fn handle(
        &mut self,
        operation: UpdateEdgeNodeDevice,
        _: &Context,
    ) -> Result<Reply<NodeDevicesAnswer>, Refusal> {
        let node = self.find_node(&operation.node_id)?;
        Self::told_to_fail(&self.node_name(node), "bind")?;
        let devices = operation.body.devices.unwrap_or_default();
        // Everything is checked before anything is changed: the call happens whole or not at all.
        let removed = devices
            .removed
            .iter()
            .map(|id| self.bound_here(id, node))
            .collect::<Result<Vec<_>, _>>()?;
        let ids = devices
            .added
            .as_ref()
            .map_or(&[][..], |added| &added.device_ids);
        let added = self.bindable(ids, Some(node))?;
        for device in removed {
            self.unbind(device);
        }
        if let Some(infos) = &devices.added {
            for device in added {
                self.bind(
                    device,
                    node,
                    infos.relation.as_deref(),
                    infos.comment.as_deref(),
                );
            }
        }
        let mut answer = NodeDevicesAnswer {
            update_devices: Some(NodeDevices {
                added: devices.added,
                removed: devices.removed,
                ..NodeDevices::default()
            }),
            ..NodeDevicesAnswer::default()
        };
        // Reserved for industrial devices, and always there.
        answer
            .extra
            .insert("delete_connector".to_owned(), false.into());
        answer
            .extra
            .insert("deploy_connector".to_owned(), false.into());
        answer.extra.insert("deployment_id".to_owned(), "".into());
        Ok(Reply::new(answer))
    }
}

impl Handle<UpdateNodeByDeviceId> for World {
    fn handle(
        &mut self,
        operation: UpdateNodeByDeviceId,
        _: &Context,
    ) -> Result<Reply<DeviceNodesAnswer>, Refusal> {
        let device = self.find_device(&operation.device_id)?;
        Self::told_to_fail(&self.device_name(device), "bind")?;
        let nodes = operation.body.nodes.unwrap_or_default();
        let mut present = self.binding(device).map(|binding| binding.node);
        for id in &nodes.removed {
            let node = self.find_node(id)?;
            if present != Some(node) {
                return Err(invalid(format!(
                    "The device is not bound to the node {id}."
                )));
            }
        }
        if !nodes.removed.is_empty() {
            present = None;
        }
        let target = match &nodes.added {
            Some(added) => match added.node_ids.as_slice() {
                [id] => Some((
                    self.find_node(id)?,
                    added.relation.clone(),
                    added.comment.clone(),
                )),
                _ => return Err(invalid("A device can be bound to one edge node only.")),
            },
            None => None,
        };
        if let (Some(bound), Some((wanted, ..))) = (present, &target)
            && bound != *wanted
        {
            let message = "The device has been bound to a node.";
            return Err(Refusal::new(&codes::DEVICE_BOUND, message));
        }
        if !nodes.removed.is_empty() {
            self.unbind(device);
        }
        if let Some((node, relation, comment)) = target {
            self.bind(device, node, relation.as_deref(), comment.as_deref());
        }
        Ok(Reply::new(DeviceNodesAnswer {
            update_nodes: Some(DeviceNodes {
                added: nodes.added,
                removed: nodes.removed,
                ..DeviceNodes::default()
            }),
            ..DeviceNodesAnswer::default()
        }))
    }
}

impl World {
    /// The devices bound to a node, in ascending order of what the seed made, then what was changed.
    pub(crate) fn devices_of(&self, node: u64) -> impl Iterator<Item = u64> {
        let untouched = self.seed.devices_of(node).filter(|device| {
            self.devices.contains(*device) && self.devices.record(*device).is_none()
        });
        untouched.chain(self.bound.get(&node).into_iter().flatten().copied())
    }

    /// The devices of a node by the way they are bound.
    pub(crate) fn device_infos(&self, node: u64) -> Vec<DeviceInfos> {
        let mut all: Vec<DeviceInfos> = Vec::new();
        for device in self.devices_of(node) {
            let Some(binding) = self.binding(device) else {
                continue;
            };
            let id = self.device_id(device);
            let same = |infos: &&mut DeviceInfos| {
                infos.relation.as_deref() == Some(&binding.relation)
                    && infos.comment.as_deref() == Some(&binding.comment)
            };
            match all.iter_mut().find(same) {
                Some(infos) => infos.device_ids.push(id),
                None => all.push(DeviceInfos {
                    relation: Some(binding.relation.into_owned()),
                    comment: Some(binding.comment.into_owned()),
                    device_ids: vec![id],
                    ..DeviceInfos::default()
                }),
            }
        }
        all
    }

    /// The devices with these identifiers, when each of them is free or bound to `node` already.
    pub(crate) fn bindable(&self, ids: &[String], node: Option<u64>) -> Result<Vec<u64>, Refusal> {
        ids.iter()
            .map(|id| {
                let device = self.find_device(id)?;
                match self.binding(device) {
                    Some(binding) if Some(binding.node) != node => {
                        let message = format!("The device {id} has been bound to a node.");
                        Err(Refusal::new(&codes::DEVICE_BOUND, message))
                    }
                    _ => Ok(device),
                }
            })
            .collect()
    }

    fn bound_here(&self, id: &str, node: u64) -> Result<u64, Refusal> {
        let device = self.find_device(id)?;
        match self.binding(device) {
            Some(binding) if binding.node == node => Ok(device),
            _ => Err(invalid(format!(
                "The device {id} is not bound to the node."
            ))),
        }
    }

    /// Binds a device that is free, or changes how it is bound.
    pub(crate) fn bind(
        &mut self,
        device: u64,
        node: u64,
        relation: Option<&str>,
        comment: Option<&str>,
    ) {
        self.unbind(device);
        let now = self.stamp();
        let record = self.device_record_mut(device);
        record.binding = Some(Bound {
            node,
            relation: relation.unwrap_or_default().to_owned(),
            comment: comment.unwrap_or_default().to_owned(),
        });
        record.device.updated_at = Some(now);
        self.bound.entry(node).or_default().insert(device);
        self.expect_report(device);
    }

    fn unbind(&mut self, device: u64) {
        let now = self.stamp();
        let record = self.device_record_mut(device);
        let Some(bound) = record.binding.take() else {
            return;
        };
        record.device.updated_at = Some(now);
        if let Some(devices) = self.bound.get_mut(&bound.node) {
            devices.remove(&device);
            if devices.is_empty() {
                self.bound.remove(&bound.node);
            }
        }
    }
}
