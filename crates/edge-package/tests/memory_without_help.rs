//! The same as `memory.rs` with the allocator of the system, which wipes nothing: opening itself leaves no key behind.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are not told from other functions"
)]

#[path = "memory/search.rs"]
mod search;

/// One test: another one beside it would find what this one keeps on purpose.
#[test]
fn no_key_is_left_and_one_that_is_would_be_found() {
    search::what_is_kept_is_found();
    search::nothing_is_left();
}
