//! Packages inspected from end to end: those that the simulator gives out are good, and each thing that can be wrong
//! with one is named.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not told from other functions"
)]

#[path = "inspect/broken.rs"]
mod broken;
#[path = "inspect/good.rs"]
mod good;
#[path = "inspect/secrets.rs"]
mod secrets;
#[path = "inspect/simulator.rs"]
mod simulator;
#[path = "inspect/support.rs"]
mod support;
#[path = "inspect/written.rs"]
mod written;
