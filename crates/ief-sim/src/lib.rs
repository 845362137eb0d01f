//! A simulator of the IEF and IAM APIs over real HTTP.
//!
//! [`Simulator::start`] opens a server on a loopback address, in this process; the binary `ief-sim` does
//! the same on its own. Tokens, signatures, limits, quotas and references are checked for real, packages
//! hold real certificates, and what happens in the simulated fleet follows one clock that can be stepped.
//!
//! # Fleets
//! Nodes and devices are pure functions of a seed and an index, so that a million of them costs nothing;
//! only what was created, changed or removed is kept.
//!
//! # Telling names
//! A thing whose name contains `fail-create`, `fail-update`, `fail-delete`, `fail-start`, `fail-stop`,
//! `fail-upgrade` or `fail-bind` answers the named action with 500 and `IEF.120001`. A node whose name
//! contains `stays-offline` never connects, one with `upgrade-fails` comes with
//! old software and is rolled back when it is upgraded. A
//! device whose name contains `never-reports`, and a twin property whose name contains `stuck`, never
//! become what is expected of them. An image whose address contains `no-such` can't be had; the container of one
//! with `crashes` or `completes` ends soon after its start, and one whose probe contains `never-ready` never is.
//! `fail-restart` in the name of a deployment keeps its instances from being restarted. Of a rule or a system
//! event whose name contains `fails-to-forward`, every message fails. A stream whose name contains `no-such` does
//! not exist. With a batch registration whose name contains `enrols`, three machines register one after the other.
//! A batch job answers `fail-start` when it is to go on or to be tried again.
//!
//! # Faults and control
//! See [`Fault`] for what can go wrong on request. Below `/_sim/` there are, for loopback only:
//! `POST /_sim/advance {"seconds": n}`, `GET` and `POST /_sim/faults {"add": ["internal,count=1"],
//! "clear": true}`, `GET` and `DELETE /_sim/requests`, `POST /_sim/revoke` and `GET /_sim/state`.

mod account;
mod answer;
mod app_versions;
mod apps;
mod auth;
mod batch_jobs;
mod bindings;
mod clock;
mod config_maps;
mod control;
mod deployments;
mod devices;
mod encrypted_data;
mod endpoints;
mod faults;
mod group_certificates;
mod iam;
mod job_deployments;
mod job_steps;
mod lifecycle;
mod message_rules;
mod node_actions;
mod node_certificates;
mod node_groups;
mod node_query;
mod nodes;
mod options;
mod package;
mod placement;
mod pods;
mod population;
mod products;
mod progress;
mod quotas;
mod references;
mod requests;
mod resource_tags;
mod rollout;
mod routes;
mod secrets;
mod seed;
mod seeded_apps;
mod seeded_deployments;
mod seeded_devices;
mod seeded_groups;
mod seeded_jobs;
mod seeded_nodes;
mod seeded_rules;
mod server;
mod services;
mod signature;
mod simulator;
mod state;
mod stock;
mod store;
mod system_events;
mod tag_query;
mod tagged;
mod templates;
mod traffic;
mod twins;
mod wire;
mod world;

pub use account::{Account, Temporary};
pub use clock::Pace;
pub use faults::{Fault, FaultError, FaultKind};
pub use options::{Edition, Options};
pub use package::PackageError;
pub use requests::SeenRequest;
pub use simulator::{Running, Simulator, StartError};
pub use state::Control;
