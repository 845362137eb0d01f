//! Certificates, keys and stores: DER and PEM, with a passphrase at hand and with one tried later.

#![no_main]

use libfuzzer_sys::fuzz_target;
use zeroize::Zeroizing;

fuzz_target!(|bytes: &[u8]| {
    let passphrase = Zeroizing::new("geheim".to_owned());
    let mut opened = edge_package_fuzz::check(bytes, &[]);
    let locked = opened.locked().len();
    assert_eq!(locked - opened.unlock(&passphrase), opened.locked().len());
    edge_package_fuzz::check(bytes, &[passphrase]);
});
