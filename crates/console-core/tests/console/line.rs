//! Inspection on the command line: what it says, and how it ends.

use std::ffi::OsString;
use std::path::Path;

use console_core::{Ending, Terminal, inspect_line};
use serde_json::Value;

use super::packages::{Made, file, leaks, made};
use super::support::Hand;

/// What a command said.
struct Said {
    ending: Ending,
    output: String,
    errors: String,
}

fn run(folder: &Path, arguments: &[&str], input: &[u8], locale: &str) -> Said {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let arguments = arguments
        .iter()
        .map(|argument| match argument.strip_prefix('@') {
            Some(name) => folder.join(name).into_os_string(),
            None => OsString::from(argument),
        });
    let ending = inspect_line(
        arguments,
        &mut Terminal {
            input: &mut &*input,
            output: &mut output,
            errors: &mut errors,
            clock: &Hand::new(),
            locale,
        },
    );
    Said {
        ending,
        output: String::from_utf8(output).unwrap(),
        errors: String::from_utf8(errors).unwrap(),
    }
}

#[tokio::test]
async fn the_exit_status_is_the_worst_of_all() {
    let Made {
        desk, package, key, ..
    } = made().await;
    let folder = desk.folder.path();
    file(folder, "good.tgz", &package);
    file(folder, "bad", b"\x00garbage");
    let run = |arguments: &[&str]| run(folder, arguments, b"", "en_GB.UTF-8");
    let good = run(&["@good.tgz"]);
    assert_eq!(
        (good.ending, good.errors.as_str()),
        (Ending::Good, ""),
        "{}",
        good.output
    );
    assert!(good.output.contains("good.tgz"));
    assert!(!leaks(&key, &good.output.clone().into()));
    assert_eq!(
        run(&["@good.tgz", "--at", "2033-03"]).ending,
        Ending::Bad,
        "it has ended by then"
    );
    assert_eq!(
        run(&["@good.tgz", "--lead-days=3000"]).ending,
        Ending::Warning,
        "it ends soon"
    );
    let bad = run(&["@good.tgz", "@bad"]);
    assert_eq!((bad.ending as u8, bad.errors.as_str()), (2, ""));
    let failed = run(&["@none", "@good.tgz"]);
    assert_eq!(failed.ending as u8, 3);
    assert!(failed.errors.contains("none"), "{}", failed.errors);
    assert!(
        failed.output.contains("good.tgz"),
        "the other one is inspected all the same"
    );
    assert_eq!(run(&["@."]).ending, Ending::Failed);
}

#[tokio::test]
async fn a_report_is_read_by_machines() {
    let Made { desk, package, .. } = made().await;
    let folder = desk.folder.path();
    file(folder, "a.tgz", &package);
    let json = |arguments: &[&str], input: &[u8]| -> Value {
        serde_json::from_str(&run(folder, arguments, input, "").output).unwrap()
    };
    let one = json(&["--json", "@a.tgz"], b"");
    assert_eq!(
        (&one["verdict"], &one["name"]),
        (&"good".into(), &"a.tgz".into())
    );
    assert!(
        one["checks"]
            .as_array()
            .unwrap()
            .iter()
            .all(|check| check["id"].is_string())
    );
    let piped = json(&["--json", "-"], &package);
    assert_eq!(
        (&piped["sha256"], &piped["name"]),
        (&one["sha256"], &"stdin".into())
    );
    let both = json(&["--json", "@a.tgz", "-"], b"nothing");
    assert_eq!(both[0], one);
    assert_eq!(both[1]["verdict"], "bad");
    let compared = json(&["--json", "--compare", "@a.tgz", "-"], &package);
    assert_eq!(compared[0]["names"][1], "stdin");
}

#[tokio::test]
async fn it_speaks_the_language_of_its_reader() {
    let Made { desk, package, .. } = made().await;
    let folder = desk.folder.path();
    file(folder, "a.tgz", &package);
    let is_chinese = |said: Said| {
        said.output
            .chars()
            .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    };
    assert!(!is_chinese(run(folder, &["@a.tgz"], b"", "de_DE.UTF-8")));
    assert!(is_chinese(run(folder, &["@a.tgz"], b"", "zh_CN.UTF-8")));
    assert!(is_chinese(run(
        folder,
        &["--lang", "zh", "@a.tgz"],
        b"",
        "C"
    )));
    assert!(!is_chinese(run(
        folder,
        &["--lang=en", "@a.tgz"],
        b"",
        "zh_CN.UTF-8"
    )));
    let page = run(folder, &["--html", "@a.tgz"], b"", "");
    assert!(
        page.output.to_lowercase().contains("<html"),
        "{}",
        page.output
    );
}

#[test]
fn passphrases_come_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let locked = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/locked.key");
    let locked = locked.to_str().unwrap();
    let passphrases = "wrong\r\nedge-canary-8812\n";
    file(folder.path(), "words", passphrases.as_bytes());
    let report = |arguments: &[&str], input: &[u8]| -> Value {
        let said = run(
            folder.path(),
            &[&["--json", locked], arguments].concat(),
            input,
            "",
        );
        assert!(!said.output.contains("canary"));
        serde_json::from_str(&said.output).unwrap()
    };
    assert_eq!(report(&[], b"")["keys"][0]["locked"], true);
    assert_eq!(
        report(&["--passphrase-file", "@words"], b"")["keys"][0]["locked"],
        false
    );
    assert_eq!(
        report(&["--passphrase-file=-"], passphrases.as_bytes())["keys"][0]["locked"],
        false
    );
}

#[test]
fn a_wrong_command_says_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, named) in [
        (&[][..], "no file"),
        (&["--what", "a"], "--what"),
        (&["--at", "soon", "a"], "soon"),
        (&["--lang", "de", "a"], "de"),
        (&["--compare", "a"], "compare"),
        (&["--html", "a", "b"], "page"),
        (&["-", "-"], "standard input"),
        (&["a", "--passphrase-file"], "passphrase-file"),
    ] {
        let said = run(folder.path(), arguments, b"", "");
        assert_eq!(
            (said.ending, said.output.as_str()),
            (Ending::Failed, ""),
            "{arguments:?}"
        );
        assert!(
            said.errors.contains(named),
            "{arguments:?}: {}",
            said.errors
        );
    }
    let help = run(folder.path(), &["--help"], b"", "");
    assert_eq!(help.ending, Ending::Good);
    for option in [
        "--json",
        "--html",
        "--compare",
        "--at",
        "--lang",
        "--lead-days",
        "--passphrase-file",
    ] {
        assert!(help.output.contains(option), "{option}");
    }
}

/// Whether a text moves the cursor, colours the terminal, or turns the direction of what follows.
#[cfg(unix)]
fn commands(text: &str) -> bool {
    let is_command = |it: char| it.is_control() && it != '\n' || "\u{202e}\u{61c}".contains(it);
    text.chars().any(is_command)
}

#[cfg(unix)]
#[test]
fn no_file_tells_the_terminal_anything() {
    // CN=gw ESC [31m LF U+202E -1 U+061C U+009B 2J
    let certificate = include_bytes!("../fixtures/hostile_name.pem");
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let name = "gw\u{1b}]0;title\u{7}\n\u{202e}.pem";
    file(folder, name, certificate);
    let config = "{\"NODE_ID\": \"\\u001b[2J\\n\\u202e\", \"a\u{61c}\": 1}";
    file(folder, "config", config.as_bytes());
    let [hostile, missing] = [name, "no\u{1b}[2J\n\u{202e}ne"].map(|it| format!("@{it}"));
    for arguments in [
        &[hostile.as_str()][..],
        &["@config"],
        &["--compare", &hostile, "@config"],
        &["--compare", "@config", &hostile],
        &[&missing],
        &["--lang", "\u{1b}[2J\u{202e}", "@config"],
        &["--\u{1b}[2J\u{202e}"],
    ] {
        let said = run(folder, arguments, b"", "");
        let whole = said.output + &said.errors;
        assert!(!whole.is_empty());
        assert!(!commands(&whole), "{arguments:?}: {whole:?}");
    }
    let said = run(folder, &[&hostile], b"", "").output;
    assert!(
        said.contains("gw\\u{1b}[31m\\u{a}\\u{202e}-1\\u{61c}\\u{9b}2J"),
        "{said}"
    );
    let said = run(folder, &[&missing], b"", "").errors;
    assert_eq!(said.lines().count(), 1, "{said:?}");
}
