//! Inspection on the command line: no window, no profile, no network, no keyring.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat};
use console_ipc::inspect::report::{Comparison, Report, Value, Verdict};
use console_ipc::settings::Settings;
use console_ipc::{ErrorKind, IpcError};
use edge_package::inspect::{self, Context, Language, OpenOptions, compare, judge, open, write};
use lexopt::prelude::{Long, Short, Value as Argument, ValueExt};
use zeroize::Zeroizing;

use super::reading::{self, Input};
use crate::clock::Clock;

/// What `inspect --help` says.
const HELP: &str = "\
Says of node packages, certificates and keys whether they are good, for what, until when, and why not.

Usage: edge-console inspect [OPTION]… FILE…

FILE is a package (.tar.gz), an answer of the service in JSON, its base64 field, or certificates and keys in any
usual form; what it is, its content says. - stands for standard input. Nothing is written, nothing is sent, and
private keys are never shown.

  --json                  the report as JSON; of several files, an array of them
  --html                  the report as a page to print; of one file
  --compare               what the first has in common with each of the others, field by field
  --at DATE               judge for this time instead of now: 2027-03, 2027-03-01 or 2027-03-01T12:00:00Z
  --lang LANGUAGE         en or zh [that of the environment]
  --lead-days DAYS        warn of what ends within so many days [30]
  --passphrase-file FILE  passphrases for what is locked, one in a line
  --help                  show this

Exit status: 0 all are good, 1 there is something to know, 2 one is bad, 3 one could not be read or the command is
wrong.
";

/// What the command line is run with.
pub struct Terminal<'a> {
    /// Read when a file is `-`.
    pub input: &'a mut dyn Read,
    /// Where reports go.
    pub output: &'a mut dyn Write,
    /// Where it says what went wrong.
    pub errors: &'a mut dyn Write,
    /// Time.
    pub clock: &'a dyn Clock,
    /// The locale of the environment, such as `zh_CN.UTF-8`. Empty when it names none.
    pub locale: &'a str,
}

/// How it ended, the worst last. The number is the exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Ending {
    /// All are good.
    Good = 0,
    /// There is something to know.
    Warning = 1,
    /// One is bad.
    Bad = 2,
    /// One could not be read, or the command is wrong.
    Failed = 3,
}

impl From<Verdict> for Ending {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Good => Self::Good,
            Verdict::Warning => Self::Warning,
            Verdict::Bad => Self::Bad,
        }
    }
}

/// Runs `inspect` with what stands behind it on the command line.
pub fn inspect_line(
    arguments: impl IntoIterator<Item = OsString>,
    terminal: &mut Terminal<'_>,
) -> Ending {
    let wish = match Wish::read(arguments, terminal.locale) {
        Ok(wish) => wish,
        Err(error) => {
            return complain(
                terminal,
                &format!("{error}; see edge-console inspect --help"),
            );
        }
    };
    let Some(wish) = wish else {
        return match terminal.output.write_all(HELP.as_bytes()) {
            Ok(()) => Ending::Good,
            Err(_) => Ending::Failed,
        };
    };
    let passphrases = match wish.passphrases(terminal) {
        Ok(passphrases) => passphrases,
        Err(reason) => return complain(terminal, &reason),
    };
    let at = wish
        .at
        .unwrap_or_else(|| terminal.clock.now_ms().div_euclid(1000));
    let mut reports = Vec::with_capacity(wish.files.len());
    let mut ending = Ending::Good;
    for path in &wish.files {
        match read(path, terminal.input) {
            Ok(input) => {
                let report = wish.report(&input, &passphrases, at);
                ending = ending.max(report.verdict.into());
                reports.push(report);
            }
            Err(reason) => ending = complain(terminal, &reason),
        }
    }
    match wish.say(&reports, terminal.output) {
        Ok(()) => ending,
        // Whoever read it has gone, as `head` does. What was found still counts.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ending,
        Err(error) => complain(terminal, &error.to_string()),
    }
}

fn complain(terminal: &mut Terminal<'_>, reason: &str) -> Ending {
    // With no place to write to, the exit status still tells.
    let reason = write::clean(reason);
    drop(writeln!(terminal.errors, "edge-console: {reason}"));
    Ending::Failed
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    Html,
}

/// What is asked for.
struct Wish {
    files: Vec<PathBuf>,
    form: Form,
    compare: bool,
    at: Option<i64>,
    language: Language,
    lead_days: u32,
    passphrases: Option<PathBuf>,
}

impl Wish {
    /// Reads the arguments. `None` when it is asked what they are.
    fn read(
        arguments: impl IntoIterator<Item = OsString>,
        locale: &str,
    ) -> Result<Option<Self>, lexopt::Error> {
        let mut wish = Self {
            files: Vec::new(),
            form: Form::Text,
            compare: false,
            at: None,
            language: match locale.starts_with("zh") {
                true => Language::Zh,
                false => Language::En,
            },
            lead_days: Settings::default().certificate_lead_days,
            passphrases: None,
        };
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("json") => wish.form = Form::Json,
                Long("html") => wish.form = Form::Html,
                Long("compare") => wish.compare = true,
                Long("at") => wish.at = Some(parser.value()?.parse_with(moment)?),
                Long("lang") => wish.language = parser.value()?.parse_with(language)?,
                Long("lead-days") => wish.lead_days = parser.value()?.parse()?,
                Long("passphrase-file") => wish.passphrases = Some(parser.value()?.into()),
                Long("help") | Short('h') => return Ok(None),
                Argument(file) => wish.files.push(file.into()),
                other => return Err(other.unexpected()),
            }
        }
        match (wish.files.len(), wish.compare, wish.form) {
            (0, ..) => Err("no file is named".into()),
            (1, true, _) => Err("there is nothing to compare it with".into()),
            (_, true, Form::Html) => Err("a comparison can't be a page".into()),
            (2.., _, Form::Html) => Err("a page is of one file".into()),
            _ if wish.reads_input() > 1 => Err("standard input can be read once only".into()),
            _ => Ok(Some(wish)),
        }
    }

    /// How often standard input is read.
    fn reads_input(&self) -> usize {
        let all = self.files.iter().chain(&self.passphrases);
        all.filter(|path| is_input(path)).count()
    }

    /// The passphrases to try.
    fn passphrases(&self, terminal: &mut Terminal<'_>) -> Result<Vec<Zeroizing<String>>, String> {
        let Some(path) = &self.passphrases else {
            return Ok(Vec::new());
        };
        let input = read(path, terminal.input)?;
        let text = std::str::from_utf8(&input.bytes)
            .map_err(|_| format!("{}: it is no text", path.display()))?;
        let lines = text.lines().filter(|line| !line.is_empty());
        Ok(lines.map(|line| Zeroizing::new(line.to_owned())).collect())
    }

    fn report(&self, input: &Input, passphrases: &[Zeroizing<String>], at: i64) -> Report {
        let bytes = inspect::Input {
            name: &input.name,
            bytes: &input.bytes,
        };
        let context = Context {
            at,
            lead_days: self.lead_days,
            language: self.language,
            known: None,
        };
        // As in the window: what a passphrase opens is known to have been locked.
        let mut opened = open(&bytes, &OpenOptions::default());
        for passphrase in passphrases {
            opened.unlock(passphrase);
        }
        judge(&opened, &context)
    }

    fn say(&self, reports: &[Report], output: &mut dyn Write) -> io::Result<()> {
        if self.compare {
            return self.say_comparisons(reports, output);
        }
        let texts = reports.iter().map(|report| match self.form {
            Form::Text => write::text(report, self.language),
            Form::Json => write::json(report),
            Form::Html => write::html(report, self.language),
        });
        let texts: Vec<String> = texts.map(|text| text.trim_end().to_owned()).collect();
        match (self.form, self.files.len()) {
            (Form::Json, 2..) => writeln!(output, "[\n{}\n]", texts.join(",\n"))?,
            _ if texts.is_empty() => {}
            _ => writeln!(output, "{}", texts.join("\n\n"))?,
        }
        output.flush()
    }

    fn say_comparisons(&self, reports: &[Report], output: &mut dyn Write) -> io::Result<()> {
        let Some((first, others)) = reports.split_first() else {
            return Ok(());
        };
        let compared = others
            .iter()
            .map(|other| compare(first, other, self.language));
        let compared: Vec<Comparison> = compared.collect();
        match self.form {
            Form::Json => writeln!(output, "{}", serde_json::to_string_pretty(&compared)?)?,
            Form::Text | Form::Html => {
                let texts: Vec<String> = compared.iter().map(side_by_side).collect();
                write!(output, "{}", texts.join("\n"))?;
            }
        }
        output.flush()
    }
}

/// Whether a path stands for standard input.
fn is_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a file, or standard input. An error is a sentence.
fn read(path: &Path, input: &mut dyn Read) -> Result<Input, String> {
    if !is_input(path) {
        return reading::file(path).map_err(|error| sentence(path, &error));
    }
    match reading::whole(input, 0) {
        Ok(Some(bytes)) => Ok(Input {
            name: "stdin".to_owned(),
            bytes,
        }),
        Ok(None) => Err(sentence(path, &reading::too_large())),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

fn sentence(path: &Path, error: &IpcError) -> String {
    let value = |name: &str| {
        error
            .values
            .get(name)
            .map(String::as_str)
            .unwrap_or_default()
    };
    let reason = match error.kind {
        ErrorKind::TooLarge => format!("larger than {} MiB", value("mebibytes")),
        ErrorKind::NotAFile => "not a regular file".to_owned(),
        _ => value("detail").to_owned(),
    };
    format!("{}: {reason}", path.display())
}

/// A time as people write it: a month, a day, or a moment; in UTC where it says nothing else.
fn moment(text: &str) -> Result<i64, String> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .or_else(|_| NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d"));
    if let Ok(day) = day {
        return Ok(day.and_time(NaiveTime::MIN).and_utc().timestamp());
    }
    let moment = DateTime::parse_from_rfc3339(text);
    let moment = moment.map_err(|_| "a date looks like 2027-03-01".to_owned())?;
    Ok(moment.timestamp())
}

fn language(text: &str) -> Result<Language, String> {
    match text {
        "en" => Ok(Language::En),
        "zh" => Ok(Language::Zh),
        _ => Err("it is en or zh".to_owned()),
    }
}

/// A comparison as text: a line for each field, with both values where they differ. Whatever a file says can't move
/// the cursor or colour the terminal.
fn side_by_side(comparison: &Comparison) -> String {
    let [first, second] = comparison.names.each_ref().map(|name| write::clean(name));
    let mut text = format!("{}\n", write::clean(&comparison.headline));
    let mut part = "";
    for row in &comparison.rows {
        if row.part != part {
            part = &row.part;
            // Writing to a text can't fail.
            let _ = write!(text, "\n{}\n", write::clean(part));
        }
        let [one, other] = row.values.each_ref().map(|value| match value {
            Some(value) => write::clean(&plain(value)),
            None => "–".to_owned(),
        });
        let label = write::clean(&row.label);
        let _ = match row.same {
            true => writeln!(text, "  = {label}: {one}"),
            false => writeln!(
                text,
                "  ≠ {label}\n      {first}: {one}\n      {second}: {other}"
            ),
        };
    }
    text
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Code(text) => text.clone(),
        Value::Lines(lines) => lines.join(", "),
        Value::Flag(flag) => flag.to_string(),
        Value::Time(time) => match DateTime::from_timestamp(*time, 0) {
            Some(time) => time.to_rfc3339_opts(SecondsFormat::Secs, true),
            None => time.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn times_are_read_as_people_write_them() {
        assert_eq!(moment("2027-03"), Ok(1_803_859_200));
        assert_eq!(moment("2027-03-01"), Ok(1_803_859_200));
        assert_eq!(moment("2027-03-01T08:00:00+08:00"), Ok(1_803_859_200));
        for nonsense in ["", "now", "2027-13", "2027-02-30", "1803859200"] {
            assert!(moment(nonsense).is_err(), "{nonsense}");
        }
    }
}
