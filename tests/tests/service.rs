//! The client against the simulator, over real HTTP on loopback.
//!
//! Neither knows the other: both know the declarations of `ief-api` only, so what holds here holds because
//! both read them, and the rules of signing, alike.

#![allow(
    clippy::unwrap_used,
    reason = "a test that has nothing to unwrap has failed"
)]

mod service {
    pub(crate) mod changes;
    pub(crate) mod edges;
    pub(crate) mod every_operation;
    pub(crate) mod faults;
    pub(crate) mod lists;
    pub(crate) mod sign_in;
    pub(crate) mod stage;
}
