//! Nothing that goes in makes opening fall.

use super::{CA, KEY, base64, gzip, opened, package, tar};
use flate2::read::GzDecoder;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use std::io::Read;

/// The archive of a package, before gzip.
fn archive() -> Vec<u8> {
    let mut archive = Vec::new();
    GzDecoder::new(&package()[..])
        .read_to_end(&mut archive)
        .unwrap();
    archive
}

fn real() -> impl Strategy<Value = Vec<u8>> {
    let answer = format!("{{\"node\": {{\"id\": \"n1\", \"package\": \"{}\"}}}}", {
        String::from_utf8(base64(&package())).unwrap()
    });
    let store = include_bytes!("../../../../tests/fixtures/opening/store.legacy.p12");
    let streamed = include_bytes!("../../../../tests/fixtures/opening/stream.p7");
    let locked = include_str!("../../../../tests/fixtures/opening/locked.pbe3des.pem");
    prop_oneof![
        Just(package()),
        Just(archive()),
        Just(answer.into_bytes()),
        Just(base64(&package())),
        Just(CA.as_bytes().to_vec()),
        Just(KEY.as_bytes().to_vec()),
        Just(locked.as_bytes().to_vec()),
        Just(pem::parse(KEY).unwrap().into_contents()),
        Just(store.to_vec()),
        Just(streamed.to_vec()),
    ]
}

#[derive(Debug, Clone)]
enum Change {
    Set(usize, u8),
    Cut(usize),
    Remove(usize, usize),
    Repeat(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<usize>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, to)| Change::Set(at, to)),
        at().prop_map(Change::Cut),
        (at(), 1..600_usize).prop_map(|(at, count)| Change::Remove(at, count)),
        (at(), 1..600_usize).prop_map(|(at, count)| Change::Repeat(at, count)),
    ]
}

fn apply(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        if bytes.is_empty() {
            break;
        }
        let length = bytes.len();
        match *change {
            Change::Set(at, to) => bytes[at % length] = to,
            Change::Cut(at) => bytes.truncate(at % length),
            Change::Remove(at, count) => {
                let at = at % length;
                bytes.drain(at..(at + count).min(length));
            }
            Change::Repeat(at, count) => {
                let at = at % length;
                let part = bytes[at..(at + count).min(length)].to_vec();
                bytes.splice(at..at, part);
            }
        }
    }
    bytes
}

/// What must hold whatever goes in.
fn check(bytes: &[u8]) {
    let opened = opened(bytes);
    let found = opened.certificates.len() + opened.keys.len() + opened.locked.len();
    let told = opened.troubles.len() + opened.entries.len() + opened.configurations.len();
    assert!(found + told > 0, "something is said of every input");
    let key = pem::parse(KEY).unwrap();
    let body = KEY.lines().nth(1).unwrap();
    // The seed of the key, and the line of the file that holds it.
    let secret = &key.contents()[36..68];
    let shown = format!("{opened:?}");
    assert!(!shown.contains(body) && !shown.contains(&format!("{secret:?}")[1..40]));
}

proptest! {
    #[test]
    fn noise_is_opened(bytes in vec(any::<u8>(), 0..3000)) {
        check(&bytes);
    }

    #[test]
    fn noise_in_layers_is_opened(bytes in vec(any::<u8>(), 0..3000), layers in vec(0..3_u8, 0..5)) {
        let wrap = |bytes: Vec<u8>, layer: &u8| match layer {
            0 => gzip(&bytes),
            1 => tar(&[("a", &bytes)]),
            _ => base64(&bytes),
        };
        check(&layers.iter().fold(bytes, wrap));
    }

    #[test]
    fn changed_packages_are_opened(bytes in real(), changes in vec(change(), 1..6)) {
        check(&apply(bytes, &changes));
    }

    #[test]
    fn changed_archives_are_opened(changes in vec(change(), 1..6), layers in 0..2_u8) {
        let changed = apply(archive(), &changes);
        check(&if layers == 0 { changed } else { gzip(&changed) });
    }
}
