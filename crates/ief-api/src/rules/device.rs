//! Rules of end devices and their templates (sections 4.2 and 4.3).

use super::common::NAME;
use super::{Characters, Limit, Rule};
use crate::codes;

rules! {
    /// Device identifier given by the caller (table 4-52).
    DEVICE_ID = "device_id", &codes::PARAMETER, Limit::Text {
        min: 24,
        max: 64,
        characters: NAME,
        first: Characters::AlphanumericAnd(""),
        last: Characters::Any,
    };
    /// Device name (table 4-52).
    DEVICE_NAME = "device_name", &codes::NAME, Limit::text(1, 64, NAME);
    /// Name of a device template (table 4-87).
    DEVICE_TEMPLATE_NAME = "device_template_name", &codes::NAME, Limit::text(1, 64, NAME);
    /// Description of a device template, which may hold any character (tables 4-87 and 4-95).
    DEVICE_TEMPLATE_DESCRIPTION = "device_template_description", &codes::PARAMETER,
        Limit::text(0, 255, Characters::Any);
    /// Protocol of a device (tables 4-52 and 4-87).
    ACCESS_PROTOCOL = "access_protocol", &codes::PARAMETER,
        Limit::OneOf(&["userdefine", "modbus", "opc-ua"]);
    /// Static properties (tables 4-52, 4-58, 4-87 and 4-95).
    DEVICE_ATTRIBUTES = "device_attributes", &codes::PARAMETER, Limit::Count { max: 64 };
    /// Name of a static property. The reference sets no limit; that of twin properties is used, for
    /// any character.
    ATTRIBUTE_KEY = "attribute_key", &codes::PARAMETER, Limit::text(1, 128, Characters::Any);
    /// Value of a static property and of most settings of access and visitors (table 5-6).
    ATTRIBUTE_VALUE = "attribute_value", &codes::PARAMETER,
        Limit::text(0, 512, Characters::AlphanumericAnd("_.,:@#+/?^=%&~"));
    /// Free text among the settings of access and visitors. Table 5-6 is meant for it, but its characters
    /// exclude what addresses and identifiers of OPC UA consist of (`opc.tcp://plc-1`, `ns=2;s=T`) and
    /// negative numbers, so that only its length is used.
    ACCESS_TEXT = "access_text", &codes::PARAMETER, Limit::text(0, 512, Characters::Any);
    /// Twin properties (tables 4-52, 4-82, 4-87 and 4-95).
    DEVICE_TWIN = "device_twin", &codes::PARAMETER, Limit::Count { max: 64 };
    /// Name of a twin property (table 5-20).
    TWIN_KEY = "twin_key", &codes::PARAMETER,
        Limit::text(1, 128, Characters::AlphanumericAnd("_.,;/@#"));
    /// Expected value of a twin property (tables 5-8 and 4-97 allow a colon, table 5-22 a semicolon in
    /// its place; both are accepted).
    TWIN_VALUE = "twin_value", &codes::PARAMETER,
        Limit::text(0, 512, Characters::AlphanumericAnd("_.,:;/@#"));
    /// Type of a property (table 5-9).
    VALUE_TYPE = "value_type", &codes::PARAMETER,
        Limit::OneOf(&["string", "int", "float", "boolean"]);
    /// Value of a property of type `int` (table 5-9).
    INT_VALUE = "int_value", &codes::PARAMETER, Limit::Integer { min: i64::MIN, max: i64::MAX };
    /// Value of a property of type `float` (table 5-9).
    FLOAT_VALUE = "float_value", &codes::PARAMETER, Limit::Number;
    /// Value of a property of type `boolean` (table 5-9).
    BOOLEAN_VALUE = "boolean_value", &codes::PARAMETER, Limit::OneOf(&["true", "false"]);
    /// A visitor belongs to a twin property of the same name (tables 4-52 and 4-87).
    VISITOR_KEY = "visitor_key", &codes::PARAMETER,
        Limit::text(1, 128, Characters::AlphanumericAnd("_.,;/@#"));
    /// Nodes a device is bound to (table 4-73).
    DEVICE_NODES = "device_nodes", &codes::PARAMETER, Limit::Count { max: 1 };
    /// Identifier of a node.
    NODE_ID = "node_id", &codes::PARAMETER, Limit::text(1, 64, NAME);
    /// Whether bound devices are asked for (table 4-64).
    IS_BINDING = "is_binding", &codes::PARAMETER, Limit::OneOf(&["true", "false"]);
    /// How a device reaches its node (table 5-24).
    PROTOCOL_TYPE = "protocol_type", &codes::PARAMETER,
        Limit::OneOf(&["userdefine", "TCP", "RTU", "opc-ua"]);
    /// Modbus identifier (table 5-24).
    SLAVE_ID = "slave_id", &codes::PARAMETER, Limit::Integer { min: 0, max: 255 };
    /// Address of a Modbus TCP device (table 5-24).
    DEVICE_IP = "device_ip", &codes::PARAMETER, Limit::Ipv4;
    /// Port of a Modbus TCP device (table 5-24).
    DEVICE_PORT = "device_port", &codes::PARAMETER, Limit::Integer { min: 0, max: 65535 };
    /// Baud rate of a serial port (table 5-24).
    BAUD_RATE = "baud_rate", &codes::PARAMETER,
        Limit::OneOf(&[
            "50", "75", "110", "150", "200", "300", "1200", "1800", "2400", "9600", "19200", "38400",
            "57600", "115200",
        ]);
    /// Data bits of a serial port (table 5-24).
    DATA_BITS = "data_bits", &codes::PARAMETER, Limit::OneOf(&["5", "6", "7", "8"]);
    /// Stop bits of a serial port (table 5-24).
    STOP_BITS = "stop_bits", &codes::PARAMETER, Limit::OneOf(&["1", "2"]);
    /// Parity of a serial port (table 5-24).
    PARITY_BITS = "parity_bits", &codes::PARAMETER, Limit::OneOf(&["none", "odd", "even"]);
    /// Kind of authentication at an OPC UA server (table 5-24).
    AUTH_TYPE = "auth_type", &codes::PARAMETER, Limit::OneOf(&["0", "1", "2", "3"]);
    /// Modbus register type (table 5-25).
    REGISTER_TYPE = "register_type", &codes::PARAMETER,
        Limit::OneOf(&[
            "CoilsRegisters", "HoldingRegisters", "DiscreteInputsRegisters", "InputRegisters",
        ]);
    /// Whether a property can be written (table 5-25).
    ACCESS_MODE = "access_mode", &codes::PARAMETER, Limit::OneOf(&["r", "r/w"]);
    /// Offset of a Modbus register (table 5-25).
    REGISTER_INDEX = "register_index", &codes::PARAMETER, Limit::Integer { min: 0, max: 65535 };
    /// How often a property is read (table 5-25).
    SAMPLE_INTERVAL = "sample_interval", &codes::PARAMETER, Limit::Integer { min: 1, max: 3600 };
}

/// The rule of a property's value that follows from its type (table 5-9): `int`, `float`, `boolean`. Texts have
/// none, nor have types nobody knows.
#[must_use]
pub fn typed(kind: &str) -> Option<&'static Rule> {
    match kind {
        "int" => Some(&INT_VALUE),
        "float" => Some(&FLOAT_VALUE),
        "boolean" => Some(&BOOLEAN_VALUE),
        _ => None,
    }
}
