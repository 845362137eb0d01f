//! Inspects one file and prints the report as JSON: `cargo run -p edge-package --example inspect -- FILE`.
//!
//! `--at SECONDS` or `--at YYYY-MM-DD` judges for that time, `--lead-days N` tells earlier or later that something
//! ends, `--zh` writes Chinese, `--passphrase-stdin` reads a passphrase from the standard input, `--html` and
//! `--text` write these forms. It ends with 0 for good, 1 for warning, 2 for bad, and 3 where nothing was inspected.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "printing is what it is for"
)]

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use edge_package::inspect::{Context, Input, Language, OpenOptions, judge, open, write};
use edge_package::report::Verdict;
use zeroize::Zeroizing;

/// What the command line asks for.
struct Asked {
    file: String,
    at: i64,
    lead_days: u32,
    language: Language,
    passphrases: Vec<Zeroizing<String>>,
    form: Form,
}

enum Form {
    Json,
    Text,
    Html,
}

fn main() -> ExitCode {
    match run() {
        Ok(Verdict::Good) => ExitCode::SUCCESS,
        Ok(Verdict::Warning) => ExitCode::from(1),
        Ok(Verdict::Bad) => ExitCode::from(2),
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(3)
        }
    }
}

fn run() -> Result<Verdict, String> {
    let asked = asked(std::env::args().skip(1))?;
    let bytes = std::fs::read(&asked.file).map_err(|error| format!("{}: {error}", asked.file))?;
    let bytes = Zeroizing::new(bytes);
    let input = Input {
        name: &asked.file,
        bytes: &bytes,
    };
    let options = OpenOptions {
        passphrases: &asked.passphrases,
        ..OpenOptions::default()
    };
    let report = judge(
        &open(&input, &options),
        &Context {
            at: asked.at,
            lead_days: asked.lead_days,
            language: asked.language,
            known: None,
        },
    );
    let written = match asked.form {
        Form::Json => write::json(&report),
        Form::Text => write::text(&report, asked.language),
        Form::Html => write::html(&report, asked.language),
    };
    print!("{written}");
    Ok(report.verdict)
}

fn asked(mut arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut asked = Asked {
        file: String::new(),
        at: now
            .ok()
            .and_then(|it| i64::try_from(it.as_secs()).ok())
            .unwrap_or(0),
        lead_days: 30,
        language: Language::En,
        passphrases: Vec::new(),
        form: Form::Json,
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("{argument} needs a value"));
        match argument.as_str() {
            "--at" => asked.at = moment(&value()?)?,
            "--lead-days" => asked.lead_days = value()?.parse().map_err(|_| "no number of days")?,
            "--zh" => asked.language = Language::Zh,
            "--text" => asked.form = Form::Text,
            "--html" => asked.form = Form::Html,
            "--passphrase-stdin" => {
                let mut line = Zeroizing::new(String::new());
                let read = std::io::stdin().read_line(&mut line);
                read.map_err(|error| error.to_string())?;
                let passphrase = line.trim_end_matches(['\r', '\n']).to_owned();
                asked.passphrases.push(Zeroizing::new(passphrase));
            }
            _ if asked.file.is_empty() && !argument.starts_with("--") => asked.file = argument,
            _ => return Err(format!("unknown argument {argument}")),
        }
    }
    if asked.file.is_empty() {
        return Err("name a file".to_owned());
    }
    Ok(asked)
}

fn moment(text: &str) -> Result<i64, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    edge_package::inspect::day(text).ok_or(format!("{text} is no day such as 2027-03-31"))
}
