//! Documents of deployments, seen from outside.
#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "helpers of tests fail as tests do, and read best when values are written where they are used"
)]

mod check;
mod diff;
mod edit;
mod editor;
mod facts;
mod import;
mod picture;
mod placement;
mod samples;
mod source;
mod source_errors;
mod source_exact;
mod source_random;
