//! The calendar of certificates: what ends when, and what hangs on it.
//!
//! It has what the service has listed while this profile is in use, and what of opened packages is remembered.

use serde::{Deserialize, Serialize};

use crate::call::Saved;
use crate::command;
use crate::inspect::ReportLanguage;

/// Asks for a window of the calendar, by expiry. Costs no request to the service, unless it is told to load.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CertificateCalendar {
    /// Only certificates in whose names, serial number, issuer, nodes, groups or packages this occurs.
    #[serde(default)]
    pub search: String,
    /// First entry. Of more than a hundred thousand the rest is found by searching.
    #[serde(default)]
    pub offset: u64,
    /// Entries, 500 at most.
    #[serde(default)]
    pub limit: u32,
    /// Whether the lists of nodes and deployments are loaded when they aren't yet, to tell what hangs on a certificate.
    /// [`Event::Inventory`](crate::event::Event::Inventory) tells when they have come.
    #[serde(default)]
    pub load: bool,
}
command!(CertificateCalendar = "certificate_calendar" -> Calendar);

/// A window of the calendar.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Calendar {
    /// The time the counts are for, in seconds since 1970.
    pub at: i64,
    /// Days before its end from which on a certificate counts as ending soon: that of the settings.
    pub lead_days: u32,
    /// Certificates there are.
    pub total: u64,
    /// Certificates that match.
    pub matched: u64,
    /// Of all, those that have ended.
    pub ended: u64,
    /// Of all, those that end within the lead time.
    pub soon: u64,
    /// Nodes and groups whose certificates the service has listed while this profile is in use.
    pub asked: u64,
    /// Certificates the service has listed without saying when they end: they are in no calendar.
    pub undated: u64,
    /// How many end in each of the months to come, the one under way first, thirteen in all. They are those of UTC.
    pub months: Vec<Month>,
    /// Position of the first entry below.
    pub offset: u64,
    /// The entries, that which ends first at the top.
    pub entries: Vec<CalendarEntry>,
}

/// What ends within a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// Where it begins, in seconds since 1970; for the month under way the time of the calendar.
    pub from: i64,
    /// Certificates that end in it.
    pub count: u64,
}

/// A certificate in the calendar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalendarEntry {
    /// Its identifier here.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its type as the service has it: `system`, `application`, `device`. Empty when it isn't known.
    pub kind: String,
    /// Serial number, hexadecimal in lower case without separators. Empty when it isn't known.
    pub serial: String,
    /// Name of its issuer. Empty when it isn't known.
    pub issuer: String,
    /// Whether it is a CA's.
    pub is_ca: bool,
    /// From when on it holds, in seconds since 1970, when it is known.
    pub not_before: Option<i64>,
    /// Until when, in seconds since 1970.
    pub not_after: i64,
    /// How exact that is.
    pub precision: Precision,
    /// When the service listed it, in milliseconds since the epoch.
    pub listed_ms: Option<i64>,
    /// The remembered packages it is in.
    pub packages: Vec<Thing>,
    /// The nodes that use it.
    pub nodes: Carried,
    /// The node groups that use it.
    pub groups: Carried,
    /// The registrations whose machines use it.
    pub registrations: Carried,
    /// The deployments that run where it is used.
    pub applications: Carried,
}

/// How exact the end of a certificate is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// To the second: the certificate itself says so.
    Second,
    /// To the day: the service counts days.
    Day,
}

/// Things of one kind: how many, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// How many are known.
    pub count: u64,
    /// The first of them, twenty at most.
    pub first: Vec<Thing>,
}

/// A thing by identifier and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Thing {
    /// Its identifier.
    pub id: String,
    /// Its name; the identifier when it isn't known.
    pub name: String,
}

/// Form of a saved calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarFormat {
    /// iCalendar, RFC 5545: an event for each end, with a reminder before it.
    Ics,
    /// Comma-separated, RFC 4180, safe to open in a spreadsheet.
    Csv,
}

/// Saves the calendar to a file of the user's choice: what is searched for, or all of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportCalendar {
    /// As in [`CertificateCalendar`].
    #[serde(default)]
    pub search: String,
    /// Form.
    pub format: CalendarFormat,
    /// Days before an end at which its reminder is due.
    pub lead_days: u32,
    /// Language of the texts.
    #[serde(default)]
    pub language: ReportLanguage,
}
command!(ExportCalendar = "export_calendar" -> Saved);

/// Forgets a remembered package by its identifier in [`CalendarEntry::packages`]: the inspection it came of may be
/// gone by now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForgetPackage {
    /// The package.
    pub id: String,
}
command!(ForgetPackage = "forget_package" -> ());
