//! The rules of devices applied to their bodies.

use std::collections::BTreeMap;

use super::{
    AccessConfig, AccessProtocol, Attribute, CreateDeviceBody, DeviceNodesBody, Metadata,
    NodeInfos, PropertyVisitor, TwinProperty, TwinUpdate, UpdateDeviceBody, ValueType,
};
use crate::operation::Call;
use crate::rules::{Check, Problem, Rule, Violations, common, device as rules};

impl Check for CreateDeviceBody {
    fn check(&self, violations: &mut Violations) {
        let Some(device) = &self.device else {
            violations.add("device", &rules::DEVICE_NAME, Problem::Missing);
            return;
        };
        violations.at("device", |violations| {
            violations.optional("id", &rules::DEVICE_ID, device.id.as_deref());
            violations.required("name", &rules::DEVICE_NAME, device.name.as_deref());
            violations.optional(
                "description",
                &common::DESCRIPTION_TEXT,
                device.description.as_deref(),
            );
            let protocol = device.access_protocol.as_ref();
            violations.optional(
                "access_protocol",
                &rules::ACCESS_PROTOCOL,
                protocol.map(AccessProtocol::as_str),
            );
            check_attributes(&device.attributes, violations);
            check_twin(&device.twin, violations);
            check_visitors(&device.property_visitors, violations);
            check_visitor_keys(&device.property_visitors, &device.twin, violations);
            if let Some(config) = &device.access_config {
                violations.at("access_config", |violations| {
                    check_access(config, protocol, violations);
                });
            }
        });
    }
}

impl Check for UpdateDeviceBody {
    fn check(&self, violations: &mut Violations) {
        let Some(device) = &self.device else {
            violations.add("device", &rules::DEVICE_NAME, Problem::Missing);
            return;
        };
        violations.at("device", |violations| {
            violations.optional(
                "description",
                &common::DESCRIPTION_TEXT,
                device.description.as_deref(),
            );
            if let Some(attributes) = &device.attributes {
                check_attributes(attributes, violations);
            }
        });
    }
}

impl Check for DeviceNodesBody {
    fn check(&self, violations: &mut Violations) {
        let Some(nodes) = &self.nodes else {
            violations.add("nodes", &rules::NODE_ID, Problem::Missing);
            return;
        };
        if let Some(added) = &nodes.added {
            violations.at("nodes.added", |violations| added.check(violations));
        }
        for (index, id) in nodes.removed.iter().enumerate() {
            violations.required(&format!("nodes.removed.{index}"), &rules::NODE_ID, Some(id));
        }
    }
}

impl Check for NodeInfos {
    fn check(&self, violations: &mut Violations) {
        violations.optional("relation", &common::RELATION, self.relation.as_deref());
        violations.optional(
            "comment",
            &common::RELATION_COMMENT,
            self.comment.as_deref(),
        );
        if self.node_ids.is_empty() {
            violations.add("node_ids", &rules::NODE_ID, Problem::Missing);
        }
        violations.count("node_ids", &rules::DEVICE_NODES, self.node_ids.len());
        for (index, id) in self.node_ids.iter().enumerate() {
            violations.required(&format!("node_ids.{index}"), &rules::NODE_ID, Some(id));
        }
    }
}

impl Check for TwinUpdate {
    // A visitor may belong to a property that is not part of the update.
    fn check(&self, violations: &mut Violations) {
        check_twin(&self.twin, violations);
        check_visitors(&self.property_visitors, violations);
    }
}

/// The query of the list of devices.
pub(super) fn check_list(call: &Call, violations: &mut Violations) {
    let Some(binding) = call.query_value("is_binding") else {
        return;
    };
    violations.required("is_binding", &rules::IS_BINDING, Some(binding));
    for other in ["tags", "node_id"] {
        if call.query_value(other).is_some() {
            let other = other.to_owned();
            violations.add(
                "is_binding",
                &rules::IS_BINDING,
                Problem::Contradicts { other },
            );
        }
    }
}

/// Static properties below `attributes`.
pub(crate) fn check_attributes(
    attributes: &BTreeMap<String, Attribute>,
    violations: &mut Violations,
) {
    violations.count("attributes", &rules::DEVICE_ATTRIBUTES, attributes.len());
    violations.at("attributes", |violations| {
        for (key, attribute) in attributes {
            violations.result(key, &rules::ATTRIBUTE_KEY, rules::ATTRIBUTE_KEY.text(key));
            violations.at(key, |violations| {
                check_value(
                    &rules::ATTRIBUTE_VALUE,
                    attribute.value.as_deref(),
                    attribute.metadata.as_ref(),
                    "value",
                    violations,
                );
            });
        }
    });
}

/// Twin properties below `twin`.
pub(crate) fn check_twin(twin: &BTreeMap<String, TwinProperty>, violations: &mut Violations) {
    violations.count("twin", &rules::DEVICE_TWIN, twin.len());
    violations.at("twin", |violations| {
        for (key, property) in twin {
            violations.result(key, &rules::TWIN_KEY, rules::TWIN_KEY.text(key));
            violations.at(key, |violations| {
                let expected = property.expected.as_ref();
                check_value(
                    &rules::TWIN_VALUE,
                    expected.and_then(|expected| expected.value.as_deref()),
                    property.metadata.as_ref(),
                    "expected.value",
                    violations,
                );
            });
        }
    });
}

/// Property visitors below `property_visitors`.
pub(crate) fn check_visitors(
    visitors: &BTreeMap<String, PropertyVisitor>,
    violations: &mut Violations,
) {
    violations.at("property_visitors", |violations| {
        for (key, visitor) in visitors {
            violations.result(key, &rules::VISITOR_KEY, rules::VISITOR_KEY.text(key));
            violations.at(key, |violations| check_visitor(visitor, violations));
        }
    });
}

/// Whether each visitor has its twin property.
pub(crate) fn check_visitor_keys(
    visitors: &BTreeMap<String, PropertyVisitor>,
    twin: &BTreeMap<String, TwinProperty>,
    violations: &mut Violations,
) {
    for key in visitors.keys().filter(|key| !twin.contains_key(*key)) {
        violations.add(
            &format!("property_visitors.{key}"),
            &rules::VISITOR_KEY,
            Problem::Contradicts {
                other: "twin".to_owned(),
            },
        );
    }
}

/// A value that must be there, though it may be empty, and must be of its type.
fn check_value(
    rule: &'static Rule,
    value: Option<&str>,
    metadata: Option<&Metadata>,
    place: &str,
    violations: &mut Violations,
) {
    let kind = metadata.and_then(|metadata| metadata.kind.as_ref());
    violations.optional(
        "metadata.type",
        &rules::VALUE_TYPE,
        kind.map(ValueType::as_str),
    );
    let Some(value) = value else {
        violations.add(place, rule, Problem::Missing);
        return;
    };
    violations.result(place, rule, rule.text(value));
    if let Some(typed) = kind.and_then(|kind| rules::typed(kind.as_str())) {
        violations.result(place, typed, typed.text(value));
    }
}

fn check_access(
    config: &AccessConfig,
    protocol: Option<&AccessProtocol>,
    violations: &mut Violations,
) {
    // Answers carry an empty object for devices that have no settings, and so may requests.
    if *config == AccessConfig::default() {
        return;
    }
    let kind = text(config.protocol_type.as_ref());
    violations.required("protocol_type.value", &rules::PROTOCOL_TYPE, kind);
    let belongs = match protocol.unwrap_or(&AccessProtocol::Userdefine) {
        AccessProtocol::Userdefine => &["userdefine"][..],
        AccessProtocol::Modbus => &["TCP", "RTU"],
        AccessProtocol::OpcUa => &["opc-ua"],
        AccessProtocol::Other(_) => &[],
    };
    if let Some(kind) = kind
        && !belongs.is_empty()
        && rules::PROTOCOL_TYPE.text(kind).is_ok()
        && !belongs.contains(&kind)
    {
        let other = "device.access_protocol".to_owned();
        violations.add(
            "protocol_type.value",
            &rules::PROTOCOL_TYPE,
            Problem::Contradicts { other },
        );
    }
    // The certificate is in base64 and longer than the limit of other values, so it has none.
    let settings: [(&str, &'static Rule, &Option<Attribute>); 15] = [
        ("protocol_name", &rules::ACCESS_TEXT, &config.protocol_name),
        ("slave_id", &rules::SLAVE_ID, &config.slave_id),
        ("ip", &rules::DEVICE_IP, &config.ip),
        ("port", &rules::DEVICE_PORT, &config.port),
        ("serial_port", &rules::ACCESS_TEXT, &config.serial_port),
        ("baud_rate", &rules::BAUD_RATE, &config.baud_rate),
        ("data_bits", &rules::DATA_BITS, &config.data_bits),
        ("stop_bits", &rules::STOP_BITS, &config.stop_bits),
        ("parity_bits", &rules::PARITY_BITS, &config.parity_bits),
        ("url", &rules::ACCESS_TEXT, &config.url),
        ("sec_mode", &rules::ACCESS_TEXT, &config.sec_mode),
        ("sec_policy", &rules::ACCESS_TEXT, &config.sec_policy),
        ("auth_type", &rules::AUTH_TYPE, &config.auth_type),
        ("username", &rules::ACCESS_TEXT, &config.username),
        ("timeout", &rules::ACCESS_TEXT, &config.timeout),
    ];
    check_settings(&settings, violations);
}

fn check_visitor(visitor: &PropertyVisitor, violations: &mut Violations) {
    let settings: [(&str, &'static Rule, &Option<Attribute>); 14] = [
        (
            "register_type",
            &rules::REGISTER_TYPE,
            &visitor.register_type,
        ),
        ("access_mode", &rules::ACCESS_MODE, &visitor.access_mode),
        (
            "register_index",
            &rules::REGISTER_INDEX,
            &visitor.register_index,
        ),
        ("register_num", &rules::ACCESS_TEXT, &visitor.register_num),
        ("scale_index", &rules::ACCESS_TEXT, &visitor.scale_index),
        (
            "original_datatype",
            &rules::ACCESS_TEXT,
            &visitor.original_datatype,
        ),
        (
            "expected_datatype",
            &rules::ACCESS_TEXT,
            &visitor.expected_datatype,
        ),
        (
            "is_registerswap",
            &rules::ACCESS_TEXT,
            &visitor.is_registerswap,
        ),
        ("is_swap", &rules::ACCESS_TEXT, &visitor.is_swap),
        (
            "sample_interval",
            &rules::SAMPLE_INTERVAL,
            &visitor.sample_interval,
        ),
        ("data_min", &rules::ACCESS_TEXT, &visitor.data_min),
        ("data_max", &rules::ACCESS_TEXT, &visitor.data_max),
        ("node_id", &rules::ACCESS_TEXT, &visitor.node_id),
        ("browse_name", &rules::ACCESS_TEXT, &visitor.browse_name),
    ];
    check_settings(&settings, violations);
}

fn check_settings(
    settings: &[(&str, &'static Rule, &Option<Attribute>)],
    violations: &mut Violations,
) {
    for (name, rule, setting) in settings {
        violations.optional(&format!("{name}.value"), rule, text(setting.as_ref()));
    }
}

fn text(attribute: Option<&Attribute>) -> Option<&str> {
    attribute.and_then(|attribute| attribute.value.as_deref())
}
