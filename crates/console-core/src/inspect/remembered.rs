//! What is remembered of packages beyond the end of the console: public facts, for the calendar of certificates.

use std::io::Write;
use std::path::{Path, PathBuf};

use console_ipc::IpcError;
use console_ipc::error::NextStep;
use console_ipc::inspect::report::{Certificate, Identity, Kind, Report};
use console_ipc::notice::{Notice, NoticeKind};
use edge_package::inspect;
use serde::{Deserialize, Serialize};

use super::commands::too_many;
use crate::error::internal;
use crate::files::{file_error, read_if_there, set_aside, write_whole};
use crate::kept::Kept;

/// The most packages that are remembered.
const MOST: usize = 5_000;

/// The most certificates of one package that are remembered: a usual one has two.
const MOST_CERTIFICATES: usize = 64;

/// The form of the file.
const VERSION: u32 = 1;

/// A remembered package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Package {
    /// What tells it from others, see [`inspect::id`]: the same one is remembered once.
    pub(crate) id: String,
    /// The name it was given under.
    pub(crate) name: String,
    /// When, in milliseconds since the epoch.
    pub(crate) remembered_ms: i64,
    /// What it is.
    pub(crate) kind: Kind,
    /// For whom.
    pub(crate) identity: Identity,
    /// Its certificates.
    pub(crate) certificates: Vec<Dated>,
}

/// A certificate with its dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Dated {
    /// The most telling name of its subject.
    pub(crate) name: String,
    /// That of its issuer.
    pub(crate) issuer: String,
    /// Serial number, hexadecimal in lower case without separators.
    pub(crate) serial: String,
    /// From when on it holds, in seconds since 1970.
    pub(crate) not_before: i64,
    /// Until when.
    pub(crate) not_after: i64,
    /// Whether it is a CA's.
    pub(crate) is_ca: bool,
    /// SHA-256 of the certificate.
    pub(crate) sha256: String,
}

impl Dated {
    fn of(certificate: &Certificate) -> Self {
        Self {
            name: certificate.name.clone(),
            issuer: certificate.issuer.clone(),
            serial: certificate.serial.clone(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            is_ca: certificate.is_ca,
            sha256: certificate.sha256.clone(),
        }
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Contents {
    version: u32,
    packages: Vec<Package>,
}

/// The remembered packages and where they are kept.
#[derive(Debug)]
pub(crate) struct Remembered {
    path: PathBuf,
    packages: Kept<Vec<Package>>,
}

impl Remembered {
    /// Reads what is remembered. A file that can't be understood is set aside and told.
    pub(crate) fn open(
        folder: &Path,
        now_ms: i64,
        notices: &mut Vec<Notice>,
    ) -> Result<Self, IpcError> {
        let path = folder.join("packages.json");
        let failed = |error| file_error(&path, &error, NextStep::Report);
        let bytes = read_if_there(&path).map_err(failed)?;
        let packages = match bytes.as_deref().map(understood) {
            None => Vec::new(),
            Some(Ok(packages)) => packages,
            Some(Err(reason)) => {
                let aside = set_aside(&path, now_ms).map_err(failed)?;
                notices.push(
                    Notice::new(NoticeKind::PackagesUnreadable)
                        .with("path", aside.display())
                        .with("detail", reason),
                );
                Vec::new()
            }
        };
        Ok(Self {
            path,
            packages: Kept::new(packages),
        })
    }

    /// All of them, in the order in which they were remembered.
    pub(crate) fn all(&self) -> std::sync::Arc<Vec<Package>> {
        self.packages.get()
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.packages.get().iter().any(|package| package.id == id)
    }

    /// Remembers an inspection; what was remembered of the same input is replaced.
    pub(crate) fn add(&self, report: &Report, now_ms: i64) -> Result<(), IpcError> {
        let certificates = report.certificates.iter().take(MOST_CERTIFICATES);
        let package = Package {
            id: inspect::id(report),
            name: report.name.clone(),
            remembered_ms: now_ms,
            kind: report.kind,
            identity: report.identity.clone(),
            certificates: certificates.map(Dated::of).collect(),
        };
        self.change(|packages| {
            packages.retain(|known| known.id != package.id);
            if packages.len() >= MOST {
                return Err(too_many(MOST));
            }
            packages.push(package);
            Ok(())
        })
    }

    pub(crate) fn remove(&self, id: &str) -> Result<(), IpcError> {
        if !self.has(id) {
            return Ok(());
        }
        self.change(|packages| {
            packages.retain(|known| known.id != id);
            Ok(())
        })
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Vec<Package>) -> Result<(), IpcError>,
    ) -> Result<(), IpcError> {
        self.packages.change(change, |packages| {
            let contents = Contents {
                version: VERSION,
                packages: packages.clone(),
            };
            let text = serde_json::to_vec_pretty(&contents).map_err(internal)?;
            write_whole(&self.path, |file| file.write_all(&text))
                .map(drop)
                .map_err(|error| file_error(&self.path, &error, NextStep::TryAgain))
        })
    }
}

/// The packages in a file, or why there are none.
fn understood(bytes: &[u8]) -> Result<Vec<Package>, String> {
    let contents: Contents = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    match contents.version {
        VERSION => Ok(contents.packages),
        other => Err(format!("version {other}")),
    }
}
