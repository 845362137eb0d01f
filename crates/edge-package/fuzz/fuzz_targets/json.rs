//! Answers, base64, PEM and configuration: all that is text.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    edge_package_fuzz::check(bytes, &[]);
});
