//! End devices, their twins and their access settings (section 4.2).

pub(crate) mod check;
mod twin;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub use twin::TwinState;

use crate::operation::{Effect, PageRule, Repeat};
use crate::resource::{Cell, Column, ColumnKind, Resource, ResourceSpec};
use crate::tags::Tags;
use crate::time::Timestamp;
use crate::wire::Nothing;
use crate::{open_enum, operation, wire};

/// Where the secrets of one device stand below `prefix`: whatever a setting has below it, or
/// the setting itself when it is no object.
macro_rules! access_secrets {
    ($prefix:literal) => {
        &[
            concat!($prefix, "access_config.password.*"),
            concat!($prefix, "access_config.private_key.*"),
        ]
    };
}

operation! {
    /// POST /v2/{project_id}/edgemgr/devices
    ///
    /// Registers an end device. Section 4.2.1.
    CreateDevice = "create_device", Post "/v2/{project_id}/edgemgr/devices" {
        path: {},
        query: {},
        body: CreateDeviceBody,
        response: DeviceEnvelope,
        spec: {
            section: Some("4.2.1"),
            effect: Effect::Create,
            repeat: Repeat::Never,
            touches: &["device"],
            secret_in_request: access_secrets!("device."),
            secret_in_response: access_secrets!("device."),
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/devices/{device_id}
    ///
    /// Changes description and static properties of a device. Section 4.2.2.
    UpdateDevice = "update_device", Put "/v2/{project_id}/edgemgr/devices/{device_id}" {
        path: { device_id },
        query: {},
        body: UpdateDeviceBody,
        response: DeviceEnvelope,
        spec: {
            section: Some("4.2.2"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["device"],
            // The documented update has no access settings, but whoever sends them back unchanged
            // sends secrets.
            secret_in_request: access_secrets!("device."),
            secret_in_response: access_secrets!("device."),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/devices/{device_id}
    ///
    /// Reads one device. Section 4.2.3.
    ShowDevice = "show_device", Get "/v2/{project_id}/edgemgr/devices/{device_id}" {
        path: { device_id },
        query: {},
        response: DeviceEnvelope,
        spec: {
            section: Some("4.2.3"),
            secret_in_response: access_secrets!("device."),
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/devices
    ///
    /// Lists devices. `name` matches anywhere in the name, `node_id` exactly; `tags` is `key.value`
    /// pairs with commas between; `is_binding` is `true` or `false` and stands neither with `tags` nor
    /// with `node_id`. Section 4.2.4.
    ListDevices = "list_devices", Get "/v2/{project_id}/edgemgr/devices" {
        path: {},
        query: {
            name: String,
            node_id: String,
            limit: String,
            offset: String,
            is_binding: String,
            tags: String,
        },
        response: DeviceList,
        spec: {
            section: Some("4.2.4"),
            check_query: Some(check::check_list),
            page: Some(PageRule { default: 1000, maximum: 1000, rows: "devices" }),
            secret_in_response: access_secrets!("devices.*."),
        }
    }
}

operation! {
    /// DELETE /v2/{project_id}/edgemgr/devices/{device_id}
    ///
    /// Deletes a device that is bound to no node. Section 4.2.5.
    DeleteDevice = "delete_device", Delete "/v2/{project_id}/edgemgr/devices/{device_id}" {
        path: { device_id },
        query: {},
        response: Nothing,
        spec: {
            section: Some("4.2.5"),
            effect: Effect::Delete,
            repeat: Repeat::Idempotent,
            touches: &["device"],
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/devices/{device_id}/nodes
    ///
    /// Binds a device to a node or unbinds it. Section 4.2.6, which recommends
    /// [`UpdateEdgeNodeDevice`](crate::node::UpdateEdgeNodeDevice) instead.
    UpdateNodeByDeviceId = "update_node_by_device_id", Put "/v2/{project_id}/edgemgr/devices/{device_id}/nodes" {
        path: { device_id },
        query: {},
        body: DeviceNodesBody,
        response: DeviceNodesAnswer,
        spec: {
            section: Some("4.2.6"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["device", "node"],
        }
    }
}

operation! {
    /// GET /v2/{project_id}/edgemgr/devices/{device_id}/twin
    ///
    /// Reads the twin of a device: expected against actual for each property. Section 4.2.7.
    ShowDeviceTwin = "show_device_twin", Get "/v2/{project_id}/edgemgr/devices/{device_id}/twin" {
        path: { device_id },
        query: {},
        response: DeviceTwin,
        spec: {
            section: Some("4.2.7"),
        }
    }
}

operation! {
    /// PUT /v2/{project_id}/edgemgr/devices/{device_id}/twin
    ///
    /// Sets expected values of twin properties. Section 4.2.8.
    UpdateDeviceTwin = "update_device_twin", Put "/v2/{project_id}/edgemgr/devices/{device_id}/twin" {
        path: { device_id },
        query: {},
        body: TwinUpdate,
        response: DeviceTwin,
        spec: {
            section: Some("4.2.8"),
            effect: Effect::Update,
            repeat: Repeat::Idempotent,
            touches: &["device"],
        }
    }
}

open_enum! {
    /// How a device talks to its node (table 4-52).
    pub enum AccessProtocol {
        /// A protocol of the device's own.
        Userdefine = "userdefine",
        /// Modbus.
        Modbus = "modbus",
        /// OPC UA.
        OpcUa = "opc-ua",
    }
}

open_enum! {
    /// State of a device (table 5-5). The reference names only `unknown`; the others are KubeEdge's.
    pub enum DeviceState {
        /// The device never told.
        Unknown = "unknown",
        /// Reachable.
        Online = "online",
        /// Not reachable.
        Offline = "offline",
    }
}

open_enum! {
    /// Type of the value of a property (table 5-9).
    pub enum ValueType {
        /// Any text.
        String = "string",
        /// A whole number.
        Int = "int",
        /// A number with decimals.
        Float = "float",
        /// `true` or `false`.
        Boolean = "boolean",
    }
}

wire! {
    /// Body of [`CreateDevice`].
    pub struct CreateDeviceBody {
        /// The device.
        pub device: Option<NewDevice>,
    }

    /// A device to register (table 4-52).
    pub struct NewDevice {
        /// Identifier. The service makes one when it is left out.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// What it is.
        pub description: Option<String>,
        /// Static properties by name, 64 at most.
        pub attributes: BTreeMap<String, Attribute>,
        /// Connection type. The service's default is `edge`.
        pub connection_type: Option<String>,
        /// Protocol. The service's default is `userdefine`.
        pub access_protocol: Option<AccessProtocol>,
        /// Twin properties by name, 64 at most.
        pub twin: BTreeMap<String, TwinProperty>,
        /// How the device is reached.
        pub access_config: Option<AccessConfig>,
        /// How twin properties are read from the device, by the name of the property.
        pub property_visitors: BTreeMap<String, PropertyVisitor>,
    }

    /// Body of [`UpdateDevice`].
    pub struct UpdateDeviceBody {
        /// What changes.
        pub device: Option<DeviceUpdate>,
    }

    /// What changes on a device (table 4-58). What is left out stays.
    pub struct DeviceUpdate {
        /// What it is.
        pub description: Option<String>,
        /// Static properties by name, 64 at most. Written even when empty, which removes them all.
        pub attributes: Option<BTreeMap<String, Attribute>>,
    }

    /// Answer of the operations that return one device.
    pub struct DeviceEnvelope {
        /// The device.
        pub device: Option<Device>,
    }

    /// Answer of [`ListDevices`].
    pub struct DeviceList {
        /// How many match, on all pages.
        pub count: Option<i64>,
        /// The devices of this page.
        pub devices: Vec<Device>,
    }

    /// An end device (tables 4-54 and 5-5).
    pub struct Device {
        /// Identifier.
        pub id: Option<String>,
        /// Name.
        pub name: Option<String>,
        /// Protocol. Examples write an empty text for the default; see [`Device::protocol`].
        pub access_protocol: Option<AccessProtocol>,
        /// What it is.
        pub description: Option<String>,
        /// Project.
        pub project_id: Option<String>,
        /// When it was registered.
        pub created_at: Option<String>,
        /// When it was last changed.
        pub updated_at: Option<String>,
        /// State.
        pub state: Option<DeviceState>,
        /// When it was last active.
        pub last_online: Option<String>,
        /// Static properties by name.
        pub attributes: BTreeMap<String, Attribute>,
        /// Twin properties by name.
        pub twin: BTreeMap<String, TwinProperty>,
        /// How the device is reached.
        pub access_config: Option<AccessConfig>,
        /// How twin properties are read from the device, by the name of the property.
        pub property_visitors: BTreeMap<String, PropertyVisitor>,
        /// Connection type.
        pub connection_type: Option<String>,
        /// Tags. The table leaves them out, though the list can be filtered by them.
        pub tags: Tags,
    }

    /// Body of [`UpdateNodeByDeviceId`].
    pub struct DeviceNodesBody {
        /// What changes.
        pub nodes: Option<DeviceNodes>,
    }

    /// The node a device is bound to or unbound from (table 4-72).
    pub struct DeviceNodes {
        /// To bind.
        pub added: Option<NodeInfos>,
        /// To unbind, by identifier.
        pub removed: Vec<String>,
    }

    /// A node to bind a device to (table 4-73).
    pub struct NodeInfos {
        /// Kind of binding.
        pub relation: Option<String>,
        /// Remark.
        pub comment: Option<String>,
        /// The node; a device is bound to one only.
        pub node_ids: Vec<String>,
    }

    /// Answer of [`UpdateNodeByDeviceId`] (table 4-74).
    pub struct DeviceNodesAnswer {
        /// What changed.
        pub update_nodes: Option<DeviceNodes>,
    }

    /// Answer of [`ShowDeviceTwin`] and [`UpdateDeviceTwin`] (tables 4-79 and 4-83).
    pub struct DeviceTwin {
        /// Protocol; only when read.
        pub access_protocol: Option<AccessProtocol>,
        /// Twin properties by name.
        pub twin: BTreeMap<String, TwinProperty>,
        /// How they are read from the device, by the name of the property.
        pub property_visitors: BTreeMap<String, PropertyVisitor>,
    }

    /// Body of [`UpdateDeviceTwin`] (table 4-82).
    pub struct TwinUpdate {
        /// Twin properties by name.
        pub twin: BTreeMap<String, TwinProperty>,
        /// How they are read from the device, by the name of the property.
        pub property_visitors: BTreeMap<String, PropertyVisitor>,
    }

    /// A static property, and one setting of access or of a visitor (table 5-6).
    pub struct Attribute from value {
        /// Value. Numbers and flags are text as well.
        pub value: Option<String>,
        /// Whether it may be missing. The service's default is true.
        pub optional: Option<bool>,
        /// What kind of value it is. The service's default is text.
        pub metadata: Option<Metadata>,
    }

    /// A twin property: what it should be and what it is (tables 5-7 and 5-21).
    pub struct TwinProperty from expected {
        /// What it should be. The tables write `excepted`, every example `expected`.
        #[alias("excepted")]
        pub expected: Option<TwinValue>,
        /// What the device reported; absent until it does, and in requests.
        pub actual: Option<TwinValue>,
        /// Whether it may be missing. The service's default is true, and false for what comes from a
        /// template.
        pub optional: Option<bool>,
        /// What kind of value it is.
        pub metadata: Option<Metadata>,
    }

    /// One side of a twin property (tables 5-8 and 5-22).
    pub struct TwinValue from value {
        /// Value, as text.
        pub value: Option<String>,
        /// When it was set or reported.
        pub metadata: Option<Metadata>,
    }

    /// What is known about a value: its type for a property (table 5-9), its time for one side of a
    /// twin property (table 5-23).
    pub struct Metadata {
        /// Type of the value.
        #[name("type")]
        pub kind: Option<ValueType>,
        /// When it was last changed.
        pub timestamp: Option<Timestamp>,
    }

    /// How a device is reached (table 5-24). Which settings apply depends on the protocol.
    ///
    /// `password` and `private_key` are no fields of this type: they only pass through as unknown
    /// ones, so that nothing reads or shows them by accident.
    pub struct AccessConfig {
        /// `userdefine`, `TCP`, `RTU` or `opc-ua`.
        pub protocol_type: Option<Attribute>,
        /// Name of the device's access record.
        pub protocol_name: Option<Attribute>,
        /// Modbus identifier, 0 to 255.
        pub slave_id: Option<Attribute>,
        /// IPv4 address; Modbus over TCP.
        pub ip: Option<Attribute>,
        /// Port; Modbus over TCP.
        pub port: Option<Attribute>,
        /// Serial port; Modbus RTU.
        pub serial_port: Option<Attribute>,
        /// Baud rate; Modbus RTU.
        pub baud_rate: Option<Attribute>,
        /// Data bits, 5 to 8; Modbus RTU.
        pub data_bits: Option<Attribute>,
        /// Stop bits, 1 or 2; Modbus RTU.
        pub stop_bits: Option<Attribute>,
        /// Parity: `none`, `odd` or `even`; Modbus RTU.
        pub parity_bits: Option<Attribute>,
        /// Address; OPC UA.
        pub url: Option<Attribute>,
        /// Security mode; OPC UA.
        pub sec_mode: Option<Attribute>,
        /// Security policy; OPC UA.
        pub sec_policy: Option<Attribute>,
        /// Kind of authentication, 0 to 3; OPC UA.
        pub auth_type: Option<Attribute>,
        /// User; OPC UA with a password.
        pub username: Option<Attribute>,
        /// Certificate in base64; OPC UA with a certificate.
        pub certificate: Option<Attribute>,
        /// Time-out in seconds; OPC UA. The service's default is 5.
        pub timeout: Option<Attribute>,
    }

    /// How a twin property is read from a device (table 5-25). Which settings apply depends on the
    /// protocol.
    pub struct PropertyVisitor {
        /// Register type; Modbus.
        pub register_type: Option<Attribute>,
        /// `r` or `r/w`.
        pub access_mode: Option<Attribute>,
        /// Offset of the register, 0 to 65535; Modbus.
        pub register_index: Option<Attribute>,
        /// Number of registers; Modbus.
        pub register_num: Option<Attribute>,
        /// Factor from the raw to the expected value.
        pub scale_index: Option<Attribute>,
        /// Type of the raw value.
        pub original_datatype: Option<Attribute>,
        /// Type of the expected value. The table writes `expected_data_type`, the service's model this.
        #[alias("expected_data_type")]
        pub expected_datatype: Option<Attribute>,
        /// Whether the registers change places; Modbus.
        pub is_registerswap: Option<Attribute>,
        /// Whether the bytes of a register change places; Modbus.
        pub is_swap: Option<Attribute>,
        /// How often it is read, 1 to 3600. The reference gives no unit.
        pub sample_interval: Option<Attribute>,
        /// Smallest raw value.
        pub data_min: Option<Attribute>,
        /// Largest raw value.
        pub data_max: Option<Attribute>,
        /// Identifier of the node in the OPC UA server.
        pub node_id: Option<Attribute>,
        /// Name of the node in the OPC UA server.
        pub browse_name: Option<Attribute>,
    }
}

impl Device {
    /// The protocol, with the service's default where it says nothing.
    #[must_use]
    pub fn protocol(&self) -> &AccessProtocol {
        self.access_protocol
            .as_ref()
            .unwrap_or(&AccessProtocol::Userdefine)
    }
}

impl Attribute {
    /// A property with the service's defaults for the rest.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self {
            value: Some(value.into()),
            ..Self::default()
        }
    }
}

impl Resource for Device {
    const SPEC: &'static ResourceSpec = &ResourceSpec {
        kind: "device",
        list: <ListDevices as crate::operation::Operation>::SPEC,
        show: Some(<ShowDevice as crate::operation::Operation>::SPEC),
        id_parameter: "device_id",
        envelope: "device",
        quota: Some("device"),
        columns: &[
            Column::new("name", ColumnKind::Text),
            Column::new("state", ColumnKind::Enum),
            Column::new("protocol", ColumnKind::Enum),
            Column::new("properties", ColumnKind::Integer),
            Column::new("attributes", ColumnKind::Integer),
            Column::new("tag", ColumnKind::Set),
            Column::new("seen", ColumnKind::Time),
            Column::new("created", ColumnKind::Time),
            Column::new("updated", ColumnKind::Time),
            Column::new("connection", ColumnKind::Enum),
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
            Cell::text(self.state.as_ref().map(DeviceState::as_str)),
            Cell::text(Some(self.protocol().as_str())),
            Cell::length(self.twin.len()),
            Cell::length(self.attributes.len()),
            Cell::set(self.tags.joined().map(Cow::Owned)),
            Cell::time(self.last_online.as_deref()),
            Cell::time(self.created_at.as_deref()),
            Cell::time(self.updated_at.as_deref()),
            Cell::text(self.connection_type.as_deref()),
            Cell::text(self.description.as_deref()),
        ]);
    }
}
