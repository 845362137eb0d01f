//! The simulator over real HTTP, as its clients see it.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect should end"
)]

mod apps;
mod batch_jobs;
mod client;
mod codes;
mod config_maps;
mod deployments;
mod devices;
mod encrypted_data;
mod endpoints;
mod faults;
mod fleet;
mod group_deployments;
mod job_deployments;
mod lifecycle;
mod message_rules;
mod node_groups;
mod nodes;
mod pods;
mod products;
mod resource_tags;
mod secrets;
mod services;
mod sign_in;
mod system_events;
mod templates;
