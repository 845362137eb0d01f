//! The settings of access and of property visitors, each declared once (tables 5-24 and 5-25).

use ief_api::rules::{Limit, Rule, device as rules};

/// One setting: an attribute of the access configuration or of a visitor.
pub struct Setting {
    /// Its name on the wire.
    pub name: &'static str,
    /// The documented rule of its value.
    pub rule: Option<&'static Rule>,
    /// How it is entered.
    pub control: Control,
    /// For which kinds of access (`TCP`, `RTU`, `opc-ua`) or protocols it is meant.
    pub meant_for: &'static [&'static str],
}

/// How a setting is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// A line of text.
    Line,
    /// One of what its rule names.
    Choice,
    /// Yes or no.
    Flag,
    /// A secret: never shown again.
    Secret,
    /// Base64, several lines.
    Base64,
}

impl Setting {
    const fn new(
        name: &'static str,
        rule: Option<&'static Rule>,
        control: Control,
        meant_for: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            rule,
            control,
            meant_for,
        }
    }

    /// What can be chosen.
    pub fn choices(&self) -> &'static [&'static str] {
        match (self.control, self.rule.map(|rule| rule.limit)) {
            (Control::Choice, Some(Limit::OneOf(choices))) => choices,
            (Control::Flag, _) => &["true", "false"],
            _ => &[],
        }
    }
}

const MODBUS: &[&str] = &["TCP", "RTU"];
const TCP: &[&str] = &["TCP"];
const RTU: &[&str] = &["RTU"];
const OPC_UA: &[&str] = &["opc-ua"];

/// The settings of access, without the protocol's own type, which follows from the protocol.
pub static ACCESS: &[Setting] = &[
    Setting::new(
        "protocol_name",
        Some(&rules::ACCESS_TEXT),
        Control::Line,
        &["userdefine", "TCP", "RTU", "opc-ua"],
    ),
    Setting::new("slave_id", Some(&rules::SLAVE_ID), Control::Line, MODBUS),
    Setting::new("ip", Some(&rules::DEVICE_IP), Control::Line, TCP),
    Setting::new("port", Some(&rules::DEVICE_PORT), Control::Line, TCP),
    Setting::new("serial_port", Some(&rules::ACCESS_TEXT), Control::Line, RTU),
    Setting::new("baud_rate", Some(&rules::BAUD_RATE), Control::Choice, RTU),
    Setting::new("data_bits", Some(&rules::DATA_BITS), Control::Choice, RTU),
    Setting::new("stop_bits", Some(&rules::STOP_BITS), Control::Choice, RTU),
    Setting::new(
        "parity_bits",
        Some(&rules::PARITY_BITS),
        Control::Choice,
        RTU,
    ),
    Setting::new("url", Some(&rules::ACCESS_TEXT), Control::Line, OPC_UA),
    Setting::new("sec_mode", Some(&rules::ACCESS_TEXT), Control::Line, OPC_UA),
    Setting::new(
        "sec_policy",
        Some(&rules::ACCESS_TEXT),
        Control::Line,
        OPC_UA,
    ),
    Setting::new("timeout", Some(&rules::ACCESS_TEXT), Control::Line, OPC_UA),
    Setting::new(
        "auth_type",
        Some(&rules::AUTH_TYPE),
        Control::Choice,
        OPC_UA,
    ),
    Setting::new("username", Some(&rules::ACCESS_TEXT), Control::Line, OPC_UA),
    Setting::new("password", None, Control::Secret, OPC_UA),
    Setting::new("certificate", None, Control::Base64, OPC_UA),
    Setting::new("private_key", None, Control::Secret, OPC_UA),
];

/// The settings of a visitor.
pub static VISITOR: &[Setting] = &[
    Setting::new(
        "register_type",
        Some(&rules::REGISTER_TYPE),
        Control::Choice,
        &["modbus"],
    ),
    Setting::new(
        "register_index",
        Some(&rules::REGISTER_INDEX),
        Control::Line,
        &["modbus"],
    ),
    Setting::new(
        "register_num",
        Some(&rules::ACCESS_TEXT),
        Control::Line,
        &["modbus"],
    ),
    Setting::new(
        "node_id",
        Some(&rules::ACCESS_TEXT),
        Control::Line,
        &["opc-ua"],
    ),
    Setting::new(
        "browse_name",
        Some(&rules::ACCESS_TEXT),
        Control::Line,
        &["opc-ua"],
    ),
    Setting::new(
        "access_mode",
        Some(&rules::ACCESS_MODE),
        Control::Choice,
        &["modbus", "opc-ua"],
    ),
    Setting::new(
        "sample_interval",
        Some(&rules::SAMPLE_INTERVAL),
        Control::Line,
        &["modbus", "opc-ua"],
    ),
    Setting::new(
        "original_datatype",
        Some(&rules::ACCESS_TEXT),
        Control::Line,
        &["modbus", "opc-ua"],
    ),
    Setting::new(
        "expected_datatype",
        Some(&rules::ACCESS_TEXT),
        Control::Line,
        &["modbus", "opc-ua"],
    ),
    Setting::new(
        "scale_index",
        Some(&rules::ACCESS_TEXT),
        Control::Line,
        &["modbus", "opc-ua"],
    ),
    Setting::new(
        "data_min",
        Some(&rules::ACCESS_TEXT),
        Control::Line,
        &["modbus", "opc-ua"],
    ),
    Setting::new(
        "data_max",
        Some(&rules::ACCESS_TEXT),
        Control::Line,
        &["modbus", "opc-ua"],
    ),
    Setting::new(
        "is_registerswap",
        Some(&rules::ACCESS_TEXT),
        Control::Flag,
        &["modbus"],
    ),
    Setting::new(
        "is_swap",
        Some(&rules::ACCESS_TEXT),
        Control::Flag,
        &["modbus"],
    ),
];

/// The protocols a device can speak.
pub const PROTOCOLS: [&str; 3] = ["userdefine", "modbus", "opc-ua"];

/// The types a property can have.
pub const TYPES: [&str; 4] = ["string", "int", "float", "boolean"];
