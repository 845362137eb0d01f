//! The file of profiles.

use std::io::{self, Write};
use std::path::Path;

use console_ipc::IpcError;
use console_ipc::error::NextStep;
use console_ipc::notice::{Notice, NoticeKind};
use console_ipc::profile::{Profile, SecretStore};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::files::{file_error, read_if_there, set_aside, write_whole};
use crate::secrets::StoredSecret;

/// The form of the file. A file of another form is set aside, never overwritten.
const VERSION: u32 = 1;

/// The contents of the file.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Document {
    version: u32,
    /// The profile in use when the application last ended.
    pub(super) active: Option<String>,
    pub(super) profiles: Vec<Entry>,
    /// Secrets that belong to no profile, and are to be deleted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) left_behind: Vec<StoredSecret>,
}

/// One profile in the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    #[serde(flatten)]
    pub(super) profile: Profile,
    /// Where its secret was put, so that a list of profiles needs no look into the keyring.
    #[serde(default)]
    secret_in: Option<SecretStore>,
    /// Under which name it was put there. Files of earlier versions have none: it is the profile's identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret_key: Option<String>,
}

impl Entry {
    pub(super) fn new(profile: Profile) -> Self {
        Self {
            profile,
            secret_in: None,
            secret_key: None,
        }
    }

    /// Where the profile's secret is kept.
    pub(super) fn secret(&self) -> Option<StoredSecret> {
        Some(StoredSecret {
            store: self.secret_in?,
            key: self
                .secret_key
                .clone()
                .unwrap_or_else(|| self.profile.id.clone()),
        })
    }

    /// Takes note of where the profile's secret is kept now.
    pub(super) fn keep_secret(&mut self, secret: StoredSecret) {
        self.secret_in = Some(secret.store);
        self.secret_key = Some(secret.key);
    }
}

impl Default for Document {
    fn default() -> Self {
        Self {
            version: VERSION,
            active: None,
            profiles: Vec::new(),
            left_behind: Vec::new(),
        }
    }
}

/// Reads the file. What can't be understood is left out; the file is set aside then and that is told.
pub(super) fn read(
    path: &Path,
    now_ms: i64,
    notices: &mut Vec<Notice>,
) -> Result<Document, IpcError> {
    let bytes = read_if_there(path).map_err(|error| file_error(path, &error, NextStep::Report))?;
    let Some(bytes) = bytes else {
        return Ok(Document::default());
    };
    let (document, problem) = understand(&bytes);
    if let Some(reason) = problem {
        let aside =
            set_aside(path, now_ms).map_err(|error| file_error(path, &error, NextStep::Report))?;
        notices.push(
            Notice::new(NoticeKind::ProfilesUnreadable)
                .with("path", aside.display())
                .with("detail", reason),
        );
        if !document.profiles.is_empty() {
            write(path, &document).map_err(|error| file_error(path, &error, NextStep::Report))?;
        }
    }
    Ok(document)
}

pub(super) fn write(path: &Path, document: &Document) -> io::Result<()> {
    let text = serde_json::to_vec_pretty(document)?;
    write_whole(path, |file| file.write_all(&text)).map(drop)
}

/// Reads as much as can be understood, and says what could not.
fn understand(bytes: &[u8]) -> (Document, Option<String>) {
    #[derive(Deserialize)]
    struct Raw {
        version: u32,
        #[serde(default)]
        active: Option<String>,
        profiles: Vec<Value>,
        #[serde(default)]
        left_behind: Vec<Value>,
    }
    let raw: Raw = match serde_json::from_slice(bytes) {
        Ok(raw) => raw,
        Err(error) => return (Document::default(), Some(error.to_string())),
    };
    if raw.version != VERSION {
        let reason = format!("version {}", raw.version);
        return (Document::default(), Some(reason));
    }
    let mut problem = None;
    let mut document = Document {
        active: raw.active,
        ..Document::default()
    };
    for value in raw.profiles {
        match serde_json::from_value::<Entry>(value) {
            Ok(entry)
                if document
                    .profiles
                    .iter()
                    .any(|known| known.profile.id == entry.profile.id) =>
            {
                problem = Some(format!("identifier {} twice", entry.profile.id));
            }
            Ok(entry) => document.profiles.push(entry),
            Err(error) => problem = Some(error.to_string()),
        }
    }
    for value in raw.left_behind {
        match serde_json::from_value(value) {
            Ok(secret) => document.left_behind.push(secret),
            Err(error) => problem = Some(error.to_string()),
        }
    }
    (document, problem)
}
