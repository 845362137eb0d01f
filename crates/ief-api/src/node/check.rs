//! The rules of nodes applied to their bodies.

use super::{
    CreateCertificateBody, CreateEdgeNodeBody, DeviceInfos, KeyValue, LogConfig, MqttConfig,
    NodeActionBody, NodeDevicesBody, UpdateEdgeNodeBody,
};
use crate::rules::{self, Check, Problem, Violations};

impl Check for CreateEdgeNodeBody {
    fn check(&self, violations: &mut Violations) {
        let Some(node) = &self.node else {
            violations.add("node", &rules::node::NODE_NAME, Problem::Missing);
            return;
        };
        violations.at("node", |violations| {
            violations.required("name", &rules::node::NODE_NAME, node.name.as_deref());
            violations.optional(
                "description",
                &rules::common::DESCRIPTION_TEXT,
                node.description.as_deref(),
            );
            violations.optional("npu_type", &rules::node::NPU_TYPE, node.npu_type.as_deref());
            check_logs(&node.log_configs, violations);
            check_attributes(&node.attributes, violations);
            check_tags(&node.tags, violations);
            for (index, devices) in node.device_infos.iter().enumerate() {
                violations.at(format_args!("device_infos.{index}"), |violations| {
                    devices.check(violations);
                });
            }
            if let Some(mqtt) = &node.mqtt_config {
                violations.at("mqtt_config", |violations| mqtt.check(violations));
            }
        });
    }
}

impl Check for UpdateEdgeNodeBody {
    fn check(&self, violations: &mut Violations) {
        let Some(node) = &self.node else {
            violations.add("node", &rules::node::NODE_NAME, Problem::Missing);
            return;
        };
        violations.at("node", |violations| {
            violations.optional(
                "description",
                &rules::common::DESCRIPTION_TEXT,
                node.description.as_deref(),
            );
            let servers = node.ntp_servers.as_deref().unwrap_or_default();
            violations.count("ntp_servers", &rules::node::NTP_SERVERS, servers.len());
            check_logs(node.log_configs.as_deref().unwrap_or_default(), violations);
            check_attributes(node.attributes.as_deref().unwrap_or_default(), violations);
        });
    }
}

impl Check for NodeActionBody {
    fn check(&self, violations: &mut Violations) {
        let action = self.node.as_ref().and_then(|node| node.action.as_deref());
        violations.required("node.action", &rules::node::NODE_ACTION, action);
    }
}

impl Check for NodeDevicesBody {
    fn check(&self, violations: &mut Violations) {
        let Some(devices) = &self.devices else {
            violations.add("devices", &rules::node::DEVICE_IDS, Problem::Missing);
            return;
        };
        if let Some(added) = &devices.added {
            violations.at("devices.added", |violations| added.check(violations));
        }
        for (index, id) in devices.removed.iter().enumerate() {
            violations.required(
                &format!("devices.removed.{index}"),
                &rules::node::DEVICE_IDS,
                Some(id),
            );
        }
    }
}

impl Check for CreateCertificateBody {
    fn check(&self, violations: &mut Violations) {
        violations.required("name", &rules::node::CERTIFICATE_NAME, self.name.as_deref());
        violations.optional(
            "description",
            &rules::common::DESCRIPTION_TEXT,
            self.description.as_deref(),
        );
        violations.required("type", &rules::node::CERTIFICATE_TYPE, self.kind.as_deref());
    }
}

impl Check for DeviceInfos {
    fn check(&self, violations: &mut Violations) {
        violations.optional(
            "relation",
            &rules::common::RELATION,
            self.relation.as_deref(),
        );
        violations.optional(
            "comment",
            &rules::common::RELATION_COMMENT,
            self.comment.as_deref(),
        );
        if self.device_ids.is_empty() {
            violations.add("device_ids", &rules::node::DEVICE_IDS, Problem::Missing);
        }
        for (index, id) in self.device_ids.iter().enumerate() {
            violations.required(
                &format!("device_ids.{index}"),
                &rules::node::DEVICE_IDS,
                Some(id),
            );
        }
    }
}

impl Check for MqttConfig {
    fn check(&self, violations: &mut Violations) {
        if self.enable_mqtt != Some(true) && !self.mqtts.is_empty() {
            let other = "enable_mqtt".to_owned();
            violations.add(
                "mqtts",
                &rules::node::MQTT_ADDRESS,
                Problem::Contradicts { other },
            );
        }
        for (index, listener) in self.mqtts.iter().enumerate() {
            violations.at(format_args!("mqtts.{index}"), |violations| {
                violations.required(
                    "bind_addr",
                    &rules::node::MQTT_ADDRESS,
                    listener.bind_addr.as_deref(),
                );
                violations.required("type", &rules::node::MQTT_TYPE, listener.kind.as_deref());
                match listener.port {
                    Some(port) => violations.integer("port", &rules::common::PORT, Some(port)),
                    None => violations.add("port", &rules::common::PORT, Problem::Missing),
                }
            });
        }
    }
}

fn check_logs(logs: &[LogConfig], violations: &mut Violations) {
    for (index, log) in logs.iter().enumerate() {
        violations.at(format_args!("log_configs.{index}"), |violations| {
            violations.required(
                "component",
                &rules::node::LOG_COMPONENT,
                log.component.as_deref(),
            );
            violations.required("type", &rules::node::LOG_TYPE, log.kind.as_deref());
            let level = log.level.as_deref().map(str::to_lowercase);
            violations.optional("level", &rules::node::LOG_LEVEL, level.as_deref());
            violations.integer("size", &rules::node::LOG_SIZE, log.size);
            violations.integer("rotate_num", &rules::node::LOG_ROTATE_NUM, log.rotate_num);
            violations.optional(
                "rotate_period",
                &rules::node::LOG_ROTATE_PERIOD,
                log.rotate_period.as_deref(),
            );
        });
    }
}

fn check_attributes(attributes: &[KeyValue], violations: &mut Violations) {
    violations.count(
        "attributes",
        &rules::node::NODE_ATTRIBUTES,
        attributes.len(),
    );
    violations.unique(
        "attributes",
        &rules::node::NODE_ATTRIBUTE_KEY,
        attributes.iter().filter_map(|pair| pair.key.as_deref()),
    );
    for (index, pair) in attributes.iter().enumerate() {
        violations.at(format_args!("attributes.{index}"), |violations| {
            violations.required("key", &rules::node::NODE_ATTRIBUTE_KEY, pair.key.as_deref());
            violations.required(
                "value",
                &rules::node::NODE_ATTRIBUTE_VALUE,
                pair.value.as_deref(),
            );
        });
    }
}

fn check_tags(tags: &[KeyValue], violations: &mut Violations) {
    violations.count("tags", &rules::node::NODE_TAGS, tags.len());
    violations.unique(
        "tags",
        &rules::common::TAG_KEY,
        tags.iter().filter_map(|tag| tag.key.as_deref()),
    );
    for (index, tag) in tags.iter().enumerate() {
        violations.at(format_args!("tags.{index}"), |violations| {
            violations.required("key", &rules::common::TAG_KEY, tag.key.as_deref());
            violations.optional("value", &rules::common::TAG_VALUE, tag.value.as_deref());
        });
    }
}
