//! Rules of what forwards messages: rules (section 4.10) and, where they are alike, system events
//! (section 4.11).

use super::common::{DESCRIPTION, NAME};
use super::{Characters, Limit};
use crate::codes;

/// What a path consists of by RFC 3986.
const PATH: Characters = Characters::AlphanumericAnd("-._~!$&'()*+,;=:@/%");
/// What an address consists of by RFC 3986.
const ADDRESS: Characters = Characters::AlphanumericAnd("-._~!$&'()*+,;=:@/%?#[]");

/// A path from the root. The reference sets no limit on its length; that of a property's value is used.
const fn path() -> Limit {
    Limit::Text {
        min: 1,
        max: 512,
        characters: PATH,
        first: Characters::Only("/"),
        last: Characters::Any,
    }
}

rules! {
    /// Name (table 4-405).
    RULE_NAME = "rule_name", &codes::RULE_NAME, Limit::text(1, 64, NAME);
    /// Description (tables 4-405 and 4-451).
    RULE_DESCRIPTION = "rule_description", &codes::RULE_DESCRIPTION,
        Limit::text(0, 255, DESCRIPTION);
    /// Endpoint that messages come from (table 4-405).
    RULE_SOURCE = "rule_source", &codes::RULE_SOURCE, Limit::text(1, 64, NAME);
    /// How much of the source is named (table 4-405).
    RULE_SOURCE_RESOURCE = "rule_source_resource", &codes::RULE_SOURCE_RESOURCE,
        Limit::Integer { min: 1, max: i64::MAX };
    /// Endpoint that messages go to (tables 4-405 and 4-451).
    RULE_TARGET = "rule_target", &codes::RULE_DESTINATION, Limit::text(1, 64, NAME);
    /// How much of the destination is named (tables 4-405 and 4-451).
    RULE_TARGET_RESOURCE = "rule_target_resource", &codes::RULE_DESTINATION_RESOURCE,
        Limit::Integer { min: 1, max: i64::MAX };
    /// Path at the REST gateway (table 4-405).
    REST_PATH = "rest_path", &codes::REST_PATH, path();
    /// Path at a service on a node (table 4-405).
    SERVICE_BUS_PATH = "service_bus_path", &codes::SERVICE_BUS_PATH, path();
    /// Topic of a broker (table 4-405). The reference sets no limit; 512 characters without blanks are used.
    EVENT_BUS_TOPIC = "event_bus_topic", &codes::EVENT_BUS_TOPIC,
        Limit::text(1, 512, Characters::AnyBut(" \t\r\n"));
    /// Node whose broker messages come from (table 4-405, error code IEF.300135).
    MESSAGE_NODE = "message_node", &codes::MESSAGE_NODE, Limit::text(1, 64, NAME);
    /// Stream (table 4-405). The reference sets no limit; that of names is used.
    DIS_CHANNEL = "dis_channel", &codes::DIS, Limit::text(1, 64, NAME);
    /// Address behind API Gateway (table 4-405). The reference sets no limit; 512 characters are used.
    APIGW_RESOURCE = "apigw_resource", &codes::APIGW_RESOURCE, Limit::text(1, 512, ADDRESS);
}
