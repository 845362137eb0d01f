//! What the targets share: how to open, and what must hold whatever goes in.

use edge_package::inspect::{Input, Limits, OpenOptions, Opened, open};
use zeroize::Zeroizing;

/// Opens with limits that keep each run short, and says what must hold of every input.
pub fn check(bytes: &[u8], passphrases: &[Zeroizing<String>]) -> Opened {
    let limits = Limits {
        total_bytes: 1 << 20,
        entry_bytes: 1 << 18,
        rounds: 20_000,
        derivation_bytes: 1 << 20,
        ..Limits::default()
    };
    let options = OpenOptions {
        limits,
        passphrases,
    };
    let input = Input {
        name: "input",
        bytes,
    };
    let opened = open(&input, &options);
    assert!(
        opened.troubles().len() <= 200 && opened.private_keys() <= 256,
        "what is found ends somewhere"
    );
    assert!(
        opened.locked().len() <= 256 * (1 + passphrases.len()),
        "what is locked ends somewhere"
    );
    opened
}
