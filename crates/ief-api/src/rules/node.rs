//! Rules of edge nodes (section 4.1).

use super::common::NAME;
use super::{Characters, Limit};
use crate::codes;

rules! {
    /// Edge node name (table 4-4).
    NODE_NAME = "node_name", &codes::NAME, Limit::text(1, 64, NAME);
    /// Properties of a node (table 4-4).
    NODE_ATTRIBUTES = "node_attributes", &codes::PARAMETER, Limit::Count { max: 32 };
    /// Key of a node property (table 5-26).
    NODE_ATTRIBUTE_KEY = "node_attribute_key", &codes::PARAMETER, Limit::text(1, 128, NAME);
    /// Value of a node property (table 5-26).
    NODE_ATTRIBUTE_VALUE = "node_attribute_value", &codes::PARAMETER, Limit::text(1, 256, NAME);
    /// Tags of a node (table 4-4).
    NODE_TAGS = "node_tags", &codes::PARAMETER, Limit::Count { max: 20 };
    /// Size of a log file in MB (table 5-2).
    LOG_SIZE = "log_size", &codes::PARAMETER, Limit::Integer { min: 10, max: 1000 };
    /// Log files kept (table 5-2).
    LOG_ROTATE_NUM = "log_rotate_num", &codes::PARAMETER, Limit::Integer { min: 1, max: 10 };
    /// How often log files rotate (table 5-2).
    LOG_ROTATE_PERIOD = "log_rotate_period", &codes::PARAMETER,
        Limit::OneOf(&["daily", "weekly", "monthly", "yearly"]);
    /// Where logs go (table 5-2).
    LOG_TYPE = "log_type", &codes::PARAMETER, Limit::OneOf(&["local", "LTS"]);
    /// Whose logs (table 5-2).
    LOG_COMPONENT = "log_component", &codes::PARAMETER, Limit::OneOf(&["app", "system"]);
    /// Level of logs sent to the cloud (table 5-2); examples also write `on`, `off` and `debug` for local ones.
    LOG_LEVEL = "log_level", &codes::PARAMETER,
        Limit::OneOf(&["on", "off", "error", "warning", "info", "debug"]);
    /// NTP servers of a node (table 4-8).
    NTP_SERVERS = "ntp_servers", &codes::PARAMETER, Limit::Count { max: 2 };
    /// NPU type (table 4-4).
    NPU_TYPE = "npu_type", &codes::PARAMETER, Limit::OneOf(&["D310"]);
    /// Identifiers of devices to bind.
    DEVICE_IDS = "device_ids", &codes::PARAMETER, Limit::text(1, 64, Characters::AlphanumericAnd("_-"));
    /// Type of an MQTT listening address (table 5-39).
    MQTT_TYPE = "mqtt_type", &codes::PARAMETER, Limit::OneOf(&["nic", "ip"]);
    /// MQTT listening address: the name of a network interface or an IP address (table 5-39).
    MQTT_ADDRESS = "mqtt_address", &codes::PARAMETER, Limit::text(1, 64, Characters::AlphanumericAnd("._-:"));
    /// What a node is told to do (table 4-22).
    NODE_ACTION = "node_action", &codes::NODE_OPERATION, Limit::OneOf(&["start", "stop"]);
    /// Name of a certificate (table 4-40 sets no limit; the limit of names is used).
    CERTIFICATE_NAME = "certificate_name", &codes::NAME, Limit::text(1, 64, NAME);
    /// Type of a certificate that can be created (table 4-40).
    CERTIFICATE_TYPE = "certificate_type", &codes::PARAMETER, Limit::OneOf(&["application", "device"]);
}
