//! Searches the memory of this process for keys. What is searched for is kept masked, so that it isn't found in the
//! search itself.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;

use edge_package::inspect::{Context, Input, Language, OpenOptions, judge, open, write};
use zeroize::Zeroizing;

const MASK: u8 = 0x5a;

macro_rules! masked {
    ($name:literal) => {
        include_bytes!(concat!("../fixtures/canary/", $name, ".masked")).as_slice()
    };
}

/// A pattern, masked, and what it is.
struct Pattern {
    name: &'static str,
    bytes: Vec<u8>,
}

/// Secrets of both keys: both ends of each, in the order in which they are written and in that of the limbs of a large
/// number, and as PEM has them.
fn patterns() -> Vec<Pattern> {
    const LENGTH: usize = 16;
    let mut found = Vec::new();
    for (name, secret) in [
        ("scalar", masked!("ec.secret")),
        ("prime", masked!("rsa.secret")),
        ("passphrase", masked!("passphrase.secret")),
    ] {
        let mut reversed = secret.to_vec();
        reversed.reverse();
        for bytes in [secret, &reversed] {
            found.push((name, bytes[..LENGTH].to_vec()));
            found.push((name, bytes[bytes.len() - LENGTH..].to_vec()));
        }
    }
    // In the first lines of base64 stand the algorithm and the public half.
    for (name, pem, at) in [
        ("EC key in PEM", masked!("ec.pem"), 80),
        ("RSA key in PEM", masked!("rsa.pem"), 900),
    ] {
        found.push((name, pem[at..at + LENGTH].to_vec()));
    }
    let of = |(name, bytes)| Pattern { name, bytes };
    found.into_iter().map(of).collect()
}

fn clear(masked: &[u8]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(masked.iter().map(|byte| byte ^ MASK).collect())
}

/// The names of what stands in the memory of this process.
fn found(patterns: &[Pattern]) -> Vec<String> {
    const CHUNK: usize = 1 << 20;
    const OVERLAP: usize = 64;
    let memory = File::open("/proc/self/mem").unwrap();
    let maps = File::open("/proc/self/maps").unwrap();
    let lines: Vec<String> = BufReader::new(maps).lines().map(Result::unwrap).collect();
    // Masked as soon as it is read: what is left in it later is nothing to be found.
    let mut chunk = vec![0_u8; CHUNK + OVERLAP];
    let own = chunk.as_ptr() as u64;
    let mut names = Vec::new();
    for line in &lines {
        let mut parts = line.split_whitespace();
        let (begin, end) = parts.next().unwrap().split_once('-').unwrap();
        let readable = parts.next().unwrap().starts_with('r');
        if !readable || line.ends_with("[vvar]") || line.ends_with("[vsyscall]") {
            continue;
        }
        let [begin, end] = [begin, end].map(|text| u64::from_str_radix(text, 16).unwrap());
        let mut at = begin;
        while at < end {
            let length = ((end - at) as usize).min(CHUNK + OVERLAP);
            let Ok(read) = memory.read_at(&mut chunk[..length], at) else {
                break;
            };
            for byte in &mut chunk[..read] {
                *byte ^= MASK;
            }
            for pattern in patterns {
                for place in memchr::memmem::find_iter(&chunk[..read], &pattern.bytes) {
                    let place = at + place as u64;
                    if !(own..own + (CHUNK + OVERLAP) as u64).contains(&place) {
                        let region = line.split_whitespace().nth(5).unwrap_or("anonymous");
                        names.push(format!("{} in {region} at {place:x}", pattern.name));
                    }
                }
            }
            if read <= CHUNK {
                break;
            }
            at += CHUNK as u64;
        }
    }
    names.sort();
    names.dedup();
    names
}

fn check(what: &str, masked: &[u8], passphrases: &[Zeroizing<String>], keys: usize) {
    let bytes = clear(masked);
    let input = Input {
        name: what,
        bytes: &bytes,
    };
    let options = OpenOptions {
        passphrases,
        ..OpenOptions::default()
    };
    let opened = open(&input, &options);
    drop(bytes);
    let context = Context {
        at: 1_800_000_000,
        lead_days: 30,
        language: Language::En,
        known: None,
    };
    let report = judge(&opened, &context);
    let written = write::html(&report, Language::En) + &write::json(&report);
    std::hint::black_box(written);
    // What was opened is still there, as it is while its report is looked at.
    assert_eq!(
        opened.private_keys(),
        keys,
        "{what}: {:?}",
        opened.troubles()
    );
}

/// Opens packages with keys in every form, and finds none of the keys afterwards.
pub(crate) fn nothing_is_left() {
    let patterns = patterns();
    assert_eq!(found(&patterns), [""; 0], "before anything is opened");
    for (what, masked, keys) in [
        ("EC package", masked!("ec.tgz"), 1),
        ("EC archive", masked!("ec.tar"), 1),
        ("EC answer", masked!("ec.json"), 2),
        ("EC PEM", masked!("ec.pem"), 1),
        ("EC DER", masked!("ec.der"), 1),
        ("RSA package", masked!("rsa.tgz"), 1),
        ("RSA archive", masked!("rsa.tar"), 1),
        ("RSA answer", masked!("rsa.json"), 2),
        ("RSA PEM", masked!("rsa.pem"), 1),
        ("RSA DER", masked!("rsa.der"), 1),
        ("EC store, only sealed", masked!("ec.clear.p12"), 1),
        ("RSA store, only sealed", masked!("rsa.clear.p12"), 1),
    ] {
        check(what, masked, &[], keys);
    }
    assert_eq!(found(&patterns), [""; 0], "after what is in the clear");
    for (what, masked) in [
        ("EC store", masked!("ec.p12")),
        ("RSA store", masked!("rsa.p12")),
        ("EC key, locked", masked!("ec.locked")),
        ("EC key, locked as before PKCS#8", masked!("ec.legacy")),
        ("RSA key, locked", masked!("rsa.locked")),
    ] {
        check(what, masked, &[], 0);
        let bytes = clear(masked!("passphrase.secret"));
        let text = std::str::from_utf8(&bytes).unwrap();
        let mut passphrase = Zeroizing::new(String::with_capacity(text.len()));
        passphrase.push_str(text);
        check(what, masked, &[passphrase], 1);
    }
    assert_eq!(found(&patterns), [""; 0], "after what is locked");
}

/// The search finds what is kept on purpose: on the heap, backwards, on the stack; and no longer once it is dropped.
pub(crate) fn what_is_kept_is_found() {
    let patterns = patterns();
    let secrets = [
        masked!("ec.secret"),
        masked!("rsa.secret"),
        masked!("passphrase.secret"),
        masked!("ec.pem"),
        masked!("rsa.pem"),
    ];
    let has = |names: &[String], name: &str| names.iter().any(|found| found.starts_with(name));
    let mut kept = secrets.map(clear);
    let names = found(&patterns);
    for pattern in &patterns {
        assert!(has(&names, pattern.name), "{}: {names:?}", pattern.name);
    }
    for bytes in &mut kept {
        bytes.reverse();
    }
    let names = found(&patterns);
    for name in ["scalar", "prime", "passphrase"] {
        assert!(has(&names, name), "{name}, backwards: {names:?}");
    }
    drop(kept);
    assert_eq!(found(&patterns), [""; 0], "after what was kept");
    let mut stack = [0_u8; 16];
    for (to, from) in stack.iter_mut().zip(secrets[0]) {
        *to = from ^ MASK;
    }
    std::hint::black_box(&mut stack);
    let names = found(&patterns);
    assert!(
        has(&names, "scalar in [stack]") || has(&names, "scalar in anonymous"),
        "{names:?}"
    );
    zeroize::Zeroize::zeroize(&mut stack);
}
