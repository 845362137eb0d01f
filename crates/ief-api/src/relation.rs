//! What uses what: each way in which one kind of thing names another, declared once.
//!
//! The window draws from it what a thing uses and what uses it, and says before a deletion what else it
//! touches. Nothing there knows a kind of thing by name.

use crate::device::ListDevices;
use crate::encrypted_data::{ListEncryptdataNodes, ListNodeEncryptdatas};
use crate::node::ListEdgeNodes;
use crate::operation::{Operation, OperationSpec};

/// A way in which things of one kind use things of another.
#[derive(Debug)]
pub struct Relation {
    /// Stable name, as texts have it: `deployment_node`.
    pub name: &'static str,
    /// The kind of resource that uses.
    pub user: &'static str,
    /// The kind of resource that is used.
    pub used: &'static str,
    /// How it is found.
    pub link: Link,
    /// Whether the service keeps a thing from deletion as long as it is used so.
    pub keeps: bool,
}

/// How it is found which things use which.
#[derive(Debug)]
pub enum Link {
    /// A column of the user holds identifiers of what it uses.
    Ids(&'static str),
    /// A column of the user holds names of what it uses.
    Names(&'static str),
    /// The service is asked: no list tells.
    Asked {
        /// What one user uses.
        used: Listing,
        /// What uses one.
        users: Listing,
    },
}

/// An operation that lists what belongs to one thing.
#[derive(Debug)]
pub struct Listing {
    /// The operation.
    pub operation: &'static OperationSpec,
    /// Its parameter that takes the thing's identifier, in the path or in the query.
    pub parameter: &'static str,
    /// Where the rows stand in its answer.
    pub rows: &'static str,
}

/// Every relation, in the order in which it is told.
pub static RELATIONS: &[Relation] = &[
    Relation {
        name: "node_group",
        user: "node",
        used: "node_group",
        link: Link::Ids("group"),
        keeps: false,
    },
    Relation {
        name: "node_registration",
        user: "node",
        used: "product",
        link: Link::Ids("product"),
        keeps: false,
    },
    Relation {
        name: "node_device",
        user: "node",
        used: "device",
        link: Link::Asked {
            used: Listing {
                operation: ListDevices::SPEC,
                parameter: "node_id",
                rows: "devices",
            },
            users: Listing {
                operation: ListEdgeNodes::SPEC,
                parameter: "device_id",
                rows: "nodes",
            },
        },
        keeps: true,
    },
    Relation {
        name: "node_encrypted_data",
        user: "node",
        used: "encrypted_data",
        link: Link::Asked {
            used: Listing {
                operation: ListNodeEncryptdatas::SPEC,
                parameter: "node_id",
                rows: "encrypt_datas",
            },
            users: Listing {
                operation: ListEncryptdataNodes::SPEC,
                parameter: "encryptdata_id",
                rows: "nodes",
            },
        },
        keeps: true,
    },
    Relation {
        name: "deployment_node",
        user: "deployment",
        used: "node",
        link: Link::Ids("node"),
        keeps: false,
    },
    Relation {
        name: "deployment_group",
        user: "deployment",
        used: "node_group",
        link: Link::Ids("group"),
        keeps: true,
    },
    Relation {
        name: "deployment_config_map",
        user: "deployment",
        used: "config_map",
        link: Link::Names("config_maps"),
        keeps: true,
    },
    Relation {
        name: "deployment_secret",
        user: "deployment",
        used: "secret",
        link: Link::Names("secrets"),
        keeps: true,
    },
    Relation {
        name: "app_config_map",
        user: "app",
        used: "config_map",
        link: Link::Names("config_maps"),
        keeps: true,
    },
    Relation {
        name: "app_secret",
        user: "app",
        used: "secret",
        link: Link::Names("secrets"),
        keeps: true,
    },
    Relation {
        name: "service_deployment",
        user: "service",
        used: "deployment",
        link: Link::Names("application"),
        keeps: false,
    },
    Relation {
        name: "rule_source",
        user: "rule",
        used: "endpoint",
        link: Link::Ids("source_id"),
        keeps: true,
    },
    Relation {
        name: "rule_target",
        user: "rule",
        used: "endpoint",
        link: Link::Ids("target_id"),
        keeps: true,
    },
    Relation {
        name: "rule_node",
        user: "rule",
        used: "node",
        link: Link::Ids("node"),
        keeps: false,
    },
    Relation {
        name: "system_event_target",
        user: "system_event",
        used: "endpoint",
        link: Link::Ids("target_id"),
        keeps: true,
    },
];
