//! How long opening takes: a usual package, and a bomb of ten gigabytes.
//!
//! `cargo run --release -p edge-package --example measure`

#![allow(
    clippy::print_stdout,
    reason = "this is a command-line program: what it prints is its answer"
)]

use std::io::Write;
use std::time::{Duration, Instant};

use edge_package::inspect::{Input, OpenOptions, Opened, open};
use flate2::write::GzEncoder;
use flate2::{Compress, Compression, FlushCompress};

const RUNS: usize = 200;

fn main() {
    let package = package();
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &package);
    let answer = format!("{{\"node\": {{\"id\": \"n1\", \"package\": \"{text}\"}}}}");
    measure("package", &package, RUNS);
    measure("package in an answer", answer.as_bytes(), RUNS);
    let bomb = bomb();
    measure("10 GiB in 10 MB", &bomb, 5);
    let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &bomb);
    measure("10 GiB in 10 MB, in base64", text.as_bytes(), 5);
}

fn measure(what: &str, bytes: &[u8], runs: usize) {
    let mut times: Vec<Duration> = Vec::with_capacity(runs);
    let mut last: Option<Opened> = None;
    for _ in 0..runs {
        let begin = Instant::now();
        last = Some(open(&Input { name: what, bytes }, &OpenOptions::default()));
        times.push(begin.elapsed());
    }
    times.sort();
    let troubles = last
        .map(|opened| opened.troubles().to_vec())
        .unwrap_or_default();
    let troubles: Vec<_> = troubles.into_iter().map(|found| found.trouble).collect();
    println!(
        "{what}: {} bytes, middle {:?}, slowest {:?} of {runs}, troubles {troubles:?}",
        bytes.len(),
        times[runs / 2],
        times[runs - 1]
    );
}

/// A package with an RSA key, which takes longest to check.
fn package() -> Vec<u8> {
    const CA: &[u8] = include_bytes!("../tests/fixtures/opening/ca.crt");
    const LEAF: &[u8] = include_bytes!("../tests/fixtures/opening/ec.crt");
    const KEY: &[u8] = include_bytes!("../tests/fixtures/opening/rsa.pkcs1.pem");
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    let files = [
        ("rootCA.crt", CA),
        ("private_cert.crt", LEAF),
        ("private_cert.key", KEY),
        ("user_config", b"{\"NODE_ID\": \"n1\"}"),
    ];
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o600);
        builder
            .append_data(&mut header, name, content)
            .expect("memory takes all that is written");
    }
    let mut gzip = builder
        .into_inner()
        .expect("memory takes all that is written");
    gzip.flush().expect("memory takes all that is written");
    gzip.finish().expect("memory takes all that is written")
}

/// Zeros in pieces that stand for themselves, so that one can be repeated.
fn bomb() -> Vec<u8> {
    const PIECE: usize = 16 << 20;
    let mut deflate = Compress::new(Compression::best(), false);
    let mut piece = Vec::with_capacity(PIECE / 512);
    deflate
        .compress_vec(&vec![0; PIECE], &mut piece, FlushCompress::Full)
        .expect("zeros can be packed");
    let mut stream = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3];
    for _ in 0..(10 << 30) / PIECE {
        stream.extend_from_slice(&piece);
    }
    // The last block, which is empty; nobody gets as far as the checksum.
    stream.extend([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    stream
}
