//! The application itself on the command line, where there is nothing it could lean on: no display, no home, no network
//! to speak of, no session of a desktop.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of tests unwrap as tests do"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../crates/console-core/tests/fixtures")
        .join(name)
}

/// Runs the application in an empty folder with an empty environment, with a package as its input.
fn inspect(arguments: &[&str]) -> Output {
    let home = tempfile::tempdir().unwrap();
    let mut running = Command::new(env!("CARGO_BIN_EXE_edge-console"))
        .arg("inspect")
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let package = fs::read(fixture("gw-1.tar.gz")).unwrap();
    // Where it isn't read, there is nobody to write to.
    drop(running.stdin.take().unwrap().write_all(&package));
    let output = running.wait_with_output().unwrap();
    let left = fs::read_dir(home.path()).unwrap().count();
    assert_eq!(left, 0, "nothing is written anywhere");
    output
}

#[test]
fn a_package_is_inspected_without_anything() {
    let output = inspect(&["--json", "--at", "2027-03-01", "-"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["verdict"], "good", "{report:#}");
    assert_eq!(
        report["identity"]["id"],
        "7f1d9c52-3b0e-4c8e-9a53-51f4c0f7aa01"
    );
    assert_eq!(
        (output.status.code(), &output.stderr[..]),
        (Some(0), &b""[..])
    );
    assert_eq!(
        inspect(&["--at", "2060-01-01", "-"]).status.code(),
        Some(2),
        "it has ended by then"
    );
}

#[test]
fn the_exit_status_tells_what_went_wrong() {
    let locked = fixture("locked.key");
    let garbage = fixture("README.md");
    assert_eq!(inspect(&[garbage.to_str().unwrap()]).status.code(), Some(2));
    for wrong in [&["/dev/zero"][..], &["/none"], &[], &["--sideways", "-"]] {
        let output = inspect(wrong);
        assert_eq!(output.status.code(), Some(3), "{wrong:?}");
        assert!(output.stdout.is_empty() && output.stderr.starts_with(b"edge-console: "));
    }
    let report = inspect(&["--json", locked.to_str().unwrap()]).stdout;
    let report: Value = serde_json::from_slice(&report).unwrap();
    assert_eq!(report["keys"][0]["locked"], true);
}

#[test]
fn help_is_given_where_it_is_looked_for() {
    let help = inspect(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(
        String::from_utf8(help.stdout)
            .unwrap()
            .contains("--passphrase-file")
    );
}
