//! Certificates by the time they end, for calendars and spreadsheets.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::moment::{self, Calendar};
use super::name::{hex, is_hidden};
use super::public_key::sha256;
use super::words::{Label, Language, Message, Phrase, Words};

/// A certificate that ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarItem {
    /// Its name.
    pub name: String,
    /// What it is, in the language asked for.
    pub kind: String,
    /// Nodes, groups and registrations that it is for, by their names.
    pub holders: Vec<String>,
    /// When it ends, in seconds since 1970.
    pub not_after: i64,
    /// Whether only the day of that is known.
    pub day_only: bool,
    /// Its serial number, in hexadecimal. Empty where it isn't known.
    pub serial: String,
    /// Where it is known from: a profile, a file.
    pub source: String,
    /// Applications that its holders carry, by their names.
    pub applications: Vec<String>,
}

/// What a certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// By a node, to reach the cloud.
    Node,
    /// By applications on a node.
    Application,
    /// By devices of a node.
    Device,
    /// By an authority, to sign others.
    Authority,
}

impl Use {
    /// In words, for [`CalendarItem::kind`].
    #[must_use]
    pub fn word(self, language: Language) -> String {
        Words::of(language).phrase(match self {
            Self::Node => Phrase::UseNode,
            Self::Application => Phrase::UseApplication,
            Self::Device => Phrase::UseDevice,
            Self::Authority => Phrase::UseAuthority,
        })
    }
}

/// How a calendar is written.
#[derive(Debug, Clone, Copy)]
pub struct CalendarOptions {
    /// Days before the end at which it reminds. None means at the end itself.
    pub lead_days: u32,
    /// When it is written, in seconds since 1970.
    pub written_at: i64,
    /// Its language.
    pub language: Language,
}

/// Octets of a line, without its end (RFC 5545, 3.1).
const LINE: usize = 75;

/// As an iCalendar file (RFC 5545). An event keeps its identifier whenever it is written, so that importing the file
/// again changes events instead of adding them. What never ends is left out.
#[must_use]
pub fn ics(items: &[CalendarItem], options: &CalendarOptions) -> String {
    let words = Words::of(options.language);
    let mut file = File(String::new());
    file.line("BEGIN:VCALENDAR");
    file.line("VERSION:2.0");
    file.line("PRODID:-//Edge Console//Certificates//EN");
    file.line("CALSCALE:GREGORIAN");
    file.line("METHOD:PUBLISH");
    file.text("X-WR-CALNAME", &words.phrase(Phrase::CalendarName));
    let mut used: BTreeMap<String, u32> = BTreeMap::new();
    for item in items {
        if !(0..moment::NEVER).contains(&item.not_after) {
            continue;
        }
        let id = identifier(item);
        let turn = used.entry(id.clone()).or_insert(0);
        *turn += 1;
        let id = if *turn > 1 {
            format!("{id}-{turn}")
        } else {
            id
        };
        let name = item.name.clone();
        let summary = words.say(&Message::CalendarSummary { name }, "");
        file.line("BEGIN:VEVENT");
        file.line(&format!("UID:{id}@edge-console"));
        file.line(&format!("DTSTAMP:{}", stamp(options.written_at)));
        match item.day_only {
            true => file.line(&format!(
                "DTSTART;VALUE=DATE:{}",
                &stamp(item.not_after)[..8]
            )),
            false => file.line(&format!("DTSTART:{}", stamp(item.not_after))),
        }
        file.text("SUMMARY", &summary);
        file.text("DESCRIPTION", &description(item, words));
        file.line("TRANSP:TRANSPARENT");
        file.line("BEGIN:VALARM");
        file.line("ACTION:DISPLAY");
        file.text("DESCRIPTION", &summary);
        file.line(&format!("TRIGGER:-P{}D", options.lead_days));
        file.line("END:VALARM");
        file.line("END:VEVENT");
    }
    file.line("END:VCALENDAR");
    file.0
}

fn identifier(item: &CalendarItem) -> String {
    // Where no serial number is known, the end is an estimate by days.
    let (source, end) = if item.serial.is_empty() {
        (item.source.as_str(), String::new())
    } else {
        ("", item.not_after.to_string())
    };
    // No part may run into the next one.
    let whole = [item.serial.as_str(), &item.name, source, &end].join("\u{1f}");
    hex(&sha256(whole.as_bytes())[..16])
}

fn description(item: &CalendarItem, words: Words) -> String {
    let (name, source) = (item.name.clone(), item.source.clone());
    let about = match item.serial.as_str() {
        "" => Message::CalendarAboutDay { name, source },
        serial => Message::CalendarAbout {
            name,
            serial: serial.to_owned(),
            source,
        },
    };
    let mut lines = vec![words.say(&about, "")];
    if !item.holders.is_empty() {
        let holders = item.holders.join(", ");
        lines.push(words.say(&Message::CalendarHolders { holders }, ""));
    }
    if !item.applications.is_empty() {
        let applications = item.applications.join(", ");
        lines.push(words.say(&Message::CalendarApplications { applications }, ""));
    }
    lines.join("\n")
}

/// A moment as calendars write it.
fn stamp(moment: i64) -> String {
    let it = Calendar::of(moment);
    format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        it.year, it.month, it.day, it.hour, it.minute, it.second
    )
}

/// Lines of a calendar file.
struct File(String);

impl File {
    /// A property whose value is text (RFC 5545, 3.3.11).
    fn text(&mut self, name: &str, text: &str) {
        let mut escaped = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '\\' | ';' | ',' => {
                    escaped.push('\\');
                    escaped.push(character);
                }
                '\n' => escaped.push_str("\\n"),
                it if is_hidden(it) => {}
                it => escaped.push(it),
            }
        }
        self.line(&format!("{name}:{escaped}"));
    }

    /// A line, folded where it is longer than allowed, never within a character.
    fn line(&mut self, line: &str) {
        let mut length = 0;
        for character in line.chars() {
            if length + character.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                length = 1;
            }
            length += character.len_utf8();
            self.0.push(character);
        }
        self.0.push_str("\r\n");
    }
}

/// As CSV (RFC 4180), with a line of titles.
#[must_use]
pub fn csv(items: &[CalendarItem], language: Language) -> String {
    let words = Words::of(language);
    let mut file = String::new();
    record(
        &mut file,
        &[
            words.label(Label::Name),
            words.phrase(Phrase::HeadKind),
            words.phrase(Phrase::HeadHolders),
            words.phrase(Phrase::HeadApplications),
            words.phrase(Phrase::HeadEnds),
            words.label(Label::SerialHex),
            words.label(Label::Source),
        ],
    );
    for item in items {
        let end = Calendar::of(item.not_after);
        let mut ends = format!("{:04}-{:02}-{:02}", end.year, end.month, end.day);
        if !item.day_only {
            // Writing into a string can't fail.
            let _ = write!(
                ends,
                "T{:02}:{:02}:{:02}Z",
                end.hour, end.minute, end.second
            );
        }
        record(
            &mut file,
            &[
                item.name.clone(),
                item.kind.clone(),
                item.holders.join(BETWEEN),
                item.applications.join(BETWEEN),
                ends,
                item.serial.clone(),
                item.source.clone(),
            ],
        );
    }
    file
}

/// Stands between the entries of a list. A semicolon would begin a new cell where spreadsheets use the comma in
/// numbers.
const BETWEEN: &str = " | ";

fn record(file: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| quoted(&harmless(&visible(cell))))
        .collect();
    // Writing into a string can't fail.
    let _ = write!(file, "{}\r\n", cells.join(","));
}

/// Without what can't be seen, but with its lines.
fn visible(text: &str) -> String {
    let is_kept = |it: &char| matches!(it, '\n' | '\r' | '\t') || !is_hidden(*it);
    text.chars().filter(is_kept).collect()
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\r', '\n', ';', '\t']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// A spreadsheet takes a text that begins like this for a formula, and would run it. The apostrophe tells it that it
/// is text. The same goes for what follows a semicolon or a tab: depending on the system's language, these end a cell
/// even within quotation marks. The same rule as for the exports of lists.
fn harmless(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    for part in text.split_inclusive([';', '\t']) {
        let begin = part.trim_start_matches([' ', '\u{a0}', '\u{feff}']);
        if begin.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
            safe.push('\'');
        }
        safe.push_str(part);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{CalendarItem, CalendarOptions, csv, ics};
    use crate::inspect::moment::NEVER;
    use crate::inspect::words::Language;

    fn item() -> CalendarItem {
        CalendarItem {
            name: "gw-1".to_owned(),
            kind: "node".to_owned(),
            holders: vec!["gw-1".to_owned(), "plant, 7; east".to_owned()],
            not_after: 1_804_032_000,
            day_only: false,
            serial: "0a1b".to_owned(),
            source: "production".to_owned(),
            applications: vec!["=HYPERLINK(\"http://x\")".to_owned(), "vision".to_owned()],
        }
    }

    fn options(language: Language) -> CalendarOptions {
        CalendarOptions {
            lead_days: 45,
            written_at: 1_790_000_000,
            language,
        }
    }

    #[test]
    fn a_calendar_is_written_as_asked_for() {
        let expected = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Edge Console//Certificates//EN\r\n\
            CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\nX-WR-CALNAME:Certificates\r\nBEGIN:VEVENT\r\n\
            UID:3cb5d18c56828181eb59df0d43948654@edge-console\r\nDTSTAMP:20260921T141320Z\r\n\
            DTSTART:20270303T000000Z\r\nSUMMARY:The certificate gw-1 ends\r\n\
            DESCRIPTION:The certificate gw-1 (serial number 0a1b\\, from production) end\r\n \
            s at this time.\\nFor: gw-1\\, plant\\, 7\\; east\\nApplications: =HYPERLINK(\"h\r\n \
            ttp://x\")\\, vision\r\nTRANSP:TRANSPARENT\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\n\
            DESCRIPTION:The certificate gw-1 ends\r\nTRIGGER:-P45D\r\nEND:VALARM\r\nEND:VEVENT\r\n\
            END:VCALENDAR\r\n";
        assert_eq!(ics(&[item()], &options(Language::En)), expected);
    }

    #[test]
    fn lines_are_folded_between_characters_and_read_back_whole() {
        let mut long = item();
        long.name = "边缘节点证书".repeat(30);
        let file = ics(&[long.clone()], &options(Language::Zh));
        assert!(file.split("\r\n").all(|line| line.len() <= 75));
        let unfolded = file.replace("\r\n ", "");
        assert!(unfolded.contains(&format!("SUMMARY:证书 {} 到期", long.name)));
        assert!(!file.replace("\r\n", "").contains(['\r', '\n']));
    }

    #[test]
    fn an_event_keeps_its_identifier_and_shares_it_with_none() {
        let id = |items: &[CalendarItem], place: usize| {
            let file = ics(items, &options(Language::En));
            let ids = file.lines().filter(|line| line.starts_with("UID:"));
            ids.map(str::to_owned).nth(place)
        };
        let mut moved = item();
        moved.source = "a file".to_owned();
        moved.applications.clear();
        assert_eq!(id(&[item()], 0), id(&[moved.clone()], 0));
        assert_ne!(id(&[item(), moved.clone()], 0), id(&[item(), moved], 1));
        let mut renewed = item();
        renewed.serial = "0a1c".to_owned();
        assert_ne!(id(&[item()], 0), id(&[renewed], 0));
        let mut never = item();
        never.not_after = NEVER;
        assert_eq!(id(&[never], 0), None);
    }

    #[test]
    fn a_table_runs_nothing() {
        let mut odd = item();
        odd.name = "-1+1".to_owned();
        odd.source = "a\n\"b\"".to_owned();
        let expected = "Name,Kind,For,Applications,Ends,Serial number,Found in\r\n\
            '-1+1,node,\"gw-1 | plant, 7; east\",\"'=HYPERLINK(\"\"http://x\"\") | vision\",\
            2027-03-03T00:00:00Z,0a1b,\"a\n\"\"b\"\"\"\r\n";
        assert_eq!(csv(&[odd], Language::En), expected);
        assert!(csv(&[], Language::Zh).starts_with("名称,类型,"));
    }
}
