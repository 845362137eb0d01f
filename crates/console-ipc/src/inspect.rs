//! Offline inspection of node packages and certificates. The host reads, opens and judges; only reports cross.
//!
//! The window can't name a file: what is inspected is chosen in a dialog of the host, dropped on the window, copied,
//! or was just created. Passphrases cross inwards only, and private keys not at all.

pub use edge_package::report;

use edge_package::report::{Comparison, Identity, Kind, Report, Verdict};
use serde::{Deserialize, Serialize};

use crate::call::Saved;
use crate::command;
use crate::error::IpcError;
use crate::secret::InwardSecret;

/// The most inspections that are held at once. The oldest goes when another is opened.
pub const MOST_INSPECTIONS: usize = 64;

/// The most inspections that are compared at once.
pub const MOST_COMPARED: usize = 8;

/// Language of the texts of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportLanguage {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

/// Has the user choose files, one or several, and inspects them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChooseAndInspect {}
command!(ChooseAndInspect = "choose_and_inspect" -> Inspected);

/// Inspects what was copied: text, or files. The host reads it, so that a key in it never is in the window.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InspectClipboard {
    /// What a copied text is called in its report.
    pub name: String,
}
command!(InspectClipboard = "inspect_clipboard" -> Inspected);

/// Inspects a package that was just created, while the host still holds it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct InspectWithheld {
    /// Handle of what is held back.
    pub handle: String,
    /// The file name it is offered under.
    pub name: String,
}
command!(InspectWithheld = "inspect_withheld" -> InspectionSummary);

/// What came of inputs that were given together. Both are empty when the user changed their mind, or nothing that could
/// be inspected was copied.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Inspected {
    /// Those that were opened, in their order.
    pub opened: Vec<InspectionSummary>,
    /// Those that could not be read, each with why: [`ErrorKind::TooLarge`], [`ErrorKind::NotAFile`],
    /// [`ErrorKind::File`]; and once [`ErrorKind::TooMany`] for those beyond [`MOST_INSPECTIONS`].
    ///
    /// [`ErrorKind::TooMany`]: crate::ErrorKind::TooMany
    /// [`ErrorKind::TooLarge`]: crate::ErrorKind::TooLarge
    /// [`ErrorKind::NotAFile`]: crate::ErrorKind::NotAFile
    /// [`ErrorKind::File`]: crate::ErrorKind::File
    pub refused: Vec<IpcError>,
}

/// An inspection in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InspectionSummary {
    /// Its identifier.
    pub id: String,
    /// The name it was given under.
    pub name: String,
    /// When it was opened, in milliseconds since the epoch.
    pub opened_ms: i64,
    /// What it is.
    pub kind: Kind,
    /// The verdict for the time that was asked for, with what is known by now.
    pub verdict: Verdict,
    /// Until when nothing in it ends, in seconds since 1970.
    pub good_until: Option<i64>,
    /// For whom it says it is.
    pub identity: Identity,
    /// Whether a passphrase would open more of it.
    pub locked: bool,
    /// Whether it is remembered for the calendar.
    pub remembered: bool,
    /// What the service says of it.
    pub lookup: Lookup,
}

/// What the service of the profile in use says of an input. Never waited for: the report comes without it, and
/// [`Event::Inspection`](crate::event::Event::Inspection) tells when it has come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "lookup", rename_all = "snake_case")]
pub enum Lookup {
    /// There is nobody to ask: no profile is in use.
    NoProfile,
    /// Nobody has looked at it since this profile is in use.
    NotAsked,
    /// There is nothing to ask for: it doesn't say whose it is, or the service can't be asked for such a thing.
    Nothing,
    /// It is of another project than the one in use.
    OtherProject {
        /// The project it is of.
        project: String,
    },
    /// The service is being asked.
    UnderWay,
    /// It answered. What it said is in the checks of the report.
    Told {
        /// Name of the profile.
        profile: String,
        /// When, in milliseconds since the epoch.
        at_ms: i64,
    },
    /// It could not be asked, or took too long.
    Failed {
        /// Why.
        error: IpcError,
    },
}

/// The inspections of this run, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListInspections {
    /// The time to judge for, in seconds since 1970; the console's own time when left out.
    #[serde(default)]
    pub at: Option<i64>,
}
command!(ListInspections = "list_inspections" -> Vec<InspectionSummary>);

/// Judges what was opened anew: for another time, in another language, with what is known by now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowInspection {
    /// The inspection.
    pub id: String,
    /// The time to judge for, in seconds since 1970; the console's own time when left out.
    #[serde(default)]
    pub at: Option<i64>,
    /// Language of the texts.
    #[serde(default)]
    pub language: ReportLanguage,
}
command!(ShowInspection = "show_inspection" -> ShownInspection);

/// An inspection with its report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownInspection {
    /// In short.
    pub summary: InspectionSummary,
    /// The report, for the time that was asked for.
    pub report: Report,
}

/// Asks the service once more about an inspection: after a failure, or when something may have changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookUpInspection {
    /// The inspection.
    pub id: String,
}
command!(LookUpInspection = "look_up_inspection" -> InspectionSummary);

/// Tries a passphrase on what is locked in it.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(Serialize))]
pub struct UnlockInspection {
    /// The inspection.
    pub id: String,
    /// The passphrase.
    pub passphrase: InwardSecret,
}
command!(UnlockInspection = "unlock_inspection" -> Unlocked);

/// What a passphrase opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unlocked {
    /// Where it fitted. Empty: nowhere.
    pub opened: Vec<String>,
    /// Where it is still locked.
    pub locked: Vec<String>,
    /// The inspection now.
    pub summary: InspectionSummary,
}

/// Compares the first with each of the others, field by field.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CompareInspections {
    /// The inspections, two to [`MOST_COMPARED`].
    pub ids: Vec<String>,
    /// The time to judge for, in seconds since 1970; the console's own time when left out.
    #[serde(default)]
    pub at: Option<i64>,
    /// Language of the texts.
    #[serde(default)]
    pub language: ReportLanguage,
}
command!(CompareInspections = "compare_inspections" -> Vec<Comparison>);

/// Form of a saved report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// A page to read and print.
    Html,
    /// JSON.
    Json,
    /// Plain text.
    Text,
}

/// Saves a report to a file of the user's choice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveInspectionReport {
    /// The inspection.
    pub id: String,
    /// Form.
    pub format: ReportFormat,
    /// The time to judge for, in seconds since 1970; the console's own time when left out.
    #[serde(default)]
    pub at: Option<i64>,
    /// Language of the texts.
    #[serde(default)]
    pub language: ReportLanguage,
}
command!(SaveInspectionReport = "save_inspection_report" -> Saved);

/// Forgets an inspection. What is remembered of it for the calendar stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ForgetInspection {
    /// The inspection.
    pub id: String,
}
command!(ForgetInspection = "forget_inspection" -> ());

/// Remembers the dates of an inspection's certificates for the calendar, beyond the end of the console, or no longer.
/// Only public facts are kept: names, serial numbers, dates, digests.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RememberInspection {
    /// The inspection.
    pub id: String,
    /// Whether.
    pub remembered: bool,
}
command!(RememberInspection = "remember_inspection" -> InspectionSummary);
