//! Edge nodes: register, read, list, change, delete (sections 4.1.1 to 4.1.5).

use std::borrow::Cow;
use std::time::Duration;

use ief_api::codes;
use ief_api::node::{
    CreateEdgeNode, DeleteEdgeNode, EdgeNode, EdgeNodeEnvelope, EdgeNodeList, ListEdgeNodes,
    LogConfig, MqttConfig, NodeCertificate, NodeState, NtpConfig, ShowEdgeNodeDetail,
    UpdateEdgeNode,
};
use ief_api::quota::QuotaType;
use ief_api::wire::Nothing;
use secrecy::ExposeSecret;

use crate::answer::{Refusal, Reply};
use crate::lifecycle::Event;
use crate::node_query::NodeQuery;
use crate::options::Edition;
use crate::package::Order;
use crate::routes::{Context, Handle};
use crate::seed::Stream;
use crate::seeded_nodes::{CERTIFICATE_LIFE, DAY, NEWEST_VERSION, is_older};
use crate::world::{World, missing, taken};

/// A node that differs from what the seed made, or that the seed didn't make.
#[derive(Debug)]
pub(crate) struct NodeRecord {
    /// The node, without its devices.
    pub(crate) node: EdgeNode,
    /// Its certificates, the one of the system first.
    pub(crate) certificates: Vec<NodeCertificate>,
    /// When the certificate of the system was issued, in milliseconds.
    pub(crate) issued: i64,
    /// Whether it failed by itself and will recover.
    pub(crate) failing: bool,
}

impl Handle<CreateEdgeNode> for World {
    fn handle(
        &mut self,
        operation: CreateEdgeNode,
        _: &Context,
    ) -> Result<Reply<EdgeNodeEnvelope>, Refusal> {
        let new = operation.body.node.unwrap_or_default();
        let name = new.name.unwrap_or_default();
        Self::told_to_fail(&name, "create")?;
        if self.node_named(&name).is_some() {
            return Err(taken("node", &name));
        }
        self.check_quota(&QuotaType::EdgeNode)?;
        let mut to_bind = Vec::new();
        for infos in new.device_infos {
            let devices = self.bindable(&infos.device_ids, None)?;
            to_bind.push((devices, infos.relation, infos.comment));
        }
        let index = self.nodes.next();
        let mut node = EdgeNode {
            id: Some(self.seed.id(Stream::Node, index).to_string()),
            name: Some(name.clone()),
            description: Some(new.description.unwrap_or_default()),
            created_at: Some(self.stamp()),
            updated_at: Some(String::new()),
            enable_gpu: Some(new.enable_gpu.unwrap_or(false)),
            enable_npu: Some(new.enable_npu.unwrap_or(false)),
            docker_enable: Some(new.enable_docker.unwrap_or(true)),
            attributes: new.attributes,
            tags: new.tags,
            ..self.seed.blank_node(index)
        };
        if node.enable_npu == Some(true) {
            // The reference: left blank, D310 is used.
            let asked = new.npu_type.filter(|kind| !kind.is_empty());
            node.npu_type = Some(asked.unwrap_or_else(|| "D310".to_owned()));
        }
        merge_logs(&mut node.log_configs, new.log_configs);
        set_broker(&mut node, new.mqtt_config);
        let issued = self.issue_for_node(index, &node)?;
        self.add_node(node, Some(issued.serial.clone()));
        for (devices, relation, comment) in to_bind {
            for device in devices {
                self.bind(device, index, relation.as_deref(), comment.as_deref());
            }
        }
        let mut answer = self.node_view(index);
        answer.ca = Some(issued.ca);
        answer.certificate = Some(issued.certificate);
        // Given out here, once: the wire type has no fields for them, so that nothing else keeps them.
        for (field, secret) in [
            ("private_key", issued.private_key),
            ("package", issued.package),
        ] {
            let text = secret.expose_secret().to_owned();
            answer.extra.insert(field.to_owned(), text.into());
        }
        Ok(envelope(answer))
    }
}

impl Handle<UpdateEdgeNode> for World {
    fn handle(
        &mut self,
        operation: UpdateEdgeNode,
        _: &Context,
    ) -> Result<Reply<EdgeNodeEnvelope>, Refusal> {
        let index = self.find_node(&operation.node_id)?;
        let present = self.node_view(index);
        Self::told_to_fail(present.name.as_deref().unwrap_or_default(), "update")?;
        check_version(&present)?;
        let update = operation.body.node.unwrap_or_default();
        self.change_node(index, |node| {
            if let Some(description) = update.description {
                node.description = Some(description);
            }
            merge_logs(
                &mut node.log_configs,
                update.log_configs.unwrap_or_default(),
            );
            if let Some(servers) = update.ntp_servers {
                set_ntp(node, servers);
            }
            if let Some(attributes) = update.attributes {
                node.attributes = attributes;
            }
        });
        Ok(envelope(self.node_view(index)))
    }
}

impl Handle<ShowEdgeNodeDetail> for World {
    fn handle(
        &mut self,
        operation: ShowEdgeNodeDetail,
        _: &Context,
    ) -> Result<Reply<EdgeNodeEnvelope>, Refusal> {
        let index = self.find_node(&operation.node_id)?;
        Ok(envelope(self.node_view(index)))
    }
}

impl Handle<ListEdgeNodes> for World {
    fn handle(
        &mut self,
        operation: ListEdgeNodes,
        context: &Context,
    ) -> Result<Reply<EdgeNodeList>, Refusal> {
        let query = NodeQuery::read(self, &operation)?;
        let (count, page) = self.query_nodes(&query, context.page);
        let nodes = page
            .into_iter()
            .map(|index| {
                let mut node = self.node_view(index);
                if let Some(device) = query.device
                    && let Some(binding) = self.binding(device)
                {
                    node.relation = Some(binding.relation.into_owned());
                    node.comment = Some(binding.comment.into_owned());
                }
                node
            })
            .collect();
        Ok(Reply::new(EdgeNodeList {
            count: Some(count as i64),
            nodes,
            ..EdgeNodeList::default()
        }))
    }
}

impl Handle<DeleteEdgeNode> for World {
    fn handle(
        &mut self,
        operation: DeleteEdgeNode,
        _: &Context,
    ) -> Result<Reply<Nothing>, Refusal> {
        let index = self.find_node(&operation.node_id)?;
        let name = self.node_name(index).into_owned();
        Self::told_to_fail(&name, "delete")?;
        if self.devices_of(index).next().is_some() {
            let message = "The node cannot be deleted because it has bound devices.";
            return Err(Refusal::new(&codes::NODE_HAS_DEVICES, message));
        }
        // What came until now came from the node while it was there.
        self.forward_messages();
        self.nodes.remove(index, &name);
        self.node_is_deleted(index);
        self.unbind_encrypted_data(index);
        Ok(Reply::new(Nothing {}))
    }
}

impl World {
    /// The node with this identifier.
    pub(crate) fn find_node(&self, id: &str) -> Result<u64, Refusal> {
        self.seed
            .index(Stream::Node, id)
            .filter(|index| self.nodes.contains(*index))
            .ok_or_else(|| missing(&codes::NOT_FOUND, "node", id))
    }

    /// Adds a node that was just registered, which connects by itself after a while. `serial` is the number of
    /// its certificate, where one was made.
    pub(crate) fn add_node(&mut self, node: EdgeNode, serial: Option<String>) {
        let index = self.nodes.next();
        let name = node.name.clone().unwrap_or_default();
        let (id, created) = (node.id.as_deref(), node.created_at.as_deref());
        let mut system = self.system_certificate(index, id, created);
        system.serial_num = serial.or(system.serial_num);
        let record = NodeRecord {
            node,
            certificates: vec![system],
            issued: self.millis(),
            failing: false,
        };
        self.nodes.add(&name, record);
        if comes_online(&name) {
            let after = 12 + self.seed.number(Stream::Lifecycle, index) % 14;
            self.schedule(Duration::from_secs(after), Event::Connect(index));
        }
    }

    /// The node with this name.
    pub(crate) fn node_named(&self, name: &str) -> Option<u64> {
        let seeded = || self.seed.node_named(name);
        self.nodes
            .created_named(name)
            .or_else(|| seeded().filter(|index| self.nodes.contains(*index)))
    }

    pub(crate) fn node_name(&self, index: u64) -> Cow<'_, str> {
        match self.nodes.record(index) {
            Some(record) => Cow::Borrowed(record.node.name.as_deref().unwrap_or_default()),
            None => Cow::Owned(self.seed.node_name(index)),
        }
    }

    pub(crate) fn node_state(&self, index: u64) -> NodeState {
        match self.nodes.record(index) {
            Some(record) => record.node.state.clone().unwrap_or(NodeState::Unconnected),
            None => self.seed.node_state(index),
        }
    }

    pub(crate) fn node_version(&self, index: u64) -> Option<String> {
        match self.nodes.record(index) {
            Some(record) => record.node.ief_node_version.clone(),
            None => self.seed.node(index).ief_node_version,
        }
    }

    /// The record of a node, made from the seed when it has none yet.
    pub(crate) fn node_record_mut(&mut self, index: u64) -> &mut NodeRecord {
        if self.nodes.record(index).is_none() {
            let certificates = self.certificates_of_seed(index);
            let seed = self.seed;
            let created = seed.registered(Stream::Node, index, seed.nodes);
            return self.nodes.record_mut(index, || NodeRecord {
                node: seed.node(index),
                certificates,
                issued: seed.certificate_issued(index, created),
                failing: false,
            });
        }
        self.nodes
            .existing_mut(index)
            .expect("a record was found a moment ago")
    }

    /// A node as the service answers it, with its devices.
    pub(crate) fn node_view(&self, index: u64) -> EdgeNode {
        let (mut node, issued) = match self.nodes.record(index) {
            Some(record) => (record.node.clone(), record.issued),
            None => {
                let created = self.seed.registered(Stream::Node, index, self.seed.nodes);
                (
                    self.seed.node(index),
                    self.seed.certificate_issued(index, created),
                )
            }
        };
        node.project_id = Some(self.account.project_id.clone());
        if self.edition == Edition::Professional {
            // The seed doesn't know that this edition has no groups.
            node.group_ids.clear();
        }
        node.device_infos = self.device_infos(index);
        let devices: usize = node.device_infos.iter().map(|i| i.device_ids.len()).sum();
        node.device_num = Some(devices as i64);
        node.deployment_num = Some(self.instances_on(index) as i64);
        let outdated = |version: &String| is_older(version, NEWEST_VERSION);
        node.upgrade_flag = Some(node.ief_node_version.as_ref().is_some_and(outdated));
        // Renewed by the service before it ends, so what remains never falls below a day.
        let left = CERTIFICATE_LIFE - (self.millis() - issued).rem_euclid(CERTIFICATE_LIFE);
        node.cert_remaining_valid_time = Some((left / DAY).max(1));
        node
    }

    fn issue_for_node(
        &mut self,
        index: u64,
        node: &EdgeNode,
    ) -> Result<crate::package::Issued, Refusal> {
        let id = node.id.as_deref().unwrap_or_default();
        let account = std::sync::Arc::clone(&self.account);
        let config = serde_json::json!({
            "NODE_ID": id,
            "NODE_NAME": node.name,
            "PROJECT_ID": account.project_id,
            "REGION": account.project_name,
            "MASTER_URL": node.master_addr,
            "IEF_INSTANCE_ID": account.instance_id,
            "ENABLE_GPU": node.enable_gpu,
            "ENABLE_NPU": node.enable_npu,
            "DOCKER_ENABLE": node.docker_enable,
            "MQTT_MODE": node.mqtt_mode,
            "MQTT_INTERNAL": node.mqtt_internal,
            "CERT_ID": self.seed.id(Stream::NodeCertificate, index).to_string(),
        });
        let order = Order {
            common_name: id,
            project: &account.project_id,
            from: self.now(),
            days: CERTIFICATE_LIFE / DAY,
            serial: self.new_serial(),
            config: Some(format!("{config:#}\n")),
        };
        self.authority
            .issue(&order)
            .map_err(|error| Refusal::new(&codes::INTERNAL, error.to_string()))
    }
}

fn envelope(node: EdgeNode) -> Reply<EdgeNodeEnvelope> {
    Reply::new(EdgeNodeEnvelope {
        node: Some(node),
        ..EdgeNodeEnvelope::default()
    })
}

/// Whether a node that was just registered will ever connect. A name with `stays-offline` never does.
fn comes_online(name: &str) -> bool {
    !name.contains("stays-offline")
}

/// Nodes with software older than 2.1.5 can't be changed (table 7-1).
pub(crate) fn check_version(node: &EdgeNode) -> Result<(), Refusal> {
    let version = node.ief_node_version.as_deref().filter(|v| !v.is_empty());
    if version.is_some_and(|version| is_older(version, "2.1.5")) {
        let message = "The node version is earlier than 2.1.5. The node cannot be updated.";
        return Err(Refusal::new(&codes::NODE_VERSION, message));
    }
    Ok(())
}

/// Logs are told apart by component and kind; what is given replaces what is there, field by field.
fn merge_logs(present: &mut Vec<LogConfig>, given: Vec<LogConfig>) {
    for log in given {
        let same = |p: &&mut LogConfig| p.component == log.component && p.kind == log.kind;
        let Some(old) = present.iter_mut().find(same) else {
            present.push(log);
            continue;
        };
        old.level = log.level.or(old.level.take());
        old.size = log.size.or(old.size);
        old.rotate_num = log.rotate_num.or(old.rotate_num);
        old.rotate_period = log.rotate_period.or(old.rotate_period.take());
    }
}

/// No server at all switches the synchronisation off.
fn set_ntp(node: &mut EdgeNode, servers: Vec<String>) {
    node.ntp_configs = Some(NtpConfig {
        ntp_enabled: Some(!servers.is_empty()),
        ntp_servers: servers,
        ..NtpConfig::default()
    });
}

/// The built-in broker listens where it is told to; without it an external one is used.
fn set_broker(node: &mut EdgeNode, config: Option<MqttConfig>) {
    let Some(config) = config else {
        return;
    };
    if config.enable_mqtt == Some(false) {
        node.mqtt_mode = Some("external".to_owned());
        node.mqtt_internal = Some(String::new());
        node.mqtt_external = Some("tcp://127.0.0.1:1883".to_owned());
        return;
    }
    let listeners: Vec<String> = config
        .mqtts
        .iter()
        .map(|listener| {
            let address = listener.bind_addr.as_deref().unwrap_or_default();
            format!("tls://{address}:{}", listener.port.unwrap_or(8883))
        })
        .collect();
    if !listeners.is_empty() {
        node.mqtt_internal = Some(listeners.join(","));
    }
}
