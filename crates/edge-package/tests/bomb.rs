//! Bombs: what would fill memory or time is refused while it is small. Each is opened in a process of its own, whose
//! highest use of memory the system tells.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests are not told from other functions; what they print are measurements"
)]

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::Instant;

use edge_package::inspect::{Input, OpenOptions, Trouble, open};
use flate2::{Compress, Compression, FlushCompress};

const GIB: u64 = 1 << 30;
/// What the whole process may use: the test program, the input and all that opening takes.
const MOST_MEMORY: u64 = 64 << 20;

/// A gzip stream of `head` and then so many zeros, made without unpacking it anywhere: a piece that stands for itself
/// is repeated.
fn zeros(head: &[u8], count: u64) -> Vec<u8> {
    const PIECE: usize = 16 << 20;
    let mut deflate = Compress::new(Compression::best(), false);
    let mut packed = |content: &[u8], flush| {
        let mut out = Vec::with_capacity(PIECE / 512);
        deflate.compress_vec(content, &mut out, flush).unwrap();
        out
    };
    let first = packed(head, FlushCompress::Full);
    let piece = vec![0; PIECE];
    // The first follows the head, the second another one like it, as all later ones do.
    packed(&piece, FlushCompress::Full);
    let repeated = packed(&piece, FlushCompress::Full);
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(head);
    let mut of_piece = crc32fast::Hasher::new();
    of_piece.update(&piece);
    let mut stream = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3];
    stream.extend(first);
    for _ in 0..count / PIECE as u64 {
        stream.extend_from_slice(&repeated);
        checksum.combine(&of_piece);
    }
    // The last block, which is empty.
    stream.extend([3, 0]);
    stream.extend(checksum.finalize().to_le_bytes());
    let length = head.len() as u64 + count;
    stream.extend((length as u32).to_le_bytes());
    stream
}

fn claims(size: u64) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path("private_cert.key").unwrap();
    header.set_size(size);
    header.set_mode(0o600);
    header.set_cksum();
    header.as_bytes().to_vec()
}

/// What the child tells: its troubles, and the highest use of memory of the process.
struct Told {
    troubles: String,
    memory: u64,
}

#[track_caller]
fn check(what: &str, bomb: &[u8], trouble: &Trouble) {
    let begin = Instant::now();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "child", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(bomb).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let value = |name: &str| {
        let mut lines = text.lines().filter_map(|line| line.split_once(name));
        lines
            .next()
            .map(|(_, value)| value.trim().to_owned())
            .unwrap()
    };
    let told = Told {
        troubles: value("troubles:"),
        memory: value("memory:").parse().unwrap(),
    };
    println!(
        "{what}: {} bytes, opened in {}, {} KiB at most, process {:?}",
        bomb.len(),
        value("time:"),
        told.memory >> 10,
        begin.elapsed()
    );
    assert_eq!(told.troubles, format!("{:?}", [trouble]), "{what}");
    assert!(told.memory < MOST_MEMORY, "{what}: {} bytes", told.memory);
}

#[test]
#[ignore = "run by the test below, which measures it"]
fn child() {
    let mut bytes = Vec::with_capacity(16 << 20);
    std::io::stdin().read_to_end(&mut bytes).unwrap();
    let input = Input {
        name: "bomb",
        bytes: &bytes,
    };
    let begin = Instant::now();
    let opened = open(&input, &OpenOptions::default());
    let time = begin.elapsed();
    let troubles: Vec<_> = opened
        .troubles()
        .iter()
        .map(|found| &found.trouble)
        .collect();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let highest = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let memory: u64 = highest.trim().trim_end_matches(" kB").parse().unwrap();
    println!(
        "\ntroubles: {troubles:?}\nmemory: {}\ntime: {time:?}",
        memory << 10
    );
}

#[test]
fn ten_gigabytes_in_ten_megabytes_are_refused() {
    let bomb = zeros(b"", 10 * GIB);
    assert!(
        (10_000_000..11_000_000).contains(&bomb.len()),
        "{} bytes",
        bomb.len()
    );
    let ratio = Trouble::Ratio { limit: 200 };
    check("zeros", &bomb, &ratio);
    check(
        "an entry of zeros",
        &zeros(&claims(10 * GIB), 10 * GIB),
        &ratio,
    );
    let total = Trouble::TotalTooLarge { limit: 16 << 20 };
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &bomb);
    check("zeros in base64", text.as_bytes(), &ratio);
    let answer = format!("{{\"node\": {{\"package\": \"{text}\"}}}}");
    check("zeros in an answer", answer.as_bytes(), &total);
    drop((text, answer));
    // A bomb of bombs: the outer one grows less than is odd.
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bomb).unwrap();
    check("zeros within gzip", &gzip.finish().unwrap(), &ratio);
}

#[test]
fn the_bomb_is_one() {
    // The same made smaller, and unpacked by another library.
    let mut content = Vec::new();
    let bomb = zeros(&claims(64 << 20), 64 << 20);
    flate2::read::GzDecoder::new(&bomb[..])
        .read_to_end(&mut content)
        .unwrap();
    assert_eq!(content.len(), 512 + (64 << 20));
    assert!(content[512..].iter().all(|&byte| byte == 0));
}

#[test]
fn an_entry_that_only_claims_to_be_large_is_refused() {
    let claim = claims(10 * GIB);
    let bytes = [claim, vec![0; 4096]].concat();
    check("a claim", &bytes, &Trouble::TarTruncated);
}
