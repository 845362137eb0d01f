//! The interface of Edge Console: a Leptos application in the one window.
//!
//! Words and what is computed are built and tested on any target; what is drawn needs a browser.

#![allow(
    unreachable_pub,
    reason = "a binary has no outside that could be reached"
)]
#![allow(
    clippy::needless_pass_by_value,
    clippy::type_complexity,
    reason = "views own what they show: pages take their path and components their properties by value"
)]
#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(
        dead_code,
        unused_imports,
        reason = "only a browser runs it; other targets test its parts"
    )
)]

mod words;

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod beforehand;
#[cfg(target_arch = "wasm32")]
mod chunks;
#[cfg(target_arch = "wasm32")]
mod crash;
mod curl;
mod day;
mod entry_tree;
mod flow;
#[cfg(target_arch = "wasm32")]
mod format;
#[cfg(target_arch = "wasm32")]
mod ipc;
#[cfg(target_arch = "wasm32")]
mod kit;
mod names;
#[cfg(target_arch = "wasm32")]
mod pages;
#[cfg(target_arch = "wasm32")]
mod relations;
mod router;
mod sheet;
#[cfg(target_arch = "wasm32")]
mod shell;
#[cfg(target_arch = "wasm32")]
mod state;
mod table;
mod tagging;

#[cfg(target_arch = "wasm32")]
fn main() {
    crash::watch();
    leptos::prelude::mount_to_body(app::App);
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
