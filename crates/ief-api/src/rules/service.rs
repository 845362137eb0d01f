//! Rules of services (section 4.15).

use super::{Characters, Limit};
use crate::codes;

rules! {
    /// Name (table 4-542).
    SERVICE_NAME = "service_name", &codes::NAME, Limit::Text {
        min: 1,
        max: 64,
        characters: Characters::LowercaseAnd("-"),
        first: Characters::LowercaseLetter,
        last: Characters::LowercaseAnd(""),
    };
    /// Key of a label or of the selector (table 4-542 sets no limit; that of Kubernetes with its prefix is used).
    SERVICE_LABEL_KEY = "service_label_key", &codes::MESH_SHAPE,
        Limit::text(1, 317, Characters::AlphanumericAnd("-_./"));
    /// Value of a label or of the selector (table 4-542 sets no limit; that of Kubernetes is used).
    SERVICE_LABEL_VALUE = "service_label_value", &codes::MESH_SHAPE,
        Limit::text(0, 63, Characters::AlphanumericAnd("-_."));
    /// Which instances answer: one label at least (table 4-543).
    SERVICE_SELECTOR = "service_selector", &codes::MESH_SHAPE,
        Limit::Integer { min: 1, max: i64::MAX };
    /// Kind of service. The reference names one and leaves another empty.
    SERVICE_TYPE = "service_type", &codes::MESH_SHAPE, Limit::OneOf(&["ClusterIP", "NodePort"]);
    /// Address of a service; `None` for none (table 4-543 and its example).
    SERVICE_ADDRESS = "service_address", &codes::MESH_SHAPE, Limit::Ipv4;
    /// Addresses and names outside, which aren't supported (table 4-543).
    SERVICE_EXTERNAL = "service_external", &codes::MESH_SHAPE, Limit::Count { max: 0 };
    /// Name of a port: protocol, hyphen and anything (table 4-544; that of Kubernetes limits its length).
    SERVICE_PORT_NAME = "service_port_name", &codes::MESH_SHAPE,
        Limit::text(1, 63, Characters::LowercaseAnd("-"));
    /// A port (table 4-544).
    SERVICE_PORT = "service_port", &codes::MESH_SHAPE, Limit::Integer { min: 1, max: 65535 };
    /// A port of the nodes, for the type `NodePort` only (table 4-544).
    SERVICE_NODE_PORT = "service_node_port", &codes::MESH_SHAPE,
        Limit::Integer { min: 1, max: 65535 };
    /// Protocol below that of the name (table 4-544).
    SERVICE_PROTOCOL = "service_protocol", &codes::MESH_SHAPE, Limit::OneOf(&["TCP", "UDP"]);
    /// Order of a list (table 4-530 names no field; those of secrets are used).
    SERVICE_SORT = "service_sort", &codes::PARAMETER, Limit::OneOf(&[
        "name", "name:asc", "name:desc", "created_at", "created_at:asc", "created_at:desc",
        "updated_at", "updated_at:asc", "updated_at:desc",
    ]);
}
