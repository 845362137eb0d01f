//! Encrypted data and the nodes it is bound to.
//!
//! Values are among the unknown fields of the wire types, so that nothing shows one by accident. One that is to be
//! encrypted is not kept at all: what stands in its place leads nowhere, and is what answers show of it.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ief_api::codes;
use ief_api::encrypted_data::{
    BoundNode, BoundNodeList, CreateEncryptdatas, CreateNodeEncryptdatas, DeleteEncryptdatas,
    DeleteNodeEncryptdatas, EncryptedData, EncryptedDataEnvelope, EncryptedDataList, EncryptedItem,
    ListEncryptdataNodes, ListEncryptdatas, ListNodeEncryptdatas, ShowEncryptdatas,
    UpdateEncryptdatas,
};
use ief_api::node::NodeState;
use ief_api::resource::Resource;
use ief_api::time::Timestamp;
use ief_api::wire::Nothing;
use sha2::{Digest, Sha256};

use crate::answer::{Refusal, Reply};
use crate::routes::{Context, Handle, Page};
use crate::seeded_nodes::{DAY, FIRST};
use crate::stock::Stocked;
use crate::store::Named;
use crate::world::{World, invalid, missing, taken};

/// The field of an item's value, in requests and in answers.
const VALUE: &str = "value";

/// The encrypted data there is at the start: name, description and items.
const SEEDED: [(&str, &str, &[&str]); 5] = [
    (
        "plc-logins",
        "Logins at the controllers of the lines",
        &["user", "password"],
    ),
    (
        "opcua-server",
        "Login at the OPC UA servers",
        &["user", "password", "endpoint"],
    ),
    (
        "camera-streams",
        "Addresses of the cameras, with their keys",
        &["rtsp-url"],
    ),
    ("recipe-key", "Key that recipes are unpacked with", &["key"]),
    (
        "spare-credentials",
        "For machines that are replaced, bound nowhere yet",
        &["user", "password"],
    ),
];

/// Encrypted data with the nodes it is bound to.
#[derive(Debug, Clone)]
pub(crate) struct EncryptedRecord {
    data: EncryptedData,
    nodes: BTreeSet<u64>,
}

impl Named for EncryptedRecord {
    fn id(&self) -> &str {
        Resource::id(&self.data)
    }
    fn name(&self) -> &str {
        Resource::name(&self.data)
    }
}

impl Handle<CreateEncryptdatas> for World {
    fn handle(
        &mut self,
        operation: CreateEncryptdatas,
        _: &Context,
    ) -> Result<Reply<EncryptedDataEnvelope>, Refusal> {
        let new = operation.body.encrypt_data.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.stock.encrypted_data.named(&name).is_some() {
            return Err(taken("encrypted data record", &name));
        }
        let used = self.stock.encrypted_data.iter().count();
        self.check_room::<EncryptedRecord>(used, &codes::QUOTA)?;
        let id = self.new_id();
        let now = Timestamp(self.millis());
        let data = EncryptedData {
            config: keep(&id, new.config, &[])?,
            id: Some(id),
            name: Some(name),
            description: Some(new.description.unwrap_or_default()),
            created_time: Some(now),
            updated_time: Some(now),
            ..self.blank_encrypted_data()
        };
        self.stock.encrypted_data.add(EncryptedRecord {
            data: data.clone(),
            nodes: BTreeSet::new(),
        });
        Ok(envelope(data))
    }
}

impl Handle<UpdateEncryptdatas> for World {
    fn handle(
        &mut self,
        operation: UpdateEncryptdatas,
        _: &Context,
    ) -> Result<Reply<EncryptedDataEnvelope>, Refusal> {
        let id = operation.encryptdata_id.as_str();
        let update = operation.body.encrypt_data.unwrap_or_default();
        let name = update.name.unwrap_or_default();
        Self::told_to_fail(self.find_encrypted(id)?.name(), "update")?;
        let other = self.stock.encrypted_data.named(&name);
        if other.is_some_and(|other| other.id() != id) {
            return Err(taken("encrypted data record", &name));
        }
        let now = Timestamp(self.millis());
        let data = &mut self.find_encrypted_mut(id)?.data;
        data.config = keep(id, update.config, &data.config)?;
        data.name = Some(name);
        data.description = update.description.or(data.description.take());
        data.updated_time = Some(now);
        Ok(envelope(data.clone()))
    }
}

impl Handle<ShowEncryptdatas> for World {
    fn handle(
        &mut self,
        operation: ShowEncryptdatas,
        _: &Context,
    ) -> Result<Reply<EncryptedDataEnvelope>, Refusal> {
        let record = self.find_encrypted(&operation.encryptdata_id)?;
        Ok(envelope(record.data.clone()))
    }
}

impl Handle<ListEncryptdatas> for World {
    fn handle(
        &mut self,
        operation: ListEncryptdatas,
        context: &Context,
    ) -> Result<Reply<EncryptedDataList>, Refusal> {
        let name = operation.name.as_deref();
        Ok(list(self.stock.encrypted_data.page(name, context.page)))
    }
}

impl Handle<DeleteEncryptdatas> for World {
    fn handle(
        &mut self,
        operation: DeleteEncryptdatas,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let id = operation.encryptdata_id.as_str();
        let record = self.find_encrypted(id)?;
        Self::told_to_fail(record.name(), "delete")?;
        if !record.nodes.is_empty() {
            // No code says so; the status does.
            let message = "The encrypted data is bound to nodes.";
            return Err(Refusal::with_status(409, codes::PARAMETER.code, message));
        }
        self.stock.encrypted_data.remove(id);
        Ok(Reply::new(Nothing {}))
    }
}

impl Handle<ListEncryptdataNodes> for World {
    fn handle(
        &mut self,
        operation: ListEncryptdataNodes,
        context: &Context,
    ) -> Result<Reply<BoundNodeList>, Refusal> {
        let nodes = &self.find_encrypted(&operation.encryptdata_id)?.nodes;
        let Page { offset, limit } = context.page;
        let start = usize::try_from(offset).unwrap_or(usize::MAX);
        let page = nodes.iter().rev().skip(start).take(limit);
        Ok(Reply::new(BoundNodeList {
            count: Some(nodes.len() as i64),
            nodes: page.map(|node| self.bound_node(*node)).collect(),
            ..BoundNodeList::default()
        }))
    }
}

impl Handle<CreateNodeEncryptdatas> for World {
    fn handle(
        &mut self,
        operation: CreateNodeEncryptdatas,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let node = self.find_node(&operation.node_id)?;
        Self::told_to_fail(&self.node_name(node), "bind")?;
        // Everything is checked before anything is bound: the call happens whole or not at all.
        for id in &operation.body.encrypt_datas {
            self.find_encrypted(id)?;
        }
        for id in &operation.body.encrypt_datas {
            self.find_encrypted_mut(id)?.nodes.insert(node);
        }
        Ok(Reply::new(Nothing {}))
    }
}

impl Handle<ListNodeEncryptdatas> for World {
    fn handle(
        &mut self,
        operation: ListNodeEncryptdatas,
        context: &Context,
    ) -> Result<Reply<EncryptedDataList>, Refusal> {
        let node = self.find_node(&operation.node_id)?;
        let bound = |record: &EncryptedRecord| record.nodes.contains(&node);
        Ok(list(self.stock.encrypted_data.page_of(context.page, bound)))
    }
}

impl Handle<DeleteNodeEncryptdatas> for World {
    fn handle(
        &mut self,
        operation: DeleteNodeEncryptdatas,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let node = self.find_node(&operation.node_id)?;
        let id = operation.encryptdata_id.as_str();
        match self.find_encrypted_mut(id)?.nodes.remove(&node) {
            true => Ok(Reply::new(Nothing {})),
            false => Err(missing(&codes::NOT_FOUND, "binding of the node to", id)),
        }
    }
}

impl World {
    fn find_encrypted(&self, id: &str) -> Result<&EncryptedRecord, Refusal> {
        let found = self.stock.encrypted_data.get(id);
        found.ok_or_else(|| missing(&codes::NOT_FOUND, "encrypted data record", id))
    }

    fn find_encrypted_mut(&mut self, id: &str) -> Result<&mut EncryptedRecord, Refusal> {
        let found = self.stock.encrypted_data.get_mut(id);
        found.ok_or_else(|| missing(&codes::NOT_FOUND, "encrypted data record", id))
    }

    /// Unbinds everything from a node that is deleted.
    pub(crate) fn unbind_encrypted_data(&mut self, node: u64) {
        for record in self.stock.encrypted_data.iter_mut() {
            record.nodes.remove(&node);
        }
    }

    fn bound_node(&self, node: u64) -> BoundNode {
        let node = self.node_view(node);
        BoundNode {
            id: node.id,
            state: node.state,
            name: node.name,
            host_name: node.host_name,
            host_ips: node.host_ips,
            ..BoundNode::default()
        }
    }

    fn blank_encrypted_data(&self) -> EncryptedData {
        let instance = self.account.instance_id.clone();
        EncryptedData {
            project_id: Some(self.account.project_id.clone()),
            ief_instance_id: Some(instance.unwrap_or_else(|| "default".to_owned())),
            domain_id: Some(self.account.domain_id.clone()),
            ..EncryptedData::default()
        }
    }
}

/// The items as they are kept. One without a value, or with what stands in its place, keeps the one it has.
fn keep(
    id: &str,
    items: Vec<EncryptedItem>,
    present: &[EncryptedItem],
) -> Result<Vec<EncryptedItem>, Refusal> {
    let items = items.into_iter().map(|mut item| {
        let before = present.iter().find(|before| before.name == item.name);
        let value = item.extra.remove(VALUE).filter(|value| !value.is_null());
        let before_value = before.and_then(|before| before.extra.get(VALUE));
        if let Some(before) = before
            && (value.is_none() || value.as_ref() == before_value)
        {
            return Ok(before.clone());
        }
        let name = item.name.as_deref().unwrap_or_default();
        let Some(value) = value.as_ref().and_then(|value| value.as_str()) else {
            return Err(invalid(format!("The item {name} has no value.")));
        };
        let encrypted = item.is_encrypted.unwrap_or(true);
        let shown = match encrypted {
            true => stand_in(id, name, value),
            false => value.to_owned(),
        };
        item.is_encrypted = Some(encrypted);
        item.extra.insert(VALUE.to_owned(), shown.into());
        Ok(item)
    });
    items.collect()
}

/// What stands in the place of a value that is encrypted: another one for another value, and nothing of it.
fn stand_in(id: &str, name: &str, value: &str) -> String {
    let digest = Sha256::digest(format!("{id}\n{name}\n{value}"));
    STANDARD.encode(digest)
}

impl Stocked for EncryptedRecord {
    type Thing = EncryptedData;

    const ROOM: i64 = 50;

    fn seeded(world: &mut World) -> Vec<Self> {
        // Only the first are looked at: a scan of a million would be felt at the start.
        let nodes = 0..world.seed.nodes.min(60);
        let seed = world.seed;
        let running = nodes.filter(|node| seed.node_state(*node) == NodeState::Running);
        let running: Vec<u64> = running.collect();
        let mut seeded = Vec::new();
        for (place, (name, description, keys)) in SEEDED.iter().enumerate() {
            let id = world.new_id();
            let mut config = Vec::new();
            for key in *keys {
                // Random to look at, the same for the same seed, and nobody's.
                let value = stand_in(&id, key, &world.new_id());
                config.push(EncryptedItem {
                    name: Some((*key).to_owned()),
                    is_encrypted: Some(true),
                    extra: [(VALUE.to_owned(), value.into())].into_iter().collect(),
                });
            }
            let created = FIRST + (place as i64 * 37 + 50) * DAY;
            let last = place + 1 == SEEDED.len();
            let bound = running.iter().skip(place).step_by(4);
            seeded.push(Self {
                data: EncryptedData {
                    id: Some(id),
                    name: Some((*name).to_owned()),
                    description: Some((*description).to_owned()),
                    config,
                    created_time: Some(Timestamp(created)),
                    updated_time: Some(Timestamp(created + 8 * DAY)),
                    ..world.blank_encrypted_data()
                },
                nodes: bound.copied().filter(|_| !last).collect(),
            });
        }
        seeded
    }
}

fn envelope(data: EncryptedData) -> Reply<EncryptedDataEnvelope> {
    Reply::new(EncryptedDataEnvelope {
        encrypt_data: Some(data),
        ..EncryptedDataEnvelope::default()
    })
}

fn list((count, rows): (i64, Vec<EncryptedRecord>)) -> Reply<EncryptedDataList> {
    Reply::new(EncryptedDataList {
        count: Some(count),
        encrypt_datas: rows.into_iter().map(|record| record.data).collect(),
        ..EncryptedDataList::default()
    })
}
