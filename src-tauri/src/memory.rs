//! A proof with the application's own allocator: after an inspection its memory holds no copy of the key.

use std::fs::{self, File};
use std::hint::black_box;
use std::os::unix::fs::FileExt;

use console_core::{Ending, SystemClock, Terminal, inspect_line};

/// The package that is inspected.
const PACKAGE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../crates/console-core/tests/fixtures/gw-1.tar.gz"
);

/// Its digest: with another key in it, this test would look for nothing.
const DIGEST: &str = "fb68c061f0ee4dbe26f28c83afe49f148f6dac33208be707cc723b10567bdff9";

/// The number that is its key, and the first line of the key's file, each byte masked.
const KEY: [&str; 2] = [
    "e8a53abd8124ccc5212e9ce8ea8611f235336fd19f4ccb1956e7e5c805693745",
    "e8ece2ede4c2e0e4e8e7e8e2e7dcd4e2f6e8919ce4c2e0e2e6e6d4e2f6e8919ce4d2e0ede7e295d2c4d2ece7e4f4f4c2f1f4e6c3e2e6f6e7c4f2e6e0ccdfc9eb",
];

/// Hides what is looked for, so that looking for it finds no copy of its own.
const MASK: u8 = 0xa5;

/// So many bytes of a key are a copy of it.
const PIECE: usize = 16;

/// The key in both forms, masked, in pieces.
fn pieces() -> Vec<Vec<u8>> {
    let bytes = |text: &str| -> Vec<u8> {
        let digits = text.as_bytes().chunks(2);
        let digits = digits.map(|two| std::str::from_utf8(two).unwrap());
        digits
            .map(|two| u8::from_str_radix(two, 16).unwrap())
            .collect()
    };
    let forms = KEY.map(bytes);
    let pieces = forms.iter().flat_map(|form| form.chunks_exact(PIECE));
    pieces.map(<[u8]>::to_vec).collect()
}

/// How many pieces are in the memory of this process.
fn copies(pieces: &[Vec<u8>]) -> usize {
    let memory = File::open("/proc/self/mem").unwrap();
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let writable = maps.lines().filter(|line| {
        let rights = line.split(' ').nth(1);
        rights.is_some_and(|rights| rights.starts_with("rw"))
    });
    let mut part = vec![0; 1 << 20];
    let mut found = 0;
    for line in writable {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let address = |text| u64::from_str_radix(text, 16).unwrap();
        let (mut from, to) = (address(from), address(to));
        while from + (PIECE as u64) < to {
            let size = part.len().min((to - from) as usize);
            // Some of what is mapped can't be read.
            let Ok(read @ 1..) = memory.read_at(&mut part[..size], from) else {
                break;
            };
            found += count(&part[..read], pieces);
            // What was copied to be looked at is no copy to be found.
            part.fill(0);
            // A piece may lie across the end of this part.
            from += (read.max(PIECE) - PIECE + 1) as u64;
        }
    }
    found
}

fn count(memory: &[u8], pieces: &[Vec<u8>]) -> usize {
    // Most bytes begin none, which is quickly seen.
    let mut begins = [false; 256];
    for piece in pieces {
        begins[usize::from(piece[0] ^ MASK)] = true;
    }
    let is_piece = |at: &[u8]| {
        let maybe = begins[usize::from(at[0])];
        maybe
            && pieces.iter().any(|piece| {
                let mut bytes = at.iter().zip(piece);
                bytes.all(|(byte, masked)| byte ^ MASK == *masked)
            })
    };
    memory.windows(PIECE).filter(|at| is_piece(at)).count()
}

#[test]
fn no_copy_of_a_key_stays_in_memory() {
    let mut said = Vec::new();
    let ending = inspect_line(
        ["--json", PACKAGE].map(Into::into),
        &mut Terminal {
            input: &mut std::io::empty(),
            output: &mut said,
            errors: &mut std::io::sink(),
            clock: &SystemClock,
            locale: "",
        },
    );
    let said: serde_json::Value = serde_json::from_slice(&said).unwrap();
    assert_ne!(ending, Ending::Failed);
    assert_eq!(said["sha256"], DIGEST);
    assert_eq!(said["keys"][0]["private"], true, "the key was read");
    let pieces = pieces();
    assert_eq!(copies(&pieces), 0);
    // One that is there would be found, and is gone once it is freed.
    let alive: Vec<u8> = pieces[0].iter().map(|byte| byte ^ MASK).collect();
    assert!(copies(&pieces) > 0);
    drop(black_box(alive));
    assert_eq!(copies(&pieces), 0);
}
