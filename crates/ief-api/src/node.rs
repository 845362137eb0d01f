//! Edge nodes and their certificates (section 4.1).

mod certificate;
mod check;

use std::borrow::Cow;

use crate::operation::{Effect, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::wire::Nothing;
use crate::{open_enum, operation, wire};

pub use certificate::{
    CertificateType, CreateCertificateBody, CreateEdgeNodeCerts, DeleteEdgeNodeCerts,
    IssuedCertificate, ListEdgeNodeCerts, NodeCertificate, NodeCertificateList,
};

/// Where the secrets of a new node or certificate stand below `prefix`.
macro_rules! issued {
    ($prefix:literal) => {
        &[
            concat!($prefix, "private_key"),
            concat!($prefix, "package"),
            concat!($prefix, "nodes.*.private_key"),
            concat!($prefix, "nodes.*.package"),
        ]
    };
}

operation! {
    /// POST /v2/{project_id}/edgemgr/nodes
    ///
    /// Registers an edge node. The answer carries, once and never again, the package with its
    /// certificate and key. Section 4.1.1.
    CreateEdgeNode = "create_edge_node", Post "/v2/{project_id}/edgemgr/nodes" {
        path: {},
        query: {},
        body: CreateEdgeNodeBody,
        response: EdgeNodeEnvelope,
        spec: {
            section: Some("4.1.1"),
            action: Some("ief:node:create"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["node", "device"],
            secret_in_response: issued!("node."),
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/nodes/{node_id}
    ///
    /// Changes description, logs, NTP servers and properties of a node. Section 4.1.2.
    UpdateEdgeNode = "update_edge_node", Put "/v2/{project_id}/edgemgr/nodes/{node_id}" {
        path: { node_id },
        query: {},
        body: UpdateEdgeNodeBody,
        response: EdgeNodeEnvelope,
        spec: {
            section: Some("4.1.2"),
            action: Some("ief:node:update"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["node"],
            secret_in_response: issued!("node."),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/nodes/{node_id}
    ///
    /// Reads one node. Section 4.1.3.
    ShowEdgeNodeDetail = "show_edge_node_detail", Get "/v2/{project_id}/edgemgr/nodes/{node_id}" {
        path: { node_id },
        query: {},
        response: EdgeNodeEnvelope,
        spec: {
            section: Some("4.1.3"),
            action: Some("ief:node:get"),
            secret_in_response: issued!("node."),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/nodes
    ///
    /// Lists nodes. `name` matches anywhere in the name; `tags` is `key.value` pairs with commas
    /// between; `app_name` is ignored when `tags` is given. Section 4.1.4.
    ListEdgeNodes = "list_edge_nodes", Get "/v2/{project_id}/edgemgr/nodes" {
        path: {},
        query: {
            name: String,
            limit: String,
            offset: String,
            sort: String,
            device_id: String,
            device_name: String,
            app_name: String,
            state: String,
            tags: String,
            group_id: String,
        },
        response: EdgeNodeList,
        spec: {
            section: Some("4.1.4"),
            action: Some("ief:node:list"),
            page: Some(PageRule { default: 500, maximum: 1000, rows: "nodes" }),
            secret_in_response: &["nodes.*.private_key", "nodes.*.package"],
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/nodes/{node_id}
    ///
    /// Deletes a node that has no bound devices. Section 4.1.5.
    DeleteEdgeNode = "delete_edge_node", Delete "/v2/{project_id}/edgemgr/nodes/{node_id}" {
        path: { node_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.1.5"),
            action: Some("ief:node:delete"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["node"],
        }
    }
}

operation! {
    /// POST /v2/{project_id}/edgemgr/nodes/{node_id}/action
    ///
    /// Starts or stops a node. A stopped node can't connect to the cloud. Section 4.1.6.
    EnableDisableEdgeNodes = "enable_disable_edge_nodes", Post "/v2/{project_id}/edgemgr/nodes/{node_id}/action" {
        path: { node_id },
        query: {},
        body: NodeActionBody,
        response: NodeActionBody,
        spec: {
            section: Some("4.1.6"),
            action: Some("ief:node:action"),
            effect: Effect::Act,
            repeat: Repeat::Idempotent,
            touches: &["node"],
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/nodes/{node_id}/devices
    ///
    /// Binds devices to a node and unbinds others. Section 4.1.7.
    UpdateEdgeNodeDevice = "update_edge_node_device", Put "/v2/{project_id}/edgemgr/nodes/{node_id}/devices" {
        path: { node_id },
        query: {},
        body: NodeDevicesBody,
        response: NodeDevicesAnswer,
        spec: {
            section: Some("4.1.7"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["node", "device"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/nodes/{node_id}/upgrade
    ///
    /// Tells whether a node's software can be upgraded. Section 4.1.11.
    ShowNodeUpgradeCheck = "show_node_upgrade_check", Get "/v2/{project_id}/edgemgr/nodes/{node_id}/upgrade" {
        path: { node_id },
        query: {},
        response: UpgradeCheck,
        spec: {
            section: Some("4.1.11"),
        }
    }
}

operation! {
    /// POST /v2/{project_id}/edgemgr/nodes/{node_id}/upgrade
    ///
    /// Upgrades a node's software. Section 4.1.12.
    UpgradeEdgeNode = "upgrade_edge_node", Post "/v2/{project_id}/edgemgr/nodes/{node_id}/upgrade" {
        path: { node_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.1.12"),
            action: Some("ief:node:upgrade"),
            effect: Effect::Act,
            repeat: Repeat::Never,
            touches: &["node"],
        }
    }
}

open_enum! {
    /// State of an edge node (table 5-1).
    pub enum NodeState {
        /// Registered in the cloud, never connected.
        Unconnected = "UNCONNECTED",
        /// Connected.
        Running = "RUNNING",
        /// Faulty.
        Fail = "FAIL",
        /// Stopped by somebody.
        Stopped = "STOPPED",
        /// Its software is being replaced.
        Upgrading = "UPGRADING",
        /// Frozen by the service.
        Freeze = "FREEZE",
    }
}

wire! {
    /// Body of [`CreateEdgeNode`].
    pub struct CreateEdgeNodeBody {
        /// The node.
        pub node: Option<NewEdgeNode>,
    }

    /// A node to register (table 4-4).
    pub struct NewEdgeNode {
        /// Name, unique in the account.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Whether its GPUs are used. The service's default is false.
        pub enable_gpu: Option<bool>,
        /// Logs.
        pub log_configs: Vec<LogConfig>,
        /// Devices to bind.
        pub device_infos: Vec<DeviceInfos>,
        /// Whether its NPUs are used. The service's default is false.
        pub enable_npu: Option<bool>,
        /// NPU type, `D310`.
        pub npu_type: Option<String>,
        /// Properties, 32 at most.
        pub attributes: Vec<KeyValue>,
        /// Whether containers run by Docker. The service's default is true.
        pub enable_docker: Option<bool>,
        /// Tags, 20 at most.
        pub tags: Vec<KeyValue>,
        /// Message broker.
        pub mqtt_config: Option<MqttConfig>,
    }

    /// Body of [`UpdateEdgeNode`].
    pub struct UpdateEdgeNodeBody {
        /// What changes.
        pub node: Option<EdgeNodeUpdate>,
    }

    /// What changes on a node (table 4-8). What is left out stays; what is there but empty is emptied.
    pub struct EdgeNodeUpdate {
        /// What it is.
        pub description: Option<String>,
        /// Logs.
        pub log_configs: Option<Vec<LogConfig>>,
        /// Addresses of NTP servers, two at most.
        pub ntp_servers: Option<Vec<String>>,
        /// Properties, 32 at most.
        pub attributes: Option<Vec<KeyValue>>,
    }

    /// Answer of the operations that return one node.
    pub struct EdgeNodeEnvelope {
        /// The node.
        pub node: Option<EdgeNode>,
    }

    /// Answer of [`ListEdgeNodes`].
    pub struct EdgeNodeList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The nodes of this page.
        pub nodes: Vec<EdgeNode>,
    }

    /// An edge node (table 5-1).
    pub struct EdgeNode {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// When it was registered.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
        /// Project.
        pub project_id: Option<String>,
        /// State.
        pub state: Option<NodeState>,
        /// Why it is faulty.
        pub error_reason: Option<String>,
        /// Address of the cloud side.
        pub master_addr: Option<String>,
        /// CPU cores.
        pub cpu: Option<i64>,
        /// Memory in MB.
        pub memory: Option<i64>,
        /// Operating system's name.
        pub os_name: Option<String>,
        /// Operating system's version.
        pub os_version: Option<String>,
        /// Operating system's type.
        pub os_type: Option<String>,
        /// Architecture: `x86_64`, `arm`, `aarch64`.
        pub arch: Option<String>,
        /// Image of the pause container.
        pub pause_docker_image: Option<String>,
        /// Application instances on it.
        pub deployment_num: Option<i64>,
        /// Bound devices.
        pub device_num: Option<i64>,
        /// Bound devices with the kind of binding.
        pub device_infos: Vec<DeviceInfos>,
        /// Kind of binding; only when asked for by device.
        pub relation: Option<String>,
        /// Remark on the binding; only when asked for by device.
        pub comment: Option<String>,
        /// Whether GPUs are used.
        pub enable_gpu: Option<bool>,
        /// Number of GPUs.
        pub gpu_num: Option<i64>,
        /// GPUs.
        pub gpu_info: Vec<Accelerator>,
        /// Whether NPUs are used.
        pub enable_npu: Option<bool>,
        /// NPU type.
        pub npu_type: Option<String>,
        /// Number of NPUs.
        pub npu_num: Option<i64>,
        /// NPUs.
        pub npu_info: Vec<Accelerator>,
        /// Logs.
        pub log_configs: Vec<LogConfig>,
        /// Version of the agent that runs containers.
        pub edged_version: Option<String>,
        /// Version of the node's software.
        pub ief_node_version: Option<String>,
        /// Whether newer software is there.
        pub upgrade_flag: Option<bool>,
        /// Installations and upgrades.
        pub upgrade_history: Vec<UpgradeRecord>,
        /// Container runtime with version.
        pub container_runtime_version: Option<String>,
        /// Host name.
        pub host_name: Option<String>,
        /// Addresses of the host.
        pub host_ips: Vec<String>,
        /// Network interfaces.
        pub nics: Vec<Nic>,
        /// Batch registration it came from.
        pub product_id: Option<String>,
        /// Groups it belongs to.
        pub group_ids: Vec<String>,
        /// Properties.
        pub attributes: Vec<KeyValue>,
        /// Tags.
        pub tags: Vec<KeyValue>,
        /// Whether containers run by Docker.
        pub docker_enable: Option<bool>,
        /// Which broker is used: `internal` or `external`.
        pub mqtt_mode: Option<String>,
        /// Address of an external broker.
        pub mqtt_external: Option<String>,
        /// Addresses of the built-in broker.
        pub mqtt_internal: Option<String>,
        /// Node type; empty unless it is an Atlas 500 station.
        pub node_type: Option<String>,
        /// Time synchronisation.
        pub ntp_configs: Option<NtpConfig>,
        /// Days until its certificate ends. Not in the reference; the service's model has it.
        pub cert_remaining_valid_time: Option<i64>,
        /// Root certificate; only when just registered.
        pub ca: Option<String>,
        /// Certificate; only when just registered.
        pub certificate: Option<String>,
    }

    /// Logs of a node (table 5-2).
    pub struct LogConfig {
        /// The service's own identifier.
        pub id: Option<String>,
        /// Whose logs: `app` or `system`.
        pub component: Option<String>,
        /// Where they go: `local` or `LTS`.
        #[name("type")]
        pub kind: Option<String>,
        /// Level, or on and off.
        pub level: Option<String>,
        /// Size of a file in MB.
        pub size: Option<i64>,
        /// Files kept.
        pub rotate_num: Option<i64>,
        /// How often files rotate.
        pub rotate_period: Option<String>,
    }

    /// Devices bound in one way (table 5-3).
    pub struct DeviceInfos {
        /// Kind of binding.
        pub relation: Option<String>,
        /// Remark.
        pub comment: Option<String>,
        /// Devices.
        pub device_ids: Vec<String>,
    }

    /// A key with a value: tags and properties (tables 5-26 and 5-27).
    pub struct KeyValue {
        /// Key.
        pub key: Option<String>,
        /// Value.
        pub value: Option<String>,
    }

    /// A GPU or NPU (tables 5-4 and 5-40).
    pub struct Accelerator {
        /// Name.
        pub name: Option<String>,
        /// Type.
        #[name("type")]
        pub kind: Option<String>,
        /// Memory in MB.
        pub capacity: Option<i64>,
        /// Driver; NPUs only.
        pub driver_version: Option<String>,
    }

    /// A network interface (table 5-28).
    pub struct Nic {
        /// Name.
        pub interface: Option<String>,
        /// IPv4 address.
        pub ip: Option<String>,
    }

    /// An installation or upgrade (table 5-29).
    pub struct UpgradeRecord {
        /// Number of the record.
        pub id: Option<i64>,
        /// Version before; absent for an installation.
        pub from_version: Option<String>,
        /// Version after.
        pub to_version: Option<String>,
        /// When, in seconds since the epoch.
        pub upgrade_time: Option<i64>,
        /// How it ended: `install_success`, `upgrade_failed_rollback_success` and the like.
        pub result: Option<String>,
        /// How long it took. The reference gives no unit; the examples look like milliseconds.
        pub dur_time: Option<i64>,
    }

    /// Time synchronisation (table 5-30).
    pub struct NtpConfig {
        /// Whether it is on.
        pub ntp_enabled: Option<bool>,
        /// Servers. The table writes `ntpservers`, the examples `ntp_servers`.
        #[alias("ntpservers")]
        pub ntp_servers: Vec<String>,
    }

    /// Message broker of a node to register (table 5-38).
    pub struct MqttConfig {
        /// Whether there is one.
        pub enable_mqtt: Option<bool>,
        /// Where it listens. Written even when empty, which the service asks for.
        #[always(true)]
        pub mqtts: Vec<MqttListener>,
    }

    /// Where the message broker listens (table 5-39).
    pub struct MqttListener {
        /// Name of an interface, or an address.
        pub bind_addr: Option<String>,
        /// Port.
        pub port: Option<i64>,
        /// Which of the two: `nic` or `ip`.
        #[name("type")]
        pub kind: Option<String>,
    }

    /// Body and answer of [`EnableDisableEdgeNodes`].
    pub struct NodeActionBody {
        /// The action.
        pub node: Option<NodeAction>,
    }

    /// What a node is told to do (table 4-22).
    pub struct NodeAction {
        /// `start` or `stop`.
        pub action: Option<String>,
    }

    /// Body of [`UpdateEdgeNodeDevice`].
    pub struct NodeDevicesBody {
        /// What changes.
        pub devices: Option<NodeDevices>,
    }

    /// Which devices a node gains and loses (table 4-28).
    pub struct NodeDevices {
        /// To bind.
        pub added: Option<DeviceInfos>,
        /// To unbind, by identifier.
        pub removed: Vec<String>,
    }

    /// Answer of [`UpdateEdgeNodeDevice`] (table 4-30). The other fields are reserved.
    pub struct NodeDevicesAnswer {
        /// What changed.
        pub update_devices: Option<NodeDevices>,
    }

    /// Answer of [`ShowNodeUpgradeCheck`] (table 4-46).
    pub struct UpgradeCheck {
        /// Whether it can be upgraded.
        pub upgrade_enable: Option<bool>,
        /// Why not.
        pub reason: Option<String>,
        /// The version it would get.
        pub version: Option<String>,
    }
}

impl KeyValue {
    /// A pair.
    #[must_use]
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            key: Some(key.into()),
            value: Some(value.into()),
            ..Self::default()
        }
    }

    /// `key=value`, or the key alone when the value is empty.
    #[must_use]
    pub fn joined(&self) -> String {
        let key = self.key.as_deref().unwrap_or_default();
        match self.value.as_deref() {
            Some(value) if !value.is_empty() => format!("{key}={value}"),
            _ => key.to_owned(),
        }
    }
}

impl Resource for EdgeNode {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "node",
        list: <ListEdgeNodes as crate::operation::Operation>::SPEC,
        show: Some(<ShowEdgeNodeDetail as crate::operation::Operation>::SPEC),
        id_parameter: "node_id",
        envelope: "node",
        quota: Some("edge_node"),
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("state", ColumnKind::Enum),
            Column::new("version", ColumnKind::Enum),
            Column::new("devices", ColumnKind::Integer),
            Column::new("instances", ColumnKind::Integer),
            Column::new("arch", ColumnKind::Enum),
            Column::new("address", ColumnKind::Text),
            Column::new("tag", ColumnKind::Set),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("os", ColumnKind::Enum),
            Column::new("runtime", ColumnKind::Enum),
            Column::new("cpu", ColumnKind::Integer),
            Column::new("memory", ColumnKind::Integer),
            Column::new("gpu", ColumnKind::Flag),
            Column::new("npu", ColumnKind::Flag),
            Column::new("group", ColumnKind::Set),
            Column::new("host", ColumnKind::Text),
            Column::new("reason", ColumnKind::Enum),
            Column::new("description", ColumnKind::Text),
            Column::new("product", ColumnKind::Text),
            // Days that its own certificate has left.
            Column::new("certificate", ColumnKind::Integer),
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
            Cell::text(self.state.as_ref().map(NodeState::as_str)),
            Cell::text(self.ief_node_version.as_deref()),
            Cell::integer(self.device_num),
            Cell::integer(self.deployment_num),
            Cell::text(self.arch.as_deref()),
            Cell::text(self.host_ips.first().map(String::as_str)),
            Cell::set(self.tags.iter().map(|tag| Cow::Owned(tag.joined()))),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.os_name.as_deref()),
            Cell::text(self.container_runtime_version.as_deref()),
            Cell::integer(self.cpu),
            Cell::integer(self.memory),
            Cell::flag(self.enable_gpu),
            Cell::flag(self.enable_npu),
            Cell::set(self.group_ids.iter().map(|id| Cow::Borrowed(id.as_str()))),
            Cell::text(self.host_name.as_deref()),
            Cell::text(self.error_reason.as_deref()),
            Cell::text(self.description.as_deref()),
            // A node that was registered by itself may have an empty one.
            Cell::text(self.product_id.as_deref().filter(|id| !id.is_empty())),
            Cell::integer(self.cert_remaining_valid_time),
        ]);
    }
}
