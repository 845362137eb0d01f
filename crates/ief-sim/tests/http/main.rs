//! The simulator over real HTTP, as its clients see it.

#![allow(
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect should end"
)]

mod batch_jobs;
mod client;
mod codes;
mod config_maps;
mod devices;
mod encrypted_data;
mod endpoints;
mod faults;
mod fleet;
mod lifecycle;
mod message_rules;
mod node_groups;
mod nodes;
mod products;
mod resource_tags;
mod secrets;
mod sign_in;
mod system_events;
mod templates;
