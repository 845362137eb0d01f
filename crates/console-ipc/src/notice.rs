//! What the host noticed at start and the user should know: nothing is lost in silence.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Something the user should know. Its words are in the locales, chosen by `kind`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What it is.
    pub kind: NoticeKind,
    /// Values for the sentence: `path`, `count`, `detail`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
}

impl Notice {
    /// A notice without values.
    #[must_use]
    pub fn new(kind: NoticeKind) -> Self {
        Self {
            kind,
            values: BTreeMap::new(),
        }
    }

    /// Adds a value for the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.values.insert(name.to_owned(), value.to_string());
        self
    }
}

/// What can be noticed at start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// The file of profiles could not be understood. It is kept at `path`; what could be read is in use.
    ProfilesUnreadable,
    /// The settings could not be understood. The file is kept at `path`; the defaults hold.
    SettingsUnreadable,
    /// What was remembered of packages could not be understood. The file is kept at `path`; the calendar begins anew.
    PackagesUnreadable,
    /// `count` lines of the journal at `path` could not be understood, as after a crash. They are kept.
    JournalDamaged,
    /// `count` changes were on their way when the application last ended: nobody knows their outcome.
    JournalUnfinished,
    /// A change was sent, but its outcome could not be written to the journal's entry `entry`.
    JournalIncomplete,
}
