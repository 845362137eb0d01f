//! Documents of deployments, seen from outside.

mod check;
mod samples;
mod source;
mod source_errors;
mod source_random;
