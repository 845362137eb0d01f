//! The IEF service as data: operations, wire types, rules and error codes.
//!
//! Nothing here does I/O or holds a credential, and everything builds for wasm. An operation is declared
//! once with [`operation!`]; the client, the simulator and the console derive the rest. To add a
//! resource, write its module like [`node`] and list it in [`catalogue`].

pub mod affinity;
pub mod app;
pub mod app_version;
pub mod batch_job;
pub mod catalogue;
pub mod codes;
pub mod config_map;
pub mod container;
pub mod deployment;
pub mod device;
pub mod device_template;
pub mod encrypted_data;
pub mod endpoint;
pub mod iam;
pub mod message_rule;
pub mod node;
pub mod node_group;
pub mod operation;
pub mod pod;
pub mod product;
pub mod quota;
pub mod redact;
pub mod relation;
pub mod resource;
pub mod resource_tag;
pub mod rules;
pub mod secret;
pub mod service;
pub mod system_event;
pub mod tags;
pub mod time;
pub mod uri;
pub mod wire;
